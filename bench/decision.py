"""Simulate votes whose truth is known, and ask how good the order is that Hone makes of them.

    python -m bench.decision [--quick]

Every vote has 3–20 items and 3–60 voters of one kind. Each item has a true step in each column,
normally distributed around the 3 with a deviation of 1.5 cards, within the scale. The team errs
about it together by 0.2 cards, for people who work together know the same; nobody can vote that
away. A voter sees what remains through their kind's noise and plays the nearest card, or in one
case of twenty none. The kinds, each as often as the others:

- alike: everybody errs by 1.2 cards, independently;
- loud: the same, but a fifth play any card;
- biased: each voter leans by 1 card in each column, the same way for all items, and errs by 1;
- camps: on a fifth of the cells the voters stand in two camps, three cards apart; they err by 1;
- cautious: differences shrink by a quarter towards the middle; everybody errs by 1.

The regret of an order is what it costs more than the best one, as a share of what the best one
saves over a random one: 0 is the best, 1 is a draw of lots. It is compared for several ways to make
one order of the same cards. The rest is about what Hone says beside the order.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain, combinations, pairwise, product
from math import exp, log, sqrt
from random import Random
from statistics import fmean, median_high, stdev
from typing import Final, TypeAlias

from handlers.wsjf.ranking import Ranking, rank
from handlers.wsjf.scale import COLUMNS, SCALE, Column
from handlers.wsjf.scoring import BatchScore, Candidate, Hand, score_batch, wsjf
from handlers.wsjf.steps import nearest_card, value_at

CardIndexes: TypeAlias = Sequence[Sequence[int | None]]
"""A voter's card indexes: item → column; None is no number."""

ITEMS: Final = (3, 5, 8, 12, 20)
VOTERS: Final = (3, 5, 8, 15, 30, 60)
QUICK_VOTERS: Final = (8, 30)
"""Whom a short run listens to, with all numbers of items: among few items ranks hold too much."""

SEED: Final = 20
NO_NUMBER: Final = 0.05
SHARED_ERROR: Final = 0.2
CROWD: Final = 300
"""So many voters of the same kind stand for a huge crowd."""

NAMES: Final = tuple(COLUMNS)
LONG_AGO: Final = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Kind:
    """How voters of a kind err, in cards."""

    name: str
    noise: float = 1.0
    lost: float = 0.0
    """Share of voters who play any card."""
    leaning: float = 0.0
    camps: float = 0.0
    """Share of the cells on which two camps stand three cards apart, around the truth."""
    shrinks: float = 0.0


KINDS: Final = (
    Kind("alike", noise=1.2),
    Kind("loud", noise=1.2, lost=0.2),
    Kind("biased", leaning=1.0),
    Kind("camps", camps=1 / 5),
    Kind("cautious", shrinks=1 / 4),
)


class Scene:
    """Items with their true steps, and voters who see them; the same seed makes the same scene."""

    def __init__(self, kind: Kind, items: int, random: Random) -> None:
        self.kind, self.random = kind, random
        self.steps = [
            [min(max(random.gauss(2, 1.5), 0.0), 6.0) for _ in NAMES] for _ in range(items)
        ]
        self.truth = [[value_at(step) for step in steps] for steps in self.steps]
        self.seen = [[step + random.gauss(0, SHARED_ERROR) for step in own] for own in self.steps]
        self.apart = [
            [random.choice((-1.5, 1.5)) if random.random() < kind.camps else 0 for _ in NAMES]
            for _ in range(items)
        ]

    def hand(self) -> CardIndexes:
        """Return what one more voter of the kind plays."""
        random, kind = self.random, self.kind
        lost, camp = random.random() < kind.lost, random.choice((-1, 1))
        leaning = [random.gauss(0, kind.leaning) for _ in NAMES]
        return [
            [
                self._card(step + leaning[column] + camp * apart[column], lost)
                for column, step in enumerate(steps)
            ]
            for steps, apart in zip(self.seen, self.apart, strict=True)
        ]

    def _card(self, step: float, lost: bool) -> int | None:
        if self.random.random() < NO_NUMBER:
            return None
        if lost:
            return self.random.randrange(len(SCALE))
        middling = 3 + (step - 3) * (1 - self.kind.shrinks)
        return nearest_card(middling + self.random.gauss(0, self.kind.noise))


# --- one order of many cards -----------------------------------------------------------------


