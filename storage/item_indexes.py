"""What items are found by: the conditions and expressions of their indexes.

A query repeats the words, or SQLite does not use the index.
"""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Final

from sqlalchemy import Index, TextClause, text

OPEN: Final = text("finished_at IS NULL")
IMPROVES: Final = text("finished_at IS NULL AND kind = 'improvement'")
UNOWNED: Final = text(
    "finished_at IS NULL AND owner IS NULL AND kind = 'improvement' AND state <> 'captured'"
)

_RANK: Final = (
    *(text("(wsjf IS NULL)"), text("wsjf DESC"), text("tc DESC"), "size"),
    *(text("(source_rank IS NULL)"), "source_rank", "number"),
)

_BEGINS_CHARS: Final = 60
"""How much of a title is kept; no index takes one of three thousand characters."""

BEGINS: Final = text(f"lower(substr(title, 1, {_BEGINS_CHARS}))")
_SMALL: Final = str.maketrans(ascii_uppercase, ascii_lowercase)


def _partial(name: str, *columns: Any, where: TextClause) -> Index:
    return Index(name, "workspace", "team_id", *columns, sqlite_where=where, postgresql_where=where)


def indexes() -> tuple[Index, ...]:
    """Return the indexes of items, made anew for the table that takes them."""
    return (
        Index("ix_items_team", "workspace", "team_id", "state"),
        Index("ix_items_owner", "workspace", "owner", "state"),
        Index("ix_items_title", "workspace", "team_id", BEGINS),
        _partial("ix_items_rank", *_RANK, where=OPEN),
        _partial("ix_items_unowned", *_RANK, where=UNOWNED),
        _partial("ix_items_touched", "level", "touched_at", "number", where=OPEN),
        _partial("ix_items_due", "due", "number", where=IMPROVES),
    )


def beginnings(titles: Iterable[str]) -> list[str]:
    """Return what `BEGINS` may be of titles: databases make small letters each in their way.

    They fold all as one, sign by sign (İ is one sign there, and two here), or ASCII alone.
    """
    found: set[str] = set()
    for begin in (title[:_BEGINS_CHARS] for title in titles):
        found.update((begin.lower(), "".join(sign.lower()[:1] for sign in begin)))
        found.add(begin.translate(_SMALL))
    return sorted(found)
