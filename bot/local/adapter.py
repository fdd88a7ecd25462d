"""Serve the local room: the page, its events, and what people do in it.

Who acts and where stands in each request, for there is nobody to keep apart on one machine:
`guard` keeps everybody else out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import structlog
from aiohttp import web

from bot.addressing import calls_hone
from bot.cards import Card, filled, says
from bot.local.forms import form_html
from bot.local.guard import Handler, guarded
from bot.local.live import Live
from bot.local.messages import (
    Message,
    Spoken,
    echo_html,
    line_id,
    post_id,
    whisper_html,
)
from bot.local.request import Request, read_request
from bot.local.room import (
    CHANNELS,
    EXAMPLES,
    PEOPLE,
    RESIDENTS,
    WORKSPACE,
    Resident,
    place,
    resident,
    suggestions,
)
from bot.local.screen import Screen, screen_html, unavailable_html
from bot.local.stream import stream
from bot.platform import Address
from bot.router import NOT_SAVED, Outcome, Router
from bot.turn import (
    Answers,
    Click,
    Command,
    Intent,
    Named,
    Opened,
    Place,
    Quote,
    Shortcut,
    Submission,
    Turn,
    whose_home,
)
from bot.wire import Action, NotOnTheWire, Stale
from bot.words import heard, read_command
from storage import Database, Store, Unavailable
from storage.lanes import Gaps
from storage.lines import Line
from storage.posts import PostRow

PAGE = Path(__file__).parent / "page"

EVERYONE = tuple(Named(each.person.id, each.person.name) for each in RESIDENTS)

LINE_MAX_CHARS = 10_000

_AT_HONE = re.compile(r"(?<![\w@.])@hone\b(?!\.\w)", re.IGNORECASE)

log = structlog.get_logger()


class LocalRoom:
    """The platform `local`. One per process: open pages are told of posts by this object."""

    name = "local"
    gaps = Gaps(card=0.3)

    def __init__(self, router: Router, database: Database, clock: Callable[[], datetime]) -> None:
        self._router = router
        self._database = database
        self._clock = clock
        self._live = Live()
        self._suggestions = suggestions(router.features)

    def routes(self) -> list[web.RouteDef]:
        """Return everything the room answers; each route refuses other websites' requests."""
        return [
            web.get("/", guarded(self._page)),
            web.get("/local/events", guarded(self._events)),
            *(
                web.get(f"/local/{name}", guarded(_file(name)))
                for name in ("room.css", "room.js", "icon.svg")
            ),
            web.post("/local/say", guarded(self._say)),
            web.post("/local/click", guarded(self._click)),
            web.post("/local/submit", guarded(self._submit)),
            web.post("/local/shortcut", guarded(self._shortcut)),
        ]

    def close(self) -> None:
        """End the open pages' streams, so that the server can stop; they connect anew later."""
        self._live.close()

    # --- what the outbox calls ---

    async def post(self, to: Address, card: Card) -> str:
        """Show the card on every open page of the channel; returns its new id."""
        ref = _home_ref(to.channel) if to.home else uuid4().hex
        self._show(to, ref, card, new=not to.home)
        return ref

    async def update(self, to: Address, ref: str, card: Card) -> None:
        """Show the card in place of what stood there."""
        self._show(to, ref, card, new=False)

    async def open_direct(self, workspace: str, person: str) -> str:
        """Return the person's own chat with Hone."""
        return f"dm-{person}"

    def _show(self, to: Address, ref: str, card: Card, *, new: bool) -> None:
        now = self._clock()
        thread = post_id(to.thread) if to.thread else None
        self._live.publish(to.channel, Message(post_id(ref), now, card, thread), now, new=new)

    # --- the page ---

    async def _page(self, request: web.Request) -> web.StreamResponse:
        who = resident(request.query.get("as")) or RESIDENTS[0]
        wanted = request.query.get("in")
        where = place(who, wanted) or place(who, CHANNELS[0])
        assert where is not None, "everybody may read the first channel"
        channel = who.home if wanted == who.home else where.channel
        now = self._clock()
        mark = self._live.mark(now)  # before the messages are read: rather twice than never
        if channel == who.home:
            await self._open_home(who, where)
        try:
            async with self._database.read(WORKSPACE, now) as store:
                messages = await self._messages(store, channel)
        except Unavailable:
            return web.Response(status=503, text=unavailable_html(), content_type="text/html")
        screen = Screen(who, channel, messages, self._suggestions, EXAMPLES, mark)
        return web.Response(text=screen_html(screen), content_type="text/html")

    async def _open_home(self, who: Resident, where: Place) -> None:
        """Tell Hone that a person looks at their own page, which is kept true from now on."""
        await self._act(who, where, Opened(), f"local:{uuid4().hex}")

    async def _messages(self, store: Store, channel: str) -> list[Message]:
        if whose_home(channel):
            return await self._on_page(store, channel)
        posts = await store.posts.shown_in(channel)
        refs = {post.id: post.ref for post in posts}
        lines = await store.lines.in_channel(channel)
        return [
            *[await self._posted(store, post, refs.get(post.parent or "")) for post in posts],
            *[_spoken(line) for line in lines],
        ]

    async def _on_page(self, store: Store, channel: str) -> list[Message]:
        """Return what a person's own page shows, whether or not it was sent already."""
        person = await store.people.find(whose_home(channel) or "")
        if person is None or not person.page:
            return []
        card = await self._drawn(store, person.page)
        return [Message(post_id(_home_ref(channel)), store.now, card)]

    async def _posted(self, store: Store, post: PostRow, parent_ref: str | None) -> Message:
        thread = post.thread or parent_ref
        return Message(
            post_id(post.ref or post.id),
            post.created_at,
            await self._drawn(store, post.view),
            post_id(thread) if thread else None,
        )

    async def _drawn(self, store: Store, view: str) -> Card:
        try:
            return await self._router.draw(store, view)
        except Exception as error:  # one card that cannot be drawn must not hide the others
            log.error("not_drawn", error=type(error).__name__)
            return says("This card can no longer be shown.")

    # --- its events ---

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Stream what happens in every place the person can see, from the page's mark on."""
        who = resident(request.query.get("as")) or RESIDENTS[0]
        return await stream(request, self._live, who)

    # --- what people do ---

    async def _say(self, request: web.Request) -> web.StreamResponse:
        said = await read_request(request)
        text = said.text("text")
        if not text:
            return _answer(said, Outcome())
        name, rest = read_command(text)
        spec = self._router.specs.get(name)
        is_command = said.place.private and spec is not None and spec.run is not None
        if text.startswith("/") or text.lower() == "help" or is_command:
            outcome = await self._turn(said, Command(name, rest, _mentions(text)))
            return _answer(said, outcome, echo=text)
        if len(text) > LINE_MAX_CHARS:
            return web.json_response(
                {"notice": f"That is {len(text):,} characters; a message has {LINE_MAX_CHARS:,}."}
            )
        line = await self._add_line(said, text)
        if line is None:
            return _answer(said, NOT_SAVED)
        pieces, commands = _AT_HONE.split(text), self._router.commands
        if said.place.private or len(pieces) > 1 or calls_hone(text, commands):
            return _answer(said, await self._turn(said, heard(pieces, _mentions(text), commands)))
        return _answer(said, Outcome())

    async def _add_line(self, said: Request, text: str) -> Line | None:
        """Keep and show a person's words; None if they could not be kept."""
        channel, now = said.place.channel, self._clock()
        try:
            line = await self._database.write(
                WORKSPACE, now, lambda store: store.lines.add(channel, said.who.person.id, text)
            )
        except Unavailable:
            return None
        self._live.publish(channel, _spoken(line), now, new=True)
        return line

    async def _click(self, request: web.Request) -> web.StreamResponse:
        sent = await read_request(request)
        outcome = await self._turn(sent, Click(self._action(sent)))
        return _answer(sent, outcome)

    async def _submit(self, request: web.Request) -> web.StreamResponse:
        sent = await read_request(request)
        answers = Answers(sent.answers())
        outcome = await self._turn(sent, Submission(self._action(sent), answers, EVERYONE))
        if outcome.ask and outcome.ask.errors:
            kept = replace(outcome.ask, form=filled(outcome.ask.form, answers))
            outcome = replace(outcome, ask=kept)
        return _answer(sent, outcome)

    async def _shortcut(self, request: web.Request) -> web.StreamResponse:
        """Run a message's menu entry; what it quotes is read here, not taken from the page."""
        sent = await read_request(request)
        wanted, now = sent.text("line"), self._clock()
        try:
            async with self._database.read(WORKSPACE, now) as store:
                lines = await store.lines.in_channel(sent.place.channel)
        except Unavailable:
            return _answer(sent, NOT_SAVED)
        line = next((line for line in lines if line.id == wanted), None)
        if line is None:
            return web.json_response({"notice": "That message is no longer here."})
        quote = Quote(line.text, _author(line).person.name, _link(request, sent.place, line))
        return _answer(sent, await self._turn(sent, Shortcut(sent.text("name"), quote)))

    def _action(self, sent: Request) -> Action:
        try:
            return self._router.wire.decode_action(sent.text("action"))
        except NotOnTheWire:
            return Stale()

    async def _turn(self, sent: Request, intent: Intent) -> Outcome:
        post = sent.text("post") or None
        return await self._act(sent.who, sent.place, intent, f"local:{sent.key}", post)

    async def _act(
        self, who: Resident, where: Place, intent: Intent, key: str, post: str | None = None
    ) -> Outcome:
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
        )
        return await self._router.handle(turn)


