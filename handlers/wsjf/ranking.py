"""Order a scored batch, say how sure that order is, and try what would change it.

Ranks and their intervals come first, decimals last: two neighbours that another crowd would often
have swapped are shown as a tie. A scenario looks at the same ballots through another formula, with
a job size moved or a column left out; nobody votes again.
"""

import struct
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate, pairwise
from math import lcm
from operator import eq, gt
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, assert_never

from handlers.wsjf.resampling import RESAMPLES, resampled_medians
from handlers.wsjf.scale import COLUMNS, NO_VALUE, SCALE, Column, require_column, require_number
from handlers.wsjf.scoring import (
    BatchScore,
    Candidate,
    ItemScore,
    Key,
    why_unscored,
    wsjf,
)

Lens: TypeAlias = Literal["wsjf", "cd3", "urgency"]
LENSES: Final[Mapping[Lens, str]] = MappingProxyType(
    {
        "wsjf": "WSJF",
        "cd3": "CD3: cost of delay per week ÷ duration",
        "urgency": "Time criticality × (value + risk / opportunity) ÷ job size",
    }
)
Basis: TypeAlias = Literal["P10–P90", "min–max"]
Duration: TypeAlias = Literal["weeks", "job size"]

TIE_BELOW: Final = Fraction(4, 5)
FEWEST_FOR_PERCENTILES: Final = 5
TOP: Final = 5
LOW_SHARE: Final = Fraction(1, 10)
HIGH_SHARE: Final = Fraction(9, 10)
_UNKNOWN_SIZE: Final = SCALE[-1] + 1
_NOBODY_DRAWN: Final = bytes([NO_VALUE]) * len(COLUMNS)

