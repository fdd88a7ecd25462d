"""Small words for describing items in tests, and six teams that a digest is written for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, cast

from handlers.digest.facts import Backlog, ItemFacts, Iteration, Transition
from handlers.digest.story import HintName
from handlers.digest.week import Week

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""A Monday morning; the week is 2026-W48."""

TODAY = date(2026, 11, 23)
WEEK = "2026-W48"
LEAD = "Petra"


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def moves(*steps: tuple[float, str], reason: str = "") -> tuple[Transition, ...]:
    """Return the history that enters each state so many days ago: `moves((9, "ready"), …)`."""
    history = []
    origin = "captured"
    for days, state in steps:
        history.append(Transition(ago(days), origin, state, reason))
        origin = state
    return tuple(history)


def item(number: int, state: str = "captured", *, age: float = 10, **facts: Any) -> ItemFacts:
    """Return an item captured `age` days ago that is in `state`; touched then unless told."""
    return ItemFacts(number=number, state=state, created_at=ago(age), **facts)


def finished(number: int, *, started: float, done: float, **facts: Any) -> ItemFacts:
    """Return an accepted item with the days since its start and since its acceptance."""
    history = moves((started, "in progress"), (done, "accepted"))
    return item(number, "accepted", age=max(started, 100), history=history, **facts)


def working(number: int, *, started: float, **facts: Any) -> ItemFacts:
    history = moves((started, "in progress"))
    return item(number, "in progress", age=started + 20, history=history, **facts)


def iteration(starts: float, ends: float, **more: frozenset[int]) -> Iteration:
    """Return a time box; `starts` and `ends` are days ago, negative ones are ahead."""
    return Iteration(starts_at=ago(starts), ends_at=ago(ends), **more)


def weeks(**columns: list[int]) -> tuple[Week, ...]:
    """Return the weeks before this one, the last one last: `weeks(ready=[5, 6], done=[1, 2])`."""
    length = len(next(iter(columns.values())))
    return tuple(
        Week(
            week=f"2026-W{47 - length + 1 + place:02}",
            **cast(Any, {name: values[place] for name, values in columns.items()}),
        )
        for place in range(length)
    )


# --- six teams -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Team:
    """A team as its digest finds it, and what a reader should take away."""

    about: str
    backlog: Backlog
    before: tuple[Week, ...] = ()
    hints: frozenset[HintName] = frozenset()


def healthy() -> Team:
    """Plans in iterations, keeps ten items ready, finishes four or five a week."""
    edits = (ago(5),)
    titles = (
        ("Retry failed payments", "Ana", "ready"),
        ("Receipts in the customer's language", "Ben", "ready"),
        ("Refund in one step", "Ana", "ready"),
        ("Faster product search", "Cleo", "ready"),
        ("Warn before the card expires", "Ben", "ready"),
        ("Show delivery dates", "Dan", "ready"),
        ("Guest checkout", "Cleo", "ready"),
        ("Split the invoice job", "Dan", "refining"),
    )
    waiting = tuple(
        item(
            40 + place,
            state,
            title=title,
            owner=owner,
            edits=edits,
            wsjf=12 - place,
            kind="story",
            points=5,
            objective=place < 6,
            hypothesis=place < 5,
        )
        for place, (title, owner, state) in enumerate(titles)
    )
    under_way = (
        working(31, started=4, title="Pay by bank transfer", owner="Ana", kind="story"),
        working(32, started=2, title="Dark mode", owner="Dan", kind="story"),
    )
    done = tuple(
        finished(
            10 + n,
            started=4 + 1.7 * n,
            done=1 + 1.7 * n,
            kind="story",
            points=3,
            title="Small thing",
            owner="Ben",
        )
        for n in range(14)
    )
    improvement = finished(
        30,
        started=9,
        done=3,
        title="Quieter alerts at night",
        owner="Dan",
        due=date(2026, 11, 24),
        hypothesis=True,
    )
    iterations = (
        Iteration(
            starts_at=ago(17),
            ends_at=ago(3),
            planned=frozenset({12, 13, 14, 15, 16, 17, 30}),
        ),
    )
    return Team(
        "A team that plans in iterations and keeps enough ready",
        Backlog(now=NOW, items=waiting + under_way + done + (improvement,), iterations=iterations),
        weeks(
            open=[12, 12, 11, 12, 11, 12, 11],
            horizon=[8, 8, 8, 8, 8, 8, 8],
            ready=[5, 6, 6, 5, 6, 6, 5],
            working=[3, 3, 2, 3, 3, 2, 3],
            done=[4, 5, 3, 4, 4, 5, 4],
        ),
    )


