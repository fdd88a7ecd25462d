"""A revealed vote: the ranking and what to talk about on its card, all cards in its thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from bot.cards import Bold, Button, Buttons, Card, Chart, Node, Series, Table, heading, subtle, text
from handlers.phrases import counted, listed
from handlers.wsjf.actions import Accept, OpenAgain, OpenAgree, ShowCards
from handlers.wsjf.ballot import SHORT
from handlers.wsjf.cards import undo_button
from handlers.wsjf.outcome import Outcome, hidden, votes_needed
from handlers.wsjf.ranking import Ranked, Ranking, Unranked
from handlers.wsjf.scale import COLUMNS, SCALE
from handlers.wsjf.scoring import ColumnScore, Extreme, ItemScore, why_unanchored
from handlers.wsjf.words import columns_asked, subject, titled
from storage.polls import Poll

TALKS_SHOWN = 5
"""Columns to talk about on the card; a room that has settled five asks for the others."""

PAGE_ITEMS = 5
NAMED_VOTERS = 3
LISTED_CARDS = 9
"""Of so many people every card is listed; of more, how many played each."""

CELLS_NAMED = 6
ROW_TITLE_CHARS = 60


def revealed_poll(outcome: Outcome, accepted_by: str, cancelled_by: str, now: datetime) -> Card:
    """Draw the result: the ranking first, then what to talk about, then what to do."""
    title = f"WSJF result: {subject(list(outcome.items.values()))}"
    nodes: list[Node] = [heading(title), *_ranking(outcome), *_unranked(outcome)]
    nodes += [*_talks(outcome), *(subtle(flag) for flag in flags(outcome))]
    if accepted_by:
        nodes.append(text(f"{accepted_by} accepted these scores."))
    if cancelled_by:
        nodes.append(text(f"{cancelled_by} cancelled round {outcome.poll.round}; this one counts."))
        nodes += undo_button(outcome.poll, now)
    nodes.append(_buttons(outcome, bool(accepted_by)))
    return Card(f"{title}. {first_words(outcome)}", tuple(nodes))


def _buttons(outcome: Outcome, accepted: bool) -> Buttons:
    poll, buttons = outcome.poll, []
    if outcome.scored and not accepted:
        buttons.append(
            Button(
                "Accept scores",
                Accept(poll.id, poll.version),
                style="primary",
                hint="Write these scores to the items",
            )
        )
    columns = list(dict.fromkeys(column.column for _, column in outcome.disputed))
    again = f"Vote again on {SHORT[columns[0]]}" if len(columns) == 1 else "Vote again"
    buttons += [
        Button(again, OpenAgain(poll.id), opens_form=True, hint="Opens a new blind round"),
        Button("Agree on a card", OpenAgree(poll.id), opens_form=True),
        Button("All cards", ShowCards(poll.id, outcome.round.round, 0), hint="For you alone"),
    ]
    return Buttons(tuple(buttons))


# --- ranking ---------------------------------------------------------------------------------


def _ranking(outcome: Outcome) -> Iterator[Node]:
    if len(outcome.items) == 1 and outcome.scored:
        yield text("WSJF ", Bold(f"{float(outcome.ranking.ranked[0].value):.1f}"), _sum(outcome))
    elif outcome.scored:
        rows = tuple(
            (
                place_words(place),
                titled(outcome.items[int(place.key)], ROW_TITLE_CHARS),
                range_words(place),
                f"{float(place.value):.1f}",
            )
            for place in outcome.ranking.ranked
        )
        yield Table(("Rank", "Item", "Likely", "WSJF"), rows, right=frozenset({3}))
        yield subtle(how_sure(outcome.ranking))


def _sum(outcome: Outcome) -> str:
    (item,) = outcome.batch.items
    ubv, tc, rroe, size = (item.columns[column].card for column in COLUMNS)
    return f" = ({ubv} + {tc} + {rroe}) ÷ {size}"


def place_words(place: Ranked) -> str:
    return f"{place.rank} ≈" if place.tied_with_next else str(place.rank)


def range_words(place: Ranked) -> str:
    return str(place.low) if place.low == place.high else f"{place.low}–{place.high}"


def how_sure(ranking: Ranking) -> str:
    """Explain the two signs of the ranking in one line."""
    few = any(place.basis == "min–max" for place in ranking.ranked)
    span = "the lowest and highest rank" if few else "the ranks in 8 of 10 cases (P10–P90)"
    tie = any(place.tied_with_next for place in ranking.ranked)
    return f"Likely: {span} if a crowd like this one voted again." + (
        " ≈: as good as a tie with the next." if tie else ""
    )


def _unranked(outcome: Outcome) -> Iterator[Node]:
    for lost in outcome.ranking.unranked:
        title = titled(outcome.items[int(lost.key)], ROW_TITLE_CHARS)
        yield text(Bold(title), f": {_why_unranked(outcome, lost)}")


def _why_unranked(outcome: Outcome, lost: Unranked) -> str:
    """Return the reason; of one or two anonymous voters, not even who played no number."""
    item = next(item for item in outcome.batch.items if item.key == lost.key)
    if any(hidden(outcome.poll, column) for column in item.lacking):
        return f"No score: fewer than {votes_needed(outcome.poll)} people voted."
    return lost.reason


def first_words(outcome: Outcome) -> str:
    if not outcome.scored:
        return "No item has enough votes for a score."
    first = outcome.ranking.ranked[0]
    if len(outcome.items) == 1:
        return f"WSJF {float(first.value):.1f}."
    tie = ", as good as tied with the next" if first.tied_with_next else ""
    return f"First: {titled(outcome.items[int(first.key)])}{tie}."


# --- worth talking about ---------------------------------------------------------------------


def _talks(outcome: Outcome) -> Iterator[Node]:
    disputed = outcome.disputed
    if not disputed:
        return
    yield text(Bold("Worth talking about"), *_whom_to_hear(outcome.poll))
    for number, column in disputed[:TALKS_SHOWN]:
        yield text(_talk(outcome, number, column))
    if len(disputed) > TALKS_SHOWN:
        rest = len(disputed) - TALKS_SHOWN
        yield subtle(f"And {counted(rest, 'column', 'columns')} more: press All cards.")


def _whom_to_hear(poll: Poll) -> tuple[str, ...]:
    if poll.anonymous:
        return (": whoever played the lowest or the highest, say why if you like.",)
    return (": hear the lowest and the highest.",)


def _talk(outcome: Outcome, number: int, column: ColumnScore) -> str:
    where = f"#{number} {SHORT[column.column]}"
    low, high = column.lowest, column.highest
    assert low is not None
    assert high is not None
    if outcome.poll.anonymous:
        return f"{where}: cards from {low.card} to {high.card}."
    return (
        f"{where}: {_voiced(outcome, low)} said {low.card}, "
        f"{_voiced(outcome, high)} said {high.card}."
    )


def _voiced(outcome: Outcome, end: Extreme) -> str:
    names = [outcome.names.get(voter, "someone") for voter in end.voters]
    return listed(names, NAMED_VOTERS)


def flags(outcome: Outcome) -> list[str]:
    """Return what else is worth knowing, a line for each kind."""
    batch, told = outcome.batch, []
    unsure = _cells(outcome, lambda column: column.needs_refinement)
    if unsure:
        told.append(f"At least a third cannot tell, so refine first: {unsure}.")
    split = _cells(outcome, lambda column: column.even_split and column.card is not None)
    if split:
        told.append(f"An even split, the higher card counts: {split}.")
    if agreed := _cells(outcome, lambda column: column.agreed):
        told.append(f"Agreed by talking, not voted: {agreed}.")
    if batch.unanchored:
        told.append(why_unanchored(batch.unanchored))
    if any(not item.comparable and item.score is not None for item in batch.items):
        told.append(
            "Voted alone, so this score is not comparable with other items yet: vote on it "
            "together with others to rank them."
        )
    return told


def _cells(outcome: Outcome, wanted: Callable[[ColumnScore], bool]) -> str:
    found = [
        f"#{item.key} {SHORT[column.column]}"
        for item in outcome.batch.items
        for column in item.columns.values()
        if wanted(column) and not hidden(outcome.poll, column)
    ]
    return listed(found, CELLS_NAMED)


# --- all cards -------------------------------------------------------------------------------


def round_cards(outcome: Outcome, page: int, *, alone: bool = False) -> Card:
    """Draw a round's cards, a page of items at a time; `alone` for somebody who turns pages."""
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
    nodes.append(_cards_table(outcome, [by_number[number] for number in shown]))
    nodes.append(subtle("Agree: how many of the cards lie at most one card from the middle one."))
    if not page and (chart := _widest(outcome)):
        nodes.append(chart)
    nodes += _turning(outcome, page, pages, alone)
    return Card(words, tuple(nodes))


