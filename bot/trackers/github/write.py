"""What GitHub takes from Hone: an issue's own fields, and numbers in fields of the organisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.records import Record
from bot.trackers.github.read import CLOSED, NOT_PLANNED, OPEN, marker_line
from bot.trackers.values import labels_after, several, text
from bot.trackers.writing import signed

NUMBERS: Final = ("points", "ubv", "tc", "rroe", "size", "wsjf")
_STATES: Final[Mapping[str, Mapping[str, str]]] = {
    OPEN: {"state": "open", "state_reason": "reopened"},
    CLOSED: {"state": "closed", "state_reason": "completed"},
    NOT_PLANNED: {"state": "closed", "state_reason": "not_planned"},
}


def issue_input(record: Record, issue: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what is to be changed of an issue ({} for a new one), and what is left out: why."""
    given: dict[str, Any] = {}
    left_out: dict[str, str] = {}
    for name, value in record.change.fields.items():
        match name:
            case "title":
                given["title"] = value
            case "owner":
                given["assignees"] = [value] if value else []
            case "labels" if isinstance(value, tuple):
                there = [text(each, "name") or text(each) for each in several(issue, "labels")]
                given["labels"] = labels_after(there, value)
            case "state" if str(value) in _STATES:
                given |= _STATES[str(value)]
            case "state":
                left_out[name] = f"GitHub can't take an issue to {value}; its projects can."
            case "due":
                left_out[name] = "GitHub's issues have no due date."
            case _:
                pass  # a number in a field of the organisation
    return given, left_out


def numbers_input(
    record: Record, homes: Mapping[str, tuple[str, str]]
) -> tuple[list[dict[str, Any]], dict[str, str], list[str]]:
    """Return the numbers to set, what is left out with why, and the ids of fields to empty."""
    given: list[dict[str, Any]] = []
    left_out: dict[str, str] = {}
    emptied: list[str] = []
    for name in NUMBERS:
        if name not in record.change.fields:
            continue
        value = record.change.fields[name]
        if name not in homes:
            left_out[name] = "This organisation has no number field of that name any more."
        elif value is None:
            emptied.append(homes[name][0])
        else:
            given.append({"field_id": int(homes[name][0]), "value": value})
    return given, left_out, emptied


def body_of(record: Record) -> str:
    return f"{signed(record)}\n\n{marker_line(record.marker)}".strip()
