"""Changes of items: how an event keeps a field's value, and which items a transaction edited."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

NO_EDITS: Final = frozenset({"created", "imported", "outdone", "agreed"})
"""Kinds of events after which no other tool has to hear of an item."""

NOTED: Final = ("linked", "agreed")
"""Kinds of events that change no field of their item, so that nothing of it can be put back."""

_DAYS: Final = ("due", "snoozed_until", "check_on")
_INSTANTS: Final = ("scored_at", "effect_at")


def plain(value: Any) -> Any:
    """Return a field as the event's JSON keeps it: days and instants as ISO text."""
    return value.isoformat() if isinstance(value, date) else value


def typed(name: str, value: Any) -> Any:
    """Return a field as the item holds it, from the event's JSON."""
    if value is None:
        return None
    if name in _DAYS:
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if name in _INSTANTS else value


def note_edited(session: AsyncSession, numbers: Collection[int]) -> None:
    """Note items that may not be any more as other tools know them."""
    session.info.setdefault("edited", set()).update(numbers)


def note_captured(session: AsyncSession, number: int) -> None:
    """Note an item that somebody wrote down in this transaction."""
    session.info.setdefault("captured", set()).add(number)


def take_captured(session: AsyncSession) -> frozenset[int]:
    """Return the items that were written down in this transaction; once."""
    return frozenset(session.info.pop("captured", ()))


def take_edited(session: AsyncSession) -> frozenset[int]:
    """Return the items that were edited in this transaction; once."""
    return frozenset(session.info.pop("edited", ()))
