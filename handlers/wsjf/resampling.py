"""Ask where the cards would meet had another crowd of the same kind voted: a fast bootstrap.

Every resample draws one voter fewer than voted, with replacement and for the whole batch at once,
so that what one person thinks of several items stays together. One fewer, because as many would
make a small crowd look surer than it is.

Counting cards one by one would take a second, so a hand is two long integers with a lane for each
cell (one column of one item). Of those drawn, the first integers are added: each lane then holds
the sum of the card indexes, and above it how many played a number. The second are joined by *or*: a
voter sets bit i of their lane, so it then shows which cards were played, hence the lowest and the
highest. That is all a step needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from random import Random
from struct import Struct
from typing import Final, TypeAlias

from handlers.wsjf.scale import NO_VALUE
from handlers.wsjf.steps import step_of

RESAMPLES: Final = 1_000

Steps: TypeAlias = Sequence[float | None]
"""A cell's step in each resample, 0–6; None where nobody drawn had played a number."""

_PLAYED_BITS: Final = 8  # one for each card, and a spare
_PLAYED_MASK: Final = (1 << _PLAYED_BITS) - 1


@dataclass(frozen=True, slots=True)
class _Lane:
    """How a lane is laid out, from its lowest bit: cards played, sum of indexes, their count."""

    code: str
    size: int
    """Bytes."""
    sum_bits: int

    @property
    def one(self) -> int:
        """What one number adds to the count."""
        return 1 << _PLAYED_BITS + self.sum_bits


_NARROW: Final = _Lane("I", 4, sum_bits=16)
_WIDE: Final = _Lane("Q", 8, sum_bits=28)
_NARROW_MAX_VOTERS: Final = 255
"""A narrow lane counts no further; it halves the time."""


def resampled_steps(
    hands: Sequence[bytes], trimmed: Sequence[bool], *, seed: int, resamples: int = RESAMPLES
) -> list[Steps]:
    """Return for each cell its step in every resample, in the same order for all cells.

    Hands are equally long, a card index or NO_VALUE per cell; there must be one at least. `trimmed`
    says of each cell whether the lowest and the highest drawn are left out. The same hands in the
    same order and the same seed return the same steps in every process.
    """
    voters, cells = len(hands), len(hands[0])
    lane = _NARROW if voters <= _NARROW_MAX_VOTERS else _WIDE
    lanes = Struct(f"<{cells}{lane.code}")
    added = [_packed(lanes, [_added(index, lane) for index in hand]) for hand in hands]
    played = [_packed(lanes, [_played(index) for index in hand]) for hand in hands]
    rows = []
    for drawn in draws(voters, resamples, Random(seed)):
        joined = sum(map(added.__getitem__, drawn))
        joined |= reduce(or_, map(played.__getitem__, drawn))
        rows.append(lanes.unpack(joined.to_bytes(lanes.size, "little")))
    read = {trims: _Read(lane, trims) for trims in (True, False)}
    columns = zip(*rows, strict=True)
    return [
        list(map(read[trims].__getitem__, column))
        for trims, column in zip(trimmed, columns, strict=True)
    ]


def draws(voters: int, resamples: int, random: Random) -> Iterator[Sequence[int]]:
    """Yield for each resample the places of the voters drawn: one fewer than there are.

    Of up to 255 voters a random byte names one; a byte that would favour somebody is thrown away.
    `choices` would take half of the whole resampling's time.
    """
    each = max(1, voters - 1)
    if voters > _NARROW_MAX_VOTERS:
        numbers = Struct(f"<{each}I")
        for _ in range(resamples):
            drawn = numbers.unpack(random.randbytes(numbers.size))
            yield [number * voters >> 32 for number in drawn]
        return
    named, fair = bytes(byte % voters for byte in range(256)), 256 - 256 % voters
    stream = b""
    while len(stream) < each * resamples:
        stream += random.randbytes(2 * each * resamples).translate(named, bytes(range(fair, 256)))
    for start in range(0, each * resamples, each):
        yield stream[start : start + each]


class _Read(dict[int, float | None]):
    """A lane → the step it stands for, worked out once: cells have many of them in common."""

    def __init__(self, lane: _Lane, trimmed: bool) -> None:
        super().__init__()
        self.lane, self.trimmed = lane, trimmed

    def __missing__(self, summed: int) -> float | None:
        count, rest = divmod(summed, self.lane.one)
        total, played = rest >> _PLAYED_BITS, rest & _PLAYED_MASK
        step = None
        if count:
            ends = played.bit_length() + (played & -played).bit_length() - 2
            step = float(step_of(total, count, ends, trimmed=self.trimmed))
        self[summed] = step
        return step


def _added(index: int, lane: _Lane) -> int:
    """Return what one card of a hand adds to the count and the sum of its lane."""
    return 0 if index == NO_VALUE else lane.one | index << _PLAYED_BITS


def _played(index: int) -> int:
    """Return the bit that one card of a hand sets."""
    return 0 if index == NO_VALUE else 1 << index


def _packed(lanes: Struct, row: Sequence[int]) -> int:
    return int.from_bytes(lanes.pack(*row), "little")
