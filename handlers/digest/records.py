"""What is remembered of a team, and its backlog as it was at any instant the events reach back to.

An item's fields are known as they are now; each event tells what they were before it. Taken back
one by one, the latest first, the events give the item as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from handlers.digest.facts import (
    NO_REST,
    Awaited,
    Backlog,
    Dependency,
    ItemFacts,
    Iteration,
    Rest,
    Transition,
)
from handlers.digest.iterations import iteration, together
from handlers.rules.hypothesis import moved
from handlers.rules.predictability import Objective
from handlers.rules.timeboxes import DEFAULT_PI
from handlers.rules.velocity import LOOKS_BACK
from storage.states import FINISHED_STATES, REWORK_REASONS


class Event(Protocol):
    """One change: field → (before, after), as JSON holds them. `person` is None for bots."""

    @property
    def at(self) -> datetime: ...
    @property
    def person(self) -> str | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def changes(self) -> Mapping[str, Any]: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Record:
    """An item's fields as they are now, and its events, oldest first: all of them or none.

    Without events nothing about the item changed for as long as anything looks back.
    """

    fields: Mapping[str, Any]
    events: Sequence[Event] = ()


@dataclass(frozen=True, slots=True)
class PlannedIteration:
    """An iteration as it was noted when it began."""

    starts_at: datetime
    ends_at: datetime
    planned: Collection[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What a digest needs to know of one team; see Backlog.

    `serving` are the ids of the objectives that an item may serve.
    """

    now: datetime
    zone: str = "UTC"
    items: Sequence[Record] = ()
    planned_iterations: Sequence[PlannedIteration] = ()
    rest: Rest = NO_REST
    since: datetime | None = None
    serving: Collection[int] = field(default_factory=frozenset)
    objectives: tuple[Objective, ...] | None = None
    dependencies: tuple[Dependency, ...] | None = None
    awaited: tuple[Awaited, ...] = ()
    linked: Mapping[int, ItemFacts] = field(default_factory=dict)
    pi: timedelta = DEFAULT_PI
    focus: int | None = None

    def backlog(self, at: datetime | None = None) -> Backlog:
        """Return the backlog as it is, or as it was at an earlier instant."""
        at = at or self.now
        items = tuple(self._facts(at))
        return Backlog(
            now=at,
            items=items,
            rest=self.rest,
            since=self.since,
            zone=self.zone,
            iterations=tuple(_iterations(self.planned_iterations, at, items)),
            objectives=self.objectives,
            dependencies=_until(self.dependencies, at),
            awaited=self.awaited,
            linked=self.linked,
            pi=self.pi,
            focus=self.focus,
        )

    def _facts(self, at: datetime) -> Iterator[ItemFacts]:
        for record in self.items:
            if record.fields["created_at"] > at:
                continue
            then, events = as_it_was(record, at)
            is_over = then["state"] in FINISHED_STATES
            if not is_over or _ended_at(then, events) >= at - LOOKS_BACK:
                yield facts(then, events, self.serving, at)


@dataclass(frozen=True, slots=True)
class TrainRecords:
    """What a digest needs to know of all teams of a train; it is told to team `own`."""

    own: Records
    others: Sequence[Records] = ()

    @property
    def since(self) -> datetime | None:
        return min((each.since for each in (self.own, *self.others) if each.since), default=None)

    def backlog(self, at: datetime | None = None) -> Backlog:
        """Return the train's backlog as it is, or as it was at an earlier instant."""
        own = self.own.backlog(at)
        others = [records.backlog(at) for records in self.others]
        backlogs = (own, *others)
        return replace(
            own,
            focus=None,  # it is one team's
            items=tuple(item for backlog in backlogs for item in backlog.items),
            rest=sum((backlog.rest for backlog in backlogs), NO_REST),
            since=self.since,
            iterations=together(own.iterations, (box for o in others for box in o.iterations)),
            dependencies=tuple(link for b in backlogs for link in b.dependencies or ()),
            awaited=(),  # each is a dependency of another team of the train
            linked={number: item for b in backlogs for number, item in b.linked.items()},
            objectives=tuple(plan for b in backlogs for plan in b.objectives or ()) or None,
        )