# --- pieces of what is sent back -------------------------------------------------------------


def _answer(sent: Request, outcome: Outcome, echo: str = "") -> web.Response:
    """Return what only this person's page shows. `form` null closes the form that was sent."""
    zone = sent.who.person.zone
    ask = outcome.ask
    return web.json_response(
        {
            "echo": echo_html(echo) if echo else None,
            "whispers": [
                {
                    "html": whisper_html(whisper.card, zone, f"whisper-{uuid4().hex}"),
                    "replaces": whisper.replaces,
                    "summary": whisper.card.summary,
                }
                for whisper in outcome.whispers
            ],
            "form": form_html(ask.form, ask.errors, PEOPLE, zone, uuid4().hex) if ask else None,
            "repeated": outcome.repeated,
            "saved": outcome.saved and not outcome.refused,
        }
    )


def _spoken(line: Line) -> Message:
    return Message(line_id(line.id), line.at, Spoken(_author(line), line.text))


def _author(line: Line) -> Resident:
    who = resident(line.person)
    assert who is not None, "only residents speak here"
    return who


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


def _home_ref(channel: str) -> str:
    """Return the id of the one card on a person's own page."""
    return f"home-{whose_home(channel)}"


def _file(name: str) -> Handler:
    async def serve(request: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE / name)

    return serve
