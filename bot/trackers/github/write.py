"""What GitHub takes from Hone: an issue's own fields, and numbers in fields of the organisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.trackers.github.read import CLOSED, NOT_PLANNED, OPEN
from bot.trackers.values import labels_after, several, text
from bot.trackers.writing import LeftOut, Part, Value

NUMBERS: Final = ("points", "ubv", "tc", "rroe", "size", "wsjf")
IN_FIELD: Final = "issue field "
"""What stands before the id of an organisation's field in a part."""

_STATES: Final[Mapping[str, Part]] = {
    OPEN: {"state": "open", "state_reason": "reopened"},
    CLOSED: {"state": "closed", "state_reason": "completed"},
    NOT_PLANNED: {"state": "closed", "state_reason": "not_planned"},
}


def part_for(issue: Any, homes: Mapping[str, tuple[str, str]], name: str, value: Value) -> Part:
    """Return what a field of Hone's changes of an issue; raises LeftOut."""
    match name:
        case "title":
            return {"title": value}
        case "owner":
            return {"assignees": [value] if value else []}
        case "labels" if isinstance(value, tuple):
            return {"labels": labels_after(labels_of(issue), value)}
        case "state" if str(value) in _STATES:
            return _STATES[str(value)]
        case "state":
            raise LeftOut(f"GitHub can't take an issue to {value}; its projects can.")
        case _ if name in homes:
            return {f"{IN_FIELD}{homes[name][0]}": value}
        case _ if name in NUMBERS:
            raise LeftOut("This organisation has no number field of that name any more.")
        case _:
            raise LeftOut("GitHub's issues have no due date.")


def labels_of(issue: Any) -> list[str]:
    return [text(each, "name") or text(each) for each in several(issue, "labels")]
