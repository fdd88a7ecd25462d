"""What the digest keeps for its thread: every metric, and the items behind the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from handlers.digest.asks import span
from handlers.digest.facts import Backlog, ItemFacts
from handlers.digest.health import measure, ownerless, untouched
from handlers.digest.horizon import horizon
from handlers.digest.metric import LISTED_MAX, Metric, percent
from handlers.digest.week import late
from handlers.phrases import shortened

TITLE_CHARS_MAX: Final = 80

_RULES: Final = {
    "twice the velocity": "twice the velocity",
    "top items": "the top ten",
}


@dataclass(frozen=True, slots=True)
class Detail:
    """A heading and its lines; plain text, one item or metric a line."""

    heading: str
    lines: tuple[str, ...]


def details(backlog: Backlog) -> tuple[Detail, ...]:
    """Return the digest's small print; what is empty is left out."""
    rest, today = backlog.rest, backlog.today
    chosen = horizon(backlog)
    lists = (
        _list(
            f"Next in line ({_RULES[chosen.rule]})",
            [f"{_name(item)}: {item.state}" for item in chosen.items],
        ),
        _list(
            "Late",
            [f"{_name(item)}: due {item.due:%d %b}, {item.state}" for item in late(backlog)],
            rest.late(today),
        ),
        _list("Without an owner", [_name(item) for item in ownerless(backlog.items)], rest.unowned),
        _list(
            "Untouched",
            [f"{_name(item)}: for {_age(backlog, item)}" for item in untouched(backlog)],
            rest.open,
        ),
    )
    return tuple(one for one in (*lists, *_health(measure(backlog))) if one.lines)


def _health(metrics: Sequence[Metric]) -> tuple[Detail, Detail]:
    """Return the metrics there are, and those that are n/a, gathered by their reason."""
    missing: dict[str, list[str]] = {}
    for metric in metrics:
        if metric.value is None:
            missing.setdefault(metric.reason_if_na, []).append(metric.name)
    return (
        Detail("Health", tuple(_metric(m) for m in metrics if m.value is not None)),
        Detail(
            "Not available",
            tuple(
                f"{', '.join(names).capitalize()}: {reason}" for reason, names in missing.items()
            ),
        ),
    )


def _list(heading: str, entries: Sequence[str], others: int = 0) -> Detail:
    """Return the first ten entries and how many more there are, with `others`."""
    shown = tuple(entries[:LISTED_MAX])
    if more := len(entries) + others - len(shown):
        shown += (f"and {more:,} more",)
    return Detail(heading, shown)


def _name(item: ItemFacts) -> str:
    return f"#{item.number} {shortened(item.title, TITLE_CHARS_MAX)}".rstrip()


def _age(backlog: Backlog, item: ItemFacts) -> str:
    return span((backlog.now - item.touched_at).days)


def _metric(metric: Metric) -> str:
    line = f"{metric.name.capitalize()}: {metric}"
    parts = ", ".join(f"{name} {_part(value)}" for name, value in metric.parts if value)
    extras = "; ".join(extra for extra in (parts, metric.note) if extra)
    return f"{line} – {extras}" if extras else line


def _part(value: Fraction | int) -> str:
    return percent(value) if isinstance(value, Fraction) else str(value)
