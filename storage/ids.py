"""Ids that nobody reads aloud: unique without asking the database, sorted by time."""

from __future__ import annotations

import secrets
from datetime import datetime
from itertools import count

_ORDER = count()
"""Keeps the order of ids made within one millisecond by one process."""


def new_id(now: datetime) -> str:
    """Return 32 hex digits: 48 bits of milliseconds, 16 that count up, then 64 random ones."""
    milliseconds = int(now.timestamp() * 1000)
    return f"{milliseconds:012x}{next(_ORDER) & 0xFFFF:04x}{secrets.token_hex(8)}"
