"""A tracker that does not always answer: what it says instead, call by call."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from bot.trackers.tracker import Tracker


class Troubled:
    """Passes calls on to a tracker, unless trouble waits for a call of that name.

    An error in `before` is raised instead of the call, one in `after` behind its effect; so many
    calls go well before that as `answers` says. `calls` counts all. While `hold` is not set, every
    call waits.
    """

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker
        self.kind, self.source = tracker.kind, tracker.source
        self.before: defaultdict[str, list[Exception]] = defaultdict(list)
        self.after: defaultdict[str, list[Exception]] = defaultdict(list)
        self.answers: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self.hold = asyncio.Event()
        self.hold.set()

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def call(*args: Any) -> Any:
            self.calls[name] += 1
            await self.hold.wait()
            if self.answers[name] > 0:
                self.answers[name] -= 1
            elif self.before[name]:
                raise self.before[name].pop(0)
            answer = await getattr(self.tracker, name)(*args)
            if self.after[name]:
                raise self.after[name].pop(0)
            return answer

        return call