def starving() -> Team:
    """Builds faster than it refines: the next sprint has nearly nothing to start with."""
    titles = (
        "Export to the tax office",
        "Password reset by phone",
        "Bulk edit of customer addresses",
        "Audit trail for admins",
        "Import from the old shop",
        "Two currencies in one cart",
        "Nightly price update",
        "Gift cards",
        "Reorder with one click",
        "Better empty pages",
    )
    waiting = tuple(
        item(
            60 + place,
            "ready" if place in (1, 6) else "refining" if place < 4 else "captured",
            title=title,
            owner=("Ana", "Ben", "Cleo", "Dan")[place % 4],
            edits=(ago(3 + place),),
            wsjf=13 - place,
            kind="story",
        )
        for place, title in enumerate(titles)
    )
    under_way = tuple(
        working(50 + n, started=2 + n, title="Under way", owner="Ben", kind="story")
        for n in range(3)
    )
    done = tuple(
        finished(
            30 + n,
            started=6 + 2 * n,
            done=1.2 * n + 0.5,
            owner="Ana",
            title="Pay on account" if n == 0 else "Shipped",
            kind="story",
        )
        for n in range(14)
    )
    late = item(
        22,
        "in progress",
        age=50,
        title="Pair on the flaky tests",
        owner="Dan",
        due=date(2026, 11, 12),
        edits=(ago(9),),
        history=moves((20, "in progress")),
    )
    return Team(
        "A team that builds faster than it refines",
        Backlog(now=NOW, items=waiting + under_way + done + (late,)),
        weeks(
            open=[15, 15, 14, 14, 15, 14, 14],
            horizon=[10, 10, 10, 10, 10, 10, 10],
            ready=[9, 9, 8, 8, 7, 6, 5],
            working=[4, 4, 4, 4, 4, 4, 4],
            done=[3, 4, 4, 5, 4, 5, 5],
            late=[0, 0, 0, 0, 0, 0, 1],
        ),
    )


def overloaded() -> Team:
    """Starts everything, finishes little: nine items under way."""
    titles = (
        ("Move to the new login", "Ana", 44),
        ("Rewrite the report builder", "Ben", 36),
        ("Partner portal", "Cleo", 31),
        ("Cheaper image hosting", "Ana", 19),
        ("Tidy the error log", "Dan", 12),
        ("Sync with the warehouse", "Ben", 9),
        ("Accessibility of the cart", None, 8),
        ("Newsletter opt-in", "Cleo", 4),
        ("Cookie banner", "Dan", 2),
    )
    under_way = tuple(
        working(
            70 + place,
            started=started,
            title=title,
            owner=owner,
            created_by="Ana",
            edits=(ago(min(started, 6)),),
            kind="story",
        )
        for place, (title, owner, started) in enumerate(titles)
    )
    waiting = tuple(
        item(
            80 + n,
            "ready" if n < 3 else "captured",
            title=("Search filters", "Order history", "Tax on shipping", "Wish list", "Reviews")[n],
            owner="Ben",
            edits=(ago(10),),
            wsjf=8 - n,
            kind="story",
        )
        for n in range(5)
    )
    done = tuple(
        finished(20 + n, started=40, done=9 + 6 * n, title="Shipped", owner="Ana", kind="story")
        for n in range(3)
    )
    return Team(
        "A team that starts everything and finishes little",
        Backlog(now=NOW, items=under_way + waiting + done),
        weeks(
            open=[11, 11, 12, 12, 12],
            horizon=[6, 6, 6, 5, 5],
            ready=[4, 4, 3, 3, 3],
            working=[5, 5, 6, 7, 7],
            done=[2, 1, 1, 1, 1],
        ),
    )


