"""Where trackers call Hone when something changed: a hint to read an item afresh, and no more.

A hook's address holds 32 random characters, and what is sent there is checked as far as its tracker
signs it. Nothing in a body is believed but ids; it is answered once the hint is committed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

import structlog
from aiohttp import web

from bot.trackers.access import access_to
from bot.trackers.catalog import HOOKS
from bot.trackers.kinds import HOOKS_PATH
from bot.trackers.tracker import Forged
from bot.vault import Locked, Vault
from storage import Database, Unavailable, one_deadline
from storage.hooked import Called, called

IDS_MAX: Final = 100
"""More in one delivery are left to the next poll."""

log = structlog.get_logger()


class TrackerHooks:
    """Takes deliveries for all connections of all workspaces."""

    def __init__(
        self, database: Database, vault: Vault | None, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        return [web.post(HOOKS_PATH + "{hook:[A-Za-z0-9_-]{32,64}}", self._take)]

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        with one_deadline():
            return await self._taken(request, body, self._clock())

    async def _taken(self, request: web.Request, body: bytes, now: datetime) -> web.Response:
        hook = request.match_info["hook"]
        site: Called | None = None
        try:
            async with self._database.read("", now) as store:
                site = await called(store, hook)
            if site is None or site.kind not in HOOKS:
                return web.Response(status=404)
            ids = HOOKS[site.kind](_plain(request), body, self._secret(site), now)
            hinted = frozenset(sorted(id for id in ids if len(id) <= 250)[:IDS_MAX])
            await self._database.write(
                site.workspace, now, lambda store: store.trackers.hooked(hook, hinted)
            )
        except Forged:
            log.warning("tracker_hook_forged", kind=site.kind if site else "")
            return web.Response(status=401)
        except Unavailable:
            return web.Response(status=503, headers={"Retry-After": "30"})
        return web.Response(text="ok")

    def _secret(self, site: Called) -> str:
        """Return what the tracker signs with: kept apart, or typed beside its token."""
        try:
            if site.hook_secret:
                return self._vault.unseal(site.hook_secret) if self._vault else ""
            access = access_to(site.kind, site.site, site.sealed, self._vault)
        except Locked:
            return ""
        return access.given.get("hook_secret", "")


def _plain(request: web.Request) -> Mapping[str, str]:
    """Return the headers as trackers send them, by their small names: others hold no proof."""
    return {name.lower(): value for name, value in request.headers.items() if value.isascii()}
