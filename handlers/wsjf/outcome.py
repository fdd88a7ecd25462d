"""Work out what a vote came to, from its revealed rounds only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from handlers.wsjf.ballot import KEPT_COLUMNS, card_of
from handlers.wsjf.ranking import Ranking, rank
from handlers.wsjf.scale import Card, Column
from handlers.wsjf.scoring import BatchScore, Candidate, ColumnScore, Hand, score_batch
from handlers.wsjf.worth import first
from storage import Store
from storage.items import Item
from storage.polls import Poll
from storage.rounds import Agreement, RevealedRound
from storage.states import OPEN_STATES
from storage.tracked import KnownAs

FEWEST_ANONYMOUS = 3
"""In an anonymous vote fewer ballots show nothing: one card and one voter would be a name."""

Cell = tuple[int, Column]
Played = tuple[int, int, str, str, int]
"""A card as it is kept: round, number, column, voter, card."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a vote came to up to a round. `round` is that round, `items` are in shown order."""

    poll: Poll
    round: RevealedRound
    items: Mapping[int, Item]
    batch: BatchScore
    ranking: Ranking
    names: Mapping[str, str]
    """Of those who are named on a card: who should talk, and who revealed the round."""
    held_back: frozenset[Cell] = frozenset()
    """Cells of an anonymous vote in which too few voted anew: there the earlier cards stand."""
    known: Mapping[int, KnownAs] = field(default_factory=dict)
    """What items are called in other tools."""

    @property
    def scored(self) -> bool:
        return bool(self.ranking.ranked)

    @property
    def worth(self) -> tuple[Talk, ...]:
        """The few columns whose cards could change the order, the most first."""
        return _worth(self.poll, self.batch, self.ranking)

    @property
    def talks(self) -> tuple[Talk, ...]:
        """What is worth talking about: what could change the order, then what is in dispute."""
        return _talks(self.poll, self.batch, self.ranking)


@dataclass(frozen=True, slots=True)
class Talk:
    """A column of an item that is worth a talk, and whether its card could change the order."""

    number: int
    column: ColumnScore
    moves: bool


def _worth(poll: Poll, batch: BatchScore, ranking: Ranking) -> tuple[Talk, ...]:
    columns = {item.key: item.columns for item in batch.items}
    found = [
        Talk(int(cell.item), columns[cell.item][cell.column], moves=True)
        for cell in first(ranking.worth)
    ]
    return tuple(talk for talk in found if not hidden(poll, talk.column))


def _talks(poll: Poll, batch: BatchScore, ranking: Ranking) -> tuple[Talk, ...]:
    worth = _worth(poll, batch, ranking)
    named = {(talk.number, talk.column.column) for talk in worth}
    disputed = [
        Talk(int(item.key), column, moves=False)
        for item in batch.items
        for column in item.columns.values()
        if column.in_dispute
        and not item.candidate.gone
        and not hidden(poll, column)
        and (int(item.key), column.column) not in named
    ]
    return (*worth, *sorted(disputed, key=lambda talk: talk.column.agreement or 0))


def hidden(poll: Poll, column: ColumnScore) -> bool:
    """Tell whether an anonymous vote keeps this column's cards back, as too few played one."""
    return poll.anonymous and column.answered < FEWEST_ANONYMOUS


def votes_needed(poll: Poll) -> int:
    return max(poll.min_ballots, FEWEST_ANONYMOUS) if poll.anonymous else poll.min_ballots


async def outcome(store: Store, poll: Poll, upto: int | None = None) -> Outcome | None:
    """Return what the revealed rounds up to `upto` came to; None before the first reveal."""
    rounds = [each for each in await store.rounds.of(poll) if upto is None or each.round <= upto]
    if not rounds:
        return None
    last = rounds[-1]
    numbers = await store.polls.numbers(poll)
    items = await store.items.several(numbers)
    agreed = settled(rounds, await store.rounds.agreements([poll.id]))
    rows = [row[1:] for row in await store.rounds.ballots([poll.id]) if row[1] <= last.round]
    standing = standing_cards(rows, poll.anonymous)
    gone = await _gone(store, poll, items)
    batch, ranking = came_to(
        poll.id,
        tuple(
            (n, items[n].created_at, tuple(agreed.get(n, {}).items()), gone.get(n, ""))
            for n in numbers
        ),
        tuple(sorted(standing)),
        votes_needed(poll),
        poll.anonymous,
    )
    heard = [
        voter
        for talk in _talks(poll, batch, ranking)
        for end in (talk.column.lowest, talk.column.highest)
        if end
        for voter in end.voters
    ]
    if not poll.anonymous:  # there even who led says something of who took part
        heard.append(last.revealed_by)
    return Outcome(
        poll,
        last,
        {number: items[number] for number in numbers},
        batch,
        ranking,
        await store.people.named(sorted(set(heard))),
        _held_back(rows, standing),
        await store.tracked.known_as(numbers),
    )