def all_stale() -> Team:
    """A backlog that was filled in a workshop in summer and never opened again."""
    titles = (
        "Onboarding for new colleagues",
        "Shared calendar for releases",
        "Fewer meetings on Mondays",
        "One place for decisions",
        "Rotate the on-call duty",
        "Document the deploy script",
        "Review guidelines",
        "Retire the old wiki",
        "Team agreement on reviews",
    )
    return Team(
        "A backlog filled in a workshop in summer and hardly opened since",
        Backlog(
            now=NOW,
            items=tuple(
                item(
                    5 + place,
                    "refining" if place in (1, 4) else "captured",
                    age=118,
                    title=title,
                    owner="Ana" if place == 1 else None,
                    created_by="Ben" if place % 2 else None,
                    wsjf=9 - place if place < 4 else None,
                    edits=(ago(33 + 4 * place),) if place else (ago(6),),
                )
                for place, title in enumerate(titles)
            ),
        ),
        weeks(
            open=[10, 10, 10, 9],
            horizon=[9, 9, 9, 9],
            working=[0, 0, 0, 0],
            stale=[2, 4, 5, 5],
            unowned=[1, 1, 1, 1],
            done=[0, 0, 0, 0],
            ready=[0, 0, 0, 0],
            scored=[4, 4, 4, 4],
        ),
    )


def brand_new() -> Team:
    """Installed Hone on Thursday and noted two things."""
    return Team(
        "A team that started on Thursday, with two items",
        Backlog(
            now=NOW,
            items=(
                item(1, age=4, title="Tests take forty minutes", created_by="Ana"),
                item(2, age=3, title="Nobody knows who is on call", created_by="Ben"),
            ),
        ),
        hints=frozenset({"capture", "vote"}),
    )


def no_cadence() -> Team:
    """Works continuously, without iterations; improvements with owners, and one theme growing."""
    waiting = (
        item(12, "ready", age=40, title="Trunk-based development", owner="Ana", wsjf=8),
        item(14, "ready", age=30, title="Contract tests with Payments", owner="Ben", wsjf=7),
        item(15, "refining", age=20, title="Share staging with Search", owner="Cleo", wsjf=5),
        item(18, "captured", age=6, title="Payments changes the API unannounced"),
        item(19, "captured", age=5, title="Wait for Search to review"),
        item(20, "captured", age=2, title="Staging is blocked by Payments"),
    )
    tagged = tuple(
        ItemFacts(
            number=one.number,
            created_at=one.created_at,
            title=one.title,
            state=one.state,
            owner=one.owner,
            created_by="Ben",
            wsjf=one.wsjf,
            edits=(ago(2.5),),
            themes=("dependencies",) if one.number > 14 else (),
        )
        for one in waiting
    )
    others = (
        working(11, started=12, title="Feature flags", owner="Ben", edits=(ago(2),)),
        finished(9, started=20, done=5, title="Shorter stand-ups", owner="Ana"),
        finished(8, started=40, done=30, title="Rotate the facilitator", owner="Cleo"),
    )
    return Team(
        "A team without iterations, in good order otherwise",
        Backlog(now=NOW, items=tagged + others),
        weeks(
            open=[5, 5, 6, 5],
            horizon=[4, 4, 5, 4],
            ready=[1, 2, 2, 2],
            working=[1, 1, 1, 1],
            done=[0, 1, 0, 0],
            scored=[3, 3, 3, 3],
        ),
        hints=frozenset({"vote", "iterations"}),
    )


TEAMS: Final[dict[str, Callable[[], Team]]] = {
    "healthy": healthy,
    "starving": starving,
    "overloaded": overloaded,
    "all_stale": all_stale,
    "brand_new": brand_new,
    "no_cadence": no_cadence,
}
