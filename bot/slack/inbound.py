"""What comes in: Bolt sorts the payloads, one listener for each kind commits, then answers."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.platform import SendError
from bot.router import Outcome, Router
from bot.slack import acts
from bot.slack.acts import UNREADABLE, Act, Myself
from bot.slack.answers import Answers
from bot.slack.body import Malformed
from bot.slack.people import People
from bot.slack.read import Actor, Names, picked
from bot.slack.shape import check_shape
from bot.slack.spans import Json
from bot.turn import Intent, Named, Person, Place, Submission, Turn
from storage import Unavailable

_EVERY = re.compile("")

Authorize = Callable[[], Awaitable[AuthorizeResult]]

Removed = Callable[[str], Awaitable[None]]
"""Called with the workspace when Hone was taken out of it, maybe several times."""

log = structlog.get_logger()


class Inbound:
    """Turns one workspace's payloads into turns and sees that they are answered."""

    def __init__(
        self,
        *,
        myself: Myself,
        bot_token: str,
        client: AsyncWebClient,
        router: Router,
        people: People,
        answers: Answers,
        clock: Callable[[], datetime],
        on_removed: Removed,
        logger: logging.Logger,
        reaction: str = "",
    ) -> None:
        self.dropped = 0
        """Requests for workspaces the token does not belong to."""
        self._myself = myself
        self._router = router
        self._people = people
        self._answers = answers
        self._clock = clock
        self._on_removed = on_removed
        self._reaction = reaction
        self.bolt = self._make_bolt(client, _authorizer(myself, bot_token), logger)

    @property
    def workspace(self) -> str:
        return self._people.workspace

    async def settled(self) -> None:
        """Wait until everything sent beside an answer has arrived or failed."""
        await self._answers.settled()

    async def close(self, timeout: float) -> None:
        """Let what is on its way arrive, for `timeout` seconds at most."""
        try:
            async with asyncio.timeout(timeout):
                await self._answers.settled()
        except TimeoutError:
            log.warning("answers_left_behind", workspace=self.workspace)
        await self._people.close()

    async def dispatch(self, body: Json) -> BoltResponse:
        """Handle a verified payload; raises Malformed for one that Slack would not send."""
        check_shape(body)
        try:
            # Bolt parses texts itself, slowly; it takes an object as it is in this mode only.
            request = AsyncBoltRequest(mode="socket_mode", body=body)
        except UNREADABLE as error:
            raise Malformed("not a shape Slack sends") from error
        answer = await self.bolt.async_dispatch(request)
        if answer.status == 404:  # a kind of payload that asks nothing of Hone
            return BoltResponse(status=200)
        return answer

    def _make_bolt(
        self, client: AsyncWebClient, authorize: Authorize, logger: logging.Logger
    ) -> AsyncApp:
        bolt = AsyncApp(
            name="hone",
            logger=logger,
            client=client,
            # Bolt's own check comes after parsing and answers 500 to what cannot be parsed;
            # `verify` has seen the raw bytes before.
            request_verification_enabled=False,
            before_authorize=self._drop_foreign,
            authorize=authorize,
            # Otherwise Bolt looks every 10 ms whether a listener has acknowledged.
            process_before_response=True,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        # Bolt tries listeners one by one: one for each kind of payload, the frequent ones first.
        bolt.action(_EVERY)(self._on_press)
        bolt.view_submission(_EVERY)(self._on_submission)
        bolt.event(_EVERY)(self._on_event)
        bolt.command(_EVERY)(self._on_command)
        bolt.shortcut(_EVERY)(self._on_shortcut)
        return bolt

    async def _drop_foreign(
        self, body: Json, context: AsyncBoltContext, next_: Callable[[], Awaitable[Any]]
    ) -> BoltResponse | None:
        handshake = body.get("type") == "url_verification" or "ssl_check" in body
        if not handshake and context.team_id != self._myself.team:
            self.dropped += 1
            log.info("foreign_workspace_dropped")
            return BoltResponse(status=200)
        await next_()
        return None

    # --- listeners -------------------------------------------------------------------------

    async def _on_command(self, body: Json) -> BoltResponse:
        try:
            act = acts.command(body, self._clock())
        except UNREADABLE:
            return _malformed()
        return await self._answered(act, self._answers.to_command)

    async def _on_press(self, body: Json) -> BoltResponse:
        try:
            act = acts.press(body, self._router.wire, self._clock())
        except UNREADABLE:
            return _malformed()
        in_form = act is not None and act.view is not None
        return await self._answered(
            act, self._answers.to_press_in_form if in_form else self._answers.aside
        )

    async def _on_submission(self, body: Json) -> BoltResponse:
        try:
            act = acts.submission(body, self._router.wire, self._clock())
        except UNREADABLE:
            return _malformed()
        return await self._answered(act, self._answers.to_submission)

    async def _on_shortcut(self, body: Json) -> BoltResponse:
        names = await self._names(body)
        try:
            act = acts.shortcut(body, self._myself, names, self._clock())
        except UNREADABLE:
            return _malformed()
        return await self._answered(act, self._answers.aside)

    async def _on_event(self, body: Json) -> BoltResponse:
        names = await self._names(body)
        try:
            if acts.removes(body, self._myself):
                return await self._remove()
            act = acts.event(
                body, self._myself, self._router.commands, names, self._clock(), self._reaction
            )
        except UNREADABLE:
            return _malformed()
        return await self._answered(act, self._answers.to_event)

    # --- from an act to its answer ---------------------------------------------------------

    async def _answered(
        self, act: Act | None, answer: Callable[[Act, Turn, Outcome], BoltResponse]
    ) -> BoltResponse:
        """Commit the act as a turn, then return Slack's answer; an act of None asks for nothing."""
        if act is None:
            return BoltResponse(status=200)
        person = await self._people.person(act.actor)
        try:
            place = await self._place(act, person)
        except SendError as error:
            log.warning("no_place_to_answer", cause=str(error))
            return _try_again()
        turn = Turn(
            workspace=self._people.workspace,
            place=place,
            person=person,
            intent=await self._with_people(act),
            now=self._clock(),
            key=act.key,
            acted_at=act.acted_at,
            post=act.post,
        )
        return answer(act, turn, await self._router.handle(turn))

    async def _with_people(self, act: Act) -> Intent:
        """Return the intent; a form that chose people says who they are."""
        if not isinstance(act.intent, Submission) or act.view is None:
            return act.intent
        chosen = [await self._people.person(Actor(id)) for id in picked(act.view)]
        return replace(act.intent, people=tuple(Named(who.id, who.name) for who in chosen))

    async def _place(self, act: Act, person: Person) -> Place:
        """Return where Hone can write: here, or in the person's chat with Hone.

        Shortcuts stand in no channel, and slash commands work in chats of two other people.
        """
        if act.place and not act.place.private:
            return act.place
        chat = await self._people.direct_channel(person.id)
        if act.place and act.place.channel == chat:
            return act.place
        return Place(chat, private=True)

    async def _names(self, body: Json) -> Names:
        """Return the names of people the payload mentions by id alone."""
        try:
            return await self._people.names(acts.people_to_name(body))
        except UNREADABLE:
            return {}

    async def _remove(self) -> BoltResponse:
        try:
            await self._on_removed(self._people.workspace)
        except Unavailable:
            return _try_again()
        return BoltResponse(status=200)


def _authorizer(myself: Myself, bot_token: str) -> Authorize:
    """Return Bolt's `authorize`, from memory: its own way costs an `auth.test` for each request."""
    ours = AuthorizeResult(
        enterprise_id=None,
        team_id=myself.team,
        bot_user_id=myself.user,
        bot_id=myself.bot,
        bot_token=bot_token,
    )

    async def authorize() -> AuthorizeResult:
        return ours

    return authorize


def _malformed() -> BoltResponse:
    return BoltResponse(status=400, body="malformed")


def _try_again() -> BoltResponse:
    return BoltResponse(status=503, body="not saved, please try again")
