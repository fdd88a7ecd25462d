"""One typed sentence becomes an item: what was meant is read, what was not is left alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.turn import Named
from handlers.capture import reading as capture
from handlers.capture.reading import (
    COMMAND_MAX_CHARS,
    THEMES_MAX,
    Reading,
    title_problem,
)
from handlers.reader.anonymity import asks
from handlers.reader.asked import Asked
from handlers.rules.limits import TITLE_MAX_CHARS

WEDNESDAY = date(2026, 11, 11)
FRIDAY = date(2026, 11, 13)

GRACE = Named("U1", "Grace Hopper")
ADA = Named("U2", "Ada")
MARY_ANN = Named("U3", "Mary Ann Evans")
MARY = Named("U4", "Mary Jackson")
ROOM = (GRACE, ADA, MARY_ANN, MARY)


def read(text: str, today: date, mentions: Iterable[Named]) -> Reading:
    """Read a sentence; what it offers has tests of its own."""
    found = capture.read(text, Asked(datetime.combine(today, time(12), UTC)), mentions)
    return replace(found, offers=(), asks_who=False)


def reading(text: str) -> Reading:
    return read(text, WEDNESDAY, ROOM)


def test_a_sentence_with_everything() -> None:
    """The sentence people learn Hone with."""
    assert reading("Estimation runs long #estimation @Grace by Friday") == Reading(
        title="Estimation runs long", themes=("estimation",), owner=GRACE, due=FRIDAY
    )


def test_a_plain_sentence_is_just_a_title() -> None:
    """Most captures are one sentence, and nothing may happen to it."""
    assert reading("Nobody knows who approves a release") == Reading(
        title="Nobody knows who approves a release"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fix CI @Ada by Friday #ci", Reading("Fix CI", ("ci",), ADA, FRIDAY)),
        ("Fix CI, by Friday, @Ada.", Reading("Fix CI", (), ADA, FRIDAY)),
        ("Fix CI - #ci - @Ada", Reading("Fix CI", ("ci",), ADA)),
        ("Fix CI #ci #CI #build_time", Reading("Fix CI", ("ci", "build-time"))),
        ("Fix CI (#ci)", Reading("Fix CI", ("ci",))),
        ("Fix\n CI \t#ci", Reading("Fix CI", ("ci",))),
        ("Fix CI @Ada @Ada", Reading("Fix CI", (), ADA)),
        ("Fix CI by Friday by Friday", Reading("Fix CI", due=FRIDAY)),
        ("Fix CI --art", Reading("Fix CI", level="train")),
        ("--art Fix CI", Reading("Fix CI", level="train")),
        ("Fix CI --team --enabler", Reading("Fix CI", kind="enabler")),
        ("story: A buyer pays later", Reading("A buyer pays later", kind="story")),
        ("Enabler: Move the index", Reading("Move the index", kind="enabler")),
        ("Story: the long one", Reading("the long one", kind="story")),
        ("story points: nobody knows them", Reading("story points: nobody knows them")),
        ("Fix CI —art", Reading("Fix CI", level="train")),
        ("Fix CI --anon #ci", Reading("Fix CI", ("ci",), anonymous=True)),
    ],
)
def test_markers_come_in_any_order(text: str, expected: Reading) -> None:
    """People should not have to remember an order, nor fight their phone's punctuation."""
    assert reading(text) == expected


# --- what belongs to the sentence stays in it ------------------------------------------------


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("The #estimation meeting runs long", ("estimation",)),
        ("Nobody owns the #build", ("build",)),
        ("#Onboarding takes a month", ("onboarding",)),
        ("Similar to #42", ()),
        ("We love C#", ()),
        ("Mail ops@example.com about outages", ()),
        ("Stop using !important", ()),
        (f"#{'x' * 41}", ()),
    ],
)
def test_a_sentence_stays_as_typed(text: str, themes: tuple[str, ...]) -> None:
    """A tag inside the sentence is a theme too, but no word may go missing from it."""
    assert reading(text) == Reading(title=text, themes=themes)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (
            "Deploys broke on Friday",
            "“on Friday” stays in the title: for a due date write “by Friday”.",
        ),
        (
            "The build failed twice in 2 weeks",
            "“in 2 weeks” stays in the title: for a due date write “due in 2 weeks”.",
        ),
        (
            "Ask @Grace about flaky tests",
            "To make Grace Hopper the owner, write the name after the sentence.",
        ),
        (
            "Review in pairs with @Ada",
            "To make Ada the owner, write the name after the sentence.",
        ),
        (
            "Document the --feature flag",
            "“--feature” counts only before or after the sentence.",
        ),
    ],
)
def test_what_may_be_part_of_the_sentence_is_not_guessed(text: str, note: str) -> None:
    """Retro sentences look back: most of their dates and names are no deadlines and owners."""
    assert reading(text) == Reading(title=text, notes=(note,))


