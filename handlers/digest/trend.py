"""Eight weeks in one chart, and in one sentence for those who do not see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Final

from handlers.digest.week import Week

WEEKS_MAX: Final = 8
WEEKS_MIN: Final = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One series; a value for every label of its trend."""

    name: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """`labels` are weeks without the year ("W48"), oldest first; `sentence` is the text twin."""

    title: str
    labels: tuple[str, ...]
    lines: tuple[Line, ...]
    sentence: str


def trend(weeks: Sequence[Week]) -> Trend | None:
    """Return the trend of ready and finished items over the last eight known weeks, oldest first.

    A week without a digest is left out, not drawn as 0. None below two weeks: one point is no line.
    """
    known = list(weeks)[-WEEKS_MAX:]
    if len(known) < WEEKS_MIN:
        return None
    ready = tuple(week.ready for week in known)
    done = tuple(week.done for week in known)
    return Trend(
        title="Ready and done",
        labels=tuple(week.week.partition("-")[2] for week in known),
        lines=(Line("Ready", ready), Line("Done", done)),
        sentence=f"Over {len(known)} weeks, ready {_course(ready)}; {_pace(done)}.",
    )


def _course(values: Sequence[int]) -> str:
    first, last, low, high = values[0], values[-1], min(values), max(values)
    if low == high:
        return f"stayed at {last}"
    if abs(last - first) < (high - low) / 2:
        return f"moved between {low} and {high}"
    return f"{'rose' if last > first else 'fell'} from {first} to {last}"


def _pace(values: Sequence[int]) -> str:
    if not any(values):
        return "nothing was finished"
    average = mean(values)
    if average < 1:
        return f"{sum(values)} finished in all"
    return f"about {round(average)} finished weekly"
