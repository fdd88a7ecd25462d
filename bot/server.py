"""The HTTP server around the adapters: health, metrics, deadlines and limits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from storage import Database, Unavailable
from storage.migrate import is_current

BODY_MAX_BYTES = 256 * 1024
REQUEST_DEADLINE_S = 10.0
"""How long a caller may take to send a request's head, and then its body."""

IN_FLIGHT_MAX = 1_000
"""Requests served at once; beyond it callers are asked to come back."""

SHUTDOWN_S = 3.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ServerState:
    """Whether load balancers should send requests here, and how many are being served."""

    def __init__(self) -> None:
        self.ready = True
        self.in_flight = 0


_DATABASE = web.AppKey("database", Database)
_STATE = web.AppKey("state", ServerState)


def make_app(database: Database, routes: Iterable[web.RouteDef]) -> web.Application:
    """Return the application; a body that takes too long or is too large is refused."""
    app = web.Application(client_max_size=BODY_MAX_BYTES, middlewares=[_guarded])
    app[_DATABASE] = database
    app[_STATE] = ServerState()
    app.add_routes(
        [
            web.get("/healthz", _healthz),
            web.get("/readyz", _readyz),
            web.get("/metrics", _metrics),
            *routes,
        ]
    )
    return app


def not_ready(app: web.Application) -> None:
    """Have load balancers send no more: Hone is stopping."""
    app[_STATE].ready = False


async def listen(app: web.Application, host: str, port: int) -> web.AppRunner:
    """Serve until `runner.cleanup()`; a connection without a whole request head is closed."""
    runner = web.AppRunner(
        app, access_log=None, keepalive_timeout=REQUEST_DEADLINE_S, shutdown_timeout=SHUTDOWN_S
    )
    await runner.setup()
    await web.TCPSite(runner, host, port, backlog=1024).start()
    return runner


@web.middleware
async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Bound how many requests are served at once, and how long a body may take to come."""
    state = request.app[_STATE]
    if state.in_flight >= IN_FLIGHT_MAX:
        return web.Response(status=503, headers={"Retry-After": "2"})
    state.in_flight += 1
    # The body stays where it is: each adapter reads it in its own way, some of them piece by piece.
    deadline = asyncio.get_running_loop().call_later(REQUEST_DEADLINE_S, _hang_up, request)
    try:
        return await handler(request)
    finally:
        deadline.cancel()
        state.in_flight -= 1


def _hang_up(request: web.Request) -> None:
    """Close the connection unless the whole body is here: then its handler is at work."""
    if not request.content.is_eof() and request.transport is not None:
        request.transport.close()


async def _healthz(_: web.Request) -> web.Response:
    """Alive: never touches the database, so that its failure does not restart Hone."""
    return web.Response(text="ok")


async def _readyz(request: web.Request) -> web.Response:
    """Ready: not stopping, the database answers and stands at this version's tables."""
    database = request.app[_DATABASE]
    if not request.app[_STATE].ready:
        return web.Response(status=503, text="stopping")
    try:
        await database.ping()
    except Unavailable:
        return web.Response(status=503, text="the database does not answer")
    if not await is_current(database.engine):
        return web.Response(status=503, text="the database needs `python app.py migrate`")
    return web.Response(text="ready")


async def _metrics(_: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
