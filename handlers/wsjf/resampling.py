"""Ask how the medians would look had another crowd of the same kind voted: a fast bootstrap.

Every resample draws as many voters as voted, with replacement and for the whole batch at once, so
that what one person thinks of several items stays together.

Counting cards one by one would take seconds, so all counters of a hand live side by side in one
integer and a resample is a sum of integers. A cell (one column of one item) has a lane per card,
plus a spare. In lane i a voter weighs 2 when their card lies above card i, 0 when not, and 1 when
they played none. The upper median is the number of lanes in which at least half of the cell's
voters lie above: those whose sum reaches the number of voters drawn. The bias lifts exactly these
to the lane's highest bit. A cell nobody drawn has voted in fills every lane and reads NO_VALUE.
"""

from collections.abc import Iterator, Sequence
from random import Random
from struct import Struct
from typing import Final

from handlers.wsjf.scale import NO_VALUE, SCALE

RESAMPLES: Final = 1_000
_LANES: Final = len(SCALE) + 1


def resampled_medians(
    hands: Sequence[bytes], *, seed: int, resamples: int = RESAMPLES
) -> Iterator[bytes]:
    """Yield for each resample the median card index of every cell, NO_VALUE where none was drawn.

    Hands are equally long, a card index or NO_VALUE per cell. The same hands in the same order
    and the same seed yield the same medians in every process. No hands yield nothing.
    """
    if not hands:
        return
    voters, cells = len(hands), len(hands[0])
    lane = (voters.bit_length() + 8) // 8  # bytes; leaves the highest bit free for the answer
    lane_bits, cell = 8 * lane, lane * _LANES
    weights = [_weights(index, lane) for index in range(NO_VALUE + 1)]
    packed = [
        int.from_bytes(b"".join([weights[index] for index in hand]), "little") for hand in hands
    ]
    bias = _repeated((1 << lane_bits - 1) - voters, lane, cells)
    ones = _repeated(1, lane, cells)
    draw, numbers = Random(seed).randbytes, Struct(f"<{voters}I").unpack
    for _ in range(resamples):
        # Four random bytes name a voter: `choices` would take half of the whole resampling's time.
        drawn = [packed[number * voters >> 32] for number in numbers(draw(4 * voters))]
        reached = sum(drawn, bias) >> lane_bits - 1 & ones
        reached += reached >> lane_bits
        reached += reached >> 2 * lane_bits
        reached += reached >> 4 * lane_bits  # the lowest lane of each cell now holds their number
        yield reached.to_bytes(cell * cells, "little")[::cell]


def _weights(index: int, lane: int) -> bytes:
    """Lay out what one card of a hand adds to the lanes of its cell."""
    if index == NO_VALUE:
        weights = [1] * len(SCALE)
    else:
        weights = [2 if index > card else 0 for card in range(len(SCALE))]
    return b"".join(weight.to_bytes(lane, "little") for weight in [*weights, 0])


def _repeated(number: int, lane: int, cells: int) -> int:
    """Put a number into every lane but the spare ones."""
    filled = number.to_bytes(lane, "little") * len(SCALE) + bytes(lane)
    return int.from_bytes(filled * cells, "little")
