"""The words of other tools for what Hone calls its own: columns, states and kinds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

COLUMNS: Final = (
    "key",
    "number",
    "title",
    "kind",
    "level",
    "state",
    "points",
    "owner",
    "due",
    "themes",
    "description",
    "criteria",
    "user_business_value",
    "time_criticality",
    "risk_reduction",
    "job_size",
    "part_of",
    "dropped_because",
    "created",
    "history",
)
"""What an export has, in this order."""

STATE_COLUMNS: Final[Mapping[str, str]] = {
    "refining": "refining",
    "ready": "ready",
    "planned": "planned",
    "in_progress": "in progress",
    "in_review": "in review",
    "accepted": "accepted",
    "dropped": "dropped",
}
"""Columns with the day an item reached a state: a simpler way to tell its history."""

_COLUMN_WORDS: Final[Mapping[str, str]] = {
    "id": "key",
    "issue_key": "key",
    "external_key": "key",
    "summary": "title",
    "name": "title",
    "issue_type": "kind",
    "type": "kind",
    "work_item_type": "kind",
    "status": "state",
    "story_points": "points",
    "estimate": "points",
    "story_point_estimate": "points",
    "custom_field_(story_points)": "points",
    "assignee": "owner",
    "assigned_to": "owner",
    "due_date": "due",
    "labels": "themes",
    "tags": "themes",
    "acceptance_criteria": "criteria",
    "details": "description",
    "created_date": "created",
    "created_at": "created",
    "captured": "created",
    "started": "in_progress",
    "resolved": "accepted",
    "done": "accepted",
    "closed": "accepted",
    "parent": "part_of",
}

_STATE_WORDS: Final[Mapping[str, str]] = {
    "backlog": "captured",
    "to do": "captured",
    "todo": "captured",
    "open": "captured",
    "new": "captured",
    "refinement": "refining",
    "in refinement": "refining",
    "ready for development": "ready",
    "approved": "ready",
    "selected for development": "planned",
    "committed": "planned",
    "doing": "in progress",
    "active": "in progress",
    "in development": "in progress",
    "review": "in review",
    "testing": "in review",
    "in test": "in review",
    "done": "accepted",
    "closed": "accepted",
    "resolved": "accepted",
    "removed": "dropped",
    "cancelled": "dropped",
    "canceled": "dropped",
    "won't do": "dropped",
}

_KIND_WORDS: Final[Mapping[str, str]] = {
    "user story": "story",
    "product backlog item": "story",
    "task": "story",
    "bug": "story",
    "epic": "feature",
    "spike": "enabler",
    "technical debt": "enabler",
}


def column(typed: str) -> str:
    """Return our name of a column, or the word itself in our spelling."""
    name = "_".join(typed.strip().lower().replace("-", " ").split())
    return _COLUMN_WORDS.get(name, name)


def state(typed: str) -> str:
    """Return our word for a state, or the word itself."""
    word = " ".join(typed.lower().replace("_", " ").split())
    return _STATE_WORDS.get(word, word)


def kind(typed: str) -> str:
    """Return our word for a kind of item, or the word itself."""
    word = " ".join(typed.lower().split())
    return _KIND_WORDS.get(word, word)
