"""Slack as a platform: requests come in at one address or through Socket Mode, cards go out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from itertools import count

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.cards import Card
from bot.platform import Address, BadToken, Refused, Throttled, ThrottleScope, Unsure
from bot.router import Router
from bot.slack.body import FORM_TYPE, JSON_TYPE, Malformed, decode
from bot.slack.client import NO_THREAD, SlackApi
from bot.slack.connections import Connections, GrantSource, OneGrant
from bot.slack.grants import SINCE_EVER, Grant, Grants, granted
from bot.slack.inbound import Inbound, Removed
from bot.slack.install import InstallPage, OwnApp
from bot.slack.limits import RATE_LIMITS, TooBig
from bot.slack.render import Native, home, message, ways
from bot.slack.respond import LITERAL
from bot.slack.scopes import scopes
from bot.slack.spans import Json
from bot.slack.verify import is_from_slack
from bot.vault import Vault
from storage import Database

SLACK_API = "https://slack.com/api/"
PATH = "/slack/events"

HOME_REF = "home"
"""What a Home tab is called where a message has its `ts`: a person has one."""

START_RETRY_MAX_S = 30.0
"""The longest wait between two attempts to reach Slack at start."""

SETTLE_TIMEOUT_S = 5.0
"""How long a stop waits for forms and whispers still on their way."""

_LOGGER = logging.getLogger("hone.slack.sdk")
_LOGGER.setLevel(logging.ERROR)  # below that, Bolt and the SDK log what people wrote

log = structlog.get_logger()


class SlackAdapter:
    """The platform `slack`: the workspace of its bot token, or all that installed its app."""

    name = "slack"
    rate_limits = RATE_LIMITS

    def __init__(
        self,
        *,
        signing_secret: str,
        router: Router,
        database: Database,
        http: aiohttp.ClientSession,
        clock: Callable[[], datetime],
        on_removed: Removed,
        bot_token: str = "",
        app: OwnApp | None = None,
        vault: Vault | None = None,
        app_token: str | None = None,
        api_url: str = SLACK_API,
        reaction: str = "",
    ) -> None:
        """Take what the adapter needs; nothing is called before `start`.

        With a `bot_token` there is one workspace. With an `app` and a `vault` anybody may install
        it, and their tokens are kept. An `app_token` means Socket Mode: no route is served, and
        the signing secret may be empty. A `reaction` is the emoji that offers to log a message.
        """
        self._bot_token = bot_token
        self._signing_secret = signing_secret
        self._app_token = app_token
        self._router = router
        self._database = database
        self._http = http
        self._clock = clock
        self._on_removed = on_removed
        self._api_url = api_url
        self._reaction = reaction
        self._grants = Grants(database, vault, clock) if app and vault else None
        self._page = (
            InstallPage(app, scopes(bool(reaction)), vault, self._grants, http, api_url, clock)
            if app and vault and self._grants
            else None
        )
        self._connections: Connections | None = None
        self._inbound: Inbound | None = None
        self._socket: AsyncSocketModeHandler | None = None
        self._connecting: asyncio.Task[None] | None = None

    # --- starting and stopping ---

    async def start(self) -> None:
        """Learn who we are and, in Socket Mode, connect; raises Refused if Slack refuses us."""
        if self._grants:
            await self._grants.reseal()
            source: GrantSource = self._grants
        else:
            source = OneGrant(await self._own_grant())
        if self._app_token:
            await self._try_app_token(self._app_token)
        self._connections = Connections(
            source, self._database, self._http, self._api_url, self._clock
        )
        self._inbound = Inbound(
            connections=self._connections,
            client=self._client(),
            router=self._router,
            clock=self._clock,
            on_removed=self._on_removed,
            logger=_LOGGER,
            reaction=self._reaction,
        )
        if self._app_token:
            self._socket = AsyncSocketModeHandler(
                self._inbound.bolt, self._app_token, logger=_LOGGER, web_client=self._client()
            )
            # The SDK goes on trying while Slack is out of reach; nobody waits for it here.
            self._connecting = asyncio.create_task(self._socket.connect_async())  # type: ignore[no-untyped-call]

    async def _try_app_token(self, token: str) -> None:
        """Ask for a connection once: the SDK goes on asking for ever, and tells nobody why.

        Where Slack is out of reach it may do so. Raises BadToken.
        """
        try:
            await SlackApi(self._http, token, self._api_url).write("apps.connections.open", {})
        except Refused as error:
            raise BadToken(error.reason, "SLACK_APP_TOKEN") from error
        except (Unsure, Throttled) as error:
            log.warning("slack_out_of_reach", cause=str(error))

    async def _own_grant(self) -> Grant:
        """Return what the token in the settings stands for."""
        answer = await self._asked_until_answered("auth.test")
        grant = granted(answer, str(answer.get("team") or ""), self._bot_token, SINCE_EVER)
        # A workspace that comes back within the grace keeps its data.
        await self._database.write(grant.workspace, self._clock(), lambda s: s.workspaces.ensure())
        return grant

    async def _asked_until_answered(self, method: str) -> Json:
        """Ask until Slack answers: an outage at start is no reason to give up."""
        api = SlackApi(self._http, self._bot_token, self._api_url)
        for attempt in count():
            try:
                return await api.read(method)
            except (Unsure, Throttled) as error:
                wait = min(START_RETRY_MAX_S, 2.0**attempt)
                log.warning("slack_out_of_reach", retry_in_s=wait, cause=str(error))
                await asyncio.sleep(wait)
        raise AssertionError("count() does not end")

    def _client(self) -> AsyncWebClient:
        return AsyncWebClient(
            base_url=self._api_url, session=self._http, retry_handlers=[], logger=_LOGGER
        )

    async def stop(self) -> None:
        """Take no more from the socket and let what is on its way arrive."""
        if self._connecting:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        if self._socket:
            await self._socket.close_async()  # type: ignore[no-untyped-call]
        if self._connections:
            try:
                async with asyncio.timeout(SETTLE_TIMEOUT_S):
                    await self._connections.settled()
            except TimeoutError:
                log.warning("answers_left_behind")
            await self._connections.close()

    async def settled(self) -> None:
        """Wait until every form and whisper sent beside an answer has arrived or failed."""
        await self._started.settled()

    @property
    def _started(self) -> Connections:
        assert self._connections, "start() learns which workspaces there are"
        return self._connections

    # --- the platform ---

    async def post(self, to: Address, card: Card) -> str:
        """Show the card and return the message's `ts`, or the Home tab's name; raises SendError."""
        if to.home:
            return await self._publish(to, to.home, card)
        thread = {"thread_ts": to.thread} if to.thread else {}
        try:
            answer = await self._send("chat.postMessage", "channel", card, to, thread | LITERAL)
        except Refused as error:
            if not thread or error.reason not in NO_THREAD:
                raise
            answer = await self._send("chat.postMessage", "channel", card, to, LITERAL)
        return str(answer["ts"])

    async def update(self, to: Address, ref: str, card: Card) -> None:
        """Show the card in place of what the message showed; raises SendError."""
        if to.home:
            await self._publish(to, to.home, card)
            return
        await self._send("chat.update", "call", card, to, {"ts": ref})

    async def pin(self, to: Address, ref: str, pinned: bool) -> None:
        """Pin the message, or no more; without the scope for it nothing happens."""
        api = await self._api(to.workspace)
        method = "pins.add" if pinned else "pins.remove"
        try:
            await api.write(method, {"channel": to.channel, "timestamp": ref}, patient=True)
        except Throttled as error:  # only this card waits, not all updates of the workspace
            raise Throttled(error.seconds) from error
        except Refused as error:
            log.info("slack_not_pinned", workspace=to.workspace, cause=error.reason)

    async def open_direct(self, workspace: str, person: str) -> str:
        """Return the channel of the chat between Hone and the person; raises SendError."""
        return await (await self._api(workspace)).open_direct(person)

    async def _send(
        self, method: str, scope: ThrottleScope, card: Card, to: Address, more: Json
    ) -> Json:
        api = await self._api(to.workspace)
        envelope = {"channel": to.channel} | more
        *better, last = ways(card)
        for way in better:
            try:
                return await api.write(method, envelope | _drawn(card, way), scope, patient=True)
            except Refused as error:
                if error.reason != "invalid_blocks":
                    raise
        return await api.write(method, envelope | _drawn(card, last), scope, patient=True)

    async def _publish(self, to: Address, person: str, card: Card) -> str:
        """Show the card in a person's Home tab."""
        api = await self._api(to.workspace)
        shown = {"user_id": person, "view": _fitting(home, card)}
        await api.write("views.publish", shown, "call", patient=True)
        return HOME_REF

    async def _api(self, workspace: str) -> SlackApi:
        connection = await self._started.of(workspace.removeprefix(f"{self.name}:"))
        if connection is None:
            raise Refused("not_installed_there", "workspace")
        return connection.api

    # --- HTTP ---

    def routes(self) -> list[web.RouteDef]:
        """Return the route Slack calls (none in Socket Mode), and the pages to install the app."""
        pages = self._page.routes() if self._page else []
        return pages if self._app_token else [web.post(PATH, self._receive), *pages]

    async def _receive(self, request: web.Request) -> web.Response:
        """Answer one request, whose body the server has bounded: verify, parse, dispatch."""
        raw = await request.read()
        if not self._is_genuine(request, raw):
            return web.Response(status=401, text="not signed by Slack")
        if request.content_type not in (JSON_TYPE, FORM_TYPE):
            return web.Response(status=415, text="neither JSON nor a form")
        if self._inbound is None:
            return web.Response(status=503, text="starting")
        try:
            answer = await self._inbound.dispatch(decode(raw, request.content_type))
        except Malformed:
            return web.Response(status=400, text="malformed")
        return await to_aiohttp_response(answer)

    def _is_genuine(self, request: web.Request, raw: bytes) -> bool:
        return is_from_slack(
            raw,
            request.headers.get("X-Slack-Request-Timestamp"),
            request.headers.get("X-Slack-Signature"),
            self._signing_secret,
            self._clock(),
        )


def _drawn(card: Card, way: Native) -> Json:
    return _fitting(lambda card: message(card, way), card)


def _fitting(draw: Callable[[Card], Json], card: Card) -> Json:
    try:
        return draw(card)
    except TooBig as error:
        log.error("card_too_big", cause=str(error))
        raise Refused("card_too_big") from error
