"""What GitLab takes from Hone: fields of an issue, and its score as one comment."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from bot.records import Record
from bot.trackers.gitlab.read import CLOSED, OPENED, is_marker, marker_line
from bot.trackers.values import labels_after, line, several
from bot.trackers.writing import signed

SCORE: Final = ("wsjf", "ubv", "tc", "rroe", "size")
_EVENTS: Final = {CLOSED: "close", OPENED: "reopen"}


def issue_input(record: Record, issue: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what is to be changed of an issue ({} for a new one), and what is left out: why."""
    given: dict[str, Any] = {}
    left_out: dict[str, str] = {}
    for name, value in record.change.fields.items():
        match name:
            case "title":
                given["title"] = value
            case "owner":
                given["assignee_ids"] = [int(str(value))] if str(value or "").isdigit() else []
            case "due":
                given["due_date"] = value.isoformat() if isinstance(value, date) else ""
            case "labels" if isinstance(value, tuple):
                there = [line(label) for label in several(issue, "labels")]
                given["labels"] = ",".join(labels_after(there, value))
            case "points":
                if isinstance(value, float) and not value.is_integer():
                    left_out[name] = f"GitLab takes whole weights only, not {value:g}."
                else:
                    given["weight"] = value
            case "state":
                if value in _EVENTS:
                    given["state_event"] = _EVENTS[str(value)]
                else:
                    left_out[name] = f"GitLab can't take an issue to {value}; its boards can."
            case _:
                pass  # a part of the score
    return given, left_out


def score_comment(record: Record) -> str:
    """Return the comment that tells a score, "" where the record has none."""
    told = {name: record.change.fields.get(name) for name in SCORE}
    if told["wsjf"] is None:
        return ""
    cards = " · ".join(
        f"{title} {told[name]}"
        for name, title in (("ubv", "Value"), ("tc", "Time"), ("rroe", "Risk"), ("size", "Size"))
    )
    by = f" ({record.by})" if record.by else ""
    return f"**WSJF {told['wsjf']:g}** · {cards}{by}\n\n{marker_line('score')}"


def is_score(note: Any) -> bool:
    """Whether a comment is the one that tells our score."""
    lines = str(note.get("body", "") if isinstance(note, dict) else "").split("\n")
    return any(is_marker(each) and "score" in each for each in lines)


def body_of(record: Record) -> str:
    return f"{signed(record)}\n\n{marker_line(record.marker)}".strip()
