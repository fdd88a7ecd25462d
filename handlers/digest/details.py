"""What the digest keeps for its thread: every metric, and the items behind the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from handlers.digest.asks import span
from handlers.digest.facts import Backlog, ItemFacts
from handlers.digest.health import measure, stale, unowned
from handlers.digest.horizon import horizon
from handlers.digest.metric import Metric, percent
from handlers.digest.week import late

LIST_MAX: Final = 10
TITLE_CHARS_MAX: Final = 80

_RULES: Final = {
    "next iterations": "the next two iterations",
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
    known = {item.number: item for item in backlog.items}
    chosen = horizon(backlog)
    lists = (
        _focus(backlog, known),
        _list(
            f"Next in line ({_RULES[chosen.rule]})",
            [f"{_name(item)}: {item.state}" for item in chosen.items],
        ),
        _list("Late", [f"{_name(i)}: due {i.due:%d %b}, {i.state}" for i in late(backlog)]),
        _list(
            "Without an owner", [_name(known[number]) for number in unowned(backlog.items).items]
        ),
        _list(
            "Untouched",
            [
                f"{_name(known[number])}: for {_untouched(backlog, known[number])}"
                for number in stale(backlog).items
            ],
        ),
    )
    return tuple(one for one in (*lists, *_health(measure(backlog))) if one.lines)


def _focus(backlog: Backlog, known: Mapping[int, ItemFacts]) -> Detail:
    """Return the one small improvement the team is making now; nothing for one that was dropped."""
    item = known.get(backlog.focus or 0)
    if item is None or item.state == "dropped":
        return Detail("Our focus", ())
    if item.state == "accepted":
        return Detail("Our focus", (f"{_name(item)}: done. Choose the next one.",))
    due = f", due {item.due:%d %b}" if item.due else ""
    return Detail("Our focus", (f"{_name(item)}: {item.state}{due}",))


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


def _list(heading: str, entries: Sequence[str]) -> Detail:
    """Return the first ten entries and how many more there are."""
    shown = tuple(entries[:LIST_MAX])
    if len(entries) > LIST_MAX:
        shown += (f"and {len(entries) - LIST_MAX} more",)
    return Detail(heading, shown)


def _name(item: ItemFacts) -> str:
    title = " ".join(item.title.split())
    if len(title) > TITLE_CHARS_MAX:
        title = title[: TITLE_CHARS_MAX - 1].rstrip() + "…"
    return f"#{item.number} {title}".rstrip()


def _untouched(backlog: Backlog, item: ItemFacts) -> str:
    return span((backlog.now - item.touched_at).days)


def _metric(metric: Metric) -> str:
    line = f"{metric.name.capitalize()}: {metric}"
    parts = ", ".join(f"{name} {_part(value)}" for name, value in metric.parts if value)
    extras = "; ".join(extra for extra in (parts, metric.note) if extra)
    return f"{line} – {extras}" if extras else line


def _part(value: Fraction | int) -> str:
    return percent(value) if isinstance(value, Fraction) else str(value)
