"""Work out what a vote came to, from its revealed rounds only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from handlers.wsjf.ballot import KEPT_COLUMNS, card_of
from handlers.wsjf.ranking import Ranking, rank
from handlers.wsjf.scale import Card, Column
from handlers.wsjf.scoring import Ballot, BatchScore, Candidate, ColumnScore, score_batch
from storage import Store
from storage.items import Item
from storage.polls import Poll
from storage.rounds import Agreement, Round

FEWEST_ANONYMOUS = 3
"""In an anonymous vote fewer ballots show nothing: one card and one voter would be a name."""

Cell = tuple[int, Column]
Played = tuple[int, int, str, str, int]
"""A card as it is kept: round, number, column, voter, card."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a vote came to up to a round. `round` is that round, `items` are in shown order."""

    poll: Poll
    round: Round
    items: Mapping[int, Item]
    batch: BatchScore
    ranking: Ranking
    names: Mapping[str, str]

    @property
    def scored(self) -> bool:
        return bool(self.ranking.ranked)

    @property
    def disputed(self) -> tuple[tuple[int, ColumnScore], ...]:
        """The columns worth talking about with their items, the widest apart first."""
        found = [
            (int(item.key), column)
            for item in self.batch.items
            for column in item.columns.values()
            if column.worth_talking and not hidden(self.poll, column)
        ]
        return tuple(sorted(found, key=lambda each: -(each[1].spread or 0)))


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
    batch, ranking = came_to(
        poll.id,
        tuple((n, items[n].created_at, tuple(agreed.get(n, {}).items())) for n in numbers),
        tuple(rows),
        votes_needed(poll),
        poll.anonymous,
    )
    heard = [
        voter
        for item in batch.items
        for column in item.columns.values()
        if column.worth_talking
        for end in (column.lowest, column.highest)
        if end
        for voter in end.voters
    ]
    return Outcome(
        poll,
        last,
        {number: items[number] for number in numbers},
        batch,
        ranking,
        await store.people.named(sorted(set(heard))),
    )


@lru_cache(maxsize=8)
def came_to(
    seed: int,
    items: tuple[tuple[int, datetime, tuple[tuple[Column, int], ...]], ...],
    played: tuple[Played, ...],
    min_ballots: int,
    anonymous: bool,
) -> tuple[BatchScore, Ranking]:
    """Score and rank; items are given with their age and the cards agreed on for them.

    Kept for the second card of a reveal, which is drawn right after the first. Everything the
    result depends on is an argument, so what is kept cannot be out of date.
    """
    batch = score_batch(
        [Candidate(number, created_at, dict(cards)) for number, created_at, cards in items],
        hands(played),
        min_ballots=min_ballots,
        anonymous=anonymous,
    )
    return batch, rank(batch, seed=seed)


def hands(rows: Iterable[Played]) -> list[Ballot]:
    """Put cards together to ballots."""
    by_hand: dict[tuple[int, str, int], dict[Column, Card | None]] = {}
    for round, number, column, voter, card in rows:
        by_hand.setdefault((number, voter, round), {})[KEPT_COLUMNS[column]] = card_of(card)
    return [Ballot(number, voter, hand, round) for (number, voter, round), hand in by_hand.items()]


def settled(
    rounds: Sequence[Round], agreements: Sequence[Agreement]
) -> dict[int, dict[Column, int]]:
    """Return the cards agreed on aloud that still hold: nobody voted on them again since.

    Both come oldest first; item → column → card.
    """
    last = rounds[-1].round
    cards: dict[int, dict[Column, int]] = {}
    for said in agreements:
        if said.round <= last and not any(_asks(each, said) for each in rounds):
            cards.setdefault(said.number, {})[KEPT_COLUMNS[said.column]] = said.card
    return cards


def _asks(later: Round, said: Agreement) -> bool:
    return (
        later.round > said.round and said.column in later.columns and said.number in later.numbers
    )