def scored(hands: Sequence[CardIndexes]) -> BatchScore:
    """Return what Hone makes of these hands; items are keyed by their place."""
    items = range(len(hands[0]))
    return score_batch(
        [Candidate(key, LONG_AGO + timedelta(days=key)) for key in items],
        [_ballot(key, voter, hand[key]) for voter, hand in enumerate(hands) for key in items],
        min_ballots=1,
    )


def _ballot(item: int, voter: int, indexes: Sequence[int | None]) -> Hand:
    cards: dict[Column, int] = {
        name: SCALE[index] for name, index in zip(NAMES, indexes, strict=True) if index is not None
    }
    return Hand(item, str(voter), {**cards})


def by_steps(hands: Sequence[CardIndexes]) -> list[int]:
    """Return the order of Hone's rule, best first."""
    items = scored(hands).items
    return _best_first([item.score or 0.0 for item in items])


def by(middle: Callable[[Sequence[int]], float]) -> Callable[[Sequence[CardIndexes]], list[int]]:
    """Return the rule that puts a cell's card indexes together in this way."""

    def ordered(hands: Sequence[CardIndexes]) -> list[int]:
        return _best_first([_score(middle, item) for item in zip(*hands, strict=True)])

    return ordered


def _score(middle: Callable[[Sequence[int]], float], rows: Sequence[Sequence[int | None]]) -> float:
    columns = [[card for card in column if card is not None] for column in zip(*rows, strict=True)]
    return wsjf(*(middle(column) if column else 1.0 for column in columns))


def one_voter(hands: Sequence[CardIndexes]) -> list[int]:
    """Return the order of a single voter; the first is as good as any."""
    return by(_mean)(hands[:1])


def borda(hands: Sequence[CardIndexes]) -> list[int]:
    """Return the order by mean place in the voters' own orders."""
    places = [0] * len(hands[0])
    for hand in hands:
        for place, item in enumerate(one_voter([hand])):
            places[item] -= place
    return _best_first(places)


def _best_first(scores: Sequence[float]) -> list[int]:
    return sorted(range(len(scores)), key=lambda item: -scores[item])


def _mean(indexes: Sequence[int]) -> float:
    return fmean(SCALE[index] for index in indexes)


def _geometric(indexes: Sequence[int]) -> float:
    return exp(fmean(log(SCALE[index]) for index in indexes))


RULES: Final[Mapping[str, Callable[[Sequence[CardIndexes]], list[int]]]] = {
    "steps (Hone)": by_steps,
    "geometric mean": by(_geometric),
    "median card": by(lambda indexes: SCALE[median_high(indexes)]),
    "mean": by(_mean),
    "Borda": borda,
    "one voter": one_voter,
}


def regret(order: Sequence[int], truth: Sequence[Sequence[float]]) -> float:
    """Return what this order costs above the best, as a share of what the best saves."""
    costs = [(ubv + tc + rroe, size) for ubv, tc, rroe, size in (truth[item] for item in order)]
    gaps = [
        delay_b * size - delay * size_b
        for (delay, size), (delay_b, size_b) in combinations(costs, 2)
    ]
    return 2 * sum(max(0.0, gap) for gap in gaps) / sum(map(abs, gaps))


# --- what is said beside the order -----------------------------------------------------------


