"""Planning intervals and objectives that a tracker has, too: merged with what the team has here.

What only one side changed is taken. Where both changed the same, what was set here stays, for
nothing of a plan is written there: its card says what the tracker says, and whoever set it is told.
An objective that is gone there stays until somebody drops it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.remote import Planned, RemoteObjective, RemotePI
from bot.text import alike
from bot.turn import HONE, Direct, Post, Pulled, Reply, Turn
from handlers.objectives.access import shown
from handlers.objectives.actions import DiffersView
from handlers.objectives.forms import NAME_MAX_CHARS, TITLE_MAX_CHARS
from handlers.objectives.news import tell_teams
from handlers.objectives.planning import today
from handlers.rules.limits import OBJECTIVES_MAX
from handlers.rules.timeboxes import PI_WEEKS_MAX, are_one
from handlers.sources.merge import merged, plain
from storage import Store
from storage.objectives import CLOSED, Objective, PlanningInterval
from storage.plans import FollowedObjective, FollowedPI
from storage.teams import Team
from storage.trackers import TrackerScope

HOLDS: Final = ("first", "links", "following")
"""Steps in which what a scope tells is written down here."""


@dataclass(frozen=True, slots=True)
class _Place:
    scope: TrackerScope
    team: Team
    connected_by: str


async def take_in(turn: Turn, store: Store) -> Reply:
    """Take in the PI and the objectives that a tracker told, where the team wants them."""
    assert isinstance(turn.intent, Pulled)
    news = turn.intent.news
    if not isinstance(news, Planned) or news.pi is None or turn.intent.scope is None:
        return None
    scope = await store.trackers.scope(turn.intent.scope)
    if scope is None or scope.step not in HOLDS or scope.plan != news.plan:
        return None
    site = await store.trackers.find(scope.tracker_id)
    team = await store.teams.find(scope.team_id)
    if site is None or team is None:
        return None
    place = _Place(scope, team, site.connected_by)
    pi, told = await _same_pi(store, place, news.pi)
    if pi is None:
        return None
    posts = await _objectives(turn, store, place, pi, news.objectives)
    return *told, *posts


# --- the PI ----------------------------------------------------------------------------------


async def _same_pi(
    store: Store, place: _Place, remote: RemotePI
) -> tuple[PlanningInterval | None, tuple[Direct, ...]]:
    """Return the PI here that is the tracker's, and who is told; None while another one is open."""
    theirs: dict[str, Any] = {
        "name": shown(remote.name, NAME_MAX_CHARS),
        "starts": remote.starts,
        "weeks": min(max(1, round((remote.ends - remote.starts).days / 7)), PI_WEEKS_MAX),
    }
    row = await store.plans.pi(place.scope.id, remote.id)
    pi = await store.objectives.pi(row.pi_id, lock=True) if row else None
    if row is None or pi is None or pi.train_id != place.team.train_id:
        pi = await store.objectives.current(place.team.train_id)
        if pi is not None and not are_one(pi, remote.name, remote.starts):
            return None, ()
        came = pi is None
        if pi is None:
            pi = await store.objectives.plan(place.team.train_id, **theirs)
        if row is not None:  # of a train that the team has left
            row.pi_id, row.base, row.came = pi.id, {}, came
        else:
            row = FollowedPI(
                workspace=store.workspace,
                scope_id=place.scope.id,
                remote_id=remote.id,
                pi_id=pi.id,
                came=came,
            )
            await store.plans.keep(row)
    if pi.state == CLOSED:
        return None, ()
    ours = {"name": pi.name, "starts": pi.starts, "weeks": pi.weeks}
    take, differs = _merge(row, ours, theirs)
    if take:
        await store.objectives.replan(pi, **{**ours, **take})
    return pi, (Direct(place.connected_by, DiffersView(pi.id)),) if differs else ()


def _merge(
    row: FollowedPI | FollowedObjective, ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], bool]:
    """Return what is taken, and whether something that was set here differs since this reading."""
    result = merged(ours, theirs, row.base, ours_is_newer=False)
    take = {name: value for name, value in result.take.items() if name not in result.outdone}
    base = {**row.base, **{name: plain(value) for name, value in theirs.items()}}
    if base != row.base:
        row.base = base
    return take, bool(result.outdone)


