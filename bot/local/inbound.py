"""What people do in the local room: say, press, send a form, pick from a message's menu."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from aiohttp import web

from bot.addressing import calls_hone
from bot.cards import filled
from bot.documents import DOCUMENT_MAX_BYTES, Attached, too_large
from bot.local.channels import Channels
from bot.local.guard import Handler, guarded
from bot.local.live import Live
from bot.local.messages import author_of, line_id, message_of
from bot.local.people import RESIDENTS, Resident
from bot.local.read import Request
from bot.local.respond import answer
from bot.local.room import WORKSPACE
from bot.outcome import NOT_SAVED, Outcome
from bot.router import Router
from bot.server import takes
from bot.turn import (
    Answers,
    Click,
    Command,
    Document,
    Intent,
    Named,
    Place,
    Quote,
    Said,
    Shortcut,
    Submission,
    Turn,
)
from bot.wire import Action, meant
from bot.words import heard, read_command
from storage import Database, Unavailable, one_deadline
from storage.lines import Line

EVERYONE = tuple(Named(each.person.id, each.person.name) for each in RESIDENTS)

LINE_MAX_CHARS = 10_000

WITH_FILES_MAX_BYTES = 4 * DOCUMENT_MAX_BYTES // 3 + 1024 * 1024
"""A page sends a file as base64, among what else it sends."""

_AT_HONE = re.compile(r"(?<![\w@.])@hone\b(?!\.\w)", re.IGNORECASE)


class Inbound:
    """Takes what a page sends to the router, and answers that page."""

    def __init__(
        self,
        router: Router,
        database: Database,
        clock: Callable[[], datetime],
        live: Live,
        channels: Channels,
    ) -> None:
        self._channels = channels
        self._router = router
        self._database = database
        self._clock = clock
        self._live = live

    def routes(self) -> list[web.RouteDef]:
        """Return what a page may send; each route refuses other websites' requests."""
        acts = (self.say, self.click, self.submit, self.shortcut, self.hand)
        routes = {act.__name__: guarded(under_one_deadline(act)) for act in acts}
        for with_files in ("submit", "hand"):
            takes(WITH_FILES_MAX_BYTES, routes[with_files])
        return [web.post(f"/local/{name}", handler) for name, handler in routes.items()]

    async def say(self, request: web.Request) -> web.StreamResponse:
        sent = await self._channels.read(request)
        text = sent.text("text")
        if not text:
            return answer(sent, Outcome())
        name, rest = read_command(text)
        spec = self._router.specs.get(name)
        is_command = sent.place.private and spec is not None and spec.run is not None
        if text.startswith("/") or text.lower() == "help" or is_command:
            plain = not text.startswith("/")
            outcome = await self._turn(sent, Command(name, rest, _mentions(text), plain=plain))
            return answer(sent, outcome, echo=text)
        if len(text) > LINE_MAX_CHARS:
            return web.json_response(
                {"notice": f"That is {len(text):,} characters; a message has {LINE_MAX_CHARS:,}."}
            )
        line = await self._add_line(sent, text)
        if line is None:
            return answer(sent, NOT_SAVED)
        pieces, commands = _AT_HONE.split(text), self._router.commands
        if sent.place.private or len(pieces) > 1 or calls_hone(text, commands):
            return answer(sent, await self._turn(sent, heard(pieces, _mentions(text), commands)))
        return answer(sent, Outcome())

    async def _add_line(self, sent: Request, text: str) -> Line | None:
        """Keep and show a person's words; None if they could not be kept."""
        channel, now = sent.place.channel, self._clock()
        try:
            line = await self._database.write(
                WORKSPACE, now, lambda store: store.lines.add(channel, sent.who.person.id, text)
            )
        except Unavailable:
            return None
        self._live.publish(channel, message_of(line), now, new=True)
        return line

    async def click(self, request: web.Request) -> web.StreamResponse:
        sent = await self._channels.read(request)
        outcome = await self._turn(sent, Click(self._action(sent)))
        return answer(sent, outcome)

    async def submit(self, request: web.Request) -> web.StreamResponse:
        sent = await self._channels.read(request)
        answers = Answers(sent.answers())
        documents = await _documents(sent)
        act = Submission(self._action(sent), answers, EVERYONE)
        outcome = await self._turn(sent, act, documents)
        if outcome.ask and outcome.ask.errors:
            kept = replace(outcome.ask, form=filled(outcome.ask.form, answers))
            outcome = replace(outcome, ask=kept)
        return answer(sent, outcome)

    async def shortcut(self, request: web.Request) -> web.StreamResponse:
        """Run a message's menu entry; what it quotes is read here, not taken from the page."""
        sent = await self._channels.read(request)
        wanted, now = sent.text("line"), self._clock()
        try:
            async with self._database.read(WORKSPACE, now) as store:
                lines = await store.lines.in_channel(sent.place.channel)
        except Unavailable:
            return answer(sent, NOT_SAVED)
        line = next((line for line in lines if line.id == wanted), None)
        if line is None:
            return web.json_response({"notice": "That message is no longer here."})
        quote = Quote(line.text, author_of(line).person.name, _link(request, sent.place, line))
        return answer(sent, await self._turn(sent, Shortcut(sent.text("name"), quote)))

    async def hand(self, request: web.Request) -> web.StreamResponse:
        """Hand Hone a file that was dropped on the page."""
        sent = await self._channels.read(request)
        documents = await _documents(sent)
        outcome = await self._turn(sent, Said(""), documents)
        return answer(sent, outcome, echo=", ".join(each.name for each in documents))

    def _action(self, sent: Request) -> Action:
        return meant(sent.text("action"), self._router.wire)

    async def _turn(
        self, sent: Request, intent: Intent, documents: tuple[Document, ...] = ()
    ) -> Outcome:
        post = sent.text("post") or None
        return await self.take(sent.who, sent.place, intent, f"local:{sent.key}", post, documents)

    async def take(
        self,
        who: Resident,
        where: Place,
        intent: Intent,
        key: str,
        post: str | None = None,
        documents: tuple[Document, ...] = (),
    ) -> Outcome:
        """Take what a resident did to the router."""
        now = self._clock()
        turn = Turn(
            workspace=WORKSPACE,
            place=where,
            person=who.person,
            intent=intent,
            now=now,
            key=key,
            acted_at=now,
            post=post,
            documents=documents,
        )
        return await self._router.handle(turn)


async def _documents(sent: Request) -> tuple[Document, ...]:
    """Return the files that came along, each within what every platform takes."""
    found = []
    for each in await asyncio.to_thread(sent.documents):
        trouble = ""
        if len(each.content) > DOCUMENT_MAX_BYTES:
            trouble = too_large(Attached(each.name).shown)
        found.append(Document(each.name, each.content, trouble))
    return tuple(found)


def under_one_deadline(handler: Handler) -> Handler:
    """Let all that a request asks of the database share one patience."""

    async def answer(request: web.Request) -> web.StreamResponse:
        with one_deadline():
            return await handler(request)

    return answer


def _link(request: web.Request, where: Place, line: Line) -> str:
    return f"http://{request.host}/?in={where.channel}#{line_id(line.id)}"


def _mentions(text: str) -> tuple[Named, ...]:
    """Return the residents whose `@Name Surname` or `@Name` stands in the text, once each."""
    mentioned = []
    for who in RESIDENTS:
        for name in (who.person.name, who.first_name):
            if re.search(rf"@{re.escape(name)}\b", text):
                mentioned.append(Named(who.person.id, name))
                break
    return tuple(mentioned)
