"""What comes in: Bolt checks and authorises a payload, its kind is handled, committed, answered.

Bolt's listeners are not used: it asks them one by one, and gathers thirty arguments for each to
choose from, which takes longer than the vote itself. A step of its own chain gets the same.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.metrics import DROPPED
from bot.news import ChannelRenamed, News, PersonChanged, learn
from bot.outcome import Outcome
from bot.platform import SendError
from bot.router import Router
from bot.slack import intents
from bot.slack.body import Malformed
from bot.slack.connections import Connection, Connections
from bot.slack.files import FORM_WAIT_S, MESSAGE_WAIT_S, announced
from bot.slack.grants import workspace_of
from bot.slack.intents import UNREADABLE, Delivery
from bot.slack.news import news_of
from bot.slack.read import Actor, Names, instant, picked
from bot.slack.shape import check_shape
from bot.slack.spans import Json, is_person_id
from bot.turn import Document, Intent, Named, Person, Place, Said, Submission, Turn, whisper
from storage import Unavailable, one_deadline, time_to_spare

CONNECTION = "hone_connection"
"""Where Bolt's context holds the connection of the workspace that speaks."""

CHAT_TIMEOUT_S = 2.0
"""How long Slack may take to open a chat while the person waits."""

NO_CHAT = Outcome(
    (whisper("Not saved: I could not open our chat to answer you. Please try again in a minute."),),
    saved=False,
    refused=True,
)

Answer = Callable[[Delivery, Turn, Outcome], BoltResponse]
"""Turns what came of an act into what Slack is answered."""

GoOn = Callable[[], Awaitable[Any]]
"""Goes on to the next step of Bolt's chain."""

Removed = Callable[[str], Awaitable[None]]
"""Called with the workspace when Hone was taken out of it, maybe several times."""

log = structlog.get_logger()