@pytest.mark.parametrize(
    "text", ["Fix CI @Ada today", "Fix CI #ci end of month", "Fix CI, in 2 weeks", "Fix CI: Friday"]
)
def test_a_date_set_apart_from_the_sentence_is_a_deadline(text: str) -> None:
    """After a comma or another marker it can be nothing else."""
    found = reading(text)

    assert found.title == "Fix CI"
    assert found.due
    assert not found.notes


# --- unclear: kept in the title, with a note -------------------------------------------------


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("Fix CI @Bob", "Nobody called “Bob” is known here, so nobody is the owner yet."),
        ("Fix CI @Mary", "“@Mary” may be Mary Ann Evans or Mary Jackson: write the whole name."),
        ("Fix CI @Grace @Ada", "One person owns an item; several are named, so nobody does yet."),
        (
            "Fix CI by Monday by Friday",
            "An item has one due date; several are named, so it has none yet.",
        ),
        (
            "Fix CI by 2026-02-30",
            "“by 2026-02-30” is not a day in the calendar: check the date.",
        ),
        (
            "Fix CI --urgent",
            "“--urgent” stays in the title: the options are "
            "--art, --improvement, --story, --feature, --enabler, --anon.",
        ),
        (
            "Fix CI --art --team",
            "An item belongs to one team or to the whole train, not to both.",
        ),
        ("Fix CI --story --enabler", "An item is of one kind; several are named, so none counts."),
    ],
)
def test_what_has_no_clear_meaning_stays_in_the_title(text: str, note: str) -> None:
    """The author sees what was not read and can say it again; nothing is lost or invented."""
    assert reading(text) == Reading(title=text, notes=(note,))


def test_an_unknown_name_does_not_hide_the_markers_before_it() -> None:
    """One slip should cost one correction."""
    found = reading("Fix CI #ci by Friday @Bob")

    assert (found.title, found.themes, found.due) == ("Fix CI @Bob", ("ci",), FRIDAY)


def test_two_people_of_one_name_are_never_mixed_up() -> None:
    """The wrong Alex would be told to do somebody else's work."""
    found = read("Fix CI @Alex", WEDNESDAY, [Named("U7", "Alex"), Named("U8", "Alex")])

    assert found.owner is None
    assert found.notes == ("“@Alex” may be one of 2 people, so nobody is the owner yet.",)


@pytest.mark.parametrize(
    ("typed", "person"),
    [
        ("@Grace", GRACE),
        ("@grace hopper", GRACE),
        ("@Mary Ann", MARY_ANN),
        ("@MARY ANN EVANS", MARY_ANN),
        ("@Mary Jackson", MARY),
    ],
)
def test_enough_of_a_name_is_enough(typed: str, person: Named) -> None:
    """Whatever is one person's, in any case of letters."""
    assert reading(f"Fix CI {typed}") == Reading("Fix CI", owner=person)


def test_a_whole_name_beats_the_beginning_of_another() -> None:
    """Ada can be named although Ada Lovelace is in the room."""
    ada_lovelace = Named("U9", "Ada Lovelace")

    assert read("Fix CI @Ada", WEDNESDAY, [ada_lovelace, ADA]).owner == ADA


@dataclass(frozen=True)
class Group:
    """A group or a channel, as a platform names it."""

    id: str
    name: str
    kind: Literal["group", "channel"]


def test_a_group_is_no_person_and_a_channel_no_theme() -> None:
    """A tag named like a channel would look like one in every list."""
    things = (Group("S1", "devs", "group"), Group("C1", "ops", "channel"))
    asked = Asked(datetime.combine(WEDNESDAY, time(12), UTC))
    found = capture.read("Handover is unclear #ops @devs #ci", asked, ROOM, things=things)
    assert (found.title, found.owner, found.themes) == (
        "Handover is unclear #ops @devs",
        None,
        ("ci",),
    )
    assert found.notes == ("“devs” is no person, so nobody is the owner yet.",)


@pytest.mark.parametrize("text", ["Builds are slow :cry:", "Builds are slow 😢", "Oh no :("])
def test_an_emoji_that_ends_the_sentence_stays_whole(text: str) -> None:
    assert reading(text).title == text
    assert reading(f"{text} by Friday") == Reading(text, due=FRIDAY)


