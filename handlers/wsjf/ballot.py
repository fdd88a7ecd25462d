"""The private ballot: which pages it has, what each asks, and how its answers are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.cards import Bold, Choice, Field, Form, FormButton, Note, Option, subtle, text
from bot.turn import Answers
from handlers.wsjf.actions import CastVote, TurnBack
from handlers.wsjf.scale import COLUMNS, SCALE, Card, Column, NotACard, parse_card
from storage.polls import PASS, UNSURE, Poll

Cell = tuple[int, str]
"""An item's number and a column's key."""

QUESTIONS: Mapping[Column, str] = {
    "ubv": "How much do users or the business gain? Think of revenue or complaints.",
    "tc": "How fast does that gain fade if we wait? Think of a fixed date, or users leaving.",
    "rroe": "What does it make safer or possible later? Think of a risk gone, a door opened.",
    "size": "How big is the job? Think of its duration: smaller jobs come first.",
}
SHORT: Mapping[Column, str] = {
    "ubv": "Value",
    "tc": "Time criticality",
    "rroe": "Risk / opportunity",
    "size": "Job size",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One form of the ballot: the cells it asks for, numbered from 0 of `count`."""

    index: int
    count: int
    columns: tuple[Column, ...]
    numbers: tuple[int, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple((n, column) for column in self.columns for n in self.numbers)

    @property
    def is_last(self) -> bool:
        return self.index == self.count - 1


def pages(columns: Sequence[str], numbers: Sequence[int]) -> tuple[Page, ...]:
    """Return the ballot's pages: one form for one item, else a column at a time for all items."""
    asked = tuple(column for column in COLUMNS if column in columns)
    if len(numbers) == 1:
        return (Page(0, 1, asked, tuple(numbers)),)
    return tuple(
        Page(index, len(asked), (column,), tuple(numbers)) for index, column in enumerate(asked)
    )


def form(poll: Poll, page: Page, titles: Mapping[int, str], played: Mapping[Cell, int]) -> Form:
    """Return a page as a form, with the voter's own cards of this round already chosen."""
    back = (FormButton("Back", TurnBack(poll.id, poll.round, page.index)),) if page.index else ()
    return Form(
        f"Your vote ({page.index + 1} of {page.count})" if page.count > 1 else "Your vote",
        CastVote(poll.id, poll.round, page.index),
        tuple(_fields(page, titles, played)),
        submit_label="Save my vote" if page.is_last else "Next",
        also=back,
    )


def _fields(page: Page, titles: Mapping[int, str], played: Mapping[Cell, int]) -> list[Field]:
    if len(page.numbers) == 1:
        number = page.numbers[0]
        fields: list[Field] = [Note(text(Bold(f"#{number} {titles[number]}"))), Note(SCALE_NOTE)]
        return fields + [
            _choice((number, column), COLUMNS[column], QUESTIONS[column], played)
            for column in page.columns
        ]
    column = page.columns[0]
    fields = [Note(text(Bold(COLUMNS[column]), f": {QUESTIONS[column]}")), Note(BATCH_NOTE)]
    return fields + [
        _choice((number, column), f"#{number} {titles[number]}", "", played)
        for number in page.numbers
    ]


SCALE_NOTE = subtle(
    "1 is the smallest you know, 20 the largest. Nobody sees your cards before the reveal."
)
BATCH_NOTE = subtle("Give the smallest of these items a 1 and measure the others against it.")


def _choice(cell: Cell, label: str, hint: str, played: Mapping[Cell, int]) -> Choice:
    chosen = (_coded(played[cell]),) if cell in played else ()
    return Choice(field_id(cell), label, OPTIONS, chosen, hint=hint)


OPTIONS = (
    *(Option(str(card), str(card)) for card in SCALE),
    Option("? (cannot tell)", "?"),
    Option("Pass", "pass"),
)


def field_id(cell: Cell) -> str:
    number, column = cell
    return f"{column}.{number}"


def read(page: Page, answers: Answers) -> tuple[dict[Cell, int], dict[str, str]]:
    """Return the cards that were played, as stored, and what is wrong with the others by field."""
    cards: dict[Cell, int] = {}
    errors: dict[str, str] = {}
    for cell in page.cells:
        try:
            cards[cell] = stored(parse_card(answers.one(field_id(cell))))
        except NotACard as error:
            errors[field_id(cell)] = str(error)
    return cards, errors


def stored(card: Card) -> int:
    """Return how a card is kept: numbers as they are, `?` and "pass" as their codes."""
    if card == "?":
        return UNSURE
    return PASS if card == "pass" else int(card)


def card_of(kept: int) -> Card:
    """Return the card that is kept as this number."""
    if kept == UNSURE:
        return "?"
    return "pass" if kept == PASS else kept


def _coded(kept: int) -> str:
    return str(card_of(kept))
