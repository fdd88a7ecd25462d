"""Order a scored batch, say how sure that order is, and try what would change it.

Ranks and their intervals come first, decimals last: two neighbours that another crowd would often
have swapped are shown as a tie. A scenario looks at the same ballots through another formula, with
a job size moved or a column left out; nobody votes again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate, pairwise
from math import ceil
from operator import eq, gt
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, assert_never

from handlers.wsjf.resampling import RESAMPLES, Steps, resampled_steps
from handlers.wsjf.scale import COLUMNS, SCALE, Column, require_column, require_number
from handlers.wsjf.scoring import BatchScore, Candidate, ItemScore, Key, why_unscored
from handlers.wsjf.steps import FEWEST_TRIMMED, value_at
from handlers.wsjf.worth import Contest, Worth

Lens: TypeAlias = Literal["wsjf", "cd3", "urgency"]
LENSES: Final[Mapping[Lens, str]] = MappingProxyType(
    {
        "wsjf": "WSJF",
        "cd3": "CD3: cost of delay per week ÷ duration",
        "urgency": "Time criticality × (value + risk / opportunity) ÷ job size",
    }
)
Basis: TypeAlias = Literal["80 %", "few"]
FEW: Final = "few"
"""The basis of a rank that too few people voted on to say how sure it is."""

Duration: TypeAlias = Literal["weeks", "job size"]

TIE_BELOW: Final = Fraction(4, 5)
LIKELY_SHARE: Final = Fraction(4, 5)
TOP: Final = 5
_UNKNOWN_SIZE: Final = SCALE[-1] + 1.0

_Values: TypeAlias = tuple[float, float, float, float]
"""An item's four values in the order of COLUMNS; 0 for one that the lens leaves out."""


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

    `low`–`high` is the shortest run of ranks that holds 80 % of the resamples and `rank`. Where
    fewer than five numbers stand behind one of the item's voted columns its `basis` is "few": that
    is too little to tell, so the run is all ranks. `before_next` is the share of resamples in which
    the item scores above the next one, equal scores counting half; None for the last. Below 0.8, or
    at equal scores, they are a tie, and their runs meet.
    """

    key: Key
    rank: int
    low: int
    high: int
    basis: Basis
    value: float
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
    worth: tuple[Worth, ...]
    """What each cell left to the vote is worth if it were voted on again; only where asked for."""


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
    worth: bool = False,
) -> Ranking:
    """Order the batch; ties go by time criticality, then smaller job, then older item.

    The seed makes the intervals repeatable; scenarios with the same seed see the same resamples,
    so a difference between them is the scenario's. `worth` has every cell's worth of another vote
    worked out, too. Some 40 ms for 20 items and 60 voters, growing with both. Raises ValueError for
    a moved size of an unknown item and for fewer than one resample.
    """
    if resamples < 1:
        raise ValueError("A ranking takes at least one resample.")
    if not scenario.sizes.keys() <= {item.key for item in batch.items}:
        raise ValueError("A job size was moved of an item that is not in the batch.")
    duration = _duration(batch) if scenario.lens == "cd3" else None
    view = _View(scenario, duration)
    contenders, unranked = [], []
    for age, item in enumerate(batch.items):
        if reason := _why_unranked(item, view):
            unranked.append(Unranked(item.key, reason))
        else:
            contenders.append(_Contender(item, age, view))
    contenders.sort(key=_Contender.sort_key, reverse=True)
    steps = _resampled(contenders, batch.hands, seed, resamples)
    ranked = tuple(_ranked(contenders, steps))
    cells = tuple(_worth(contenders, steps)) if worth else ()
    return Ranking(scenario, ranked, tuple(unranked), duration, cells)


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


class _Contender:
    """An item in the race, with the values no ballot can change in this scenario."""

    def __init__(self, item: ItemScore, age: int, view: _View) -> None:
        self.item, self.age, self.view = item, age, view
        self.fixed = _fixed(item, view.scenario)
        self.values = self._values()
        (self.value,) = _valued(item.candidate, [[value] for value in self.values], view)

    def sort_key(self) -> tuple[float, float, float, int]:
        """Return what the order compares: value, time criticality, smaller job, older."""
        _, tc, _, size = self.values
        return self.value, tc, -(size or _UNKNOWN_SIZE), -self.age

    def drawn(self, steps: Sequence[Steps], readers: dict[float, _Reader]) -> list[float]:
        """Return the item's value in each resample from the steps of its four cells.

        A value is fixed where so decided, and as voted where nobody drawn had a say. `readers`, by
        shift, keep what they have read for the other items.
        """
        columns: list[Sequence[float]] = []
        for (column, score), voted, own in zip(
            self.item.columns.items(), self.values, steps, strict=True
        ):
            if column in self.fixed or score.agreed or score.card is None:
                columns.append([voted] * len(own))
            else:
                shift = self.item.candidate.shift.get(column, 0.0)
                reader = readers.setdefault(shift, _Reader(shift))
                reader[None] = voted
                columns.append(list(map(reader.__getitem__, own)))
        return _valued(self.item.candidate, columns, self.view)

    def _values(self) -> _Values:
        ubv, tc, rroe, size = (
            self.fixed.get(column, score.value or 0.0)
            for column, score in self.item.columns.items()
        )
        return ubv, tc, rroe, size


class _Reader(dict[float | None, float]):
    """A step → the value there on a scale that is moved by `shift`, worked out once."""

    def __init__(self, shift: float) -> None:
        super().__init__()
        self.shift = shift

    def __missing__(self, step: float) -> float:
        self[step] = value = value_at(step + self.shift)
        return value


def _duration(batch: BatchScore) -> Duration:
    """Divide by weeks if every item with money has them, else all by job size: never a mixture."""
    priced = [item.candidate for item in batch.items if item.candidate.money_per_week is not None]
    known = bool(priced) and all(candidate.weeks is not None for candidate in priced)
    return "weeks" if known else "job size"


def _fixed(item: ItemScore, scenario: Scenario) -> dict[Column, float]:
    """Give the values no ballot can change here: a moved size, and what makes a veto count for
    nothing, which is 1 in a product or a division and 0 in a sum."""
    fixed: dict[Column, float] = {}
    if item.key in scenario.sizes:
        fixed["size"] = scenario.sizes[item.key]
    if scenario.vetoed:
        factor = scenario.vetoed == "size" or (scenario.vetoed, scenario.lens) == ("tc", "urgency")
        fixed[scenario.vetoed] = 1 if factor else 0
    return fixed


def _valued(candidate: Candidate, columns: Sequence[Sequence[float]], view: _View) -> list[float]:
    """Apply the lens to an item that it can place, in each case that the four columns hold.

    CD3 is Reinertsen's cost of delay ÷ duration. Only a column the lens leaves out can lack a value
    here, so no divisor is ever 0.
    """
    ubvs, tcs, rroes, sizes = columns
    match view.scenario.lens:
        case "wsjf":
            # As `wsjf` has it, without a call for each of some 20,000 cases.
            cases = zip(ubvs, tcs, rroes, sizes, strict=True)
            return [(ubv + tc + rroe) / size for ubv, tc, rroe, size in cases]
        case "urgency":
            cases = zip(ubvs, tcs, rroes, sizes, strict=True)
            return [tc * (ubv + rroe) / size for ubv, tc, rroe, size in cases]
        case "cd3":
            money = candidate.money_per_week or 0
            return [
                money / ((candidate.weeks or 0) if view.duration == "weeks" else size)
                for size in sizes
            ]
    assert_never(view.scenario.lens)


def _why_unranked(item: ItemScore, view: _View) -> str:
    """Give the reason why the lens cannot place this item; empty when it can."""
    if item.candidate.gone:
        return item.candidate.gone
    needed: tuple[Column, ...] = tuple(COLUMNS)
    if view.scenario.lens == "cd3":
        if item.candidate.money_per_week is None:
            return "No cost of delay per week is known."
        needed = () if view.duration == "weeks" else ("size",)
    fixed = _fixed(item, view.scenario)
    return why_unscored(item.columns[column] for column in needed if column not in fixed)


def _resampled(
    contenders: Sequence[_Contender], hands: Sequence[bytes], seed: int, resamples: int
) -> list[Sequence[Steps]]:
    """Resample the contenders' cells only: for each its four columns of steps."""
    width = len(COLUMNS)
    if not hands or not contenders:  # every card was agreed on: there is one outcome
        return [[[None]] * width for _ in contenders]
    starts = [width * contender.age for contender in contenders]
    own = [b"".join(hand[start : start + width] for start in starts) for hand in hands]
    trimmed = [
        score.valued >= FEWEST_TRIMMED
        for contender in contenders
        for score in contender.item.columns.values()
    ]
    steps = resampled_steps(own, trimmed, seed=seed, resamples=resamples)
    return [steps[start : start + width] for start in range(0, len(steps), width)]


