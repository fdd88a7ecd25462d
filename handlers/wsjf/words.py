"""Words that several cards of a vote share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from handlers.wsjf.ballot import SHORT
from handlers.wsjf.scale import COLUMNS
from storage.ballots import Box
from storage.items import Item
from storage.polls import CANCELLED, OPEN, Poll

TITLE_SHOWN_CHARS = 100
NAMES_SHOWN = 12
"""Names in one list; sixty of them would push the buttons off a phone."""


def shortened(words: str, limit: int = TITLE_SHOWN_CHARS) -> str:
    line = " ".join(words.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def titled(item: Item, limit: int = TITLE_SHOWN_CHARS) -> str:
    return f"#{item.number} {shortened(item.title, limit)}"


def subject(items: Sequence[Item]) -> str:
    """Return `#1 Its title`, or `3 items`."""
    return titled(items[0]) if len(items) == 1 else f"{len(items)} items"


def vote_title(poll: Poll, items: Sequence[Item]) -> str:
    """Return what a vote is on; a later round says what it asks again."""
    if poll.round == 1:
        return f"WSJF vote: {subject(items)}"
    return f"WSJF vote, round {poll.round}: {columns_asked(poll.columns)} of {subject(items)}"


def columns_asked(columns: Iterable[str]) -> str:
    asked = [SHORT[column] for column in COLUMNS if column in set(columns)]
    return "all columns" if len(asked) == len(COLUMNS) else listed(asked)


def listed(words: Sequence[str], limit: int = NAMES_SHOWN) -> str:
    """Return `a`, `a and b`, `a, b and c`, or the first ones `and 5 more`."""
    if len(words) > limit:
        return f"{', '.join(words[:limit])} and {len(words) - limit} more"
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def why_closed(poll: Poll | Box, now: datetime) -> str:
    """Say why a vote takes no cards."""
    if poll.state == CANCELLED:
        return "was cancelled"
    if poll.state == OPEN and not poll.takes_votes(now):
        return "has closed: its deadline has passed"
    return "has been revealed"