_Cards: TypeAlias = Mapping[Column, int | None]
_Standing: TypeAlias = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Scenario:
    """How to look at the ballots: through which lens, with which job sizes, without which column.

    A vetoed column drops out of the formula and of the tie order. Moved sizes count as if agreed.
    """

    lens: Lens = "wsjf"
    vetoed: Column | None = None
    sizes: Mapping[Key, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.vetoed is not None:
            require_column(self.vetoed)
        for card in self.sizes.values():
            require_number(card)


AS_VOTED: Final = Scenario()


@dataclass(frozen=True, slots=True)
class Ranked:
    """An item's place, 1 is first, and where another crowd might have put it.

    `low`–`high` are ranks and always hold `rank`. Their `basis` is P10–P90 of the resamples, or
    their min–max where fewer than five numbers stand behind one of the item's voted columns.
    `before_next` is the share of resamples in which the item scores above the next one, equal
    scores counting half; None for the last. Below 0.8, or at equal scores, they are a tie.
    """

    key: Key
    rank: int
    low: int
    high: int
    basis: Basis
    value: Fraction
    """What the lens gives, in its own unit; above 0."""
    before_next: Fraction | None
    tied_with_next: bool


@dataclass(frozen=True, slots=True)
class Unranked:
    """An item the lens cannot place, with the reason as a sentence."""

    key: Key
    reason: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """A batch in order, best first, through one scenario."""

    scenario: Scenario
    ranked: tuple[Ranked, ...]
    unranked: tuple[Unranked, ...]
    duration: Duration | None
    """What CD3 divided by; None under the other lenses."""


@dataclass(frozen=True, slots=True)
class TopChange:
    """What a scenario does to the first places: what enters, what leaves, in order of rank."""

    entered: tuple[Key, ...]
    left: tuple[Key, ...]
    reordered: bool
    """The items that stay change places among themselves."""

    @property
    def changes(self) -> bool:
        return bool(self.entered or self.left or self.reordered)


def rank(
    batch: BatchScore,
    scenario: Scenario = AS_VOTED,
    *,
    seed: int,
    resamples: int = RESAMPLES,
) -> Ranking:
    """Order the batch; ties go by time criticality, then smaller job, then older item.

    The seed makes the intervals repeatable; scenarios with the same seed see the same resamples,
    so a difference between them is the scenario's. Some 40 ms for 20 items and 60 voters; grows
    with items × voters × resamples. Raises ValueError for a moved size of an unknown item and for
    fewer than one resample.
    """
    if resamples < 1:
        raise ValueError("A ranking takes at least one resample.")
    if not scenario.sizes.keys() <= {item.key for item in batch.items}:
        raise ValueError("A job size was moved of an item that is not in the batch.")
    duration = _duration(batch) if scenario.lens == "cd3" else None
    view = _View(scenario, duration, _common_denominator(batch))
    contenders, unranked = [], []
    for age, item in enumerate(batch.items):
        if reason := _why_unranked(item, view):
            unranked.append(Unranked(item.key, reason))
        else:
            contenders.append(_Contender(item, age, view))
    contenders.sort(key=lambda contender: contender.as_voted, reverse=True)
    races = _resampled(contenders, batch.hands, seed, resamples)
    ranked = tuple(_ranked(contenders, races, len(batch.hands)))
    return Ranking(scenario, ranked, tuple(unranked), duration)


def top_change(before: Ranking, after: Ranking, size: int = TOP) -> TopChange:
    """Say what another scenario does to the first `size` places."""
    was = [item.key for item in before.ranked[:size]]
    now = [item.key for item in after.ranked[:size]]
    return TopChange(
        entered=tuple(key for key in now if key not in was),
        left=tuple(key for key in was if key not in now),
        reordered=[key for key in was if key in now] != [key for key in now if key in was],
    )


@dataclass(frozen=True, slots=True)
class _View:
    """A scenario made ready for one batch."""

    scenario: Scenario
    duration: Duration | None
    denominator: int
    """Makes every value of the batch a whole number, so that orders compare as integers."""


class _Contender(dict[bytes, _Standing]):
    """An item in the race: the four median indexes of a resample → its standing, worked out once.

    Standings compare like the items' order: value, time criticality, smaller job, older.
    """

    def __init__(self, item: ItemScore, age: int, view: _View) -> None:
        super().__init__()
        self.item, self.age, self.view = item, age, view
        self.fixed = _fixed(item, view.scenario)

    def __missing__(self, medians: bytes) -> _Standing:
        cards = self._cards(medians)
        value = _value(self.item.candidate, cards, self.view)
        whole = value.numerator * (self.view.denominator // value.denominator)
        standing = whole, cards["tc"] or 0, -(cards["size"] or _UNKNOWN_SIZE), -self.age
        self[medians] = standing
        return standing

    @property
    def as_voted(self) -> _Standing:
        return self[_NOBODY_DRAWN]

    def _cards(self, medians: bytes) -> _Cards:
        """Read medians as cards: fixed where so decided, as voted where nobody drawn had a say."""
        cards: dict[Column, int | None] = {}
        for (column, score), index in zip(self.item.columns.items(), medians, strict=True):
            if column in self.fixed:
                cards[column] = self.fixed[column]
            else:
                cards[column] = score.card if index == NO_VALUE else SCALE[index]
        return cards


def _duration(batch: BatchScore) -> Duration:
    """Divide by weeks if every item with money has them, else all by job size: never a mixture."""
    priced = [item.candidate for item in batch.items if item.candidate.money_per_week is not None]
    known = bool(priced) and all(candidate.weeks is not None for candidate in priced)
    return "weeks" if known else "job size"


def _common_denominator(batch: BatchScore) -> int:
    return lcm(*SCALE, *(item.candidate.weeks or 1 for item in batch.items))


def _fixed(item: ItemScore, scenario: Scenario) -> dict[Column, int]:
    """Give the cards no ballot can change here: a moved size, and what makes a veto count for
    nothing, which is 1 in a product or a division and 0 in a sum."""
    fixed: dict[Column, int] = {}
    if item.key in scenario.sizes:
        fixed["size"] = scenario.sizes[item.key]
    if scenario.vetoed:
        factor = scenario.vetoed == "size" or (scenario.vetoed, scenario.lens) == ("tc", "urgency")
        fixed[scenario.vetoed] = 1 if factor else 0
    return fixed


def _value(candidate: Candidate, cards: _Cards, view: _View) -> Fraction:
    """Apply the lens to an item that it can place. CD3 is Reinertsen's cost of delay ÷ duration.

    Only a column the lens leaves out can lack a card here, so no divisor is ever 0.
    """
    ubv, tc, rroe, size = (cards[column] or 0 for column in COLUMNS)
    match view.scenario.lens:
        case "wsjf":
            return wsjf(ubv, tc, rroe, size)
        case "urgency":
            return Fraction(tc * (ubv + rroe), size)
        case "cd3":
            weeks = candidate.weeks if view.duration == "weeks" else size
            return Fraction(candidate.money_per_week or 0, weeks or 0)
    assert_never(view.scenario.lens)


def _why_unranked(item: ItemScore, view: _View) -> str:
    """Give the reason why the lens cannot place this item; empty when it can."""
    needed: tuple[Column, ...] = tuple(COLUMNS)
    if view.scenario.lens == "cd3":
        if item.candidate.money_per_week is None:
            return "No cost of delay per week is known."
        needed = () if view.duration == "weeks" else ("size",)
    fixed = _fixed(item, view.scenario)
    return why_unscored(item.columns[column] for column in needed if column not in fixed)


def _resampled(
    contenders: Sequence[_Contender], hands: Sequence[bytes], seed: int, resamples: int
) -> list[list[_Standing]]:
    """Let the contenders run once per resample: their standings, in their order as voted."""
    split = struct.Struct(f"{len(COLUMNS)}s" * len(contenders)).unpack
    return [
        [contender[own] for contender, own in zip(contenders, split(medians), strict=True)]
        for medians in _draws(contenders, hands, seed, resamples)
    ]


def _draws(
    contenders: Sequence[_Contender], hands: Sequence[bytes], seed: int, resamples: int
) -> Iterator[bytes]:
    """Resample the contenders' cells only; where every card was agreed there is one outcome."""
    if not hands or not contenders:
        return iter([_NOBODY_DRAWN * len(contenders)])
    width = len(COLUMNS)
    starts = [width * contender.age for contender in contenders]
    own = [b"".join(hand[start : start + width] for start in starts) for hand in hands]
    return resampled_medians(own, seed=seed, resamples=resamples)


def _times_at_rank(races: Sequence[Sequence[_Standing]]) -> list[list[int]]:
    """Count per contender how often it came first, second, …"""
    count = len(races[0])
    orders = [sorted(range(count), key=race.__getitem__, reverse=True) for race in races]
    times = [[0] * count for _ in range(count)]
    for place, contenders in enumerate(zip(*orders, strict=True)):
        for contender, reached in Counter(contenders).items():
            times[contender][place] = reached
    return times


def _before_next(races: Sequence[Sequence[_Standing]]) -> list[Fraction]:
    """Give each contender's share of races won by value against the next; a draw is half a win."""
    values = [[standing[0] for standing in own] for own in zip(*races, strict=True)]
    return [
        Fraction(2 * sum(map(gt, own, next_)) + sum(map(eq, own, next_)), 2 * len(races))
        for own, next_ in pairwise(values)
    ]


def _ranked(
    contenders: Sequence[_Contender], races: Sequence[Sequence[_Standing]], voters: int
) -> Iterator[Ranked]:
    values = [contender.as_voted[0] for contender in contenders]
    times, before_next = _times_at_rank(races), _before_next(races)
    for index, contender in enumerate(contenders):
        last = index == len(contenders) - 1
        basis = _basis(contender, voters)
        low, high = _interval(times[index], index + 1, basis)
        yield Ranked(
            key=contender.item.key,
            rank=index + 1,
            low=low,
            high=high,
            basis=basis,
            value=Fraction(values[index], contender.view.denominator),
            before_next=None if last else before_next[index],
            tied_with_next=not last
            and (before_next[index] < TIE_BELOW or values[index] == values[index + 1]),
        )


def _basis(contender: _Contender, voters: int) -> Basis:
    """Percentiles need five numbers behind every column that was left to the vote."""
    voted = (
        score.valued
        for column, score in contender.item.columns.items()
        if score.card is not None and not score.agreed and column not in contender.fixed
    )
    return "P10–P90" if min(voted, default=voters) >= FEWEST_FOR_PERCENTILES else "min–max"


def _interval(times: Sequence[int], rank: int, basis: Basis) -> tuple[int, int]:
    """Give the nearest-rank percentiles or the extremes, widened to hold the rank as voted."""
    reached = list(accumulate(times))
    match basis:
        case "P10–P90":
            from_draw, to_draw = LOW_SHARE * reached[-1], HIGH_SHARE * reached[-1]
        case "min–max":
            from_draw, to_draw = Fraction(1), Fraction(reached[-1])
        case _:
            assert_never(basis)
    low = bisect_left(reached, from_draw) + 1
    high = bisect_left(reached, to_draw) + 1
    return min(low, rank), max(high, rank)