def _ranked(contenders: Sequence[_Contender], steps: Sequence[Sequence[Steps]]) -> Iterator[Ranked]:
    count = len(contenders)
    readers: dict[float, _Reader] = {}
    drawn = [
        contender.drawn(own, readers) for contender, own in zip(contenders, steps, strict=True)
    ]
    times, before_next = _times_at_rank(drawn), _before_next(drawn)
    ties = [
        share < TIE_BELOW or one.value == next_.value
        for share, (one, next_) in zip(before_next, pairwise(contenders), strict=True)
    ]
    bases = [_basis(contender) for contender in contenders]
    runs = [
        [1, count] if basis == FEW else [*likely(own, rank)]
        for rank, (basis, own) in enumerate(zip(bases, times, strict=True), start=1)
    ]
    for index, tied in enumerate(ties):
        above, below = runs[index], runs[index + 1]
        if tied and above[1] < below[0]:  # a tie never stands between ranks that look certain
            above[1], below[0] = below[0], above[1]
    for index, contender in enumerate(contenders):
        is_last = index == count - 1
        yield Ranked(
            key=contender.item.key,
            rank=index + 1,
            low=runs[index][0],
            high=runs[index][1],
            basis=bases[index],
            value=contender.value,
            before_next=None if is_last else before_next[index],
            tied_with_next=not is_last and ties[index],
        )


