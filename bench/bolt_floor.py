"""The least a Slack bot can do: a bare Bolt app that acknowledges every form and keeps nothing."""

from __future__ import annotations

import os
import re
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.adapter import PATH


def serve(*, stock: bool) -> None:
    """Serve on $PORT. `stock` leaves Bolt as it comes, which looks every 10 ms for an `ack()`."""
    bolt = AsyncApp(
        signing_secret=os.environ["SLACK_SIGNING_SECRET"],
        client=AsyncWebClient(
            token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]
        ),
        process_before_response=not stock,
    )

    @bolt.view(re.compile(""))
    async def acknowledge(ack: Any) -> None:
        await ack()

    async def receive(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    async def ready(_: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.add_routes([web.post(PATH, receive), web.get("/readyz", ready)])
    web.run_app(app, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=None, print=None)
