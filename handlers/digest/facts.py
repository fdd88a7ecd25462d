"""The plain values that backlog health is computed from.

What is not recorded is None, never 0 or an empty guess: a metric without its data says "n/a" and
why. Instants are aware; days are calendar days of the team's zone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from handlers.predictability import Objective

PROGRESS: Final = (
    "captured",
    "refining",
    "ready",
    "planned",
    "in progress",
    "in review",
    "accepted",
)
"""The states in the order an item passes them; `dropped` stands beside."""

WAITING: Final = frozenset({"captured", "refining", "ready", "planned"})
READY: Final = frozenset({"ready", "planned"})
WORKING: Final = frozenset({"in progress", "in review"})
CLOSED: Final = frozenset({"accepted", "dropped"})

DEFAULT_ITERATION: Final = timedelta(weeks=2)
DEFAULT_PI: Final = timedelta(weeks=10)


@dataclass(frozen=True, slots=True)
class Transition:
    """One change of state; `reason` is given when an item is sent back or dropped."""

    at: datetime
    origin: str
    target: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A fact that changed at an instant, and what it was before; `fact` names ItemFacts' field."""

    at: datetime
    fact: Literal["owner", "due", "hypothesis", "rechecked_at"]
    before: str | date | datetime | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """What is known about one item.

    `edits` are changes by people (bulk and bot edits do not count), in any order; capture is one.
    `hypothesis` and `objective` tell whether the item has one; None where that is not recorded.
    `rechecked_at` is when the hypothesis was looked at again after shipping. `rewrites` tell what
    facts were before, in any order.
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
    points: int | None = None
    iteration: str | None = None
    hypothesis: bool | None = None
    rechecked_at: datetime | None = None
    objective: bool | None = None
    rewrites: tuple[Rewrite, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state not in CLOSED

    @property
    def touched_at(self) -> datetime:
        return max((self.created_at, *self.edits))

    @property
    def started_at(self) -> datetime | None:
        """When work on it began for the first time."""
        return min((t.at for t in self.history if t.target in WORKING), default=None)

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

    id: str
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
    """An item of ours that waits for an item of another team."""

    item: int
    team: str
    since: datetime
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """Everything about one team (or one train) at `now`.

    No `iterations`, or None for `objectives` and `dependencies`: they are not in use here.
    `pi` is the length of a planning interval, `focus` the improvement the team is making now.
    """

    now: datetime
    items: tuple[ItemFacts, ...] = ()
    zone: str = "UTC"
    iterations: tuple[Iteration, ...] = ()
    objectives: tuple[Objective, ...] | None = None
    dependencies: tuple[Dependency, ...] | None = None
    pi: timedelta = DEFAULT_PI
    focus: int | None = None

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    @property
    def iteration_length(self) -> timedelta:
        """How long this team's iterations take: the last one known, else two weeks."""
        if not self.iterations:
            return DEFAULT_ITERATION
        last = max(self.iterations, key=lambda i: i.starts_at)
        return last.ends_at - last.starts_at

    def stale_after(self, item: ItemFacts) -> timedelta:
        """Return how long this item may stay untouched: two iterations, a train's item one PI."""
        return self.pi if item.level == "train" else 2 * self.iteration_length


def ranked(items: Iterable[ItemFacts]) -> list[ItemFacts]:
    """Return items in backlog order: by WSJF, unscored last.

    Ties go by time criticality, then the smaller job, then the older item.
    """
    return sorted(
        items,
        key=lambda i: (
            -(i.wsjf if i.wsjf is not None else -1),
            -(i.time_criticality or 0),
            i.job_size or 0,
            i.created_at,
            i.number,
        ),
    )


def as_of(backlog: Backlog, at: datetime) -> Backlog:
    """Return the backlog as its events tell it was at an earlier instant.

    State, edits, owner, due day and hypothesis are rewound. Score and size have no history here
    and stay as they are now.
    """
    items = tuple(_rewound(item, at) for item in backlog.items if item.created_at <= at)
    return replace(backlog, now=at, items=items)


def _rewound(item: ItemFacts, at: datetime) -> ItemFacts:
    history = sorted(item.history, key=lambda t: t.at)
    past = tuple(t for t in history if t.at <= at)
    later = [t for t in history if t.at > at]
    undone = sorted((r for r in item.rewrites if r.at > at), key=lambda r: r.at, reverse=True)
    before: dict[str, Any] = {rewrite.fact: rewrite.before for rewrite in undone}
    return replace(
        item,
        **before,
        rewrites=tuple(r for r in item.rewrites if r.at <= at),
        state=later[0].origin if later else item.state,
        history=past,
        edits=tuple(edit for edit in item.edits if edit <= at),
    )
