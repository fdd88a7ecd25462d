"""A metric: an exact value with its evidence, or "n/a" with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

LISTED_MAX: Final = 10
"""Items of a list that are worth naming; of the others the number is enough."""

Unit = Literal["share", "items", "points", "iterations", "days", "items a week"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One number of the health table.

    `value` is exact; None means n/a, and then `reason_if_na` continues "n/a, because …".
    `counts` are numerator and denominator of a share. `parts` split the value: counts, or shares
    as Fraction. `items` are the numbers of items worth a look, worst first. `note` says what the
    value leaves out, or how it reads.
    """

    name: str
    value: Fraction | int | None
    unit: Unit
    reason_if_na: str = ""
    counts: tuple[int, int] | None = None
    parts: tuple[tuple[str, Fraction | int], ...] = ()
    items: tuple[int, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if (self.value is None) != bool(self.reason_if_na):
            raise ValueError("A metric has either a value or a reason why not.")

    def __str__(self) -> str:
        if self.value is None:
            return f"n/a, because {self.reason_if_na}"
        if self.counts is not None:
            return f"{percent(self.value)} ({self.counts[0]} of {self.counts[1]})"
        return with_unit(self.value, self.unit)


def percent(value: Fraction | int) -> str:
    """Return "67 %"; only nothing is 0 % and only everything 100 %."""
    rounded = round(value * 100)
    if rounded == 0 and value:
        rounded = 1
    if rounded == 100 and value < 1:
        rounded = 99
    return f"{rounded} %"


def with_unit(value: Fraction | int, unit: Unit) -> str:
    """Return "1 item", "2.5 iterations", "67 %": one decimal at most."""
    if unit == "share":
        return percent(value)
    number = f"{float(value):.1f}".removesuffix(".0")
    if unit == "items a week":
        return f"{number} a week"
    return f"{number} {unit.removesuffix('s') if number == '1' else unit}"


def share(name: str, part: int, whole: int, reason: str, *, items: Sequence[int] = ()) -> Metric:
    """Return part ÷ whole with both counts; n/a for `reason` if there is no whole."""
    if whole == 0:
        return not_available(name, "share", reason)
    return Metric(
        name=name,
        value=Fraction(part, whole),
        unit="share",
        counts=(part, whole),
        items=tuple(items),
    )


def count(name: str, items: Sequence[int], more: int = 0) -> Metric:
    """Return how many `items` and `more` there are, the first as evidence; none is a true 0."""
    evidence = tuple(items[:LISTED_MAX])
    return Metric(name=name, value=len(items) + more, unit="items", items=evidence)


def not_available(name: str, unit: Unit, reason: str) -> Metric:
    """Return n/a; `reason` continues the sentence "n/a, because …"."""
    return Metric(name=name, value=None, unit=unit, reason_if_na=reason)
