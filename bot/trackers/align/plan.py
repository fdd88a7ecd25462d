"""A program's PIs and objectives as Jira Align tells them. Pure.

Its documentation names these addresses and hardly what stands there, so each reader takes the names
that are usual there, and what is told in none of them is not told.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from bot.remote import RemoteObjective, RemotePI
from bot.trackers.values import day, dig, line, number, several, text

ALL: Final = "program"
TEAM: Final = "team:"
"""Plans: all objectives of the program, or those of a team by its id."""

VALUE_MAX: Final = 10


def pi_of(row: Any) -> RemotePI | None:
    """Return a PI, None for one that does not say from when to when it runs."""
    starts, ends = day(row, "startDate"), day(row, "endDate")
    if starts is None or ends is None or ends <= starts:
        return None
    return RemotePI(text(row, "id"), name_of(row) or f"PI {text(row, 'id')}", starts, ends)


def current(pis: Iterable[RemotePI], today: date) -> RemotePI | None:
    """Return the PI that runs on a day, else the one that begins next; None is neither."""
    ahead = [each for each in pis if each.ends >= today]
    return min(ahead, key=lambda each: (each.starts, each.id), default=None)


def objective_of(row: Any) -> RemoteObjective:
    return RemoteObjective(
        id=text(row, "id"),
        title=name_of(row) or f"Objective {text(row, 'id')}",
        planned=_value(row, "plannedValue"),
        actual=_value(row, "deliveredValue"),
        committed=_is_committed(row),
    )


def is_at(row: Any, program: str) -> bool:
    """Tell whether a PI or a team is a program's; one that names no program is everybody's."""
    named = _ids(row, "program")
    return not named or program in named


def is_of(row: Any, release: str, program: str, plan: str) -> bool:
    """Tell whether an objective is a PI's and a plan's: it has to name what it belongs to."""
    if release not in _ids(row, "release"):
        return False
    if plan == ALL:
        return program in _ids(row, "program")
    return plan.removeprefix(TEAM) in _ids(row, "team")


def _ids(row: Any, what: str) -> set[str]:
    listed = {text(each) or text(each, "id") for each in several(row, f"{what}Ids")}
    return {id for id in (*listed, text(row, f"{what}Id")) if id and id != "0"}


def name_of(row: Any) -> str:
    return line(row, "title") or line(row, "name")


def _value(row: Any, name: str) -> int | None:
    """Return a business value; one that Hone has no such value for is not told."""
    value = number(row, name)
    return value if isinstance(value, int) and 0 <= value <= VALUE_MAX else None


def _is_committed(row: Any) -> bool | None:
    if dig(row, "isStretch") is True:
        return False
    kind = line(row, "type").lower()
    if any(word in kind for word in ("stretch", "uncommitted")):
        return False
    return True if "commit" in kind else None
