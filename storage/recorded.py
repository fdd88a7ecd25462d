"""An item's fields as the JSON of its events keeps them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any


def typed(name: str, value: Any) -> Any:
    """Return a field as the item holds it."""
    if value is None:
        return None
    if name in ("due", "snoozed_until", "check_on"):
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if name in ("scored_at", "effect_at") else value


def plain(value: Any) -> Any:
    """Return a field as JSON keeps it: days and instants as ISO text."""
    return value.isoformat() if isinstance(value, date) else value