class Inbound:
    """Turns the connected workspaces' payloads into turns and sees that they are answered."""

    def __init__(
        self,
        *,
        connections: Connections,
        client: AsyncWebClient,
        router: Router,
        clock: Callable[[], datetime],
        on_removed: Removed,
        logger: logging.Logger,
        reaction: str = "",
    ) -> None:
        self._connections = connections
        self._router = router
        self._clock = clock
        self._on_removed = on_removed
        self._reaction = reaction
        self.bolt = self._make_bolt(client, logger)

    async def dispatch(self, body: Json) -> BoltResponse:
        """Handle a verified payload; raises Malformed for one that Slack would not send."""
        check_shape(body)
        try:
            # Bolt parses texts itself, slowly; it takes an object as it is in this mode only.
            request = AsyncBoltRequest(mode="socket_mode", body=body)
        except UNREADABLE as error:
            raise Malformed("not a shape Slack sends") from error
        return await self.bolt.async_dispatch(request)

    def _make_bolt(self, client: AsyncWebClient, logger: logging.Logger) -> AsyncApp:
        bolt = AsyncApp(
            name="hone",
            logger=logger,
            client=client,
            # Bolt's own check comes after parsing and answers 500 to what cannot be parsed;
            # `verify` has seen the raw bytes before.
            request_verification_enabled=False,
            before_authorize=_Step(self._connect),
            authorize=_Authorize(),  # type: ignore[no-untyped-call]
            # Otherwise Bolt looks every 10 ms whether a listener has acknowledged.
            process_before_response=True,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        bolt.use(_Step(self._handle))
        return bolt

    async def _connect(self, request: AsyncBoltRequest, go_on: GoOn) -> BoltResponse | None:
        """Find the connection of the workspace that speaks; drop what comes from any other.

        Here a turn's one deadline begins: whoever speaks waits for all that follows.
        """
        with one_deadline():
            return await self._connected(request, go_on)

    async def _connected(self, request: AsyncBoltRequest, go_on: GoOn) -> BoltResponse | None:
        handshake = request.body.get("type") == "url_verification" or "ssl_check" in request.body
        if not handshake:
            try:
                connection = await self._connections.of(*_whose(request.context))
            except Unavailable as error:
                log.warning("not_saved", cause=str(error))
                return _try_again()
            if connection is None:
                DROPPED.labels("slack").inc()
                log.info("foreign_workspace_dropped")
                return BoltResponse(status=200)
            request.context[CONNECTION] = connection
        await go_on()
        return None

    async def _handle(self, request: AsyncBoltRequest, _: GoOn) -> BoltResponse:
        """Handle a payload by its kind; one of any other kind asks nothing of Hone."""
        body, here = request.body, _connection(request.context)
        match body.get("type"):
            case "block_actions":
                return await self._on_press(body, here)
            case "view_submission":
                return await self._on_submission(body, here)
            case "event_callback":
                return await self._on_event(body, here)
            case "shortcut" | "message_action":
                return await self._on_shortcut(body, here)
            case None if "command" in body:
                return await self._on_command(body, here)
            case _:
                return BoltResponse(status=200)

    # --- each kind of payload --------------------------------------------------------------

    async def _on_command(self, body: Json, here: Connection) -> BoltResponse:
        names = await self._names(here, body)
        try:
            delivery = intents.command(body, names, self._clock())
        except UNREADABLE:
            return _malformed()
        return await self._answered(here, delivery, here.responder.to_command)

    async def _on_press(self, body: Json, here: Connection) -> BoltResponse:
        try:
            delivery = intents.press(body, self._router.wire, self._clock())
        except UNREADABLE:
            return _malformed()
        in_form = delivery is not None and delivery.view is not None
        answer = here.responder.to_press_in_form if in_form else here.responder.aside
        return await self._answered(here, delivery, answer)

    async def _on_submission(self, body: Json, here: Connection) -> BoltResponse:
        try:
            delivery = intents.submission(body, self._router.wire, self._clock())
        except UNREADABLE:
            return _malformed()
        return await self._answered(here, delivery, here.responder.to_submission)

    async def _on_shortcut(self, body: Json, here: Connection) -> BoltResponse:
        names = await self._names(here, body)
        try:
            delivery = intents.shortcut(body, here.grant.myself, names, self._clock())
        except UNREADABLE:
            return _malformed()
        return await self._answered(here, delivery, here.responder.aside)

    async def _on_event(self, body: Json, here: Connection) -> BoltResponse:
        try:
            if intents.removes(body, here.grant.myself):
                return await self._remove(here, body)
            news = news_of(body["event"], here.grant.myself, here.grant.team)
        except UNREADABLE:
            return _malformed()
        if news is not None:
            return await self._learn(here, news)
        names = await self._names(here, body)
        try:
            delivery = intents.event(
                body, here.grant.myself, self._router.commands, names, self._clock(), self._reaction
            )
        except UNREADABLE:
            return _malformed()
        return await self._answered(here, delivery, here.responder.to_event)

    # --- from an act to its answer ---------------------------------------------------------

    async def _answered(
        self,
        here: Connection,
        delivery: Delivery | None,
        answer: Answer,
    ) -> BoltResponse:
        """Commit the act as a turn, then return Slack's answer; an act of None asks for nothing."""
        if delivery is None:
            return BoltResponse(status=200)
        person = await here.people.person(delivery.actor)
        refused: Outcome | None = None
        try:
            place = await self._place(here, delivery, person)
        except (SendError, TimeoutError) as error:
            log.warning("no_place_to_answer", cause=str(error) or type(error).__name__)
            place, refused = Place(person.id, private=True), NO_CHAT
        turn = Turn(
            workspace=here.grant.workspace,
            place=place,
            person=person,
            intent=await self._with_people(here, delivery),
            now=self._clock(),
            key=delivery.key,
            acted_at=delivery.acted_at,
            post=delivery.post,
        )
        if delivery.files and not refused:
            return await self._with_files(here, delivery, turn, answer)
        return answer(delivery, turn, refused or await self._router.handle(turn))

    async def _with_files(
        self, here: Connection, delivery: Delivery, turn: Turn, answer: Answer
    ) -> BoltResponse:
        """Fetch what came along, then commit the act.

        A form cannot wait as long as a large file takes. It closes then, and the file goes on as if
        it had been sent in the chat.
        """
        fetching = asyncio.create_task(_fetched(here, delivery))
        if delivery.view is not None:
            await asyncio.wait({fetching}, timeout=FORM_WAIT_S)
            if not fetching.done():
                here.responder.beside(self._late(here, delivery, turn, fetching))
                return here.responder.on_its_way(delivery)
        documents = await fetching
        with one_deadline():  # the database has its time, whatever the file took
            outcome = await self._router.handle(replace(turn, documents=documents))
        return answer(delivery, turn, outcome)

    async def _late(
        self,
        here: Connection,
        delivery: Delivery,
        turn: Turn,
        fetching: asyncio.Task[tuple[Document, ...]],
    ) -> None:
        documents = await fetching
        turn = replace(turn, intent=Said(""), documents=documents, now=self._clock())
        with one_deadline():
            outcome = await self._router.handle(turn)
        here.responder.aside(replace(delivery, reply="", trigger="", home=False), turn, outcome)

    async def _with_people(self, here: Connection, delivery: Delivery) -> Intent:
        """Return the intent; a form that chose people says who they are."""
        if not isinstance(delivery.intent, Submission) or delivery.view is None:
            return delivery.intent
        chosen = [await here.people.person(Actor(id)) for id in picked(delivery.view)]
        if not chosen:
            return delivery.intent
        return replace(delivery.intent, people=tuple(Named(who.id, who.name) for who in chosen))

    async def _place(self, here: Connection, delivery: Delivery, person: Person) -> Place:
        """Return where Hone can write: here, or in the person's chat with Hone.

        Shortcuts stand in no channel, and slash commands work in chats of two other people.
        """
        place = delivery.place
        if place and not place.private:
            name = place.name or await here.channels.name_of_new(place.channel)
            return replace(place, name=name)
        async with asyncio.timeout(time_to_spare(CHAT_TIMEOUT_S)):
            chat = await here.people.direct_channel(person.id)
        if delivery.place and delivery.place.channel == chat:
            return delivery.place
        return Place(chat, private=True)

    async def _names(self, here: Connection, body: Json) -> Names:
        """Return the names of people and channels that the payload mentions by id alone."""
        try:
            ids = intents.ids_to_name(body)
        except UNREADABLE:
            return {}
        who = {id for id in ids if is_person_id(id)}
        people, channels = await asyncio.gather(
            here.people.names(who), here.channels.names(ids - who)
        )
        return people | channels

    async def _learn(self, here: Connection, news: News) -> BoltResponse:
        """Note what Slack tells; what was not saved is told again."""
        if isinstance(news, PersonChanged):
            here.people.note(news.person)
        elif isinstance(news, ChannelRenamed):
            here.channels.forget(news.channel)
        try:
            await learn(self._router.database, here.grant.workspace, news, self._clock())
        except Unavailable as error:
            log.warning("not_saved", cause=str(error))
            return _try_again()
        return BoltResponse(status=200)

    async def _remove(self, here: Connection, body: Json) -> BoltResponse:
        if instant(body.get("event_time"), self._clock()) < here.grant.since:
            return BoltResponse(status=200)  # of an earlier installation: it came back meanwhile
        teams = [here.grant.team]
        try:
            if here.grant.enterprise:  # the whole organisation took Hone out
                teams += [here.grant.enterprise]
                teams += await self._connections.teams_under(here.grant.enterprise)
            for team in dict.fromkeys(teams):
                await self._on_removed(workspace_of(team))
        except Unavailable:
            return _try_again()
        for team in teams:
            await self._connections.forget(team)
        return BoltResponse(status=200)


async def _fetched(here: Connection, delivery: Delivery) -> tuple[Document, ...]:
    attached = await announced(here.api, delivery.files)
    return tuple([await here.api.fetch(each, MESSAGE_WAIT_S) for each in attached])


def _connection(context: AsyncBoltContext) -> Connection:
    connection: Connection = context[CONNECTION]
    return connection


def _whose(context: AsyncBoltContext) -> tuple[str, str]:
    """Return the workspace that speaks, and the organisation if that installed Hone."""
    enterprise = context.enterprise_id if context.is_enterprise_install else None
    return str(context.team_id or ""), str(enterprise or "")


class _Step(AsyncMiddleware):
    """A step of Bolt's chain that is called with the request as it is."""

    def __init__(self, take: Callable[[AsyncBoltRequest, GoOn], Awaitable[BoltResponse | None]]):
        self._take = take

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: GoOn
    ) -> BoltResponse | None:
        return await self._take(req, next)


class _Authorize(AsyncAuthorize):
    """Answers from the connection that was found: Bolt's own way asks Slack for each request."""

    async def __call__(self, *, context: AsyncBoltContext, **_: Any) -> AuthorizeResult:
        return _connection(context).authorized


def _malformed() -> BoltResponse:
    return BoltResponse(status=400, body="malformed")


def _try_again() -> BoltResponse:
    return BoltResponse(status=503, body="not saved, please try again")
