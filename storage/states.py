"""The words an item is told in: its states in their order, its kinds, and why it went back or out.

Plain values: storage checks its rows by them, and rules and forms read them from here.
"""

from __future__ import annotations

from typing import Final

UNREADY_STATES: Final = ("captured", "refining")
READY_STATES: Final = ("ready", "planned")
WAITING_STATES: Final = (*UNREADY_STATES, *READY_STATES)
"""Nobody has started these yet."""

WORKING_STATES: Final = ("in progress", "in review")
TAKEN_ON_STATES: Final = ("planned", *WORKING_STATES)
"""What a team has taken on and not finished."""

OPEN_STATES: Final = (*WAITING_STATES, *WORKING_STATES)
PROGRESS: Final = (*OPEN_STATES, "accepted")
"""The states in the order an item passes them; `dropped` stands beside."""

FINISHED_STATES: Final = ("accepted", "dropped")
STATES: Final = (*OPEN_STATES, *FINISHED_STATES)

KINDS: Final = ("improvement", "story", "feature", "enabler")
LEVELS: Final = ("team", "train")

REWORK_REASONS: Final = ("unclear criteria", "not refined enough", "other")
"""Why an item was sent back from `in review` or `accepted`; words of one's own may follow."""

DROP_REASONS: Final = ("not worth it now", "duplicate", "done elsewhere", "no longer true")

EFFECTS: Final = ("moved", "not moved", "cannot tell")
"""What came of a hypothesis; an item nobody has checked yet has an empty text."""


def is_rework(before: str, after: str) -> bool:
    """Tell whether a change of state sends an item back after it was shown as finished work."""
    if before not in ("in review", "accepted") or after not in PROGRESS:
        return False
    return PROGRESS.index(after) < PROGRESS.index(before)
