"""Slack and Teams as they count: a call too many in any span of time is answered 429, and noted."""

from __future__ import annotations

import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from tests.fakes.slack import FakeSlack, Message
from tests.fakes.slack_server import Json, Refusal
from tests.fakes.teams import Failure, FakeTeams


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls in any span of so many seconds."""

    calls: int
    seconds: float

    def duration_s(self, calls: int) -> float:
        """Return how long so many calls take at exactly this rate."""
        return calls * self.seconds / self.calls


SLACK_POSTS = Limit(250, 60)
"""`chat.postMessage` in a workspace: "several hundred", which Slack leaves open."""

SLACK_CHANNEL = Limit(1, 1)
SLACK_UPDATES = Limit(50, 60)  # tier 3
SLACK_OTHERS = Limit(100, 60)  # tier 4: views.open, chat.postEphemeral, …

TEAMS_TENANT = Limit(50, 1)
TEAMS_CONVERSATION = (Limit(7, 1), Limit(8, 2), Limit(60, 30), Limit(1800, 3600))


class Counted:
    """The calls of late, by whatever they are limited by."""

    def __init__(self) -> None:
        self._calls: defaultdict[object, deque[float]] = defaultdict(deque)

    def wait_s(self, what: object, *limits: Limit) -> float:
        """Take one call; return 0, or after how many seconds it would be taken."""
        now, calls = time.monotonic(), self._calls[what]
        for limit in limits:
            if len(calls) >= limit.calls and now - calls[-limit.calls] < limit.seconds:
                return calls[-limit.calls] + limit.seconds - now
        calls.append(now)
        while len(calls) > max(limit.calls for limit in limits):
            calls.popleft()
        return 0.0


class LimitedSlack(FakeSlack):
    """A Slack with limits, which keeps of a herd's messages only that they are there."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(clock)
        self.refused: Counter[str] = Counter()
        self.standing: dict[tuple[str, str], Message] = {}
        self._counted = Counted()

    def _check_refusals(self, method: str, arguments: Json) -> None:
        self.calls.clear()  # nobody asks for them, and a herd makes many
        team, channel = self._caller, arguments.get("channel")
        match method:
            case "chat.postMessage":
                asked = [((team, method), SLACK_POSTS), ((team, channel), SLACK_CHANNEL)]
            case "chat.update":
                asked = [((team, method), SLACK_UPDATES)]
            case _:
                asked = [((team, method), SLACK_OTHERS)]
        for what, limit in asked:
            if wait := self._counted.wait_s(what, limit):
                self.refused[f"slack {method}"] += 1
                raise Refusal("ratelimited", 429, float(int(wait) + 1))
        super()._check_refusals(method, arguments)

    def _new_message(self, arguments: Json) -> Message:
        message = super()._new_message(arguments)
        self.stand(message)
        if self.channels[message.channel] <= {"U0HONE"}:
            message.blocks = []  # nobody is there to press a button
        return message

    def stand(self, message: Message) -> None:
        self.standing[message.channel, message.ts] = message

    def message(self, channel: str, ts: str) -> Message:
        try:
            return self.standing[channel, ts]
        except KeyError:
            raise Refusal("message_not_found") from None


class LimitedTeams(FakeTeams):
    """A Teams with limits."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: Counter[str] = Counter()
        self._counted = Counted()

    def _check(self, request: web.Request, call: str) -> None:
        wait = self._counted.wait_s("tenant", TEAMS_TENANT)
        conversation = request.match_info.get("conversation", "").partition(";")[0]
        if not wait and call in ("post", "put"):
            wait = self._counted.wait_s(conversation, *TEAMS_CONVERSATION)
        if wait:
            self.refused[f"teams {call}"] += 1
            self.failures.appendleft(_throttled(wait))
        super()._check(request, call)


def _throttled(seconds: float) -> Failure:
    return Failure(429, "Throttled", {"Retry-After": str(int(seconds) + 1)})
