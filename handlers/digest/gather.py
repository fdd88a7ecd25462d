"""Gather a team's records from the storage: the only part of the digest that reads its numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers.digest.asks import ASKS_MAX
from handlers.digest.facts import Awaited, Backlog, Dependency, ItemFacts, Rest
from handlers.digest.highlight import SharedTheme
from handlers.digest.metric import LISTED_MAX
from handlers.digest.records import PlannedIteration, Record, Records, TrainRecords
from handlers.rules.few import is_only_one, left_unsigned, small_teams
from handlers.rules.predictability import Objective
from handlers.rules.timeboxes import DEFAULT_PI, stale_after
from handlers.rules.velocity import HORIZON_ITEMS, HORIZON_MAX, LOOKS_BACK
from storage import Store
from storage.excerpts import Excerpt, Reach
from storage.items import Item
from storage.objectives import Objective as Planned
from storage.tallies import NEVER
from storage.teams import Team


async def gather(
    store: Store, team: Team, *, back_to: datetime | None = None, asked: int = 0
) -> Records:
    """Return what a digest needs to know of a team.

    `back_to` is the earliest instant the backlog is wanted for, None for now alone. `asked` items
    are not to be asked about.
    """
    (records,) = await _gather(store, (team,), team, back_to or store.now, asked)
    return records


async def gather_train(
    store: Store, team: Team, *, back_to: datetime | None = None, asked: int = 0
) -> TrainRecords:
    """Return the same of all teams of the team's train, measured in this team's iterations."""
    others = [t for t in await store.teams.in_train(team.train_id) if t.id != team.id]
    own, *records = await _gather(store, (team, *others), team, back_to or store.now, asked)
    few = await small_teams(store, team)
    told = [
        _without_unsigned_themes(each) if other.id in few else each
        for other, each in zip(others, records, strict=True)
    ]
    if is_only_one(few):
        told = [
            await _without_unsigned(store, each) if other.id in few else each
            for other, each in zip(others, told, strict=True)
        ]
    return TrainRecords(own, told)


async def _without_unsigned(store: Store, records: Records) -> Records:
    """Leave out what nobody signed: with or without a name it could only be of this team."""
    unsigned = [r.fields["number"] for r in records.items if r.fields["created_by"] is None]
    hidden = await left_unsigned(store, unsigned)
    return replace(records, items=[r for r in records.items if r.fields["number"] not in hidden])


def _without_unsigned_themes(records: Records) -> Records:
    """Let nobody work out what a small team reported unsigned: a count of themes would tell."""
    return replace(
        records,
        items=[
            replace(record, fields={**record.fields, "themes": ()})
            if record.fields["created_by"] is None
            else record
            for record in records.items
        ],
    )


async def _gather(
    store: Store, teams: Sequence[Team], reader: Team, back_to: datetime, asked: int
) -> list[Records]:
    pi = await store.objectives.current(reader.train_id)
    objectives = await store.objectives.of_pi(pi.id) if pi else []
    serving = frozenset(objective.id for objective in objectives)
    length = pi.length if pi else DEFAULT_PI
    planned_iterations = {
        team.id: await _planned_iterations(store, team, back_to) for team in teams
    }
    reads = Backlog(
        now=store.now,
        zone=reader.zone,
        pi=length,
        iterations=Records(now=store.now, planned_iterations=planned_iterations[reader.id])
        .backlog()
        .iterations,
    )
    gathered = []
    for team in teams:
        excerpt = await store.excerpts.of_team(team.id, _reach(reads, team, back_to, asked))
        gathered.append(
            Records(
                now=store.now,
                zone=team.zone,
                items=[
                    Record(item._asdict(), excerpt.events.get(item.number, ()))
                    for item in excerpt.items
                ],
                planned_iterations=planned_iterations[team.id],
                rest=_rest(excerpt),
                since=excerpt.known_since,
                serving=serving,
                objectives=_plans(o for o in objectives if o.team_id == team.id),
                **await _between_teams(store, team),
                pi=length,
                focus=team.focus,
            )
        )
    return gathered


def _reach(reads: Backlog, team: Team, back_to: datetime, asked: int) -> Reach:
    """Return how far the storage must look for a digest that is read as `reads`.

    Whatever nobody changed in that time was stale all the while, so that its number is enough.
    """
    team_stale, train_stale = (
        stale_after(level, reads.iteration_length, reads.pi) for level in ("team", "train")
    )
    return Reach(
        since=back_to - max(LOOKS_BACK, team_stale, train_stale),
        untouched=(reads.now - team_stale, reads.now - train_stale),
        today=reads.today,
        next=HORIZON_MAX if reads.iterations else HORIZON_ITEMS,
        listed=LISTED_MAX,
        asks=ASKS_MAX + asked,
        focus=team.focus,
    )


async def _planned_iterations(
    store: Store, team: Team, back_to: datetime
) -> list[PlannedIteration]:
    rows = await store.iterations.of_team(team.id, back_to - LOOKS_BACK)
    return [PlannedIteration(row.starts_at, row.ends_at, row.planned) for row in rows]


def _rest(excerpt: Excerpt) -> Rest:
    sums: defaultdict[str, Any] = defaultdict(int)  # all are counts but the points
    for (_, name), count in excerpt.rest.items():
        sums[name] += count
    due = sorted(
        (day, int(count))
        for (day, name), count in excerpt.rest.items()
        if name == "open" and day != NEVER
    )
    return Rest(**sums, due=tuple(due))


async def shared_theme(store: Store, team: Team, since: datetime) -> SharedTheme | None:
    """Return the theme that somebody made the train's since then, if any: it is news once."""
    for confirmed in await store.themes.confirmed(team.train_id, since):
        if confirmed.theme.startswith("#"):
            return SharedTheme(
                confirmed.theme.removeprefix("#"), confirmed.teams, confirmed.all_teams
            )
    return None


def _plans(objectives: Iterable[Planned]) -> tuple[Objective, ...] | None:
    """Return objectives as the metrics read them; None without any."""
    return tuple(Objective(o.planned, o.actual, o.committed) for o in objectives) or None


async def _between_teams(store: Store, team: Team) -> dict[str, Any]:
    """Return what the team's items wait for outside of it, what others wait for, and the items."""
    waits = [link for link in await store.links.open_of_team(team.id) if link.team]
    awaited = await store.links.awaited_of_team(team.id)
    reachable = {
        other
        for other in {link.other for link in waits if link.other}
        if await store.channels.of_team(other)
    }
    ends = {link.number for link in waits}
    ends |= {link.target.item or link.number for link in awaited}
    items = await store.items.several(sorted(ends))
    return {
        "dependencies": tuple(
            Dependency(
                link.number,
                link.team,
                link.opened_at,
                link.resolved_at,
                link.other in reachable,
                link.reminded_at,
            )
            for link in waits
        ),
        "awaited": tuple(
            Awaited(link.target.item or 0, link.own_team, link.number, link.opened_at)
            for link in awaited
        ),
        "linked": {number: _end(item) for number, item in items.items()},
    }


def _end(item: Item) -> ItemFacts:
    """Return what an ask needs to know of an item."""
    return ItemFacts(
        number=item.number,
        created_at=item.created_at,
        title=item.title,
        kind=item.kind,
        state=item.state,
        owner=item.owner,
        created_by=item.created_by,
        due=item.due,
        snoozed_until=item.snoozed_until,
    )
