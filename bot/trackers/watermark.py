"""How far a scope was read, where a tracker is asked for what changed since an instant.

The instant is always one that the tracker itself told, so that nobody's clock matters. A page
begins where the last one ended, and not at an offset: what changes meanwhile moves to the end and
makes no other slip through. Only where a whole page changed in one instant, an offset pages on.
Each reading begins a little before the last change that was seen, since what is asked may lag
behind what is known; what was seen unchanged is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.trackers.values import dig, kept, moment, number, places, stamp

SEEN_MAX = 200
EXACT = timedelta(0)

Changed = Mapping[str, datetime | None]
"""Id → when the item was changed last, in the order in which a page told them."""


@dataclass(frozen=True, slots=True)
class Watermark:
    """`since` is where this reading's page begins, `skip` how many of it were read already."""

    since: datetime | None = None
    skip: int = 0
    last: datetime | None = None
    seen: Mapping[str, str] = field(default_factory=dict)

    def fresh(self, found: Changed) -> set[str]:
        """Return the ids of what was not seen yet as it is now."""
        return {id for id, at in found.items() if not at or self.seen.get(id) != stamp(at)}

    def after(
        self, found: Changed, overlap: timedelta, *, more: bool, grain: timedelta = EXACT
    ) -> Watermark:
        """Return where to go on, at once if there is `more`.

        A tracker that knows nothing finer than `grain` tells that much more than it was asked for.
        """
        told = [at for at in found.values() if at]
        last = max([*told, *filter(None, [self.last])], default=None)
        seen = {**self.seen, **{id: stamp(at) for id, at in found.items()}}
        if last is not None:
            seen = {id: at for id, at in seen.items() if at >= stamp(last - overlap - grain)}
        since, skip = self.since, self.skip + len(found)
        if not more:
            since, skip = (last - overlap if last else since), 0
        elif told and (since is None or max(told) > since):
            since, skip = max(told), 0
        return Watermark(since, skip, last, seen if len(seen) <= SEEN_MAX else {})

    @property
    def cursor(self) -> str:
        return kept(
            since=stamp(self.since), skip=self.skip, last=stamp(self.last), seen=dict(self.seen)
        )


def watermark_in(cursor: str) -> Watermark:
    """Read a cursor; one that nobody can read is the beginning."""
    at = places(cursor)
    seen = dig(at, "seen")
    return Watermark(
        moment(at, "since"),
        max(0, int(number(at, "skip") or 0)),
        moment(at, "last"),
        {str(id): str(told) for id, told in seen.items()} if isinstance(seen, dict) else {},
    )


# --- several lists, one after the other ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turn:
    """Which of several lists is read now, and how far it was; `marks` are the cursors of all."""

    name: str
    mark: Watermark
    lists: tuple[str, ...]
    marks: Mapping[str, str]

    def after(self, found: Changed, overlap: timedelta, *, more: bool) -> tuple[str, bool]:
        """Return the cursor to go on from, and whether there is more at once."""
        marks = {**self.marks, self.name: self.mark.after(found, overlap, more=more).cursor}
        place = self.lists.index(self.name) + (0 if more else 1)
        ended = place == len(self.lists)
        return kept(marks=marks, turn=self.lists[0 if ended else place]), not ended


def turn_in(cursor: str, lists: tuple[str, ...]) -> Turn:
    """Read a cursor over several lists; one that nobody can read is the beginning."""
    at = places(cursor)
    told = dig(at, "turn")
    name = told if told in lists else lists[0]
    marks = {each: mark for each in lists if isinstance(mark := dig(at, "marks", each), str)}
    return Turn(name, watermark_in(marks.get(name, "")), lists, marks)
