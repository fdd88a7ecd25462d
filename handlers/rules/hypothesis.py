"""A hypothesis in one sentence: what we try, what it moves, and when we will know."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final, Protocol

from handlers.reader.names import in_words
from handlers.rules.limits import METRIC_MAX_CHARS, VALUE_MAX_CHARS, too_long

HYPOTHESIS_MAX_CHARS = 500
"""A metric with where it stands and where it should get to, in one field."""


def sentence(
    experiment: str, metric: str, start: str = "", goal: str = "", check_on: date | None = None
) -> str:
    """Return "We believe that … will change … from … to …; we will know by …".

    What is empty is left out; without an experiment and a metric there is no sentence.
    """
    if not metric:
        return f"We try: {_ended(experiment)}" if experiment else ""
    what = f"“{_inside(experiment)}”" if experiment else "this"
    words = f"We believe that {what} will change {_inside(metric)}"
    words += f" from {start}" if start else ""
    words += f" to {goal}" if goal else ""
    words += f"; we will know by {in_words(check_on)}" if check_on else ""
    return f"{words}."


def _inside(words: str) -> str:
    return " ".join(words.split()).rstrip(".!?;, ")


def _ended(words: str) -> str:
    return f"{_inside(words)}."


_VALUE = re.compile(r"([+-]?[\d.,]*\d)\s*(.*)", re.DOTALL)


def moved(metric: str, start: str, value: str) -> str:
    """Return "estimation length: 95 → 40 min": what a metric was, and what it is now.

    The unit is said once where both have the same or one has none; without `value` it only moved.
    """
    name = _inside(metric)
    if not value:
        return f"{name} moved"
    before, after = _VALUE.fullmatch(start), _VALUE.fullmatch(value)
    if not before or not after:
        return f"{name}: {start} → {value}" if start else f"{name}: now {value}"
    units = {match[2].strip() for match in (before, after)} - {""}
    if len(units) > 1:
        return f"{name}: {start} → {value}"
    return f"{name}: {before[1]} → {after[1]} {''.join(units)}".rstrip()


_FROM_TO = re.compile(r"(.+?)\s+from\s+(.+?)\s+to\s+(.+)", re.IGNORECASE | re.DOTALL)


def read_hypothesis(text: str) -> tuple[str, str, str]:
    """Return metric, start and goal of `review time from 2 days to 4 hours`.

    Words without both numbers are all metric.
    """
    words = " ".join(text.split()).rstrip(".")
    match = _FROM_TO.fullmatch(words)
    return (match[1], match[2], match[3]) if match else (words, "", "")


def written(metric: str, start: str = "", goal: str = "") -> str:
    """Return what `read_hypothesis` reads back; one value of the two alone is left out."""
    return f"{metric} from {start} to {goal}" if metric and start and goal else metric


CHECK_AFTER: Final = timedelta(weeks=2)
"""How long after the due day Hone asks whether it worked, unless told otherwise."""

CHECK_AFTER_TODAY: Final = timedelta(weeks=4)
"""The same for an item without a due day."""


def check_day(due_day: date | None, today: date) -> date:
    """Return when to ask whether it worked, if nobody chose a day."""
    try:
        return due_day + CHECK_AFTER if due_day else today + CHECK_AFTER_TODAY
    except OverflowError:
        return today + CHECK_AFTER_TODAY


class Hoped(Protocol):
    """What an item says of its hypothesis."""

    @property
    def experiment(self) -> str: ...
    @property
    def metric(self) -> str: ...
    @property
    def metric_from(self) -> str: ...
    @property
    def metric_to(self) -> str: ...


def renewed(item: Hoped, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the changes of an item; another hypothesis has not been checked yet."""
    hoped = ("experiment", "metric", "metric_from", "metric_to")
    if any(changes.get(name, getattr(item, name)) != getattr(item, name) for name in hoped):
        return {**changes, "effect": "", "effect_value": "", "effect_at": None}
    return dict(changes)


def hypothesis_problem(text: str) -> str:
    """Return what is wrong with such words, "" if nothing is."""
    metric, start, goal = read_hypothesis(text)
    for words, most in (
        (text, HYPOTHESIS_MAX_CHARS),
        (metric, METRIC_MAX_CHARS),
        (start, VALUE_MAX_CHARS),
        (goal, VALUE_MAX_CHARS),
    ):
        if wrong := too_long(words, most):
            return wrong
    return ""
