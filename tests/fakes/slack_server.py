"""Slack's Web API and Socket Mode over HTTP, with trouble on demand."""

from __future__ import annotations

import asyncio
import json
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any, Self

from aiohttp import web
from aiohttp.test_utils import TestServer

Json = dict[str, Any]


class Refusal(Exception):
    """What Slack answers instead of doing it."""

    def __init__(self, error: str, status: int = 200, retry_after: float | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.retry_after = retry_after


class SlackServer(ABC):
    """Takes calls and answers like Slack. Started by `async with`; it tells its `api_url`.

    What a method does is up to a subclass: `_chat_update` answers `chat.update`, or raises Refusal.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.calls: list[tuple[str, Json]] = []
        self.early_calls = 0
        """Calls made before the `Retry-After` of an earlier answer had passed."""
        self._refusals: dict[str, list[Refusal]] = defaultdict(list)
        self._lost: dict[str, int] = defaultdict(int)
        self._closed: dict[tuple[str, str], tuple[datetime, float]] = {}
        self._told: set[tuple[str, str]] = set()
        self.sockets: asyncio.Queue[web.WebSocketResponse] = asyncio.Queue()
        """Socket Mode's connections, as they are opened."""
        self.acknowledged: asyncio.Queue[Json] = asyncio.Queue()
        """What Hone answered through them."""
        self._open_sockets: list[web.WebSocketResponse] = []
        self._server = TestServer(self._application())

    async def __aenter__(self) -> Self:
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        for socket in self._open_sockets:
            await socket.close()
        await self._server.close()

    @property
    def api_url(self) -> str:
        return str(self._server.make_url("/api/"))

    # --- trouble on demand ---

    def refuse_next(
        self, method: str, error: str, *, status: int = 200, retry_after: float | None = None
    ) -> None:
        """Let the next call of the method fail, doing nothing."""
        self._refusals[method].append(Refusal(error, status, retry_after))

    def throttle_next(self, method: str, retry_after: float) -> None:
        self.refuse_next(method, "ratelimited", status=429, retry_after=retry_after)

    def close(self, method: str, channel: str, seconds: float) -> None:
        """Answer 429 in this channel for so long; calls after the first 429 count as early."""
        self._closed[method, channel] = self.clock(), seconds

    def lose_answer(self, method: str, times: int = 1) -> None:
        """Do what the next calls ask and answer 500 all the same."""
        self._lost[method] += times

    # --- HTTP ---

    def _application(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/socket", self._socket)
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_route("*", "/plain/{method}", _plain)
        return app

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        self.calls.append((method, arguments))
        try:
            self._check_token(request, method, arguments)
            self._check_refusals(method, arguments)
            handler = getattr(self, "_" + method.replace(".", "_"), None)
            if handler is None:
                raise Refusal("unknown_method")
            answer = {"ok": True, **handler(arguments)}
        except Refusal as refusal:
            headers = (
                {} if refusal.retry_after is None else {"Retry-After": f"{refusal.retry_after:g}"}
            )
            refused = {"ok": False, "error": refusal.error}
            return web.json_response(refused, status=refusal.status, headers=headers)
        if self._lost[method] > 0:
            self._lost[method] -= 1
            return web.Response(status=500, text="lost")
        return web.json_response(answer)

    @abstractmethod
    def _check_token(self, request: web.Request, method: str, arguments: Json) -> None:
        """Raise Refusal unless who calls may."""

    def _check_refusals(self, method: str, arguments: Json) -> None:
        key = method, str(arguments.get("channel"))
        if key in self._closed:
            since, seconds = self._closed[key]
            left = seconds - (self.clock() - since).total_seconds()
            if left > 0:
                self.early_calls += key in self._told
                self._told.add(key)
                raise Refusal("ratelimited", 429, left)
            del self._closed[key]
            self._told.discard(key)
        if self._refusals[method]:
            raise self._refusals[method].pop(0)

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._open_sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self.sockets.put_nowait(socket)
        async for message in socket:
            self.acknowledged.put_nowait(json.loads(message.data))
        return socket


async def _plain(_: web.Request) -> web.Response:
    """Answer as a proxy in between would."""
    return web.Response(text="Welcome to the company network")


async def _arguments(request: web.Request) -> Json:
    if request.method == "POST" and request.content_type == "application/json":
        found: Json = await request.json()
        return found
    return {**request.query, **(await request.post())}
