"""What GitLab takes from Hone: fields of an issue. Its score stands in one comment."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from bot.trackers.gitlab.read import CLOSED, OPENED
from bot.trackers.values import labels_after, line, several
from bot.trackers.writing import LeftOut, Part, Value, whole

SCORE: Final = ("wsjf", "ubv", "tc", "rroe", "size")
_EVENTS: Final = {CLOSED: "close", OPENED: "reopen"}


def part_for(issue: Any, name: str, value: Value) -> Part:
    """Return what a field of Hone's changes of an issue; raises LeftOut."""
    match name:
        case "title":
            return {"title": value}
        case "owner":
            return {"assignee_ids": [int(str(value))] if str(value or "").isdigit() else []}
        case "due":
            return {"due_date": value.isoformat() if isinstance(value, date) else ""}
        case "labels" if isinstance(value, tuple):
            there = [line(label) for label in several(issue, "labels")]
            return {"labels": ",".join(labels_after(there, value))}
        case "points":
            return {"weight": whole(value, "GitLab", "weights")}
        case "state" if value in _EVENTS:
            return {"state_event": _EVENTS[str(value)]}
        case "state":
            raise LeftOut(f"GitLab can't take an issue to {value}; its boards can.")
        case _:
            return {}  # a part of the score
