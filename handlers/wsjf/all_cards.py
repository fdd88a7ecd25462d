"""All cards of a revealed round, a page of items at a time: in the vote's thread, and alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from bot.cards import (
    Button,
    Buttons,
    Card,
    Chart,
    Node,
    Series,
    Table,
    When,
    subtle,
    text,
)
from handlers.phrases import counted, listed
from handlers.wsjf.actions import ShowCards
from handlers.wsjf.ballot import SHORT, card_of
from handlers.wsjf.outcome import Outcome, hidden, votes_needed
from handlers.wsjf.result import first_words
from handlers.wsjf.scale import SCALE
from handlers.wsjf.scoring import ColumnScore, ItemScore
from handlers.wsjf.words import columns_asked, titled

PAGE_ITEMS = 5
LISTED_CARDS = 9
"""Of so many people every card is listed; of more, how many played each."""


def round_cards(
    outcome: Outcome,
    page: int,
    *,
    zone: str = "UTC",
    alone: bool = False,
    own: Mapping[tuple[int, str], int] = MappingProxyType({}),
) -> Card:
    """Draw a round's cards, a page of items at a time; `alone` for somebody who turns pages, with
    the cards that they have played themselves: `own`, as they are kept."""
    by_number = {int(item.key): item for item in outcome.batch.items}
    numbers = list(outcome.items)
    pages = (len(numbers) - 1) // PAGE_ITEMS + 1
    page = min(max(page, 0), pages - 1)
    shown = numbers[page * PAGE_ITEMS : (page + 1) * PAGE_ITEMS]
    words = _opening(outcome)
    nodes: list[Node] = [text(words)]
    if pages > 1:
        nodes.append(subtle(f"Items {_span(page, len(numbers))} of {len(numbers)}."))
    if len(shown) > 1 or page:
        nodes += [text(titled(outcome.items[number])) for number in shown]
    nodes.append(_cards_table(outcome, [by_number[number] for number in shown], own))
    nodes.append(subtle("Agree: how many of the cards lie at most one card from the middle one."))
    if not page and (chart := _most_disputed(outcome)):
        nodes.append(chart)
    if revealed_by := outcome.names.get(outcome.round.revealed_by):
        at = When(outcome.round.revealed_at, zone)
        nodes.append(subtle(f"{revealed_by} revealed them: ", at))
    nodes += _turning(outcome, page, pages, alone)
    return Card(words, tuple(nodes))


def _span(page: int, count: int) -> str:
    return f"{page * PAGE_ITEMS + 1}–{min((page + 1) * PAGE_ITEMS, count)}"


def _opening(outcome: Outcome) -> str:
    if outcome.round.round == 1:
        return f"The cards are on the table. {first_words(outcome)}"
    asked = columns_asked(outcome.round.columns)
    return f"Round {outcome.round.round} is on the table ({asked}). {first_words(outcome)}"


def _cards_table(
    outcome: Outcome, items: Sequence[ItemScore], own: Mapping[tuple[int, str], int]
) -> Table:
    rows = tuple(
        (
            f"#{item.key}",
            SHORT[column.column],
            card_words(outcome, column),
            _agreement(outcome, column),
            played(outcome, column),
            *((_own(own, item, column),) if own else ()),
        )
        for item in items
        for column in item.columns.values()
    )
    header = ("Item", "Column", "Card", "Agree", "Played", *(("You",) if own else ()))
    return Table(header, rows, right=frozenset({2, 3}))


def _own(own: Mapping[tuple[int, str], int], item: ItemScore, column: ColumnScore) -> str:
    kept = own.get((int(item.key), column.column))
    return "" if kept is None else str(card_of(kept))


def card_words(outcome: Outcome, column: ColumnScore) -> str:
    """Return the card that counts, or what keeps it from counting."""
    if column.agreed:
        return f"{column.card} agreed"
    if hidden(outcome.poll, column):  # how many of one or two played a number says who did
        return "too few"
    if column.card is None:
        return f"{counted(column.missing, 'vote', 'votes')} short"
    return str(column.card)


def _agreement(outcome: Outcome, column: ColumnScore) -> str:
    if column.agreement is None or hidden(outcome.poll, column):
        return ""
    return f"{round(column.agreement * 100)} %"


def played(outcome: Outcome, column: ColumnScore) -> str:
    """Return the cards from the lowest to the highest, such as `1, 2, 13, ?`.

    Of many, as of sixty people, each card stands once: `1 ×12, 2 ×31, ? ×4`.
    """
    if hidden(outcome.poll, column):
        few = f"kept back: fewer than {votes_needed(outcome.poll)} voted"
        return few if column.answered else ""
    cards = (*map(str, SCALE), "?", "pass")
    counts = (*column.counts, column.unsure, column.passed)
    counts_by_card = [(card, count) for card, count in zip(cards, counts, strict=True) if count]
    if column.answered <= LISTED_CARDS:
        return ", ".join(card for card, count in counts_by_card for _ in range(count))
    return ", ".join(f"{card} ×{count}" for card, count in counts_by_card)


def _most_disputed(outcome: Outcome) -> Chart | None:
    """Draw the cards of what is most worth talking about, if anything is."""
    if not outcome.talks:
        return None
    number, column = outcome.talks[0].number, outcome.talks[0].column
    said = [
        f"{counted(count, 'person', 'people')} on {card}"
        for card, count in zip(SCALE, column.counts, strict=True)
        if count
    ]
    return Chart(
        "bar",
        f"#{number} {SHORT[column.column]}: people on each card",
        tuple(str(card) for card in SCALE),
        (Series("People", tuple(float(count) for count in column.counts)),),
        f"{listed(said)}.",
    )


def _turning(outcome: Outcome, page: int, pages: int, alone: bool) -> Iterator[Node]:
    def turn(label: str, to: int) -> Button:
        return Button(label, ShowCards(outcome.poll.id, outcome.round.round, to, alone))

    buttons = [turn("Earlier items", page - 1)] if page else []
    if page < pages - 1:
        buttons.append(turn("More items", page + 1))
    if buttons:
        yield Buttons(tuple(buttons))
