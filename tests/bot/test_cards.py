"""A card says the same to a screen reader as to the eye, and a form keeps what was typed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Chart,
    Choice,
    Code,
    Day,
    Divider,
    Facts,
    Form,
    Input,
    Link,
    LinkButton,
    Mention,
    Note,
    Option,
    Pick,
    Series,
    Table,
    Toggle,
    When,
    filled,
    heading,
    plain,
    says,
    text,
)
from bot.twins import twin
from bot.wire import Stale

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hint", "spoken"),
    [
        ("", "Undo"),
        ("Undo the last change of #7", "Undo the last change of #7"),
        ("Open this vote again", "Undo: Open this vote again"),
    ],
)
def test_a_button_is_called_first_by_what_stands_on_it(hint: str, spoken: str) -> None:
    """Who speaks to the computer says the word they see (WCAG 2.5.3, Label in Name)."""
    assert Button("Undo", Stale(), hint=hint).spoken == spoken


def test_every_span_reads_as_plain_text() -> None:
    line = (
        "see ",
        Bold("this"),
        " ",
        Code("improve x"),
        " ",
        Link("docs", "https://example.com"),
        " ",
        Mention("U1", "Ada"),
    )
    assert plain(line) == "see this improve x docs (https://example.com) @Ada"


@pytest.mark.parametrize(
    ("when", "shown"),
    [
        (When(NOON), "Mon 23 Nov, 12:00 (UTC)"),
        (When(NOON, "Asia/Kolkata"), "Mon 23 Nov, 17:30 (Asia/Kolkata)"),
        (When(NOON, "Pacific/Kiritimati", "date"), "Tue 24 Nov"),
        (When(NOON, "America/New_York", "time"), "07:00 (America/New_York)"),
    ],
)
def test_an_instant_is_shown_in_a_zone_that_is_named(when: When, shown: str) -> None:
    assert plain((when,)) == shown


def test_the_text_twin_says_and_offers_everything() -> None:
    """Who listens instead of looking misses nothing: neither a number nor a button."""
    card = Card(
        "summary",
        (
            heading("Result"),
            Facts((("Voters", ("3",)), ("Score", (Bold("8"),)))),
            Table(("Item", "Score"), (("#1", "8"), ("#2", "")), caption="Ranking"),
            Chart("bar", "Flow", ("a",), (Series("s", (1.0,)),), "one finished"),
            Divider(),
            Buttons((Button("Vote", Stale()), LinkButton("Open", "https://example.com"))),
        ),
    )
    assert twin(card).splitlines() == [
        "Result",
        "Voters: 3",
        "Score: 8",
        "Ranking",
        "Item #1 · Score 8",
        "Item #2",
        "Flow: one finished",
        "[Vote] [Open]",
    ]


def test_a_table_with_a_ragged_row_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="zip"):
        twin(Card("x", (Table(("a", "b"), (("1",),)),)))


def test_one_sentence_is_its_own_notification() -> None:
    assert says("Saved as ", Bold("#1")).summary == "Saved as #1"


def test_a_form_with_an_error_keeps_what_was_typed() -> None:
    options = (Option("One", "1"), Option("Two", "2"))
    form = Form(
        "Log",
        Stale(),
        (
            Note(text("Hello")),
            Input("title", "Title"),
            Choice("size", "Size", options),
            Toggle("quiet", "Quiet", on=True),
            Day("due", "Due"),
            Day("start", "Start", date(2026, 1, 1)),
            Pick("owner", "Owner"),
            Input("kept", "Kept", value="as it was"),
        ),
    )
    answers: dict[str, tuple[str, ...]] = {
        "title": ("<b>",),
        "size": ("2",),
        "quiet": (),
        "due": ("2026-02-30",),
        "start": (),
        "owner": ("U1", "U2"),
        "unknown": ("x",),
    }
    _, title, size, quiet, due, start, owner, kept = filled(form, answers).fields
    assert isinstance(title, Input)
    assert title.value == "<b>"
    assert isinstance(size, Choice)
    assert size.chosen == ("2",)
    assert isinstance(quiet, Toggle)
    assert not quiet.on
    assert isinstance(due, Day)
    assert isinstance(start, Day)
    assert (due.value, start.value) == (None, None)
    assert isinstance(owner, Pick)
    assert owner.chosen == ("U1", "U2")
    assert isinstance(kept, Input)
    assert kept.value == "as it was"