def _times_at_rank(drawn: Sequence[Sequence[float]]) -> list[list[int]]:
    """Count per contender how often it came first, second, … Equal values keep the order as voted,
    which settles ties by the same rules."""
    count = len(drawn)
    races = zip(*drawn, strict=True)
    orders = [sorted(range(count), key=race.__getitem__, reverse=True) for race in races]
    times = [[0] * count for _ in range(count)]
    for place, contenders in enumerate(zip(*orders, strict=True)):
        for contender, reached in Counter(contenders).items():
            times[contender][place] = reached
    return times


def _before_next(drawn: Sequence[Sequence[float]]) -> list[Fraction]:
    """Give each contender's share of races won against the next; a draw is half a win."""
    return [
        Fraction(2 * sum(map(gt, own, next_)) + sum(map(eq, own, next_)), 2 * len(own))
        for own, next_ in pairwise(drawn)
    ]


def likely(times: Sequence[int], rank: int) -> tuple[int, int]:
    """Return the shortest run of ranks that holds 80 % of the times, widened to hold `rank`.

    Of equally short runs the one that holds more, then the one of better ranks.
    """
    reached = [0, *accumulate(times)]
    needed = ceil(LIKELY_SHARE * reached[-1])
    runs = (
        (high - low, reached[low] - reached[high], low)
        for low in range(len(times))
        for high in range(low + 1, len(times) + 1)
        if reached[high] - reached[low] >= needed
    )
    length, _, low = min(runs)
    return min(low + 1, rank), max(low + length, rank)


def _basis(contender: _Contender) -> Basis:
    """Five numbers must stand behind every column that was left to the vote."""
    voted = (
        score.valued
        for column, score in contender.item.columns.items()
        if score.card is not None and not score.agreed and column not in contender.fixed
    )
    return "80 %" if min(voted, default=FEWEST_TRIMMED) >= FEWEST_TRIMMED else FEW


def _worth(contenders: Sequence[_Contender], steps: Sequence[Sequence[Steps]]) -> Iterator[Worth]:
    contest = Contest([contender.values for contender in contenders])
    for index, (contender, own) in enumerate(zip(contenders, steps, strict=True)):
        for place, (column, score) in enumerate(contender.item.columns.items()):
            if not score.agreed:
                share = contest.share(index, place, own[place])
                yield Worth(contender.item.key, column, share)
