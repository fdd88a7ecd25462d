"""When somebody is asked about an item: once its day is over, and whether it had an effect.

Every change of an item passes here, whichever feature makes it, so no question is forgotten.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from storage.people import PersonRow
from storage.states import FINISHED_STATES
from storage.timers import Timers

DUE, CHECK = "item.due", "item.check"
"""The timers' kinds; the key is the item's number."""

REMINDED_OF = frozenset(("state", "owner", "due", "metric", "check_on", "effect"))
"""The fields that decide whether, when and who is asked."""

ASKED_AT = time(9, 0)
"""In the zone of whoever is asked."""

_WEEKEND = (5, 6)

_YEARS = range(2000, 9000)
"""A day outside of them is a slip of the finger, and the calendar ends at 9999."""


class Reminded(Protocol):
    """What reminders need to know of an item."""

    workspace: str
    number: int
    state: str
    owner: str | None
    created_by: str | None
    finished_by: str | None
    due: date | None
    due_asked: date | None
    metric: str
    check_on: date | None
    check_asked: date | None
    effect: str


async def remind(session: AsyncSession, item: Reminded, now: datetime) -> None:
    """Set or cancel the item's two reminders. A day that passed unasked is not made up for."""
    timers = Timers(session, item.workspace, now)
    for kind in (DUE, CHECK):
        first = next(iter(asked_about(item, kind)), None)
        person = await session.get(PersonRow, (item.workspace, first)) if first else None
        zone = person.zone if person else "UTC"
        due = kind == DUE
        at = due_question_at(item, zone) if due else effect_question_at(item, zone, now)
        if at is not None and at > now:
            await timers.set(kind, str(item.number), at)
        else:
            await timers.cancel(kind, str(item.number))


def asked_about(item: Reminded, kind: str) -> tuple[str, ...]:
    """Return whom to ask, the first first: the next is asked where one is gone.

    What nobody owns has nobody to get it done. What has shipped was hoped for by somebody: who
    finished it knows more of it than who captured it.
    """
    if kind == DUE:
        people = [item.owner, item.created_by] if item.owner else []
    else:
        people = [item.owner, item.finished_by, item.created_by]
    return tuple(dict.fromkeys(person for person in people if person))


def due_question_at(item: Reminded, zone: str) -> datetime | None:
    """Return when to ask whether it got done: the first working morning after its day."""
    if item.owner is None or item.due is None or item.due.year not in _YEARS:
        return None
    if item.due_asked == item.due or item.state in FINISHED_STATES:
        return None
    return _morning(item.due + timedelta(days=1), zone)


def effect_question_at(item: Reminded, zone: str, now: datetime) -> datetime | None:
    """Return when to ask whether the metric moved: on the chosen day, but not before it is done."""
    if item.check_on is None or item.check_on.year not in _YEARS or not asked_about(item, CHECK):
        return None
    if item.check_asked == item.check_on or item.state != "accepted":
        return None
    if not item.metric or item.effect:
        return None
    tomorrow = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return _morning(max(item.check_on, tomorrow), zone)


def _morning(day: date, zone: str) -> datetime:
    """Return nine o'clock of the day, or of the Monday after a weekend."""
    day += timedelta(days=7 - day.weekday() if day.weekday() in _WEEKEND else 0)
    return datetime.combine(day, ASKED_AT, ZoneInfo(zone))
