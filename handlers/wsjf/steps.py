"""Put cards together to the one value that orders: the mean step on the scale, trimmed.

A step is the index of a card, 0 for the 1 and 6 for the 20, or a place between two cards. Steps,
not numbers, because people judge by ratios: 13 is to 8 what 8 is to 5. From five numbers on the
lowest and the highest are left out, so that nobody alone can push an item far. Of fewer all count,
since two of four would be half the crowd; there one card can move the step by more than a card.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import exp, floor, log
from typing import Final

from handlers.wsjf.scale import SCALE

FEWEST_TRIMMED: Final = 5
"""Numbers from which the lowest and the highest are left out, and from which ranges are told."""

LEFT_OUT: Final = 2
LAST_STEP: Final = len(SCALE) - 1


def mean_step(indexes: Sequence[int]) -> Fraction:
    """Return where these cards meet, 0–6, from their indexes; there must be one at least."""
    ends = min(indexes) + max(indexes)
    return step_of(sum(indexes), len(indexes), ends, trimmed=len(indexes) >= FEWEST_TRIMMED)


def step_of(total: int, count: int, ends: int, *, trimmed: bool) -> Fraction:
    """Return the mean of `count` card indexes that sum to `total`; `ends` is lowest + highest.

    Trimmed, it leaves those two out, unless nobody would remain. `count` is 1 at least.
    """
    if trimmed and count > LEFT_OUT:
        return Fraction(total - ends, count - LEFT_OUT)
    return Fraction(total, count)


@lru_cache(maxsize=4_096)
def value_at(step: float | Fraction) -> float:
    """Read the scale at a step, logarithmically between two cards; a card's own step is the card.

    Beyond its ends the scale goes on by the ratio of its last two cards: 0.5 below the 1, some 30.8
    above the 20. Lists that were joined need that room.
    """
    low = min(max(floor(step), 0), LAST_STEP - 1)
    part = float(step - low)
    if part in (0.0, 1.0):
        return float(SCALE[low + int(part)])
    return SCALE[low] * exp(part * log(SCALE[low + 1] / SCALE[low]))


@lru_cache(maxsize=4_096)
def nearest_card(step: float) -> int:
    """Return the index of the card next to a step; half-way it is the higher one."""
    return min(max(floor(step + 0.5), 0), LAST_STEP)
