"""One pattern or one win: what the week taught, or what it brought.

1. A theme that several teams share (systemic), when the caller knows of one.
2. An improvement whose number moved, as somebody found out since the last digest.
3. A theme on at least three of the items captured in four weeks, if it grew since the last digest.
4. A win: an item finished since then. Improvements before other items, done by their day before
   late ones, then the one that waited longest.
5. The theme of 3, grown or not.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers.digest.asks import short
from handlers.digest.facts import Backlog, ItemFacts
from handlers.digest.week import finished

THEME_WINDOW: Final = timedelta(weeks=4)
THEME_ITEMS_MIN: Final = 3


@dataclass(frozen=True, slots=True)
class SharedTheme:
    """A theme that `teams` of `all_teams` reported within one PI, found and confirmed elsewhere."""

    theme: str
    teams: int
    all_teams: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A theme to talk about; `items` are this team's, newest first."""

    theme: str
    sentence: str
    items: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Win:
    """A finished item; `person` is its owner, to be thanked by name, or None."""

    person: str | None
    sentence: str


Highlight = Pattern | Win


def highlight(
    backlog: Backlog, since: datetime, shared: SharedTheme | None = None
) -> Highlight | None:
    """Return what is worth one line, by the rules above, or None; `since` is the last digest."""
    if shared is not None:
        met = f"{shared.teams} of {shared.all_teams} teams met {_tag(shared.theme)} this PI"
        return Pattern(shared.theme, f"{met}: worth solving together.")
    if effect := _effect(backlog, since):
        return effect
    pattern = _pattern(backlog)
    if pattern is not None and _grew(backlog, pattern, since):
        return pattern
    return _win(backlog, since) or pattern


def _pattern(backlog: Backlog) -> Pattern | None:
    counted = _themes(backlog, backlog.now)
    if not counted:
        return None
    theme, count = min(counted.items(), key=lambda entry: (-entry[1], entry[0]))
    if count < THEME_ITEMS_MIN:
        return None
    recent = sorted(
        (i for i in backlog.items if theme in _recent_themes(i, backlog.now)),
        key=lambda i: (i.created_at, i.number),
        reverse=True,
    )
    sentence = f"{_tag(theme)} came up in {count} items in four weeks."
    return Pattern(theme, sentence, tuple(item.number for item in recent))


def _grew(backlog: Backlog, pattern: Pattern, since: datetime) -> bool:
    return len(pattern.items) > _themes(backlog, since)[pattern.theme]


def _themes(backlog: Backlog, at: datetime) -> Counter[str]:
    return Counter(theme for item in backlog.items for theme in _recent_themes(item, at))


def _recent_themes(item: ItemFacts, at: datetime) -> set[str]:
    is_recent = timedelta(0) <= at - item.created_at < THEME_WINDOW
    return set(item.themes) if is_recent else set()


def _effect(backlog: Backlog, since: datetime) -> Win | None:
    """Return the last hypothesis that came true: what was measured is told before what was done."""
    found = [
        (item.rechecked_at, item.number, item)
        for item in backlog.items
        if item.moved and item.rechecked_at and since < item.rechecked_at <= backlog.now
    ]
    if not found:
        return None
    _, number, item = max(found, key=lambda entry: entry[:2])
    return Win(item.owner, f"#{number} worked. {item.moved[:1].upper()}{item.moved[1:]}.")


def _win(backlog: Backlog, since: datetime) -> Win | None:
    won = finished(backlog, since)
    if not won:
        return None
    best = min(
        won,
        key=lambda i: (
            i.kind != "improvement",
            not _on_time(i, backlog.zone),
            i.created_at,
            i.number,
        ),
    )
    title = short(best.title)
    name = f"#{best.number} {title}".rstrip()
    ending = "done, on time" if _on_time(best, backlog.zone) else "done"
    return Win(best.owner, f"{name} is {ending}.")


def _on_time(item: ItemFacts, zone: str) -> bool:
    accepted = item.accepted_at
    if accepted is None or item.due is None:
        return False
    return accepted.astimezone(ZoneInfo(zone)).date() <= item.due


def _tag(theme: str) -> str:
    return f"#{theme.removeprefix('#')}"
