"""The private ballot: which pages it has, what each asks, and how its answers are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.cards import (
    Bold,
    Choice,
    Field,
    Form,
    FormButton,
    Note,
    Option,
    Text,
    filled,
    subtle,
    text,
)
from bot.turn import Answers
from handlers.wsjf.actions import CastVote, TurnBack
from handlers.wsjf.scale import COLUMNS, SCALE, Card, Column, NotACard, parse_card
from storage.ballots import PASS, UNSURE, BallotBox
from storage.polls import LeftOut, Poll

Cell = tuple[int, str]
"""An item's number and a column's key."""

KEPT_COLUMNS: Mapping[str, Column] = {column: column for column in COLUMNS}
"""The column that is kept under a key."""

AT_ONCE_MAX_ITEMS = 8
"""Of more items a column with every card in sight is longer to scroll than menus are to open."""

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


def pages(
    columns: Sequence[str], numbers: Sequence[int], left_out: LeftOut = MappingProxyType({})
) -> tuple[Page, ...]:
    """Return the ballot's pages: one form for one item, else a column at a time for its items."""
    asked = tuple(column for column in COLUMNS if column in columns)
    if len(numbers) == 1:
        return (Page(0, 1, asked, tuple(numbers)),)
    return tuple(
        Page(index, len(asked), (column,), _asked_in(column, numbers, left_out))
        for index, column in enumerate(asked)
    )


def _asked_in(column: str, numbers: Sequence[int], left_out: LeftOut) -> tuple[int, ...]:
    return tuple(number for number in numbers if number not in left_out.get(column, ()))


def at(all_pages: Sequence[Page], index: int) -> Page:
    """Return the page at the index, or the nearest one there is."""
    return all_pages[min(max(index, 0), len(all_pages) - 1)]


def next_open(all_pages: Sequence[Page], played: Mapping[Cell, int], after: int) -> Page | None:
    """Return the next page that lacks a card, looking behind `after` first; None when none does."""
    later_first = [*all_pages[after + 1 :], *all_pages[: after + 1]]
    return next((page for page in later_first if not is_done(page, played)), None)


def is_done(page: Page, played: Mapping[Cell, int]) -> bool:
    return all(cell in played for cell in page.cells)


@dataclass(frozen=True, slots=True)
class Guidance:
    """What a voter is told above the cards: `new` to voting, and whether names stay hidden."""

    new: bool = False
    anonymous: bool = False


def form(
    poll: BallotBox | Poll,
    all_pages: Sequence[Page],
    page: Page,
    titles: Mapping[int, str],
    played: Mapping[Cell, int],
    guidance: Guidance,
    earlier: Mapping[Cell, int] = MappingProxyType({}),
) -> Form:
    """Return a page as a form. Chosen already are the voter's own cards of this round, and where
    there is none the `earlier` one, which stands unless they play another."""
    back = (FormButton("Back", TurnBack(poll.id, poll.round, page.index)),) if page.index else ()
    fields: list[Field] = []
    if done := sum(is_done(each, played) for each in all_pages if page.count > 1):
        fields.append(Note(subtle(f"You have finished {done} of {page.count} columns.")))
    return Form(
        f"Your vote ({page.index + 1} of {page.count})" if page.count > 1 else "Your vote",
        CastVote(poll.id, poll.round, page.index),
        (*fields, *_fields(page, titles, {**earlier, **played}, guidance)),
        submit_label="Save my vote" if page.is_last else "Next",
        also=back,
    )


def kept(vote: CastVote | TurnBack, titles: Mapping[int, str], answers: Answers) -> Form:
    """Return a form that came too late, as it was filled in; sent again it is as late."""
    fields = tuple(
        _choice((number, column), f"#{number} {name}", "", {})
        for column, name in COLUMNS.items()
        for number in titles
        if field_id((number, column)) in answers
    )
    again = CastVote(vote.poll_id, vote.round, vote.page)
    return filled(Form("Your vote", again, fields, submit_label="Save my vote"), answers)


def _fields(
    page: Page, titles: Mapping[int, str], played: Mapping[Cell, int], guidance: Guidance
) -> list[Field]:
    notes = [Note(note) for note in _notes(page, guidance)]
    if len(page.numbers) == 1:
        number = page.numbers[0]
        return [
            Note(text(Bold(f"#{number} {titles[number]}"))),
            *notes,
            *(
                _choice((number, column), COLUMNS[column], QUESTIONS[column], played, at_once=True)
                for column in page.columns
            ),
        ]
    column = page.columns[0]
    at_once = len(page.numbers) <= AT_ONCE_MAX_ITEMS
    return [
        Note(text(Bold(COLUMNS[column]), f": {QUESTIONS[column]}")),
        *notes,
        *(
            _choice((number, column), f"#{number} {titles[number]}", "", played, at_once=at_once)
            for number in page.numbers
        ),
    ]


def _notes(page: Page, guidance: Guidance) -> list[Text]:
    notes = [FIRST_NOTE] if guidance.new and page.index == 0 else []
    notes.append(SCALE_NOTE if len(page.numbers) == 1 else BATCH_NOTE)
    if guidance.anonymous:
        notes.append(ANONYMOUS_NOTE)
    return notes


FIRST_NOTE = text(
    Bold("Your first vote? "),
    "The numbers only compare: a 5 is somewhat more than a 3, a 20 far more than a 1. Answer from "
    "the gut. “?” says that you cannot tell, “Pass” leaves it to the others.",
)
SCALE_NOTE = subtle(
    "1 is the smallest you know, 20 the largest, ? is for cannot tell. Nobody sees your cards "
    "before the reveal."
)
BATCH_NOTE = subtle(
    "Give the smallest of these items a 1 and measure the others against it; ? is for cannot "
    "tell. Nobody sees your cards before the reveal."
)
ANONYMOUS_NOTE = subtle("This vote is anonymous: no name is shown with a card, then or later.")


def _choice(
    cell: Cell, label: str, hint: str, played: Mapping[Cell, int], *, at_once: bool = False
) -> Choice:
    chosen = (_coded(played[cell]),) if cell in played else ()
    return Choice(field_id(cell), label, OPTIONS, chosen, hint=hint, at_once=at_once)


OPTIONS = (
    *(Option(str(card), str(card)) for card in SCALE),
    Option("?", "?"),
    Option("Pass", "pass"),
)


def field_id(cell: Cell) -> str:
    number, column = cell
    return f"{column}.{number}"


def read(
    page: Page, asked: Iterable[Cell], answers: Answers
) -> tuple[dict[Cell, int], dict[str, str]]:
    """Return the cards that were played, as stored, and what is wrong with the others by field.

    Every card on the form counts that the vote asks for, on whichever page it stands now: items
    may have joined while the form was open. Only the page's own cells must be answered.
    """
    cards: dict[Cell, int] = {}
    errors: dict[str, str] = {}
    own = set(page.cells)
    for cell in asked:
        field = field_id(cell)
        if field not in answers and cell not in own:
            continue
        try:
            cards[cell] = stored(parse_card(answers.one(field)))
        except NotACard as error:
            if cell in own:
                errors[field] = str(error)
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