async def _gone(store: Store, poll: Poll, items: Mapping[int, Item]) -> dict[int, str]:
    """Say why items are left out: finished or dropped, unless their scores were accepted before."""
    closed = [item for item in items.values() if item.state not in OPEN_STATES]
    if not closed:
        return {}
    kept: set[int] = set()
    if poll.accepted == poll.version:
        kept = {score.number for score in await store.scores.accepted(poll.id)}
    return {
        item.number: f"It was {item.state} meanwhile, so it is left out."
        for item in closed
        if item.number not in kept
    }


def _held_back(rows: Iterable[Played], standing: Iterable[Played]) -> frozenset[Cell]:
    newest: dict[tuple[int, str], int] = {}
    for round, number, column, _, _ in rows:
        newest[number, column] = max(round, newest.get((number, column), 0))
    counted = {(number, column, round) for round, number, column, _, _ in standing}
    late = {(*cell, round) for cell, round in newest.items()} - counted
    return frozenset((number, KEPT_COLUMNS[column]) for number, column, _ in late)


@lru_cache(maxsize=8)
def came_to(
    seed: int,
    items: tuple[tuple[int, datetime, tuple[tuple[Column, int], ...], str], ...],
    played: tuple[Played, ...],
    min_ballots: int,
    anonymous: bool,
) -> tuple[BatchScore, Ranking]:
    """Score and rank; items are given with their age, the cards agreed on for them, and why they
    are out of the ranking, if they are.

    Kept for the second card of a reveal, which is drawn right after the first. Everything the
    result depends on is an argument, so what is kept cannot be out of date.
    """
    batch = score_batch(
        [
            Candidate(number, created_at, dict(cards), gone=gone)
            for number, created_at, cards, gone in items
        ],
        hands(played),
        min_ballots=min_ballots,
        anonymous=anonymous,
    )
    return batch, rank(batch, seed=seed, worth=True)


def standing_cards(rows: Iterable[Played], anonymous: bool) -> list[Played]:
    """Return the cards that count of a vote's revealed rounds: of each voter the newest in a cell.

    In an anonymous vote a cell changes only once three people have voted on it anew: the difference
    between two results would tell what one or two have played. Until then the earlier cards stand.
    """
    cells: dict[tuple[int, str], dict[int, dict[str, Played]]] = {}
    for row in rows:
        round, number, column, voter, _ = row
        cells.setdefault((number, column), {}).setdefault(round, {})[voter] = row
    fewest = FEWEST_ANONYMOUS if anonymous else 1
    return [row for rounds in cells.values() for row in _standing(rounds, fewest)]


def _standing(rounds: Mapping[int, Mapping[str, Played]], fewest: int) -> Iterable[Played]:
    """Return the newest cards of a cell; those of fewer than `fewest` people wait for others."""
    shown: dict[str, Played] = {}
    waiting: dict[str, Played] = {}
    for round in sorted(rounds):
        waiting |= rounds[round]
        if len(waiting) >= fewest:
            shown, waiting = shown | waiting, {}
    return (shown or waiting).values()  # of too few a card says no more than that


def hands(rows: Iterable[Played]) -> list[Hand]:
    """Put cards together to ballots."""
    by_hand: dict[tuple[int, str, int], dict[Column, Card | None]] = {}
    for round, number, column, voter, card in rows:
        by_hand.setdefault((number, voter, round), {})[KEPT_COLUMNS[column]] = card_of(card)
    return [Hand(number, voter, hand, round) for (number, voter, round), hand in by_hand.items()]


def settled(
    rounds: Sequence[RevealedRound], agreements: Sequence[Agreement]
) -> dict[int, dict[Column, int]]:
    """Return the cards agreed on aloud that still hold: nobody voted on them again since.

    Both come oldest first; item → column → card.
    """
    last = rounds[-1].round
    cards: dict[int, dict[Column, int]] = {}
    for agreement in agreements:
        if agreement.round <= last and not any(_asks(each, agreement) for each in rounds):
            cards.setdefault(agreement.number, {})[KEPT_COLUMNS[agreement.column]] = agreement.card
    return cards


def _asks(later: RevealedRound, agreement: Agreement) -> bool:
    return (
        later.round > agreement.round
        and agreement.column in later.columns
        and agreement.number in later.numbers
        and agreement.number not in later.left_out.get(agreement.column, ())
    )
