"""Which states an item can go to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NEXT: Final[Mapping[str, tuple[str, ...]]] = {
    "captured": ("refining", "ready"),
    "refining": ("ready", "captured"),
    "ready": ("planned", "in progress", "refining"),
    "planned": ("in progress", "ready", "refining"),
    "in progress": ("in review", "accepted", "planned", "ready"),
    "in review": ("accepted", "in progress", "ready", "refining"),
    "accepted": ("in review", "in progress", "ready", "refining"),
    "dropped": ("captured",),
}
"""The likeliest step first. Dropping is a step of its own, with its own reasons."""

SAID: Final[Mapping[str, str]] = {state.removeprefix("in "): state for state in NEXT} | {
    **dict.fromkeys(("doing", "wip", "started", "work", "development"), "in progress"),
    **dict.fromkeys(("arbeit", "en curso", "en cours", "em andamento"), "in progress"),
    **dict.fromkeys(("done", "finished", "closed"), "accepted"),
}
"""What people call the states, without an `in` before it."""
