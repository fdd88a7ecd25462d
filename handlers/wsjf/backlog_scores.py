"""Put the accepted scores of a team or a train in order, on every scale they stand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from handlers.wsjf.outcome import Played, hands, standing_cards, votes_needed
from handlers.wsjf.ranking import AS_VOTED, Ranking, Scenario, rank
from handlers.wsjf.scale import CARD_INDEX, COLUMNS, Column
from handlers.wsjf.scales import Joined, Refusal, Shift, Steps, on_one_scale
from handlers.wsjf.scoring import FEWEST_MIN_BALLOTS, BatchScore, Candidate, score_batch
from storage import Store
from storage.items import Item
from storage.polls import Poll
from storage.scores import Score
from storage.tracked import KnownAs


@dataclass(frozen=True, slots=True)
class Scale:
    """Items whose scores can be compared, ready to be ranked through any lens."""

    items: Mapping[int, Item]
    scores: Mapping[int, Score]
    batch: BatchScore
    seed: int
    refused: tuple[Refusal, ...] = ()
    """Votes that would join this list to another one, had their anchors not moved apart."""
    known: Mapping[int, KnownAs] = field(default_factory=dict)
    """What items are called in other tools."""

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
    numbers = sorted({score.poll_id for _, score in pairs})
    items = {item.number: item for item, _ in pairs}
    scores = {item.number: score for item, score in pairs}
    steps: dict[int, dict[int, Steps]] = {}
    for score in await store.scores.in_polls(numbers):
        steps.setdefault(score.poll_id, {})[score.number] = steps_of(score)
    joined = on_one_scale({number: score.poll_id for number, score in scores.items()}, steps)
    found = [await store.polls.find(number) for number in numbers]
    polls = {poll.id: poll for poll in found if poll is not None}
    cards = await _cards(store, scores, polls)
    # Every score here had its votes when it was accepted; the smallest bar keeps them all.
    fewest = min(map(votes_needed, polls.values()), default=FEWEST_MIN_BALLOTS)
    known = await store.tracked.known_as(sorted(items))
    return [
        replace(_scale(group, items, scores, cards, fewest, joined), known=known)
        for group in joined.groups
    ]


def steps_of(score: Score) -> Steps:
    """Return where a score's columns stand on the scale of its vote, 0–6."""
    if score.steps is not None:
        return {column: score.steps[column] for column in COLUMNS}
    return {column: float(CARD_INDEX[getattr(score, column)]) for column in COLUMNS}


_Cards = Mapping[int, Sequence[Played]]
"""Item → the cards of the vote its present score comes from that count."""


async def _cards(store: Store, scores: Mapping[int, Score], polls: Mapping[int, Poll]) -> _Cards:
    played: dict[int, list[Played]] = {number: [] for number in scores}
    for poll, round, number, column, voter, card in await store.rounds.ballots(list(polls)):
        score = scores.get(number)
        if score is not None and score.poll_id == poll and round <= score.round:
            played[number].append((round, number, column, voter, card))
    return {
        number: standing_cards(rows, polls[scores[number].poll_id].anonymous)
        for number, rows in played.items()
    }


def _scale(
    group: Sequence[int],
    items: Mapping[int, Item],
    scores: Mapping[int, Score],
    cards: _Cards,
    fewest: int,
    joined: Joined,
) -> Scale:
    votes = {scores[number].poll_id for number in group}
    batch = score_batch(
        [_candidate(items[n], scores[n], joined.shifts[scores[n].poll_id]) for n in group],
        hands(card for number in group for card in cards[number]),
        min_ballots=fewest,
        anonymous=True,
    )
    return Scale(
        {number: items[number] for number in group},
        {number: scores[number] for number in group},
        batch,
        seed=min(votes),
        refused=tuple(each for each in joined.refused if each.one in votes),
    )


def _candidate(item: Item, score: Score, shift: Shift) -> Candidate:
    cards: dict[Column, int] = {column: getattr(score, column) for column in COLUMNS}
    agreed = {column: card for column, card in cards.items() if column in score.agreed}
    older = cards if score.steps is None else {}
    moved = {column: steps for column, steps in shift.items() if steps}
    return Candidate(item.number, item.created_at, agreed, older, moved)
