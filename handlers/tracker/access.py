"""Who may connect, choose and end; and what a team follows, as it can be drawn and changed."""

from __future__ import annotations

from bot.turn import NotFound, Turn
from handlers.phrases import shortened
from handlers.rules.access import Permission, Relation, may
from handlers.rules.guard import lead_team, leaders_of, require, who_leads
from handlers.tracker.cards import Followed, kind_of
from storage import Store
from storage.teams import Team
from storage.trackers import TrackerScope, TrackerSite

GONE = "This is not followed any more."


async def leads(turn: Turn, store: Store, team_id: int) -> Team:
    """Return a team if this person may connect trackers for it."""
    team = await store.teams.find(team_id)
    if team is None:
        raise NotFound("There is no such team here.")
    await lead_team(turn, store, team, Permission.CONNECT_TRACKER)
    return team


async def may_use(turn: Turn, store: Store, site: TrackerSite, team: Team) -> None:
    """Raise Mistake unless the person may let a team follow things at a site that is connected.

    What its account may read is not for everybody: who connected it decides, and who leads a team
    that follows something there.
    """
    held = {Relation.CONNECTED_IT} if site.connected_by == turn.person.id else set()
    if may(turn.person, Permission.USE_CONNECTION, held):
        return
    teams = {scope.team_id for scope in await store.trackers.scopes_at(site.id)}
    if team.id in teams:
        await lead_team(turn, store, team, Permission.CONNECT_TRACKER)
        return
    held |= (await leaders_of(store, *teams)).relations_of(turn.person.id)
    names = await store.people.named([site.connected_by])
    require(
        turn,
        Permission.USE_CONNECTION,
        held,
        site=site.site if kind_of(site).asks else kind_of(site).name,
        who=names.get(site.connected_by, "somebody"),
        team=shortened(team.name, 60),
    )


async def found(store: Store, scope: TrackerScope | None) -> Followed:
    """Return something a team follows with all that its card says; raises NotFound."""
    site = await store.trackers.find(scope.tracker_id) if scope else None
    team = await store.teams.find(scope.team_id) if scope else None
    if scope is None or site is None or team is None:
        raise NotFound(GONE)
    return Followed(scope, site, team, await who_leads(store, team.id))


async def changeable(turn: Turn, store: Store, scope_id: int) -> Followed:
    """Return something a team follows, kept from changing, if this person may change it."""
    each = await found(store, await store.trackers.scope(scope_id, lock=True))
    await lead_team(turn, store, each.team, Permission.CONNECT_TRACKER)
    return each


async def followed_by(store: Store, team: Team) -> list[Followed]:
    """Return all that a team follows, oldest first."""
    return [await found(store, scope) for scope in await store.trackers.scopes_of(team.id)]