# --- objectives ------------------------------------------------------------------------------


async def _objectives(
    turn: Turn,
    store: Store,
    place: _Place,
    pi: PlanningInterval,
    told: tuple[RemoteObjective, ...],
) -> tuple[Post | Direct, ...]:
    known = await store.plans.objectives(place.scope.id, pi.id)
    here = await store.objectives.of_pi(pi.id, place.team.id)
    free = {alike(each.title): each for each in here}
    for row in known.values():
        if objective := await store.objectives.find(row.objective_id):
            free.pop(alike(objective.title), None)
    count = len(here)
    sent: list[Post | Direct] = []
    for remote in told:
        if remote.id in known:
            sent += await _follow(turn, store, place, pi, known.pop(remote.id), remote)
        elif (same := free.pop(alike(_title(remote)), None)) is not None:
            linked = await _link(store, place, remote, same, came=False)
            sent += await _follow(turn, store, place, pi, linked, remote)
        elif count < OBJECTIVES_MAX:
            await _add(store, place, pi, remote)
            count += 1
    for row in known.values():
        if row.gone_at is None:
            row.gone_at = store.now
            sent += await _tell(store, place, pi, row.objective_id)
    return tuple(sent)


async def _add(store: Store, place: _Place, pi: PlanningInterval, remote: RemoteObjective) -> None:
    told = _told(remote)
    new = await store.objectives.add(pi, place.team.id, by=HONE.id, **{"planned": 0, **told})
    row = await _link(store, place, remote, new, came=True)
    row.base = told


async def _link(
    store: Store, place: _Place, remote: RemoteObjective, objective: Objective, *, came: bool
) -> FollowedObjective:
    row = FollowedObjective(
        workspace=store.workspace,
        scope_id=place.scope.id,
        remote_id=remote.id,
        objective_id=objective.id,
        came=came,
    )
    await store.plans.keep(row)
    return row


async def _follow(
    turn: Turn,
    store: Store,
    place: _Place,
    pi: PlanningInterval,
    row: FollowedObjective,
    remote: RemoteObjective,
) -> tuple[Post | Direct, ...]:
    """Take what changed there; while the PI runs, tell the teams whose items hang on it."""
    if row.gone_at is not None:
        row.gone_at = None
    objective = await store.objectives.find(row.objective_id)
    if objective is None or objective.dropped_at is not None:
        return ()
    take, differs = _merge(row, _ours(objective), _told(remote))
    posts: tuple[Post, ...] = ()
    if take:
        locked = await store.objectives.find(objective.id, lock=True)
        assert locked is not None
        changed = await store.objectives.change(locked, take)
        if today(store, place.team) >= pi.starts:
            posts = await tell_teams(turn, store, locked, changed)
    return *posts, *(await _tell(store, place, pi, objective.id) if differs else ())


def _told(remote: RemoteObjective) -> dict[str, Any]:
    """Return Hone's field → its value there, without what is not told."""
    told = {
        "title": _title(remote),
        "planned": remote.planned,
        "actual": remote.actual,
        "committed": remote.committed,
    }
    return {name: value for name, value in told.items() if value is not None}


def _title(remote: RemoteObjective) -> str:
    return shown(remote.title, TITLE_MAX_CHARS)


def _ours(objective: Objective) -> dict[str, Any]:
    return {name: getattr(objective, name) for name in ("title", "planned", "actual", "committed")}


async def _tell(
    store: Store, place: _Place, pi: PlanningInterval, objective_id: int
) -> tuple[Direct, ...]:
    """Tell whoever set it here; of what nobody set, who connected the tracker."""
    objective = await store.objectives.find(objective_id)
    if objective is None or objective.dropped_at is not None:
        return ()
    changes = await store.objectives.changes(objective_id)
    people = [change.person for change in changes if change.person != HONE.id]
    author = people[-1] if people else objective.created_by
    who = place.connected_by if author == HONE.id else author
    return (Direct(who, DiffersView(pi.id, objective_id)),)
