"""Which states an item can go to, and which of these ways are rework."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ORDER: Final = (
    "captured",
    "refining",
    "ready",
    "planned",
    "in progress",
    "in review",
    "accepted",
)

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


def is_rework(before: str, after: str) -> bool:
    """Tell whether this sends an item back after it was shown as finished work."""
    if before not in ("in review", "accepted") or after not in ORDER:
        return False
    return ORDER.index(after) < ORDER.index(before)
