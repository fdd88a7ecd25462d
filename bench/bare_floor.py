"""The least a server can do with a delivery: prove whose it is, read it, answer 200, keep nothing.

No framework of a platform, and the same event loop as Hone's.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import time
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import jwt
import uvloop
from aiohttp import web

from bot.slack.adapter import PATH as SLACK_PATH
from bot.teams.adapter import PATH as TEAMS_PATH
from bot.teams.tokens import CLOCK_SKEW_S, ISSUER

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

    _serve(uvloop.new_event_loop(), web.post(SLACK_PATH, receive))


def serve_teams() -> None:
    """Verify the token with Teams' key, fetched once, and read the activity."""
    loop = uvloop.new_event_loop()
    keys = loop.run_until_complete(_keys(os.environ["MICROSOFT_OPENID_URL"]))
    app_id = os.environ["MICROSOFT_APP_ID"]

    async def receive(request: web.Request) -> web.Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        try:
            key = keys[jwt.get_unverified_header(token)["kid"]]
            jwt.decode(token, key, ["RS256"], audience=app_id, issuer=ISSUER, leeway=CLOCK_SKEW_S)
        except (jwt.PyJWTError, KeyError):
            return web.Response(status=401)
        activity = json.loads(await request.read())
        return web.json_response({}, status=200 if activity["type"] == "invoke" else 400)

    _serve(loop, web.post(TEAMS_PATH, receive))


async def _keys(openid_url: str) -> dict[str, Any]:
    async with aiohttp.ClientSession(raise_for_status=True) as http:
        async with http.get(openid_url) as answer:
            where = (await answer.json())["jwks_uri"]
        async with http.get(where) as answer:
            found = (await answer.json())["keys"]
    return {key["kid"]: jwt.PyJWK(key, algorithm="RS256").key for key in found}


def _serve(loop: asyncio.AbstractEventLoop, route: web.RouteDef) -> None:
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
        loop=loop,
    )