# --- telling and refusing --------------------------------------------------------------------


def test_everything_read_is_told() -> None:
    """The confirmation shows what was understood, so that a slip is seen at once."""
    text = "Fix CI #ci @Grace by Friday --art --enabler --anon"

    assert reading(text).understood == (
        "theme #ci",
        "owner Grace Hopper",
        "due Friday 13 November 2026",
        "for the whole train",
        "kind enabler",
        "anonymous",
    )


@pytest.mark.parametrize("text", ["", " \n", "#ci @Ada by Friday", "--art", "--anon ,"])
def test_markers_without_a_sentence_miss_a_title(text: str) -> None:
    """What was understood is kept for the form that asks for the title."""
    found = reading(text)

    assert found.title == ""
    assert found.problem == "The title is missing: say in one sentence what should get better."


def test_a_title_has_a_limit() -> None:
    """3,000 characters fit, one more does not, and nothing is cut."""
    longest = "x" * TITLE_MAX_CHARS

    assert reading(f"{longest} #ci").problem is None
    assert title_problem(longest) is None
    assert reading(f"{longest}x #ci") == Reading(
        title=f"{longest}x",
        themes=("ci",),
        problem="The title has 3,001 characters; at most 3,000 fit.",
    )


def test_a_command_has_a_limit() -> None:
    """Longer texts are refused with the limit and come back whole."""
    text = "#ci " * (COMMAND_MAX_CHARS // 4)

    assert reading(text).problem == title_problem("")
    assert reading(f"{text}x") == Reading(
        title=f"{text}x", problem="The text has 40,001 characters; at most 40,000 fit."
    )


def test_an_item_has_a_handful_of_themes() -> None:
    """A tag cloud says nothing, and every theme is a row."""
    found = reading("Fix CI " + " ".join(f"#tag{n}" for n in range(THEMES_MAX + 1)))

    assert found.themes == tuple(f"tag{n}" for n in range(THEMES_MAX))
    assert found.notes == ("An item has at most 10 themes, so the last ones were left out.",)


# --- whatever is typed -----------------------------------------------------------------------

WORDS = (
    "Fix the CI build by on until due due: in 2 weeks next end of month Friday today tomorrow fri "
    "1 Dec 2026-12-01 2026-02-30 2020-01-01 1/12 #ci #build, (#x) #42 @Grace @Hopper @Mary @Bob "
    "@Ada: --art --anon --team --story —art --nope - , — @ # -- . Ann week and"
)
sentences = st.lists(st.sampled_from(WORDS.split()), max_size=14).map(" ".join)
texts = sentences | st.text() | st.text("#@-–— :,1by\n\u0130\ud800")


@given(texts, st.dates(), st.lists(st.builds(Named, st.text(), st.text()), max_size=3))
@example("by 9999999999999-01-01", date.max, [])
def test_no_text_raises(text: str, today: date, mentions: list[Named]) -> None:
    """Not on any day, whoever is in the room."""
    read(text, today, [*mentions, *ROOM])


@given(sentences)
def test_a_title_holds_nothing_that_was_lifted_out(text: str) -> None:
    """Reading the title again finds no marker again, only tags inside the sentence.

    The wish to stay unnamed may stand there twice: once granted, the second is a word like others.
    """
    first = reading(text)
    again = reading(first.title)

    if not first.notes and not (first.anonymous and asks(first.title)):
        assert set(again.themes) <= set(first.themes)
        assert replace(again, themes=(), notes=()) == Reading(first.title, problem=first.problem)


@given(texts)
def test_no_word_appears_or_changes_its_place(text: str) -> None:
    """A title is made of the typed words in their order, perhaps without the last comma."""
    rest = iter(text.split())

    for word in reading(text).title.split():
        assert any(word == typed or word == typed.rstrip(",;:–—") for typed in rest)


@given(texts)
def test_a_missing_word_is_always_told(text: str) -> None:
    """Nothing is taken out of a sentence silently."""
    found = reading(text)
    # Separators, and what is so anyhow.
    silent = re.compile(r"[,;:–—/>=→•·&+|-]+|(--|–|—)team\W*", re.IGNORECASE)
    words = [word for word in text.split() if not silent.fullmatch(word)]

    if len(words) > len(found.title.split()):
        assert found.understood or found.notes


@given(texts)
def test_only_a_written_year_is_in_the_past(text: str) -> None:
    """A due date before today must have been typed as such."""
    found = reading(text)

    if found.due and found.due < WEDNESDAY:
        assert re.search("[0-9]{4}", text)
        assert any("in the past" in note for note in found.notes)
