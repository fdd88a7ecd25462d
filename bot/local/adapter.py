"""Serve the local room: the page and its events, and what the outbox shows there.

Who acts and where stands in each request, for there is nobody to keep apart on one machine:
`guard` keeps everybody else out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import structlog
from aiohttp import web

from bot.cards import Card, says
from bot.local.channels import Channels, names
from bot.local.guard import Handler, guarded
from bot.local.inbound import Inbound, under_one_deadline
from bot.local.live import Live
from bot.local.messages import Message, as_seen_by, message_of, post_id
from bot.local.people import RESIDENTS, Resident, resident
from bot.local.room import CHANNELS, EXAMPLES, WORKSPACE, suggestions
from bot.local.screen import Screen, screen_html, unavailable_html
from bot.local.stream import stream
from bot.platform import Address
from bot.router import Router
from bot.turn import Opened, Place, whose_home
from storage import Database, Store, Unavailable
from storage.lanes import RateLimits
from storage.posts import PostRow

PAGE = Path(__file__).parent / "page"

log = structlog.get_logger()


class LocalRoom:
    """The platform `local`. One per process: open pages are told of posts by this object."""

    name = "local"
    rate_limits = RateLimits(card=0.3)

    def __init__(self, router: Router, database: Database, clock: Callable[[], datetime]) -> None:
        self._router = router
        self._database = database
        self._clock = clock
        self._live = Live()
        self._channels = Channels(database, clock)
        self._inbound = Inbound(router, database, clock, self._live, self._channels)
        self._suggestions = suggestions(router.features)

    def routes(self) -> list[web.RouteDef]:
        """Return everything the room answers; each route refuses other websites' requests."""
        return [
            web.get("/", guarded(under_one_deadline(self._page))),
            web.get("/local/events", guarded(self._events)),
            *(
                web.get(f"/local/{name}", guarded(_file(name)))
                for name in ("room.css", "room.js", "icon.svg")
            ),
            *self._inbound.routes(),
            *self._channels.routes(under_one_deadline),
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

    async def pin(self, to: Address, ref: str, pinned: bool) -> None:
        """Do nothing more: what is shown says so itself, and the page keeps it in sight."""

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
        try:
            found = await self._channels.place(who, wanted)
        except Unavailable:
            return web.Response(status=503, text=unavailable_html(), content_type="text/html")
        where = found or Place(CHANNELS[0], CHANNELS[0])
        channel = who.home if wanted == who.home else where.channel
        now = self._clock()
        mark = self._live.mark(now)  # before the messages are read: rather twice than never
        if channel == who.home:
            await self._open_home(who, where)
        try:
            async with self._database.read(WORKSPACE, now) as store:
                messages = await self._messages(store, channel)
                channels, teams = await names(store), await store.teams.all()
        except Unavailable:
            return web.Response(status=503, text=unavailable_html(), content_type="text/html")
        messages = [as_seen_by(message, who) for message in messages]
        screen = Screen(who, channel, channels, teams, messages, self._suggestions, EXAMPLES, mark)
        return web.Response(text=screen_html(screen), content_type="text/html")

    async def _open_home(self, who: Resident, where: Place) -> None:
        """Tell Hone that a person looks at their own page, which is kept true from now on."""
        await self._inbound.take(who, where, Opened(), f"local:{uuid4().hex}")

    async def _messages(self, store: Store, channel: str) -> list[Message]:
        if whose_home(channel):
            return await self._on_page(store, channel)
        posts = await store.posts.shown_in(channel)
        refs = {post.id: post.ref for post in posts}
        lines = await store.lines.in_channel(channel)
        return [
            *[await self._posted(store, post, refs.get(post.parent or "")) for post in posts],
            *[message_of(line) for line in lines],
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
            return (await self._router.draw(store, view)).card
        except Exception as error:  # one card that cannot be drawn must not hide the others
            log.error("not_drawn", error=type(error).__name__)
            return says("This card can no longer be shown.")

    # --- its events ---

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Stream what happens in every place the person can see, from the page's mark on."""
        who = resident(request.query.get("as")) or RESIDENTS[0]
        return await stream(request, self._live, who)


def _home_ref(channel: str) -> str:
    """Return the id of the one card on a person's own page."""
    return f"home-{whose_home(channel)}"


def _file(name: str) -> Handler:
    async def serve(request: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE / name)

    return serve
