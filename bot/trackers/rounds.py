"""Reading a list in the order of its changes, round after round, so that nothing slips through.

A page number would shift when an item changes meanwhile and moves to the end. So each page begins
where the last one ended; only a whole page of one instant is paged through. A round begins a while
before the last change that was seen, by the tracker's own clock, and leaves out what stands there
unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from bot.trackers.values import dig, kept, moment, places, stamp, text

OVERLAP: Final = timedelta(minutes=10)
"""How far a list may lag behind what was just changed."""

SEEN_MAX: Final = 300
"""So many are left out of the next round; of more all are read again, which changes nothing."""

Row = tuple[str, datetime | None]
"""An item's id, and when it changed last."""


@dataclass(frozen=True, slots=True)
class Round:
    """Where reading stands: from which instant on, on which page of it, and what was seen last."""

    since: datetime | None = None
    page: int = 1
    seen: Mapping[str, str] = field(default_factory=dict)

    def is_news(self, row: Row) -> bool:
        """Whether an item has changed since it was read."""
        id, changed = row
        return self.seen.get(id) != stamp(changed)

    def after(self, rows: Sequence[Row], *, full: bool) -> str:
        """Return the cursor behind a page, oldest change first; `full`: there may be more."""
        changes = [changed for _, changed in rows if changed]
        newest = max([*changes, *([self.since] if self.since else [])], default=None)
        seen = _recent({**self.seen, **{id: stamp(changed) for id, changed in rows}}, newest)
        if not full:
            begins = newest - OVERLAP if changes and newest else self.since
            return kept(since=stamp(begins), seen=seen)
        if newest == self.since:
            return kept(since=stamp(self.since), page=self.page + 1, seen=seen)
        return kept(since=stamp(newest), seen=seen)


def round_at(cursor: str) -> Round:
    """Return where a cursor stands; the beginning for one that nobody can read."""
    at: Any = places(cursor)
    page, seen = dig(at, "page"), dig(at, "seen")
    return Round(
        moment(at, "since"),
        page if isinstance(page, int) and page > 0 else 1,
        {id: text(seen, id) for id in seen} if isinstance(seen, dict) else {},
    )


def _recent(seen: Mapping[str, str], newest: datetime | None) -> dict[str, str]:
    """Return what the next round will meet again."""
    if newest is None:
        return {}
    since = stamp(newest - OVERLAP)
    recent = {id: changed for id, changed in seen.items() if changed >= since}
    return recent if len(recent) <= SEEN_MAX else {}
