"""What channels are called: Slack leaves the names out of what people write."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

import structlog

from bot.platform import SendError
from bot.slack.client import SlackApi
from bot.slack.people import LOOKUP_TIMEOUT_S
from bot.slack.read import channel_name
from storage import Database, Unavailable, time_to_spare

KEPT = timedelta(hours=1)
RETRY_AFTER = timedelta(minutes=1)
"""How long a name serves, and how long a channel that Slack does not show stays nameless."""

CACHE_MAX_CHANNELS = 10_000
STRANGERS_ASKED_MAX = 5
"""Unknown channels of one message; whoever wrote it waits."""

log = structlog.get_logger()


class Channels:
    """Looks channels up: in memory, then in the database, then at Slack.

    Private channels without Hone in them have no name for it.
    """

    def __init__(
        self, api: SlackApi, database: Database, workspace: str, clock: Callable[[], datetime]
    ) -> None:
        self._api = api
        self._database = database
        self._workspace = workspace
        self._clock = clock
        self._known: dict[str, tuple[str, datetime]] = {}
        self._named: set[str] = set()

    async def names(self, ids: Collection[str]) -> dict[str, str]:
        """Return id → name of those channels that can be named."""
        wanted = [id for id in ids if not self._is_fresh(id)]
        if wanted:
            stored = await self._stored(wanted)
            strangers = [id for id in wanted if not stored.get(id)][:STRANGERS_ASKED_MAX]
            asked = await asyncio.gather(*map(self._asked, strangers))
            self._keep(stored | dict(zip(strangers, asked, strict=True)))
        return {id: self._known[id][0] for id in ids if id in self._known and self._known[id][0]}

    async def name_of_new(self, id: str) -> str:
        """Return what a channel is called that has no name yet, if Slack tells.

        One that has a name keeps it until Slack tells of another: what was asked once grows old.
        """
        if id in self._named:
            return ""
        known = await self._stored([id])
        name = "" if known else await self._asked(id)
        if known or name:
            if len(self._named) >= CACHE_MAX_CHANNELS:
                self._named.clear()
            self._named.add(id)
        return name

    def forget(self, id: str) -> None:
        """Ask anew what a channel is called."""
        self._known.pop(id, None)

    def _is_fresh(self, id: str) -> bool:
        return id in self._known and self._clock() < self._known[id][1]

    def _keep(self, names: dict[str, str]) -> None:
        if len(self._known) >= CACHE_MAX_CHANNELS:
            self._known.clear()
        for id, name in names.items():
            self._known[id] = name, self._clock() + (KEPT if name else RETRY_AFTER)

    async def _stored(self, ids: list[str]) -> dict[str, str]:
        try:
            async with self._database.read(self._workspace, self._clock()) as store:
                found = [await store.channels.find(id) for id in ids[:STRANGERS_ASKED_MAX]]
        except Unavailable:
            return {}
        return {each.id: each.name for each in found if each and each.name}

    async def _asked(self, id: str) -> str:
        try:
            wait_s = time_to_spare(LOOKUP_TIMEOUT_S)
            answer = await self._api.read("conversations.info", wait_s, channel=id)
        except SendError as error:
            log.info("channel_not_looked_up", workspace=self._workspace, cause=str(error))
            return ""
        channel = answer.get("channel")
        return channel_name(channel.get("name")) if isinstance(channel, dict) else ""
