"""Who acts: name, zone, locale and role, from what is known before asking Slack."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.platform import SendError
from bot.slack.client import SlackApi
from bot.slack.emoji import with_emoji
from bot.slack.read import Actor
from bot.slack.spans import Json
from bot.text import clean
from bot.turn import SOMEONE, Person, Role
from storage import Database, Unavailable, time_to_spare
from storage.people import NEVER_DESCRIBED, PersonRow
from storage.roles import known_role

LOOKUP_TIMEOUT_S = 1.0
"""A person waits for this answer once; the whole turn has three seconds."""

KEPT = timedelta(hours=1)
RETRY_AFTER = timedelta(minutes=1)
"""How long an old or a guessed answer serves before Slack is asked again."""

CACHE_MAX_PEOPLE = 20_000

STRANGERS_ASKED_MAX = 10
"""People of one message whom nobody has met; a message to a whole company must not ask for it."""

log = structlog.get_logger()


class People:
    """Looks people up: in memory, then in the database, then at Slack.

    Only a person nobody has met waits for Slack. Everybody else is asked about beside the turn,
    at most once an hour, and the next turn carries what changed into the database.
    """

    def __init__(
        self, api: SlackApi, database: Database, workspace: str, clock: Callable[[], datetime]
    ) -> None:
        self._api = api
        self._database = database
        self.workspace = workspace
        self._team = workspace.removeprefix("slack:")
        self._clock = clock
        self._known: dict[str, tuple[Person, datetime]] = {}
        self._asking: dict[str, asyncio.Task[Person | None]] = {}

    async def person(self, actor: Actor) -> Person:
        """Return the person; UTC and the role their envelope proves while nothing else is known."""
        known, until = self._known.get(actor.id, (None, None))
        if known and until and self._clock() < until:
            return known
        known = known or await self._stored(actor.id)
        if known:
            self._ask(actor.id)
            return self._keep(known, RETRY_AFTER)
        met = await self._met(actor.id)
        return met or self._keep(self._stranger(actor), RETRY_AFTER)

    async def names(self, ids: Iterable[str]) -> dict[str, str]:
        """Return id → name of those people who can be named; a few strangers are asked about."""
        wanted = list(ids)
        named = await self._stored_names(wanted) if wanted else {}
        strangers = [id for id in wanted if id not in named][:STRANGERS_ASKED_MAX]
        met = await asyncio.gather(*(self._met(id) for id in strangers))
        return named | {person.id: person.name for person in met if person}

    async def direct_channel(self, person: str) -> str:
        """Return the channel of the chat between Hone and the person; raises SendError."""
        row = await self._row(person)
        return (row and row.direct_channel) or await self._api.open_direct(person)

    async def close(self) -> None:
        for task in list(self._asking.values()):
            task.cancel()
        await asyncio.gather(*self._asking.values(), return_exceptions=True)

    # --- the three places to look ---

    async def _stored(self, person: str) -> Person | None:
        row = await self._row(person)
        if row is None:
            return None
        role = known_role(row.role)
        return Person(row.id, row.name, row.zone, row.locale, role, described_at=row.seen_at)

    async def _met(self, person: str) -> Person | None:
        known, _ = self._known.get(person, (None, None))
        if known:
            return known
        asking = self._ask(person)
        await asyncio.wait([asking], timeout=time_to_spare(LOOKUP_TIMEOUT_S))
        return asking.result() if asking.done() else None

    async def _stored_names(self, people: list[str]) -> dict[str, str]:
        try:
            async with self._database.read(self.workspace, self._clock()) as store:
                return await store.people.named(people)
        except Unavailable:
            return {}

    async def _row(self, person: str) -> PersonRow | None:
        try:
            async with self._database.read(self.workspace, self._clock()) as store:
                return await store.people.find(person)
        except Unavailable:
            return None

    def _ask(self, person: str) -> asyncio.Task[Person | None]:
        """Start asking Slack, once for everybody who wants to know."""
        if person not in self._asking:
            task = asyncio.create_task(self._asked(person))
            self._asking[person] = task
            task.add_done_callback(lambda _: self._asking.pop(person, None))
        return self._asking[person]

    async def _asked(self, person: str) -> Person | None:
        try:
            answer = await self._api.read(
                "users.info", LOOKUP_TIMEOUT_S, user=person, include_locale="true"
            )
            return self.note(described(answer["user"], self._team))
        except SendError as error:
            log.info("person_not_looked_up", workspace=self.workspace, cause=str(error))
            return None

    def note(self, person: Person) -> Person:
        """Note how Slack describes a person just now, and return them."""
        return self._keep(replace(person, described_at=self._clock()), KEPT)

    def _keep(self, person: Person, time: timedelta) -> Person:
        if len(self._known) >= CACHE_MAX_PEOPLE:
            self._known.clear()
        self._known[person.id] = person, self._clock() + time
        return person

    def _stranger(self, actor: Actor) -> Person:
        foreign = bool(actor.team) and actor.team != self._team
        role: Role = "external" if foreign else "member"
        return Person(actor.id, actor.name or SOMEONE, role=role, described_at=NEVER_DESCRIBED)


def described(user: Json, team: str) -> Person:
    """Return a person as `users.info` describes them to the workspace `team`."""
    profile = user.get("profile") or {}
    name = profile.get("display_name") or profile.get("real_name") or user.get("name") or ""
    return Person(
        id=str(user["id"]),
        name=clean(with_emoji(str(name))) or SOMEONE,
        zone=_zone(user.get("tz")),
        locale=str(user.get("locale") or "en"),
        role=role_of(user, team),
    )


def role_of(user: Json, team: str) -> Role:
    """Return the role; people of other workspaces come first, whatever they are at home."""
    if user.get("deleted"):
        return "gone"
    if user.get("is_bot") or user.get("is_workflow_bot"):
        return "bot"
    homes = {user.get("team_id") or team, *((user.get("enterprise_user") or {}).get("teams") or ())}
    if user.get("is_stranger") or team not in homes:
        return "external"
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return "guest"
    return "admin" if user.get("is_admin") or user.get("is_owner") else "member"


def _zone(name: object) -> str:
    try:
        return ZoneInfo(str(name)).key if name else "UTC"
    except (KeyError, ValueError, OSError):
        return "UTC"
