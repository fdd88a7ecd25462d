"""The HTTP server around the adapters: health, metrics, deadlines and limits.

A request is taken on once its body is here, so that whoever sends half of one takes nobody's place;
and let go once its answer has begun, for a stream of events goes on for hours. Probes are asked by
who would restart Hone, so they are answered however much there is to do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web, web_response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.hosts import is_private
from bot.trackers.kinds import HOOKS_PATH
from storage import Database, Unavailable
from storage.migrate import is_current

BODY_MAX_BYTES = 256 * 1024
HOOK_BODY_MAX_BYTES = 2 * 1024 * 1024
"""Trackers send whole items with their hooks, where no other caller has so much to say."""

REQUEST_DEADLINE_S = 10.0
"""How long a caller may take to send a request's head, and then its body."""

IN_FLIGHT_MAX = 1_000
"""Requests at work at once; beyond it callers are asked to come back."""

HALF_HERE_MAX = 500
"""Bodies on their way at once; past it whoever takes longest is hung up on."""

READY_FOR_S = 1.0
"""How long an answer about readiness holds: whoever asks more often is no reason to write more."""

SHUTDOWN_S = 3.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_TAKES = "_hone_takes_bytes"


def takes(most_bytes: int, handler: Handler) -> Handler:
    """Let a route take a longer body than the others: that of a file."""
    setattr(handler, _TAKES, most_bytes)
    return handler


@dataclass(slots=True, eq=False)
class ServerState:
    """Whether load balancers should send requests here, and what is going on."""

    database: Database
    clock: Callable[[], datetime]
    public_url: str
    stopping: bool = False
    at_work: set[int] = field(default_factory=set)
    half_here: dict[int, web.Request] = field(default_factory=dict)
    """In the order in which they came; requests are named by their `id`."""
    trouble: str = ""
    known_until: float = 0.0
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


_STATE = web.AppKey("state", ServerState)


def make_app(
    database: Database,
    routes: Iterable[web.RouteDef],
    clock: Callable[[], datetime],
    public_url: str = "",
) -> web.Application:
    """Return the application; a body that takes too long or is too large is refused.

    Handlers find it whole in `request.read()`.
    """
    app = web.Application(client_max_size=BODY_MAX_BYTES, middlewares=[_guarded])
    app[_STATE] = ServerState(database, clock, public_url)
    app.on_response_prepare.append(_begun)
    app.add_routes([*(web.get(path, probe) for path, probe in PROBES.items()), *routes])
    return app


def not_ready(app: web.Application) -> None:
    """Have load balancers send no more: Hone is stopping."""
    app[_STATE].stopping = True


async def listen(app: web.Application, host: str, port: int) -> web.AppRunner:
    """Serve until `runner.cleanup()`; a connection without a whole request head is closed."""
    # Strangers need not know what to look up the faults of; aiohttp says it in errors, too.
    web_response.SERVER_SOFTWARE = ""  # type: ignore[attr-defined]
    runner = web.AppRunner(
        app, access_log=None, keepalive_timeout=REQUEST_DEADLINE_S, shutdown_timeout=SHUTDOWN_S
    )
    await runner.setup()
    await web.TCPSite(runner, host, port, backlog=1024).start()
    return runner


# --- requests --------------------------------------------------------------------------------


@web.middleware
async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Wait for the body, then bound how many requests are at work at once."""
    state = request.app[_STATE]
    if request.path in PROBES:
        return await _for_probes(request, handler, state)
    most_bytes = getattr(request.match_info.handler, _TAKES, BODY_MAX_BYTES)
    if request.path.startswith(HOOKS_PATH):
        most_bytes = HOOK_BODY_MAX_BYTES
    if most_bytes != BODY_MAX_BYTES:
        request = request.clone(client_max_size=most_bytes)
    if not await _is_here(request, state):
        return web.Response(status=400)
    if len(state.at_work) >= IN_FLIGHT_MAX:
        return web.Response(status=503, headers={"Retry-After": "2"})
    state.at_work.add(id(request))
    try:
        return await handler(request)
    finally:
        state.at_work.discard(id(request))


async def _begun(request: web.Request, _: web.StreamResponse) -> None:
    request.app[_STATE].at_work.discard(id(request))


async def _is_here(request: web.Request, state: ServerState) -> bool:
    """Wait until the body is here; False if its sender hung up, or took too long."""
    if request.content.is_eof():
        await request.read()
        return True
    state.half_here[id(request)] = request
    if len(state.half_here) > HALF_HERE_MAX:
        _hang_up(next(iter(state.half_here.values())))
    deadline = asyncio.get_running_loop().call_later(REQUEST_DEADLINE_S, _hang_up, request)
    try:
        await request.read()
    except (ConnectionError, web.RequestPayloadError):
        return False
    finally:
        deadline.cancel()
        state.half_here.pop(id(request), None)
    return True


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()


# --- probes ----------------------------------------------------------------------------------


async def _for_probes(
    request: web.Request, handler: Handler, state: ServerState
) -> web.StreamResponse:
    if not is_private(request.headers.get("Host", ""), state.public_url):
        return web.Response(status=403, text="Ask by an address, or by the host of HONE_PUBLIC_URL")
    return await handler(request)


async def _healthz(_: web.Request) -> web.Response:
    """Alive: never touches the database, so that its failure does not restart Hone."""
    return web.Response(text="ok")


async def _readyz(request: web.Request) -> web.Response:
    """Ready: not stopping, the database stands at this version's tables and can be written to."""
    state = request.app[_STATE]
    if state.stopping:
        return web.Response(status=503, text="stopping")
    loop = asyncio.get_running_loop()
    async with state.asking:
        if loop.time() >= state.known_until:
            state.trouble = await _trouble(state)
            state.known_until = loop.time() + READY_FOR_S
    if state.trouble:
        return web.Response(status=503, text=state.trouble)
    return web.Response(text="ready")


async def _trouble(state: ServerState) -> str:
    """Return why nobody should be sent here, or an empty text."""
    try:
        await state.database.ping()
        if not await is_current(state.database.engine):
            return "the database needs `python app.py migrate`"
        await state.database.write_nothing(state.clock())
    except Unavailable:
        return "the database does not answer, or takes no writes"
    return ""


async def _metrics(_: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


PROBES = {"/healthz": _healthz, "/readyz": _readyz, "/metrics": _metrics}
