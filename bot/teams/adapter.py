"""Hone's door to Teams: deliveries come in at one address, messages go out to Teams' connector."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Coroutine
from datetime import datetime
from typing import Any

import aiohttp
import structlog
from aiohttp import web

from bot.cards import Card
from bot.metrics import DROPPED
from bot.platform import Address, Refused, SendError
from bot.router import Router
from bot.teams.botbuilder import Edge, InvokeResponse, message
from bot.teams.client import Connector
from bot.teams.conversations import conversation_of, message_of, ref_of
from bot.teams.inbound import Deliveries, NotSaved
from bot.teams.limits import RATE_LIMITS
from bot.teams.people import Roster
from bot.teams.read import Delivery, Malformed, delivery
from bot.teams.render import render
from bot.teams.service_urls import Reach, Reaches
from bot.teams.tokens import (
    OPENID_URL,
    TOKEN_URL,
    AccessTokens,
    CallerCheck,
    Claims,
    KeysUnavailable,
    SigningKeys,
    Unauthorized,
    check_origin,
)
from storage import Database, one_deadline

PATH = "/api/messages"
PLAYGROUND = "playground"
"""The tenant of an anonymous delivery that names none."""

log = structlog.get_logger()


class TeamsAdapter:
    """One bot in one tenant, or in any tenant if `tenant_id` is empty.

    `anonymous` takes deliveries from anybody and sends without a token: for a stand-in of Teams on
    this machine, and only there. `service_urls` names addresses to write to beside Teams' own.
    Without `app_password` the machine's managed identity is used.
    """

    name = "teams"
    rate_limits = RATE_LIMITS

    def __init__(
        self,
        *,
        app_id: str,
        app_password: str,
        tenant_id: str,
        router: Router,
        database: Database,
        http: aiohttp.ClientSession,
        clock: Callable[[], datetime],
        on_removed: Callable[[str, str], Awaitable[None]],
        openid_url: str = OPENID_URL,
        token_url: str = TOKEN_URL,
        service_urls: Collection[str] = (),
        anonymous: bool = False,
    ) -> None:
        self._tenant_id = tenant_id
        self._anonymous = anonymous
        self._callers = CallerCheck(app_id, SigningKeys(http, openid_url))
        tokens = AccessTokens(http, app_id, tenant_id, app_password, token_url)
        self._connector = Connector(http, None if anonymous else tokens, service_urls)
        self._edge = Edge(self._connector)
        self._reaches = Reaches(database, clock)
        self._background: set[asyncio.Task[None]] = set()
        self._deliveries = Deliveries(
            router,
            Roster(self._connector, database, clock),
            self._connector,
            clock,
            on_removed,
            self._soon,
        )

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self.messages)]

    async def start(self) -> None:
        """Nothing to prepare: keys and tokens are fetched when first needed."""

    async def stop(self) -> None:
        """Wait for what was left to do after answers."""
        if self._background:
            await asyncio.wait(self._background, timeout=5)

    # --- deliveries ---

    async def messages(self, request: web.Request) -> web.Response:
        """Take one delivery: who sent it is proven before a word of it is read."""
        try:
            claims = await self._claims(request)
            received = delivery(_parsed(await request.read()))
            self._check(received, claims)
            answer = await self._take(received, claims)
        except Unauthorized as error:
            log.info("teams_unauthorized", reason=str(error))
            return web.Response(status=401)
        except Malformed as error:
            return web.Response(status=400, text=str(error))
        except _OtherTenant:
            DROPPED.labels("teams").inc()
            log.warning("teams_other_tenant")
            return web.Response(status=403)
        except (KeysUnavailable, NotSaved):
            return web.Response(status=503)
        if answer.body is None:
            return web.Response(status=answer.status)
        return web.json_response(answer.body, status=answer.status)

    async def _claims(self, request: web.Request) -> Claims:
        if self._anonymous:
            return {}
        return await self._callers.claims(request.headers.get("Authorization", ""))

    def _check(self, received: Delivery, claims: Claims) -> None:
        if not self._anonymous:
            check_origin(claims, received.service_url, received.channel_id)
            if not received.tenant or received.tenant != (self._tenant_id or received.tenant):
                raise _OtherTenant
        if not self._connector.allows(received.service_url):
            raise Unauthorized("service url not allowed")

    async def _take(self, received: Delivery, claims: Claims) -> InvokeResponse:
        workspace = f"{self.name}:{received.tenant or self._tenant_id or PLAYGROUND}"
        with one_deadline():
            if received.event != "remove":
                await self._reaches.remember(workspace, Reach(received.service_url, received.bot))
            return await self._edge.run(
                received,
                claims,
                lambda context: self._deliveries.take(context, workspace, received),
            )

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_or_log(work))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    # --- Platform ---

    async def post(self, to: Address, card: Card) -> str:
        """Show the card and return its name, `id` or `root/id` in a thread; raises SendError.

        Where Teams refuses the thread, deleted meanwhile for example, the card goes below all.
        """
        reach = await self._reaches.find(to.workspace)
        body = message(render(card), card.summary)
        conversation = conversation_of(to.channel, to.thread)
        try:
            sent = await self._connector.send(reach.service_url, conversation, body, patient=True)
        except Refused:
            if conversation == to.channel:
                raise
            conversation = to.channel
            sent = await self._connector.send(reach.service_url, conversation, body, patient=True)
        return ref_of(conversation, sent)

    async def update(self, to: Address, ref: str, card: Card) -> None:
        """Show the card in place of what the message showed; raises SendError."""
        reach = await self._reaches.find(to.workspace)
        body = message(render(card), card.summary)
        await self._connector.update(
            reach.service_url, to.channel, message_of(ref), body, patient=True
        )

    async def pin(self, to: Address, ref: str, pinned: bool) -> None:
        """Do nothing: bots cannot pin in Teams without the right to read all chats."""

    async def open_direct(self, workspace: str, person: str) -> str:
        """Return the one-to-one chat with a person; raises SendError."""
        reach = await self._reaches.find(workspace)
        tenant = workspace.partition(":")[2]
        return await self._connector.open_direct(reach.service_url, tenant, reach.bot, person)


class _OtherTenant(Exception):
    """A genuine delivery of a tenant that Hone does not serve."""


def _parsed(raw: bytes) -> Any:
    """Return the parsed body; raises Malformed."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error


async def _or_log(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except SendError as error:
        log.warning("afterwork_not_sent", error=type(error).__name__)
