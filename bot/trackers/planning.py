"""Reads the planning interval of a scope, where a team wants it and its tracker keeps one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.remote import Planned
from bot.trackers.tracker import Missing, NotAllowed, Plans, Rejected, Tracker, Unreadable
from storage import Database
from storage.readings import Reading

Call = Callable[[Awaitable[Planned]], Awaitable[Planned]]
"""Asks a tracker, with a deadline."""


async def planned_in(
    reading: Reading, tracker: Tracker, database: Database, now: datetime, call: Call
) -> Planned | None:
    """Return the PI that is open here, else the current one; None where nobody wants any.

    What keeps it from being read is told in it, and keeps no item from coming in.
    """
    if not reading.plan or reading.scope is None or not isinstance(tracker, Plans):
        return None
    async with database.read(reading.workspace, now) as store:
        followed = await store.plans.open_pi(reading.scope)
    pi = followed.remote_id if followed else ""
    try:
        return await call(tracker.planned(reading.remote_id, reading.plan, pi, now))
    except (Missing, NotAllowed, Rejected, Unreadable) as error:
        return Planned(reading.plan, why=str(error))
