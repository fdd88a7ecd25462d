"""A connection that ends: whoever made it hears of it two weeks before, and when it is refused."""

from __future__ import annotations

from datetime import timedelta

from bot.turn import Direct, Reply, Turn
from handlers.tracker.actions import EndView
from storage import Store
from storage.trackers import TrackerSite

TIMER = "tracker.token"
"""Rings when a token ends soon; the key is the site's number."""

ENDS_SOON = timedelta(days=14)


async def plan_reminder(store: Store, site: TrackerSite) -> None:
    """Plan to remind of the end of a token, once it is known; one that ends sooner is told now."""
    if site.until is None:
        await store.timers.cancel(TIMER, str(site.id))
    else:
        await store.timers.set(TIMER, str(site.id), max(store.now, site.until - ENDS_SOON))


def refused(site: TrackerSite) -> Direct:
    """Tell whoever connected a site that it does not let Hone in any more."""
    return Direct(site.connected_by, EndView(site.id))


async def remind(turn: Turn, store: Store, key: str) -> Reply:
    """Tell whoever connected a site that its token ends soon, unless it was renewed."""
    site = await store.trackers.find(int(key))
    if site is None or site.until is None or site.until - ENDS_SOON > store.now:
        return None
    return Direct(site.connected_by, EndView(site.id))
