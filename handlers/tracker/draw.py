"""Draw a tracker's cards out of the storage."""

from __future__ import annotations

from bot.cards import Card
from handlers.tracker import cards
from handlers.tracker.access import found
from handlers.tracker.actions import EndView, ScopeView, SiteView
from handlers.tracker.ending import ENDS_SOON
from storage import Store


async def draw_site(store: Store, shown: SiteView) -> Card:
    """Draw how a connection comes about."""
    site, team = await store.trackers.find(shown.tracker_id), await store.teams.find(shown.team_id)
    if site is None or team is None:
        return cards.gone()
    scopes = await store.trackers.scopes_of(team.id)
    followed = [scope.name for scope in scopes if scope.tracker_id == site.id]
    return cards.site(site, team, followed, team.zone)


async def draw_scope(store: Store, shown: ScopeView) -> Card:
    """Draw something that a team follows, or is about to."""
    scope = await store.trackers.scope(shown.scope_id)
    return cards.gone() if scope is None else cards.scope(await found(store, scope))


async def draw_end(store: Store, shown: EndView) -> Card:
    """Draw a connection that ends, for whoever made it."""
    site = await store.trackers.find(shown.tracker_id)
    if site is None:
        return cards.gone()
    person = await store.people.find(site.connected_by)
    soon = site.until is not None and site.until - ENDS_SOON <= store.now
    if site.until is not None and not soon:
        store.holds_until(site.until - ENDS_SOON)
    return cards.ending(site, person.zone if person else "UTC", soon=soon)
