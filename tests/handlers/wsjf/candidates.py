"""Items to vote on, each a day younger than the one before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from handlers.wsjf.scoring import Candidate

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)


def item(key: int = 1, **known: Any) -> Candidate:
    """Return an item; the smaller the key, the older it is."""
    return Candidate(key, MONDAY + timedelta(days=key), **known)
