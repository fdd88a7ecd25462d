"""One process of Hone, from start to stop: what runs in it, in which order it begins and ends."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp
from aiohttp import web

from bot import pages
from bot.learner import LoadMeaning, follow
from bot.platform import Platform
from bot.router import Router
from bot.server import listen, make_app, not_ready
from bot.settings import Settings
from bot.worker import Worker
from storage import Database

HTTP_TIMEOUT = aiohttp.ClientTimeout(total=60, connect=5)
"""Longer than whoever calls a platform waits; the outbox's own patience is half of it."""


NOTICED_S = 2.0
"""How long a replica that stops still serves: load balancers have to see that it is not ready."""


def clock() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Hone:
    """Everything that runs in this process."""

    settings: Settings
    database: Database
    router: Router
    worker: Worker
    platforms: dict[str, Platform] = field(default_factory=dict)
    routes: list[web.RouteDef] = field(default_factory=list)
    starts: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    before_stop: list[Callable[[], None]] = field(default_factory=list)
    stops: list[Callable[[], Awaitable[None]]] = field(default_factory=list)


Wire = Callable[[Settings, Database, aiohttp.ClientSession], Hone]
"""Connects features to platforms, as the settings say."""


@asynccontextmanager
async def running(
    wire: Wire,
    settings: Settings,
    *,
    web_too: bool = True,
    load_meaning: LoadMeaning | None = None,
) -> AsyncIterator[Hone]:
    """Run Hone until the block ends, then stop it cleanly: finish, let go, close."""
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url)
        stack.push_async_callback(database.close)
        database.claim_file()
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=HTTP_TIMEOUT))
        hone = wire(settings, database, http)
        for start in hone.starts:
            await start()
        for stop in hone.stops:
            stack.push_async_callback(stop)
        if settings.hone_role != "web":
            hone.worker.start()
            stack.push_async_callback(hone.worker.stop)
        routes = [*pages.routes(), *hone.routes] if web_too else []
        app = make_app(database, routes, clock, settings.hone_public_url)
        runner = await listen(app, settings.hone_host, settings.hone_port)
        stack.push_async_callback(runner.cleanup)
        for before in hone.before_stop:
            stack.callback(before)
        if not database.is_sqlite:  # else there is nobody to send them to instead
            stack.push_async_callback(asyncio.sleep, NOTICED_S)
        stack.callback(not_ready, app)
        calm_garbage_collector()
        if load_meaning is not None:
            reads_titles = settings.hone_role != "web"
            following = asyncio.create_task(
                follow(database, load_meaning, clock, reads_titles=reads_titles), name="learner"
            )
            stack.push_async_callback(_ended, following)
        yield hone


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


def calm_garbage_collector() -> None:
    """Keep what was loaded at start out of every later collection: it made the slowest 1 %."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)
