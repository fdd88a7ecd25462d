"""The plain values that backlog health is computed from.

What is not recorded is None, never 0 or an empty guess: a metric without its data says "n/a" and
why. Instants are aware; days are calendar days of the team's zone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final, Literal, TypeVar
from zoneinfo import ZoneInfo

from handlers.rules.predictability import Objective
from handlers.rules.timeboxes import DEFAULT_PI, iteration_length, stale_after
from storage.states import FINISHED_STATES, WORKING_STATES


@dataclass(frozen=True, slots=True)
class Transition:
    """One change of state; `reason` is given when an item is sent back or dropped."""

    at: datetime
    origin: str
    target: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """What is known about one item.

    `edits` are changes by people (bulk and bot edits do not count), in any order; capture is one.
    `hypothesis` and `objective` tell whether the item has one; None where that is not recorded.
    `rechecked_at` is when the hypothesis was looked at again after shipping; `moved` says what
    became of its number, "" unless it did move.
    """

    number: int
    created_at: datetime
    title: str = ""
    kind: str = "improvement"
    level: Literal["team", "train"] = "team"
    state: str = "captured"
    history: tuple[Transition, ...] = ()
    edits: tuple[datetime, ...] = ()
    owner: str | None = None
    created_by: str | None = None
    due: date | None = None
    snoozed_until: date | None = None
    themes: tuple[str, ...] = ()
    wsjf: float | Fraction | None = None
    time_criticality: int | None = None
    job_size: int | None = None
    source_rank: str | None = None
    points: float | None = None
    hypothesis: bool | None = None
    rechecked_at: datetime | None = None
    moved: str = ""
    objective: bool | None = None

    @property
    def is_open(self) -> bool:
        return self.state not in FINISHED_STATES

    @property
    def touched_at(self) -> datetime:
        return max((self.created_at, *self.edits))

    @property
    def started_at(self) -> datetime | None:
        """When work on it began for the first time."""
        return min((t.at for t in self.history if t.target in WORKING_STATES), default=None)

    @property
    def accepted_at(self) -> datetime | None:
        """When it was accepted for good; None if it was sent back since, or no event says so."""
        if self.state != "accepted":
            return None
        return max((t.at for t in self.history if t.target == "accepted"), default=None)

    @property
    def drop_reason(self) -> str:
        """Why it was dropped last; "" if it is not dropped or nobody said."""
        if self.state != "dropped":
            return ""
        drops = [t for t in self.history if t.target == "dropped"]
        return max(drops, key=lambda t: t.at).reason if drops else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Iteration:
    """A time box. `planned` are the items in it at its start, `removed` those of them taken out."""

    starts_at: datetime
    ends_at: datetime
    planned: frozenset[int] = frozenset()
    added: frozenset[int] = frozenset()
    removed: frozenset[int] = frozenset()

    def accepted(self, item: ItemFacts) -> bool:
        """Tell whether the item was accepted for good in this iteration."""
        accepted = item.accepted_at
        return accepted is not None and self.starts_at <= accepted < self.ends_at


@dataclass(frozen=True, slots=True)
class Dependency:
    """An item of ours that waits for an item of another team, for that team or for somebody else.

    `reachable` tells whether that team can be reminded here; it was last at `reminded_at`.
    """

    item: int
    team: str
    since: datetime
    resolved_at: datetime | None = None
    reachable: bool = False
    reminded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Awaited:
    """Item `waiting` of another team waits for our `item`; 0: for us, and no item is named."""

    item: int
    team: str
    waiting: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Sums over open items that nobody changed for longer than any number looks back.

    So all of them are stale. `scored` have a WSJF; `ready` are ready or planned, `points` are
    theirs and `unsized` those of them without any. `due` counts improvements by their day.
    """

    open: int = 0
    scored: int = 0
    ready: int = 0
    points: float = 0
    unsized: int = 0
    unowned: int = 0
    due: tuple[tuple[date, int], ...] = ()

    def __add__(self, other: Rest) -> Rest:
        due = Counter(dict(self.due)) + Counter(dict(other.due))
        return Rest(
            open=self.open + other.open,
            scored=self.scored + other.scored,
            ready=self.ready + other.ready,
            points=self.points + other.points,
            unsized=self.unsized + other.unsized,
            unowned=self.unowned + other.unowned,
            due=tuple(sorted(due.items())),
        )

    def late(self, today: date, since: date = date.min) -> int:
        """Return how many improvements were due before today, from `since` on."""
        return sum(count for day, count in self.due if since <= day < today)


NO_REST: Final = Rest()

_Link = TypeVar("_Link", Dependency, Awaited)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """Everything about one team (or one train) at `now`.

    `items` are those that any number, list or ask is about: what changed lately, is under way,
    comes next, or leads a list. Of the other open items the `rest` is enough. No `iterations`, or
    None for `objectives` and `dependencies`: they are not in use here. `awaited` is what other
    teams wait for, `linked` the items at either end. `pi` is the length of a planning interval,
    `focus` the improvement the team is making now, `since` when its first item was captured, if
    that is not among them.
    """

    now: datetime
    items: tuple[ItemFacts, ...] = ()
    rest: Rest = NO_REST
    since: datetime | None = None
    zone: str = "UTC"
    iterations: tuple[Iteration, ...] = ()
    objectives: tuple[Objective, ...] | None = None
    dependencies: tuple[Dependency, ...] | None = None
    awaited: tuple[Awaited, ...] = ()
    linked: Mapping[int, ItemFacts] = field(default_factory=dict)
    pi: timedelta = DEFAULT_PI
    focus: int | None = None

    @property
    def known_since(self) -> datetime | None:
        """When the first item was captured."""
        first = min((item.created_at for item in self.items), default=self.since)
        return min(first, self.since) if first and self.since else first

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    @property
    def iteration_length(self) -> timedelta:
        """How long this team's iterations take: the last one known, else two weeks."""
        return iteration_length(self.iterations)

    @property
    def held_up(self) -> list[Dependency]:
        """What has waited for others for longer than an iteration, the longest first."""
        return _old(self.dependencies or (), self)

    @property
    def long_awaited(self) -> list[Awaited]:
        """What others have waited for of ours for longer than an iteration, the longest first."""
        return _old(self.awaited, self)

    def stale_after(self, item: ItemFacts) -> timedelta:
        """Return how long this item may stay untouched."""
        return stale_after(item.level, self.iteration_length, self.pi)


def _old(links: Iterable[_Link], backlog: Backlog) -> list[_Link]:
    old = [link for link in links if backlog.now - link.since > backlog.iteration_length]
    return sorted(old, key=lambda link: (link.since, link.item))


def ranked(items: Iterable[ItemFacts]) -> list[ItemFacts]:
    """Return items in backlog order: by WSJF, unscored last.

    Ties go by time criticality, then the smaller job, then as their tool ranks them, then the older
    item: its number is lower.
    """
    return sorted(
        items,
        key=lambda i: (
            -(i.wsjf if i.wsjf is not None else -1),
            -(i.time_criticality or 0),
            i.job_size or 0,
            i.source_rank is None,
            i.source_rank or "",
            i.number,
        ),
    )
