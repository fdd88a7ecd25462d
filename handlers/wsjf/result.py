"""A revealed vote: the ranking, what to talk about, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Node,
    Table,
    heading,
    subtle,
    text,
)
from handlers.phrases import counted, listed
from handlers.ui.elsewhere import NOWHERE_ELSE, key_of
from handlers.ui.views import UNDO_FOR
from handlers.wsjf.actions import Accept, OpenAgain, OpenAgree, OpenAnchor, ShowCards, Unaccept
from handlers.wsjf.ballot import SHORT
from handlers.wsjf.cards import undo_button
from handlers.wsjf.outcome import FEWEST_ANONYMOUS, Outcome, Talk, hidden, votes_needed
from handlers.wsjf.ranking import FEW, Ranked, Ranking, Unranked
from handlers.wsjf.scale import COLUMNS
from handlers.wsjf.scoring import ColumnScore, Extreme, why_unanchored
from handlers.wsjf.words import subject, titled
from storage.items import Item
from storage.polls import Poll
from storage.tracked import KnownAs

TALKS_SHOWN = 5
"""Columns to talk about on the card; a room that has settled five asks for the others."""

NAMED_VOTERS = 3
CELLS_NAMED = 6
ROW_TITLE_CHARS = 60


def revealed_poll(outcome: Outcome, accepted_by: str, cancelled_by: str, now: datetime) -> Card:
    """Draw the result: the ranking first, then what to talk about, then what to do."""
    title = f"WSJF result: {subject(list(outcome.items.values()))}"
    nodes: list[Node] = [heading(title), *_ranking(outcome), *_unranked(outcome)]
    nodes += [*_talks(outcome), *(subtle(flag) for flag in flags(outcome))]
    if accepted_by:
        nodes.append(text(f"{accepted_by} accepted these scores."))
        nodes += _undo(outcome.poll, now)
    if cancelled_by:
        nodes.append(text(f"{cancelled_by} cancelled round {outcome.poll.round}; this one counts."))
        nodes += undo_button(outcome.poll, now)
    nodes.append(_buttons(outcome, bool(accepted_by)))
    return Card(f"{title}. {first_words(outcome)}", tuple(nodes))


def _undo(poll: Poll, now: datetime) -> list[Node]:
    if poll.accepted_at is None or now - poll.accepted_at >= UNDO_FOR:
        return []
    hint = "Give the items the scores they had before"
    return [Buttons((Button("Undo accepting", Unaccept(poll.id, poll.version), hint=hint),))]


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
    columns = list(dict.fromkeys(talk.column.column for talk in outcome.worth))
    again = f"Vote again on {SHORT[columns[0]]}" if len(columns) == 1 else "Vote again"
    buttons += [
        Button(again, OpenAgain(poll.id), opens_form=True, hint="Opens a new blind round"),
        Button("Agree on a card", OpenAgree(poll.id), opens_form=True),
        *_anchor_button(outcome),
        Button("All cards", ShowCards(poll.id, outcome.round.round, 0), hint="For you alone"),
    ]
    return Buttons(tuple(buttons))


def _anchor_button(outcome: Outcome) -> list[Button]:
    if not outcome.batch.unanchored:
        return []
    hint = "Say which item is the 1 in a column that has none"
    return [Button("Re-anchor", OpenAnchor(outcome.poll.id), opens_form=True, hint=hint)]


# --- ranking ---------------------------------------------------------------------------------


def _ranking(outcome: Outcome) -> Iterator[Node]:
    if not outcome.scored:
        return
    if len(outcome.items) == 1:
        about = Bold(f"about {outcome.ranking.ranked[0].value:.1f}")
        yield text("WSJF ", about, _sum(outcome))
    else:
        yield places_table(outcome.ranking, outcome.items, known=outcome.known)
        yield subtle(how_sure(outcome.ranking))
    yield subtle(ABOUT)


ABOUT = (
    "WSJF is worked out from all cards, the card shown is the middle one, so the two may differ a "
    "little."
)
"""Why the value is not what the cards give; `wsjf help` says more."""


def _sum(outcome: Outcome) -> str:
    (item,) = outcome.batch.items
    ubv, tc, rroe, size = (item.columns[column].card for column in COLUMNS)
    return f"; by the middle cards ({ubv} + {tc} + {rroe}) ÷ {size}"


def places_table(
    ranking: Ranking,
    items: Mapping[int, Item],
    places: Sequence[Ranked] | None = None,
    last: tuple[str, Callable[[Ranked], str]] = ("WSJF", lambda place: f"{place.value:.1f}"),
    more: Sequence[tuple[str, Callable[[Ranked], str]]] = (),
    caption: str = "",
    known: Mapping[int, KnownAs] = NOWHERE_ELSE,
) -> Table:
    """Lay out places of a ranking; the likely ranks only where some are known.

    `known` is what items are called in other tools.
    """

    def item_words(place: Ranked) -> str:
        number = int(place.key)
        return titled(items[number], ROW_TITLE_CHARS, key_of(known.get(number)))

    shown = ranking.ranked if places is None else places
    columns: list[tuple[str, Callable[[Ranked], str]]] = [
        ("Rank", place_words),
        ("Item", item_words),
    ]
    if any(place.basis != FEW for place in ranking.ranked):
        columns.append(("Likely", range_words))
    columns += [last, *more]
    rows = tuple(tuple(words(place) for _, words in columns) for place in shown)
    right = frozenset({len(columns) - len(more) - 1})
    head = tuple(name for name, _ in columns)
    return Table(head, rows, right=right, caption=caption, browsed=True)


def place_words(place: Ranked) -> str:
    return f"{place.rank} ≈" if place.tied_with_next else str(place.rank)


def range_words(place: Ranked) -> str:
    if place.basis == FEW:
        return "few voted"
    return str(place.low) if place.low == place.high else f"{place.low}–{place.high}"


def how_sure(ranking: Ranking) -> str:
    """Explain the signs of the ranking in one line."""
    few = [place.basis == FEW for place in ranking.ranked]
    told = []
    if not all(few):
        told.append("Likely: in 8 of 10 votes by people like these, the item would stand there.")
    if any(few):
        told.append(
            "Fewer than five people voted, too few to say how sure the ranks are: one vote more "
            "can change them."
        )
    if any(place.tied_with_next for place in ranking.ranked):
        told.append("≈: as good as a tie with the next.")
    return " ".join(told)


def _unranked(outcome: Outcome) -> Iterator[Node]:
    for lost in outcome.ranking.unranked:
        title = titled(outcome.items[int(lost.key)], ROW_TITLE_CHARS)
        yield text(Bold(title), f": {_why_unranked(outcome, lost)}")


def _why_unranked(outcome: Outcome, lost: Unranked) -> str:
    """Return the reason; of one or two anonymous voters, not even who played no number."""
    item = next(item for item in outcome.batch.items if item.key == lost.key)
    if not item.candidate.gone and any(hidden(outcome.poll, column) for column in item.lacking):
        return f"No score: fewer than {votes_needed(outcome.poll)} people voted."
    return lost.reason


def first_words(outcome: Outcome) -> str:
    if not outcome.scored:
        return "No item has enough votes for a score."
    first = outcome.ranking.ranked[0]
    if len(outcome.items) == 1:
        return f"WSJF about {first.value:.1f}."
    tie = ", as good as tied with the next" if first.tied_with_next else ""
    return f"First: {titled(outcome.items[int(first.key)])}{tie}."


# --- worth talking about ---------------------------------------------------------------------


def _talks(outcome: Outcome) -> Iterator[Node]:
    talks = outcome.talks
    if not talks:
        return
    yield text(Bold("Worth talking about"), *_whom_to_hear(outcome.poll))
    for talk in talks[:TALKS_SHOWN]:
        yield text(_talk(outcome, talk))
    if len(talks) > TALKS_SHOWN:
        rest = len(talks) - TALKS_SHOWN
        yield subtle(f"And {counted(rest, 'column', 'columns')} more: press All cards.")


def _whom_to_hear(poll: Poll) -> tuple[str, ...]:
    if poll.anonymous:
        return (": whoever played the lowest or the highest, say why if you like.",)
    return (": hear the lowest and the highest.",)


def _talk(outcome: Outcome, talk: Talk) -> str:
    where = f"#{talk.number} {SHORT[talk.column.column]}"
    low, high = talk.column.lowest, talk.column.highest
    moves = " Could change the order." if talk.moves else ""
    if low is None or high is None or low.card == high.card:
        return f"{where}: card {talk.column.card}.{moves}"
    if outcome.poll.anonymous:
        return f"{where}: cards from {low.card} to {high.card}.{moves}"
    return (
        f"{where}: {_voiced(outcome, low)} said {low.card}, "
        f"{_voiced(outcome, high)} said {high.card}.{moves}"
    )


def _voiced(outcome: Outcome, end: Extreme) -> str:
    names = [outcome.names.get(voter, "someone") for voter in end.voters]
    return listed(names, NAMED_VOTERS)


def flags(outcome: Outcome) -> list[str]:
    """Return what else is worth knowing, a line for each kind."""
    batch, lines = outcome.batch, []
    unsure = _cells(outcome, lambda column: column.needs_refinement)
    if unsure:
        lines.append(f"At least a third cannot tell, so refine first: {unsure}.")
    split = _cells(outcome, lambda column: column.even_split and column.card is not None)
    if split:
        lines.append(f"An even split, the higher card counts: {split}.")
    if outcome.held_back:
        cells = [f"#{number} {SHORT[column]}" for number, column in sorted(outcome.held_back)]
        lines.append(
            f"Fewer than {FEWEST_ANONYMOUS} voted anew, so the earlier cards stand: "
            f"{listed(cells, CELLS_NAMED)}."
        )
    if agreed := _cells(outcome, lambda column: column.agreed):
        lines.append(f"Agreed by talking, not voted: {agreed}.")
    if batch.unanchored:
        lines.append(why_unanchored(batch.unanchored))
    if any(not item.comparable and item.score is not None for item in batch.items):
        lines.append(
            "Voted alone, so this score is not comparable with other items yet: vote on it "
            "together with others to rank them."
        )
    return lines


def _cells(outcome: Outcome, wanted: Callable[[ColumnScore], bool]) -> str:
    cells = [
        f"#{item.key} {SHORT[column.column]}"
        for item in outcome.batch.items
        for column in item.columns.values()
        if wanted(column) and not hidden(outcome.poll, column)
    ]
    return listed(cells, CELLS_NAMED)


# --- all cards -------------------------------------------------------------------------------


def accepted_words(numbers: Sequence[int], left: int) -> str:
    sentence = "1 item has its score now."
    if len(numbers) > 1:
        sentence = f"{len(numbers)} items have their scores now."
    return sentence + (f" {counted(left, 'item has', 'items have')} none yet." if left else "")
