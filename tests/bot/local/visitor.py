"""People at work in the room, as the page's script would send it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from aiohttp import ClientResponse, ClientSession

from tests.bot.local.demo import Running

CHANNEL = "checkout-refinement"


class Visitor:
    """A resident at work."""

    def __init__(self, running: Running, session: ClientSession, who: str) -> None:
        self.running, self.session, self.who = running, session, who

    async def send(self, what: str, channel: str = CHANNEL, **body: Any) -> ClientResponse:
        whole = {"as": self.who, "in": channel, "key": uuid4().hex, **body}
        return await self.session.post(f"{self.running.url}/local/{what}", json=whole)

    async def does(self, what: str, channel: str = CHANNEL, **body: Any) -> Any:
        response = await self.send(what, channel, **body)
        assert response.status == 200, await response.text()
        return await response.json()

    async def page(self, channel: str = CHANNEL) -> str:
        url = f"{self.running.url}/?as={self.who}&in={channel}"
        async with self.session.get(url) as response:
            assert response.status == 200
            return await response.text()
