"""Channels that people add to the local room: each joins a team that is there, or begins one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from aiohttp import web

from bot.local.guard import Handler, guarded
from bot.local.html import Html, tag
from bot.local.people import DIRECT, Resident
from bot.local.read import Request, read_request
from bot.local.room import CHANNELS, WORKSPACE, is_own, place
from bot.turn import Place
from storage import Database, Store, Unavailable
from storage.teams import Team

NAME_MAX_CHARS = 40
CHANNELS_MAX = 40
"""Channels that the room holds: all of them stand in one list."""

OWN_TEAM = ""
"""The answer that the channel begins a team."""

_NAME = re.compile(rf"[^\W_][\w-]{{0,{NAME_MAX_CHARS - 1}}}")

UNAVAILABLE = "Hone cannot reach its database right now. Please try again in a minute."


class Channels:
    """The room's channels: those it opens with, then those that were added, as teams came."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def routes(self, within: Callable[[Handler], Handler]) -> list[web.RouteDef]:
        """Return what adds a channel, `within` what every act of a page keeps to."""
        return [web.post("/local/channel", guarded(within(self._add)))]

    async def read(self, request: web.Request) -> Request:
        """Return what a page sent; raises a 4xx for what it would never send, a 503 for nobody."""
        try:
            return await read_request(request, self.place)
        except Unavailable:
            raise web.HTTPServiceUnavailable(text=UNAVAILABLE) from None

    async def place(
        self, who: Resident, channel: str | None, thread: str | None = None
    ) -> Place | None:
        """Return the place as it is for `who`; None if it does not exist or is somebody else's."""
        if (where := place(who, channel, thread)) or not channel or not is_own(who, channel):
            return where
        async with self._database.read(WORKSPACE, self._clock()) as store:
            known = await store.channels.find(channel)
        return Place(channel, channel, thread) if known else None

    async def _add(self, request: web.Request) -> web.StreamResponse:
        """Add a channel; `wrong` is what is to be mended, `channel` where to go."""
        sent = await self.read(request)
        name, team = _called(sent.text("name")), sent.text("team")
        if wrong := _problem(name):
            return web.json_response({"wrong": wrong})

        async def add(store: Store) -> str:
            return await _added(store, name, team, sent.who.person.zone)

        try:
            wrong = await self._database.write(WORKSPACE, self._clock(), add)
        except Unavailable:
            raise web.HTTPServiceUnavailable(text=UNAVAILABLE) from None
        return web.json_response({"wrong": wrong} if wrong else {"channel": name})


async def names(store: Store) -> tuple[str, ...]:
    """Return all channels of the room."""
    added = [channel.id for channel in await store.channels.all()]
    return (*CHANNELS, *(id for id in added if id not in CHANNELS))


async def _added(store: Store, name: str, team: str, zone: str) -> str:
    """Add the channel to the team of this number, or to a new one; return what is wrong."""
    if name in await names(store):
        return f"There is #{name} already."
    if len(await names(store)) >= CHANNELS_MAX:
        return f"This room holds {CHANNELS_MAX} channels, and it is full."
    if team == OWN_TEAM:
        await store.channels.ensure(name, name, zone)
        return ""
    joined = next((each for each in await store.teams.all() if str(each.id) == team), None)
    if joined is None:
        return "That team is gone. Choose again."
    await store.channels.add(name, joined.id)
    return ""


def _called(typed: str) -> str:
    """Return a channel's name as platforms write it: #My Team is my-team."""
    return "-".join(typed.lower().lstrip("#").split())


def _problem(name: str) -> str:
    if not name:
        return "Give the channel a name, such as billing-team."
    if len(name) > NAME_MAX_CHARS:
        return f"A name has at most {NAME_MAX_CHARS} characters; this one has {len(name)}."
    if not _NAME.fullmatch(name) or name.startswith(DIRECT):
        return "A name has letters, digits and dashes, such as billing-team."
    return ""


# --- how it is asked -------------------------------------------------------------------------


def adding_html(teams: Sequence[Team]) -> Html:
    """Return the dialog that asks for a channel's name and team."""
    own = tag("option", "A team of its own", value=OWN_TEAM)
    known = (tag("option", team.name, value=team.id) for team in teams)
    close = tag("button", "Close", type="button", class_="button quiet", data_away=True)
    return tag(
        "dialog",
        tag(
            "form",
            tag("header", tag("h2", "New channel", id="channel-title")),
            tag(
                "div",
                tag(
                    "div",
                    tag("label", "Name", for_="channel-name"),
                    tag(
                        "input",
                        id="channel-name",
                        name="name",
                        type="text",
                        autocomplete="off",
                        placeholder="billing-team",
                        aria_required="true",
                        aria_describedby="channel-wrong",
                    ),
                    tag("p", "", id="channel-wrong", class_="error", role="alert", hidden=True),
                    class_="field",
                ),
                tag(
                    "div",
                    tag("label", "Whose is it?", for_="channel-team"),
                    tag("select", own, *known, id="channel-team", name="team"),
                    class_="field",
                ),
                class_="fields",
            ),
            tag(
                "footer",
                close,
                tag("button", "Add it", type="submit", class_="button primary"),
            ),
            novalidate=True,
        ),
        id="new-channel",
        class_="asks",
        aria_labelledby="channel-title",
    )
