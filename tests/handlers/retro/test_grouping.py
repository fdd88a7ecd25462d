"""Groups are named by what their notes are about, and late notes find theirs."""

from __future__ import annotations

from handlers.likeness.taxonomy import topic
from handlers.retro.grouping import Written, belongs_to, divide, title_of

FLAKY = "flaky-tests"
_KNOWN = topic(FLAKY)
assert _KNOWN is not None
TITLE = _KNOWN.title
A, B, C = "Red builds nobody believes", "We just hit retry", "Lunch was great"
TOPICS = {A: FLAKY, B: FLAKY}


def test_a_group_is_named_by_what_its_notes_are_about() -> None:
    """The shortest note of three is one voice; the name speaks for all of them."""
    notes = [Written(str(n), 0, text) for n, text in enumerate((A, B, C))]
    first, second = divide(notes, TOPICS)
    assert first.title == TITLE
    assert set(first.notes) == {"0", "1"}
    assert second.title == C, "a note alone speaks for itself"


def test_a_name_needs_most_of_the_notes_and_a_topic_that_is_known() -> None:
    assert title_of([A, C, "Nobody reads"], TOPICS) == "Nobody reads"
    assert title_of([A, B], {A: "no-such-topic", B: "no-such-topic"}) == B
    assert title_of([A, B]) == B


def test_a_late_note_finds_its_group_by_topic_or_by_words() -> None:
    groups = {1: [A], 2: [C]}
    assert belongs_to(Written("", 0, B), groups, TOPICS) == 1
    assert belongs_to(Written("", 0, "Lunch was really great"), groups, {}) == 2
    assert belongs_to(Written("", 0, "Nobody owns staging"), groups, {}) is None
    assert belongs_to(Written("", 0, B), {}, {}) is None