def _until(
    dependencies: tuple[Dependency, ...] | None, at: datetime
) -> tuple[Dependency, ...] | None:
    """Return those that had begun by then; what was over since is not known any more."""
    if dependencies is None:
        return None
    return tuple(link for link in dependencies if link.since <= at)


def as_it_was(record: Record, at: datetime) -> tuple[Mapping[str, Any], Sequence[Event]]:
    """Return an item's fields as they were at an instant, and its events until then.

    Days and instants that were taken back are text, as events hold them.
    """
    if not record.events or record.events[-1].at <= at:
        return record.fields, record.events
    then = dict(record.fields)
    for event in reversed(record.events):
        if event.at > at:
            then |= {name: change[0] for name, change in event.changes.items()}
    return then, [event for event in record.events if event.at <= at]


def facts(
    fields: Mapping[str, Any],
    events: Sequence[Event],
    serving: Collection[int],
    at: datetime,
) -> ItemFacts:
    """Return what the metrics know of an item at an instant.

    An edit in the tool that it comes from is told by `touched_at` alone.
    """
    touched = [event.at for event in events if event.person is not None]
    if fields["touched_at"] <= at:
        touched.append(fields["touched_at"])
    return ItemFacts(
        number=fields["number"],
        created_at=fields["created_at"],
        title=fields["title"],
        kind=fields["kind"],
        level=fields["level"],
        state=fields["state"],
        history=tuple(_transitions(events)),
        edits=tuple(touched),
        owner=fields["owner"],
        created_by=fields["created_by"],
        due=_day(fields["due"]),
        snoozed_until=_day(fields["snoozed_until"]),
        themes=tuple(fields["themes"]),
        wsjf=fields["wsjf"],
        time_criticality=fields["tc"],
        job_size=fields["size"],
        source_rank=fields["source_rank"],
        points=fields["points"],
        objective=fields["objective_id"] in serving if serving else None,
        hypothesis=bool(fields["metric"]),
        rechecked_at=_instant(fields["effect_at"]),
        moved=_moved(fields),
    )


def _moved(fields: Mapping[str, Any]) -> str:
    if fields["effect"] != "moved":
        return ""
    return moved(fields["metric"], fields["metric_from"], fields["effect_value"])


def _transitions(events: Sequence[Event]) -> list[Transition]:
    transitions: list[Transition] = []
    for event in events:
        origin, target = event.changes.get("state", (None, None))
        if origin is None or target is None:
            continue
        if event.kind == "undone" and transitions and transitions[-1].origin == target:
            transitions.pop()  # taken back within minutes: it never was, and sends nothing back
        else:
            transitions.append(Transition(event.at, origin, target, _why(event)))
    return transitions


def _why(event: Event) -> str:
    """Return why an item was sent back or dropped, without the words that followed the reason."""
    reason = event.reason.partition(": ")[0]
    if reason in REWORK_REASONS:
        return reason
    return event.reason or event.changes.get("dropped_because", ("", ""))[1] or ""


def _ended_at(fields: Mapping[str, Any], events: Sequence[Event]) -> datetime:
    """Return when a finished item was finished, as its last change of state tells."""
    ends = (event.at for event in reversed(events) if "state" in event.changes)
    ended: datetime = next(ends, None) or fields["finished_at"]
    return ended


def _iterations(
    planned_iterations: Sequence[PlannedIteration], at: datetime, items: Sequence[ItemFacts]
) -> Iterator[Iteration]:
    for box in planned_iterations:
        if box.starts_at <= at and box.ends_at > at - LOOKS_BACK:
            yield iteration(box.starts_at, box.ends_at, box.planned, items)


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _instant(value: datetime | str | None) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
