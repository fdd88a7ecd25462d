"""Ids that nobody reads aloud: unique without asking the database, sorted by time."""

from __future__ import annotations

import secrets
from datetime import datetime


def new_id(now: datetime) -> str:
    """Return 32 hex digits: 48 bits of milliseconds, then 80 random bits."""
    return f"{int(now.timestamp() * 1000):012x}{secrets.token_hex(10)}"