def _span(page: int, count: int) -> str:
    return f"{page * PAGE_ITEMS + 1}–{min((page + 1) * PAGE_ITEMS, count)}"


def _opening(outcome: Outcome) -> str:
    if outcome.round.round == 1:
        return f"The cards are on the table. {first_words(outcome)}"
    asked = columns_asked(outcome.round.columns)
    return f"Round {outcome.round.round} is on the table ({asked}). {first_words(outcome)}"


def _cards_table(outcome: Outcome, items: Sequence[ItemScore]) -> Table:
    rows = tuple(
        (
            f"#{item.key}",
            SHORT[column.column],
            card_words(outcome, column),
            _agreement(outcome, column),
            played(outcome, column),
        )
        for item in items
        for column in item.columns.values()
    )
    return Table(("Item", "Column", "Card", "Agree", "Played"), rows, right=frozenset({2, 3}))


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
    found = [(card, count) for card, count in zip(cards, counts, strict=True) if count]
    if column.answered <= LISTED_CARDS:
        return ", ".join(card for card, count in found for _ in range(count))
    return ", ".join(f"{card} ×{count}" for card, count in found)


def _widest(outcome: Outcome) -> Chart | None:
    """Draw the column whose cards lie furthest apart, if it is worth talking about."""
    if not outcome.disputed:
        return None
    number, column = outcome.disputed[0]
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


def accepted_words(numbers: Sequence[int], left: int) -> str:
    told = "1 item has its score now."
    if len(numbers) > 1:
        told = f"{len(numbers)} items have their scores now."
    return told + (f" {counted(left, 'item has', 'items have')} none yet." if left else "")
