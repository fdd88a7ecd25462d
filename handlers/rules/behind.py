"""What a team follows in a tracker and has not been read lately: numbers lag behind it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.trackers.kinds import KINDS
from handlers.phrases import listed, shortened
from handlers.reader.names import day_words
from storage import Store
from storage.teams import Team
from storage.trackers import TrackerScope, TrackerSite

LATE_AFTER: Final = timedelta(hours=3)
"""It is read every quarter of an hour at the least."""

NAMED_MAX: Final = 3


async def behind(store: Store, *teams: Team) -> str:
    """Return a sentence about what was not read lately; "" where all of it was."""
    late = []
    for team in teams:
        for scope in await store.trackers.scopes_of(team.id):
            site = await store.trackers.find(scope.tracker_id)
            if site is not None and _is_late(scope, store.now):
                late.append(_named(scope, site, team.zone))
    if not late:
        return ""
    return f"{listed(late, NAMED_MAX)}: what changed there since is not in these numbers."


def _is_late(scope: TrackerScope, now: datetime) -> bool:
    if scope.step not in ("following", "paused"):
        return False
    return scope.read_at is not None and now - scope.read_at > LATE_AFTER


def _named(scope: TrackerScope, site: TrackerSite, zone: str) -> str:
    assert scope.read_at is not None, "it is late"
    kind = KINDS[site.kind].name if site.kind in KINDS else site.kind
    day = day_words(scope.read_at.astimezone(ZoneInfo(zone)).date())
    return f"{shortened(scope.name, 60)} in {kind} was last read on {day}"
