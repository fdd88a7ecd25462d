"""Where a tenant can be written to: the service URL of its newest delivery, in the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.platform import Refused, Throttled
from storage import Database, Store, Unavailable

TRUSTED_FOR = timedelta(minutes=5)
"""How long a replica believes that the database still says what it last wrote there."""


@dataclass(frozen=True, slots=True)
class Reach:
    service_url: str
    bot: str
    """Hone's own id in the tenant's conversations."""


class Reaches:
    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._written: dict[str, tuple[Reach, datetime]] = {}

    async def remember(self, workspace: str, reach: Reach) -> None:
        """Keep where the newest delivery came from. Written once, not at every delivery."""
        now = self._clock()
        written, at = self._written.get(workspace, (None, now))
        if written == reach and now - at < TRUSTED_FOR:
            return
        wanted = {"service_url": reach.service_url, "bot": reach.bot}

        async def write(store: Store) -> None:
            if await store.workspaces.reach() != wanted:
                await store.workspaces.set_reach(wanted)

        try:
            await self._database.write(workspace, now, write)
        except Unavailable:
            return  # the turn will say that nothing was saved; the next delivery tries again
        self._written[workspace] = reach, now

    async def find(self, workspace: str) -> Reach:
        """Return where to write; raises SendError while that is unknown."""
        try:
            async with self._database.read(workspace, self._clock()) as store:
                kept = await store.workspaces.reach()
        except Unavailable as error:
            raise Throttled(1.0, "workspace") from error
        match kept:
            case {"service_url": str(service_url), "bot": str(bot)}:
                return Reach(service_url, bot)
            case _:
                raise Refused("no_service_url")
