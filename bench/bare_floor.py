"""The least a server can do with a delivery: prove whose it is, read it, answer 200, keep nothing.

No framework of a platform, and the same event loop as Hone's.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import time
from urllib.parse import parse_qsl

import uvloop
from aiohttp import web

from bot.slack.adapter import PATH as SLACK_PATH

SLACK_TOLERANCE_S = 300


def serve_slack() -> None:
    """Check Slack's signature and read the form."""
    secret = os.environ["SLACK_SIGNING_SECRET"].encode()

    async def receive(request: web.Request) -> web.Response:
        raw = await request.read()
        stamp = request.headers["X-Slack-Request-Timestamp"]
        signed = hmac.new(secret, b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256)
        given = request.headers["X-Slack-Signature"]
        late = abs(time.time() - int(stamp)) > SLACK_TOLERANCE_S
        if late or not hmac.compare_digest("v0=" + signed.hexdigest(), given):
            return web.Response(status=401)
        fields = dict(parse_qsl(raw.decode(), keep_blank_values=True))
        return web.Response(status=200 if "command" in fields else 400)

    _serve(web.post(SLACK_PATH, receive))


def _serve(route: web.RouteDef) -> None:
    async def ready(_: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.add_routes([route, web.get("/readyz", ready)])
    web.run_app(
        app,
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        access_log=None,
        print=None,
        loop=uvloop.new_event_loop(),
    )
