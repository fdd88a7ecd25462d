"""Gather a team's facts from the storage: the only part of the numbers that reads the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from handlers.digest.facts import DEFAULT_PI, Backlog, Dependency, ItemFacts, Rewrite, Transition
from handlers.digest.highlight import SharedTheme
from handlers.digest.iterations import iteration, together
from handlers.predictability import Objective
from storage import Store
from storage.items import REWORK_REASONS, Item, ItemEvent
from storage.objectives import Objective as Planned
from storage.teams import Team

LOOKS_BACK = timedelta(days=120)
"""Items finished longer ago are in no metric: the longest window is four iterations of four weeks,
the one that runs and three for the velocity, and a week's slack."""


async def gather(store: Store, team: Team) -> Backlog:
    """Return what is known about a team's backlog now."""
    since = store.now - LOOKS_BACK
    items = await store.items.active_since(team.id, since)
    events: defaultdict[int, list[ItemEvent]] = defaultdict(list)
    for event in await store.items.events_of_active(team.id, since):
        events[event.number].append(event)
    pi = await store.objectives.current(team.train_id)
    objectives = await store.objectives.of_pi(pi.id) if pi else []
    serving = {objective.id for objective in objectives}
    facts = tuple(_facts(item, events[item.number], serving) for item in items)
    return Backlog(
        now=store.now,
        zone=team.zone,
        items=facts,
        iterations=tuple(
            iteration(row.starts_at, row.ends_at, row.planned, facts)
            for row in await store.iterations.of_team(team.id, since)
        ),
        objectives=_plans(o for o in objectives if o.team_id == team.id),
        dependencies=await _dependencies(store, team),
        pi=timedelta(weeks=pi.weeks) if pi else DEFAULT_PI,
        focus=team.focus,
    )


async def gather_train(store: Store, team: Team) -> Backlog:
    """Return what is known about the backlogs of all teams of the team's train."""
    backlogs = [await gather(store, each) for each in await store.teams.in_train(team.train_id)]
    items = tuple(item for backlog in backlogs for item in backlog.items)
    waits = tuple(link for backlog in backlogs for link in backlog.dependencies or ())
    plans = tuple(plan for backlog in backlogs for plan in backlog.objectives or ())
    own = await gather(store, team)
    boxes = [box for backlog in backlogs for box in backlog.iterations]
    return replace(
        own,
        items=items,
        dependencies=waits,
        objectives=plans or None,
        iterations=together(own.iterations, boxes),
    )


async def shared_theme(store: Store, team: Team) -> SharedTheme | None:
    """Return the theme that somebody made the train's this week, if any: it is news once."""
    a_week_ago = store.now - timedelta(weeks=1)
    for found in await store.themes.confirmed(team.train_id, a_week_ago):
        if found.theme.startswith("#"):
            return SharedTheme(found.theme.removeprefix("#"), found.teams, found.all_teams)
    return None


def _facts(item: Item, events: Sequence[ItemEvent], serving: Collection[int]) -> ItemFacts:
    return ItemFacts(
        number=item.number,
        created_at=item.created_at,
        title=item.title,
        kind=item.kind,
        level="train" if item.level == "train" else "team",
        state=item.state,
        history=tuple(_transitions(item, events)),
        edits=tuple(event.at for event in events if event.person is not None),
        owner=item.owner,
        created_by=item.created_by,
        due=item.due,
        snoozed_until=item.snoozed_until,
        themes=tuple(item.themes),
        wsjf=item.wsjf,
        time_criticality=item.tc,
        job_size=item.size,
        points=item.points,
        objective=item.objective_id in serving if serving else None,
        hypothesis=bool(item.metric),
        rechecked_at=item.effect_at,
        rewrites=tuple(_rewrites(events)),
    )


def _plans(objectives: Iterable[Planned]) -> tuple[Objective, ...] | None:
    """Return objectives as the metrics read them; None without any."""
    return tuple(Objective(o.title, o.planned, o.actual, o.committed) for o in objectives) or None


async def _dependencies(store: Store, team: Team) -> tuple[Dependency, ...]:
    """Return what the team's items wait for outside of the team."""
    return tuple(
        Dependency(link.number, link.team, link.opened_at, link.resolved_at)
        for link in await store.links.of_team(team.id)
        if link.team
    )


def _transitions(item: Item, events: Sequence[ItemEvent]) -> list[Transition]:
    found: list[Transition] = []
    for event in events:
        origin, target = event.changes.get("state", (None, None))
        if origin is None or target is None:
            continue
        if event.kind == "undone" and found and found[-1].origin == target:
            found.pop()  # taken back within minutes: it never was, and sends nothing back
        else:
            found.append(Transition(event.at, origin, target, _why(event)))
    return found


def _why(event: ItemEvent) -> str:
    """Return why an item was sent back or dropped, without the words that followed the reason."""
    reason = event.reason.partition(": ")[0]
    if reason in REWORK_REASONS:
        return reason
    return event.reason or event.changes.get("dropped_because", ("", ""))[1] or ""


def _rewrites(events: Sequence[ItemEvent]) -> Iterator[Rewrite]:
    """Return what the owner, the due day and the hypothesis were before each change of them."""
    for event in events:
        before = {field: change[0] for field, change in event.changes.items()}
        if "owner" in before:
            yield Rewrite(event.at, "owner", before["owner"])
        if "due" in before:
            day = before["due"]
            yield Rewrite(event.at, "due", date.fromisoformat(day) if day else None)
        if "metric" in before:
            yield Rewrite(event.at, "hypothesis", bool(before["metric"]))
        if "effect_at" in before:
            then = before["effect_at"]
            yield Rewrite(event.at, "rechecked_at", datetime.fromisoformat(then) if then else None)
