"""Put the accepted scores of a team or a train in order, on every scale they stand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from handlers.wsjf.outcome import hands, votes_needed
from handlers.wsjf.ranking import AS_VOTED, Ranking, Scenario, rank
from handlers.wsjf.scale import COLUMNS, Column
from handlers.wsjf.scales import on_one_scale
from handlers.wsjf.scoring import FEWEST_MIN_BALLOTS, BatchScore, Candidate, score_batch
from storage import Store
from storage.items import Item
from storage.scores import Score


@dataclass(frozen=True, slots=True)
class Scale:
    """Items whose scores can be compared, ready to be ranked through any lens."""

    items: Mapping[int, Item]
    scores: Mapping[int, Score]
    batch: BatchScore
    seed: int

    def ranking(self, scenario: Scenario = AS_VOTED) -> Ranking:
        return rank(self.batch, scenario, seed=self.seed)

    def priced(self, money: Mapping[int, tuple[int, int | None]]) -> Scale:
        """Return the scale with what a week of delay costs: item → money per week, weeks."""
        items = tuple(
            replace(item, candidate=_priced(item.candidate, money)) for item in self.batch.items
        )
        return replace(self, batch=replace(self.batch, items=items))


def _priced(candidate: Candidate, money: Mapping[int, tuple[int, int | None]]) -> Candidate:
    cost, weeks = money.get(int(candidate.key), (None, None))
    return replace(candidate, money_per_week=cost, weeks=weeks)


async def scales(store: Store, team_id: int, train_id: int | None) -> list[Scale]:
    """Return the scales of a team's scored open items, or of a train's, the largest first."""
    if train_id is None:
        pairs = await store.scores.of_team(team_id)
    else:
        pairs = await store.scores.of_train(train_id)
    if not pairs:
        return []
    polls = sorted({score.poll_id for _, score in pairs})
    items = {item.number: item for item, _ in pairs}
    scores = {item.number: score for item, score in pairs}
    groups = on_one_scale(
        {number: score.poll_id for number, score in scores.items()},
        await store.scores.in_polls(polls),
    )
    cards = await _cards(store, scores, polls)
    fewest = await _fewest_needed(store, polls)
    return [_scale(group, items, scores, cards, fewest) for group in groups]


_Cards = Mapping[int, Sequence[tuple[int, int, str, str, int]]]
"""Item → (round, number, column, voter, card) of the vote its present score comes from."""


async def _cards(store: Store, scores: Mapping[int, Score], polls: Sequence[int]) -> _Cards:
    cards: dict[int, list[tuple[int, int, str, str, int]]] = {number: [] for number in scores}
    for poll, round, number, column, voter, card in await store.rounds.ballots(polls):
        score = scores.get(number)
        if score is not None and score.poll_id == poll and round <= score.round:
            cards[number].append((round, number, column, voter, card))
    return cards


async def _fewest_needed(store: Store, polls: Sequence[int]) -> int:
    """Every score here had its votes when it was accepted; the smallest bar keeps them all."""
    found = [await store.polls.find(poll) for poll in polls]
    return min((votes_needed(poll) for poll in found if poll), default=FEWEST_MIN_BALLOTS)


def _scale(
    group: Sequence[int],
    items: Mapping[int, Item],
    scores: Mapping[int, Score],
    cards: _Cards,
    fewest: int,
) -> Scale:
    batch = score_batch(
        [Candidate(n, items[n].created_at, _agreed(scores[n])) for n in group],
        hands(card for number in group for card in cards[number]),
        min_ballots=fewest,
        anonymous=True,
    )
    return Scale(
        {number: items[number] for number in group},
        {number: scores[number] for number in group},
        batch,
        seed=min(scores[number].poll_id for number in group),
    )


def _agreed(score: Score) -> dict[Column, int]:
    return {column: getattr(score, column) for column in COLUMNS if column in score.agreed}
