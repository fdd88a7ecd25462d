"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import JSON, DateTime, Dialect, Numeric, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware UTC in Python, timestamptz on PostgreSQL, naive UTC text on SQLite.

    Raises ValueError for a naive datetime, which names no instant.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Write SQLite's text at once: by two processors it takes three times as long."""
        return _utc_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _utc_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("naive datetime")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


class Points(TypeDecorator[float]):
    """Story points as a source has them: 0, 0.5, 2.5, 144; whole ones are an int in Python."""

    impl = Numeric(12, 6, asdecimal=False)
    cache_ok = True

    def process_result_value(self, value: Any | None, dialect: Dialect) -> float | None:
        if value is None:
            return None
        return exact(value)


def exact(points: float) -> float:
    """Return points, or a sum of them, without the noise of binary fractions."""
    points = round(float(points), 6)
    return int(points) if points.is_integer() else points


SourceRank: Any = String(100).with_variant(String(100, collation="C"), "postgresql")
"""A text that orders as another tool ranks its items: by its bytes, whatever the language."""

Json: Any = JSON().with_variant(JSONB(), "postgresql")
"""A JSON value; JSONB on PostgreSQL."""


def json_text(value: object) -> str:
    """Return a value as JSON: ten times as fast as Python's own, which takes what orjson refuses.

    That is keys which are numbers, whole numbers beyond 64 bits and halves of a character.
    """
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value)


def hour_of(at: datetime) -> datetime:
    """Return the beginning of the hour: what is kept of a time that must not tell who acted."""
    return at.replace(minute=0, second=0, microsecond=0)


def one_of(column: str, allowed: Iterable[str | int]) -> str:
    """Return the CHECK that a column holds one of a few values; parse at the edge all the same."""
    return f"{column} IN ({', '.join(repr(value) for value in allowed)})"
