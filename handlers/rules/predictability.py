"""How predictable a plan was: the business value reached against the value promised.

ART predictability, as SAFe measures it: Σ actual ÷ Σ planned business value of the committed
objectives. Uncommitted ones add to what was reached, never to what was promised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

RELIABLE: Final = (Fraction(80, 100), Fraction(1))


@dataclass(frozen=True, slots=True)
class Objective:
    """A PI objective with its business value, 0 to 10; `actual` is None until it is rated."""

    planned: int
    actual: int | None = None
    committed: bool = True


@dataclass(frozen=True, slots=True)
class Predictability:
    """`value` is `actual` ÷ `planned`; without one, `reason_if_na` is read after "because"."""

    actual: int
    planned: int
    value: Fraction | None
    reason_if_na: str = ""
    note: str = ""

    def __str__(self) -> str:
        if self.value is None:
            return f"n/a, because {self.reason_if_na}"
        return f"{round(100 * self.value)} % ({self.actual} of {self.planned}), {self.note}"


def predictability(objectives: Sequence[Objective]) -> Predictability:
    """Return how predictable a plan was; 80 to 100 % reads "reliable"."""
    committed = [o for o in objectives if o.committed]
    planned = sum(o.planned for o in committed)
    unrated = sum(o.actual is None for o in committed)
    actual = sum(o.actual or 0 for o in objectives)  # an unrated uncommitted one adds nothing
    if not objectives:
        return Predictability(actual, planned, None, "no objectives are set")
    if planned == 0:
        reason = "the committed objectives have no planned value"
        return Predictability(actual, planned, None, reason)
    if unrated:
        have = "has" if unrated == 1 else "have"
        reason = f"{unrated} of {len(committed)} committed objectives {have} no actual value yet"
        return Predictability(actual, planned, None, reason)
    value = Fraction(actual, planned)
    return Predictability(actual, planned, value, note=_note(value))


def _note(value: Fraction) -> str:
    low, high = RELIABLE
    if value < low:
        return "below the reliable 80 to 100 %"
    return "reliable" if value <= high else "above plan"