@dataclass
class Said:
    """What Hone said beside its orders, and whether it was true."""

    covered: dict[tuple[int, str], list[list[bool]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Voters and kind → of each vote, for each item whether its true rank was a likely one."""
    crowd_agrees: list[bool] = field(default_factory=list)
    truth_agrees: list[bool] = field(default_factory=list)
    first_saves: list[float] = field(default_factory=list)
    random_saves: list[float] = field(default_factory=list)


def listen(scene: Scene, hands: Sequence[CardIndexes], seed: int, said: Said) -> None:
    """Compare a vote's card with the truth and with a huge crowd of the same voters."""
    batch = scored(hands)
    ranking = rank(batch, seed=seed, worth=True)
    truth = {item: wsjf(*values) for item, values in enumerate(scene.truth)}
    best = _best_first([truth[item] for item in range(len(truth))])
    if inside := [
        place.low <= best.index(int(place.key)) + 1 <= place.high
        for place in ranking.ranked
        if place.basis != "few"
    ]:
        said.covered[len(hands), scene.kind.name].append(inside)
    crowd = scored([scene.hand() for _ in range(CROWD)])
    views = {int(item.key): item.score or 0.0 for item in crowd.items}
    for one, next_ in pairwise(ranking.ranked):
        if not one.tied_with_next:
            above, below = int(one.key), int(next_.key)
            said.crowd_agrees.append(views[above] >= views[below])
            said.truth_agrees.append(truth[above] >= truth[below])
    _try_again(scene, batch, ranking, said)


def _try_again(scene: Scene, batch: BatchScore, ranking: Ranking, said: Said) -> None:
    """Note what is saved when the first cell worth it, or any, is talked over until it is true."""
    worth = max(ranking.worth, key=lambda cell: cell.share, default=None)
    if worth is None or not worth.share:
        return
    before = regret([int(place.key) for place in ranking.ranked], scene.truth)

    def saves(item: int, column: Column) -> float:
        settled = scene.truth[item][NAMES.index(column)]
        scores = []
        for each in batch.items:
            values = {name: score.value or 1.0 for name, score in each.columns.items()}
            if each.key == item:
                values[column] = settled
            scores.append(wsjf(*values.values()))
        return before - regret(_best_first(scores), scene.truth)

    said.first_saves.append(saves(int(worth.item), worth.column))
    cells = list(product(range(len(scene.truth)), NAMES))
    said.random_saves.append(fmean(saves(*cell) for cell in cells))


# --- the figures -----------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a few votes of each kind")
    quick = parser.parse_args(arguments).quick
    votes, listened = (1, 0) if quick else (20, 4)
    regrets: dict[str, list[float]] = {rule: [] for rule in RULES}
    said = Said()
    for number, (kind, items, voters) in enumerate(product(KINDS, ITEMS, VOTERS)):
        for vote in range(votes):
            scene = Scene(kind, items, Random(f"{SEED} {number} {vote}"))
            hands = [scene.hand() for _ in range(voters)]
            for rule, ordered in RULES.items():
                regrets[rule].append(regret(ordered(hands), scene.truth))
            if vote < listened or (quick and voters in QUICK_VOTERS):
                listen(scene, hands, number, said)
    _print_regrets(regrets)
    _print_said(said)
    return 0


def _print_regrets(regrets: Mapping[str, Sequence[float]]) -> None:
    own = regrets["steps (Hone)"]
    print(f"mean regret of {len(own)} votes, and Hone's beside it:")
    for rule, found in regrets.items():
        apart = [one - other for one, other in zip(own, found, strict=True)]
        print(
            f"  {rule:15} {_percent(found)}  {fmean(own) / fmean(found) - 1:+6.1%} "
            f"± {1.96 * stdev(apart) / sqrt(len(apart)) / fmean(found):.1%}"
        )


def _print_said(said: Said) -> None:
    kinds = [kind.name for kind in KINDS]
    sizes = sorted({voters for voters, _ in said.covered})
    print("\ntrue rank inside the likely ranks, by voters and kind:")
    print(f"  {'':>6}" + "".join(f"{kind:>10}" for kind in (*kinds, "all")))
    for voters in sizes:
        cells = [said.covered[voters, kind] for kind in kinds]
        pooled = [vote for cell in cells for vote in cell]
        shares = [fmean(chain(*cell)) for cell in (*cells, pooled)]
        print(f"  {voters:>6}" + "".join(f"{share:>10.0%}" for share in shares))
    covered = [vote for cell in said.covered.values() for vote in cell]
    saves, random = fmean(said.first_saves), fmean(said.random_saves)
    times = f"{saves / random:.1f}×" if random > 0 else "too few votes to compare"
    print(
        f"\nneighbours without ≈: {_percent(said.crowd_agrees)} stand as a huge crowd of the same "
        f"voters puts them, {_percent(said.truth_agrees)} as is true\n"
        f"talking over the first cell saves {saves:.2%} of the avoidable cost, over any "
        f"{random:.2%}: {times}\n"
        f"likely ranks hold the true one in {_percent_of_votes(covered)} ({len(covered)} votes)"
    )


def _percent_of_votes(votes: Sequence[Sequence[bool]]) -> str:
    """Return a share with its error by vote: the items of one vote are right or wrong together."""
    count = sum(map(len, votes))
    share = sum(map(sum, votes)) / count
    error = 1.96 * sqrt(sum((sum(vote) - share * len(vote)) ** 2 for vote in votes)) / count
    return f"{share:.1%} ± {error:.1%}"


def _percent(found: Sequence[float]) -> str:
    error = 1.96 * stdev(found) / sqrt(len(found))
    return f"{fmean(found):.1%} ± {error:.1%}"


if __name__ == "__main__":
    sys.exit(main())
