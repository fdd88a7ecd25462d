"""Tell every open page what was posted, changed or said, by server-sent events.

An event is numbered within this process; a page names the last number it knows and gets the rest.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from bot.local.messages import Message

REMEMBERED_EVENTS = 500

WAITING_MAX = 200
"""Events a slow page may lag behind before it is cut off; it then connects anew and catches up."""

PAGES_EACH_MAX = 20
"""Open pages of one visitor; past it the oldest is cut off, and connects anew if it still wants."""

OVERLAP = timedelta(seconds=15)
"""How far back a new page asks: a post is shown a moment before the database knows it."""


@dataclass(frozen=True, slots=True)
class Event:
    """A message that is new in its channel, or (`new` false) shows something else than before."""

    mark: str
    at: datetime
    channel: str
    message: Message
    new: bool


Waiting = asyncio.Queue[Event | None]
"""None ends the stream."""


class Live:
    """The open pages, and what they may have missed."""

    def __init__(self) -> None:
        self._run = uuid4().hex[:8]
        self._count = 0
        self._recent: deque[Event] = deque(maxlen=REMEMBERED_EVENTS)
        self._pages: dict[Waiting, str] = {}
        """Who looks at each, the oldest first."""

    def publish(self, channel: str, message: Message, now: datetime, *, new: bool) -> None:
        """Send the message to every open page; a page that does not read is cut off."""
        self._count += 1
        event = Event(f"{self._run}-{self._count}", now, channel, message, new)
        self._recent.append(event)
        for waiting in tuple(self._pages):
            if waiting.qsize() >= WAITING_MAX:
                self._end(waiting)
            else:
                waiting.put_nowait(event)

    def mark(self, now: datetime) -> str:
        """Return the mark a page drawn now asks from: a little before now."""
        behind = sum(1 for event in self._recent if event.at > now - OVERLAP)
        return f"{self._run}-{self._count - behind}"

    def missed(self, mark: str) -> list[Event] | None:
        """Return what came after the mark, each message once; None if that is no longer known."""
        run, _, number = mark.partition("-")
        if run != self._run or not number.isdecimal() or len(number) > 18:
            return None
        behind = self._count - int(number)
        if not 0 <= behind <= len(self._recent):
            return None
        latest: dict[tuple[str, str], Event] = {}
        for event in list(self._recent)[len(self._recent) - behind :]:
            key = event.channel, event.message.id
            before = latest.get(key)
            if before is not None and before.new:  # still new to this page, as it looks by now
                event = replace(
                    event, message=replace(before.message, body=event.message.body), new=True
                )
            latest[key] = event
        return list(latest.values())

    @asynccontextmanager
    async def page(self, visitor: str) -> AsyncIterator[Waiting]:
        """Open a page's queue of events."""
        waiting: Waiting = asyncio.Queue()
        self._pages[waiting] = visitor
        theirs = [page for page, who in self._pages.items() if who == visitor]
        if len(theirs) > PAGES_EACH_MAX:
            self._end(theirs[0])
        try:
            yield waiting
        finally:
            self._pages.pop(waiting, None)

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        for waiting in tuple(self._pages):
            self._end(waiting)

    def _end(self, waiting: Waiting) -> None:
        self._pages.pop(waiting, None)
        waiting.put_nowait(None)
