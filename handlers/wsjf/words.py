"""Words that several cards of a vote share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from handlers.phrases import TITLE_SHOWN_CHARS, counted, listed, shortened
from handlers.wsjf.ballot import SHORT
from handlers.wsjf.scale import COLUMNS
from storage.ballots import BallotBox
from storage.items import Item
from storage.polls import CANCELLED, OPEN, Poll, asked_in


def titled(item: Item, limit: int = TITLE_SHOWN_CHARS, key: str = "") -> str:
    """Return `#1 Its title`, or `#1 PAY-31 Its title` for what another tool calls by a key."""
    named = f"#{item.number} {key}".rstrip()
    return f"{named} {shortened(item.title, limit)}"


def subject(items: Sequence[Item]) -> str:
    """Return `#1 Its title`, or `3 items`."""
    return titled(items[0]) if len(items) == 1 else f"{len(items)} items"


def vote_title(poll: Poll, items: Sequence[Item]) -> str:
    """Return what a vote is on; a later round says what it asks again."""
    if poll.round == 1:
        return f"WSJF vote: {subject(items)}"
    return f"WSJF vote, round {poll.round}: {asked_again(poll, items)}"


def asked_again(poll: Poll, items: Sequence[Item]) -> str:
    """Return what a later round asks for: `Value and Job size of 3 items`, or `… (4 cards)`."""
    words = f"{columns_asked(poll.columns)} of {subject(items)}"
    if not poll.left_out:
        return words
    cards = sum(asked_in(column, len(items), poll.left_out) for column in poll.columns)
    return f"{words} ({counted(cards, 'card', 'cards')})"


def columns_asked(columns: Iterable[str]) -> str:
    asked = [SHORT[column] for column in COLUMNS if column in set(columns)]
    return "all columns" if len(asked) == len(COLUMNS) else listed(asked)


def why_closed(poll: Poll | BallotBox, now: datetime) -> str:
    """Say why a vote takes no cards."""
    if poll.state == CANCELLED:
        return "was cancelled"
    if poll.state == OPEN and not poll.takes_votes(now):
        return "has closed: its deadline has passed"
    return "has been revealed"
