"""The line from Slack to Hone: requests as Slack sends them, signed."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from itertools import count
from urllib.parse import urlencode

import aiohttp

from bot.slack.verify import sign
from tests.fakes.slack import BOT_USER, SIGNING_SECRET, FakeSlack
from tests.fakes.slack_server import Json

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

_numbers = count(1)


async def _nothing() -> None:
    return


class SlackLine:
    """The line from Slack to Hone: signs and delivers, and can deliver the last request again.

    `settle` is awaited after each delivery: whatever Hone does beside its answer is done then.
    """

    def __init__(
        self,
        slack: FakeSlack,
        http: aiohttp.ClientSession,
        url: str,
        settle: Callable[[], Awaitable[object]] = _nothing,
    ) -> None:
        self.slack = slack
        self.status = 0
        """The status of Hone's last answer."""
        self._http = http
        self._url = url
        self._settle = settle
        self.sent: list[tuple[bytes, str]] = []
        """Bodies and their content types, as they were delivered."""

    async def deliver(self, raw: bytes, content_type: str, **headers: str) -> bytes:
        """Send signed bytes and return Hone's answer; `headers` replace those Slack would send."""
        stamp = str(int(self.slack.clock().timestamp()))
        signed = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": sign(raw, stamp, SIGNING_SECRET),
        }
        self.sent.append((raw, content_type))
        async with self._http.post(self._url, data=raw, headers=signed | headers) as answer:
            self.status = answer.status
            body = await answer.read()
        await self._settle()
        return body

    async def again(self) -> bytes:
        """Deliver the last request once more, as Slack does when an answer was lost."""
        return await self.deliver(*self.sent[-1])

    async def form(self, fields: Mapping[str, str]) -> bytes:
        return await self.deliver(urlencode(fields).encode(), FORM)

    async def payload(self, payload: Json) -> bytes:
        """Deliver an interaction, which Slack wraps into a form."""
        return await self.form({"payload": json.dumps(payload)})

    async def event(self, event: Json, **outer: object) -> bytes:
        body = {
            "type": "event_callback",
            "team_id": self.slack.team,
            "api_app_id": "A0HONE",
            "event_id": f"Ev{next(_numbers)}",
            "event_time": int(self.slack.clock().timestamp()),
            "authorizations": [{"team_id": self.slack.team, "user_id": BOT_USER, "is_bot": True}],
            "event": event | {"event_ts": f"{self.slack.clock().timestamp():.6f}"},
        }
        return await self.deliver(json.dumps(body | outer).encode(), JSON)
