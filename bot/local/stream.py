"""Stream to one open page what happens in every place its person can see."""

from __future__ import annotations

import asyncio
import json

from aiohttp import web

from bot.local.live import Event, Live, Waiting
from bot.local.messages import announcement, as_seen_by, message_html
from bot.local.people import Resident
from bot.local.room import is_own

HEARTBEAT_S = 20.0
"""Silence after which a stream says that it is alive, and learns whether its page still is."""

RETRY_MS = 1_000
"""How long a page waits before it connects anew."""


async def stream(request: web.Request, live: Live, who: Resident) -> web.StreamResponse:
    """Send what the page missed since its mark, then what happens, until either side ends it.

    A page whose mark is too old, or from before a restart, is told to load its messages again.
    """
    mark = request.headers.get("Last-Event-ID") or request.query.get("mark", "")
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    )
    async with live.page(who.person.id) as waiting:
        missed = live.missed(mark)
        await response.prepare(request)
        try:
            await response.write(f"retry: {RETRY_MS}\n\n".encode())
            if missed is None:
                await response.write(b"event: reload\ndata:\n\n")
            for event in missed or ():
                await _send(response, event, who)
            await _follow(response, waiting, who)
        except ConnectionError:
            pass  # the page was closed
    return response


async def _follow(response: web.StreamResponse, waiting: Waiting, who: Resident) -> None:
    while True:
        try:
            event = await asyncio.wait_for(waiting.get(), HEARTBEAT_S)
        except TimeoutError:
            await response.write(b": still here\n\n")
            continue
        if event is None:
            return
        await _send(response, event, who)


async def _send(response: web.StreamResponse, event: Event, who: Resident) -> None:
    if not is_own(who, event.channel):
        return
    message = as_seen_by(event.message, who)
    data = {
        "id": message.id,
        "channel": event.channel,
        "thread": message.thread,
        "new": event.new,
        "html": message_html(message, who.person.zone),
        "says": announcement(message),
    }
    await response.write(f"id: {event.mark}\ndata: {json.dumps(data)}\n\n".encode())
