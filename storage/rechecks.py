"""When something that shipped is asked about, if nobody chose a day: did its metric move?

A team may choose how long each kind of item takes to show; a planning interval is the train's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

ONE_PI: Final = 0
"""Instead of a number of days: as long as the train's planning interval."""

PI_WEEKS: Final = 10
"""How long that is taken to be where none is planned."""

USUAL_DAYS: Final[Mapping[str, int]] = {
    "improvement": 14,
    "story": 30,
    "enabler": 30,
    "feature": ONE_PI,
}


class Hoped(Protocol):
    """What is needed to know of an item."""

    workspace: str
    team_id: int
    kind: str
    state: str
    metric: str
    check_on: date | None
    effect: str


def days_of(settings: Mapping[str, Any]) -> dict[str, int]:
    """Return kind → days from shipping to the question, as a team's settings say; or ONE_PI."""
    chosen = settings.get("recheck_days") or {}
    return {kind: int(chosen.get(kind, days)) for kind, days in USUAL_DAYS.items()}


async def check_day(
    session: AsyncSession, item: Hoped, changes: Mapping[str, Any], today: date
) -> dict[str, date]:
    """Return the day of the check that these changes call for, as one more change; mostly none.

    What has shipped and states a metric has a day, and one that shows whether it moved: a day that
    passed before it shipped is put off.
    """

    def after(field: str) -> Any:
        return changes.get(field, getattr(item, field))

    if after("state") != "accepted" or not after("metric") or after("effect"):
        return {}
    day = after("check_on")
    is_new = item.state != "accepted" or bool(item.effect)  # it ships, or is hoped for anew
    if day is not None and not (is_new and day <= today):
        return {}
    return {"check_on": today + await _wait(session, item, after("kind"))}


async def _wait(session: AsyncSession, item: Hoped, kind: str) -> timedelta:
    row = (await session.execute(_settings_and_pi(item))).first()
    days = days_of(row.settings if row else {})[kind]
    return timedelta(days=days) if days != ONE_PI else timedelta(weeks=_weeks(row))


def _weeks(row: Row[Any] | None) -> int:
    return int(row.weeks) if row is not None and row.weeks else PI_WEEKS


def _settings_and_pi(item: Hoped) -> Select[Any]:
    """Select the settings of the item's team, and how long the PI of its train is."""
    teams, pis = (SQLModel.metadata.tables[name].c for name in ("teams", "planning_intervals"))
    of_train = (
        select(pis.weeks)
        .where(pis.workspace == teams.workspace, pis.train_id == teams.train_id)
        .order_by(pis.starts.desc())
        .limit(1)
        .scalar_subquery()
    )
    return select(teams.settings, of_train.label("weeks")).where(
        teams.workspace == item.workspace, teams.id == item.team_id
    )
