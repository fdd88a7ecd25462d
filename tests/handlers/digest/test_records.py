"""The past, told again from the events: what was snapshotted then is what is recomputed now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from handlers.digest.facts import Backlog, Rest
from handlers.digest.health import measure, readiness_rate, stale
from handlers.digest.horizon import horizon
from handlers.digest.records import Record, Records, TrainRecords
from handlers.digest.week import count_week
from tests.handlers.digest.teams import NOW, TODAY, WEEK, ago, item


@dataclass(frozen=True)
class Changed:
    """An event so many days ago."""

    at: datetime
    changes: dict[str, Any]
    person: str | None = "ana"
    kind: str = "changed"
    reason: str = ""


def changed(days: float, **changes: Any) -> Changed:
    return Changed(ago(days), {name: list(pair) for name, pair in changes.items()})


EMPTY = dict.fromkeys(
    (
        "owner",
        "due",
        "snoozed_until",
        "wsjf",
        "tc",
        "size",
        "source_rank",
        "points",
        "objective_id",
        "effect_at",
    )
)
PLAIN = {
    "title": "",
    "kind": "improvement",
    "level": "team",
    "themes": [],
    "metric": "",
    "effect": "",
}


def record(number: int, state: str, *events: Changed, age: float = 10, **more: Any) -> Record:
    """Return an item captured `age` days ago with all of its events."""
    born = {"created_at": ago(age), "touched_at": ago(age), "finished_at": None}
    fields = EMPTY | PLAIN | born | {"number": number, "state": state, "created_by": "ana"} | more
    return Record(fields, (Changed(ago(age), {"state": [None, "captured"]}), *events))


def test_the_past_can_be_told_from_the_events() -> None:
    """A week ago #1 was ready, #2 untouched for long, #3 not yet captured."""
    records = Records(
        now=NOW,
        items=(
            record(
                1,
                "accepted",
                changed(9, state=("captured", "ready")),
                changed(2, state=("ready", "accepted")),
                age=30,
            ),
            record(2, "captured", changed(50, title=("", "")), changed(1, title=("", "")), age=60),
            record(3, "captured", age=3),
        ),
    )
    now, then = records.backlog(), records.backlog(ago(7))
    assert [(one.number, one.state) for one in then.items] == [(1, "ready"), (2, "captured")]
    assert readiness_rate(horizon(then).items).counts == (1, 2)
    assert stale(then).items == (2,)
    assert stale(now).items == ()


def test_every_field_is_taken_back_the_latest_change_first() -> None:
    """A score given yesterday must not make last week's horizon another one."""
    changes = (
        changed(8, due=(None, "2026-12-01")),
        changed(3, due=("2026-12-01", "2026-12-09"), wsjf=(None, 4.5), effect_at=(None, "x")),
        changed(1, due=("2026-12-09", None), owner=("ben", None), points=(5, 8)),
    )
    records = Records(now=NOW, items=(record(1, "ready", *changes, wsjf=4.5, points=8),))
    (then,) = records.backlog(ago(4)).items
    assert (then.due, then.wsjf, then.owner, then.points) == (date(2026, 12, 1), None, "ben", 5)
    (between,) = records.backlog(ago(2)).items
    assert (between.due, between.wsjf) == (date(2026, 12, 9), 4.5)


def test_what_was_undone_was_true_until_then() -> None:
    """Last week's digest said "accepted", so telling it again does too; today it never was."""
    slip = changed(8, state=("in review", "accepted"))
    taken_back = Changed(ago(6), {"state": ["accepted", "in review"]}, kind="undone")
    start = changed(9, state=("captured", "in review"))
    records = Records(now=NOW, items=(record(1, "in review", start, slip, taken_back),))
    (then,), (now,) = records.backlog(ago(7)).items, records.backlog().items
    assert then.accepted_at == slip.at
    assert [change.target for change in now.history] == ["in review"]


def test_what_was_finished_long_ago_is_in_no_number() -> None:
    done = changed(121, state=("ready", "accepted"))
    records = Records(now=NOW, items=(record(1, "accepted", done, age=200, finished_at=done.at),))
    assert records.backlog().items == ()
    assert [one.state for one in records.backlog(ago(2)).items] == ["accepted"]
    assert [one.state for one in records.backlog(ago(130)).items] == ["ready"]


# --- the rest, which is only summed up -------------------------------------------------------

REST = Rest(
    open=1_000,
    scored=10,
    ready=4,
    points=12,
    unsized=1,
    unowned=3,
    due=((date(2026, 8, 1), 2), (date(2026, 11, 1), 3), (TODAY, 5)),
)


def test_the_rest_counts_in_every_sum() -> None:
    """1,000 items that nobody touched for months, and one that somebody did today."""
    backlog = Backlog(now=NOW, items=(item(1, "ready", age=1, points=3),), rest=REST)
    week = count_week(backlog, WEEK, ago(7))
    assert (week.open, week.stale, week.scored, week.unowned) == (1_001, 1_000, 10, 4)
    assert week.late == 5, "what is due today is not late"
    assert (week.due, week.kept) == (3, 0), "August is more than 90 days ago"
    assert (week.horizon, week.ready) == (1, 1), "of what is next every item is known"
    named = {metric.name: metric for metric in measure(backlog)}
    assert named["stale"].value == 1_000
    assert str(named["follow-through"]) == "0 % (0 of 3)"


def test_a_train_sums_up_its_teams() -> None:
    own = Records(now=NOW, items=(record(1, "ready"),), rest=REST, since=ago(300))
    other = Records(now=NOW, items=(record(2, "ready"),), rest=REST, since=ago(400))
    backlog = TrainRecords(own, (other,)).backlog()
    assert backlog.rest.open == 2_000
    assert backlog.rest.due == ((date(2026, 8, 1), 4), (date(2026, 11, 1), 6), (TODAY, 10))
    assert backlog.known_since == ago(400)
    assert [one.number for one in backlog.items] == [1, 2]
