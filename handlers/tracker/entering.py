"""A site is entered: what lets Hone in is kept, tried at once, and told of in the person's chat."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from bot.trackers.kinds import Kind, as_kept, called_in, from_kept, with_called
from bot.turn import Direct, NotFound, Reply, Turn, whisper
from bot.wire import View
from handlers.tracker.access import may_use
from handlers.tracker.told import with_attempt, without_attempt
from storage import Store
from storage.teams import Team
from storage.trackers import TrackerSite

IN_OUR_CHAT = "I go on in our chat."


async def enter(
    turn: Turn, store: Store, team: Team, kind: Kind, site: str, given: Mapping[str, str]
) -> TrackerSite:
    """Keep how Hone gets in, and have it tried; what works stays until the new way does, too."""
    before = await store.trackers.at_site(kind.id, site)
    if before is not None:
        await may_use(turn, store, before, team)
    row = before
    if row is None or given or row.state != "open":
        hook = secrets.token_urlsafe(32)
        works = row.sealed if row is not None and row.state == "open" else ""
        called = called_in(from_kept(row.sealed)) if row is not None else {}
        kept = with_called(as_kept(given), called)
        row = await store.trackers.connect(
            kind.id, site, kept, turn.person.id, hook=hook, hook_secret=""
        )
        row.told = with_attempt(row.told, works) if works else without_attempt(row.told)
        await store.audit.add(turn.person.id, f"team {team.id}: tracker {row.id} {kind.id}")
    return row


def in_our_chat(turn: Turn, view: View) -> Reply:
    """Go on alone with whoever connects: others need not read what might come."""
    shown = Direct(turn.person.id, view)
    return shown if turn.place.private else (shown, whisper(IN_OUR_CHAT))


async def site_and_team(
    turn: Turn, store: Store, tracker_id: int, team_id: int
) -> tuple[TrackerSite, Team]:
    """Return a site and a team, if this person may let the team follow things there."""
    site, team = await store.trackers.find(tracker_id), await store.teams.find(team_id)
    if site is None or team is None:
        raise NotFound("This tracker is not connected any more.")
    await may_use(turn, store, site, team)
    return site, team
