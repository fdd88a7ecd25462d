"""Draw a tracker's cards out of the storage."""

from __future__ import annotations

from bot.cards import Card
from bot.trackers.kinds import KINDS
from handlers.tracker import cards, sign_in_cards
from handlers.tracker.access import found
from handlers.tracker.actions import EndView, ScopeView, SignInView, SiteView
from handlers.tracker.ending import ENDS_SOON
from handlers.tracker.way_in import ending
from storage import Store
from storage.sign_ins import LINK_LIVES


async def draw_site(store: Store, shown: SiteView) -> Card:
    """Draw how a connection comes about."""
    site, team = await store.trackers.find(shown.tracker_id), await store.teams.find(shown.team_id)
    if site is None or team is None:
        return cards.gone()
    scopes = await store.trackers.scopes_of(team.id)
    followed = [scope.name for scope in scopes if scope.tracker_id == site.id]
    return cards.site(site, team, followed, team.zone)


async def draw_sign_in(store: Store, shown: SignInView) -> Card:
    """Draw how a sign-in stands; once it is a connection, how that stands."""
    row = await store.sign_ins.find(shown.sign_in)
    team = await store.teams.find(row.team_id) if row else None
    if row is None or team is None or row.kind not in KINDS or row.state == "leaving":
        return sign_in_cards.over()
    if row.tracker_id is not None:
        return await draw_site(store, SiteView(row.tracker_id, team.id))
    kind = KINDS[row.kind]
    if row.state == "granted":
        return sign_in_cards.several(row, kind)
    if not row.is_open(store.now):
        return sign_in_cards.failed(row, kind)
    store.holds_until(row.asked_at + LINK_LIVES)
    return sign_in_cards.waiting(row, kind, team)


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
    return ending(site, cards.kind_of(site), person.zone if person else "UTC", soon=soon)
