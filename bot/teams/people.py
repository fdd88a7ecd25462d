"""Who people are and what channels are called: a delivery, completed by what Teams' lists say."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.cards import Form, Pick
from bot.platform import SendError
from bot.teams.client import Connector, NotThere
from bot.teams.read import Delivery
from bot.text import clean
from bot.turn import SOMEONE, Answers, Command, Named, Person, Place, Role, Said, Thing
from storage import Database, Unavailable, time_to_spare

LOOKUP_TIMEOUT_S = 2.0
"""A person waits for their answer meanwhile."""

KNOWN_FOR_S = 3600.0
UNKNOWN_FOR_S = 60.0
KEPT_MAX = 20_000
"""People remembered by a process before it starts over."""


THIS_CHAT = "this chat"
"""What a chat is called while nothing else is known of it."""

NAMED_MAX = 4
"""So many people name a chat, or one fewer and how many more there are."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person as the member list has them; `directory_id` is what Teams' people picker says."""

    id: str
    directory_id: str
    name: str
    role: Role


class Roster:
    """Looks people up and remembers them for an hour; nothing depends on what it remembers."""

    def __init__(
        self,
        connector: Connector,
        database: Database,
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connector = connector
        self._database = database
        self._now = now
        self._clock = clock
        self._members: dict[tuple[str, str], tuple[Member | None, float]] = {}
        self._no_people: set[tuple[str, str]] = set()
        self._named: dict[tuple[str, str], float] = {}
        """Until when a channel's name, asked by this process, need not be asked again."""
        self._habits: dict[tuple[str, str], tuple[str, str]] = {}

    async def person(self, workspace: str, delivery: Delivery) -> Person:
        """Return who acted. Guests and people of other tenants are told by the member list.

        While Teams does not answer, the delivery alone is believed.
        """
        sender = delivery.sender
        member = await self.member(delivery, sender.id)
        zone, locale = await self._zone_and_locale(workspace, delivery)
        return Person(
            id=sender.id,
            name=(member.name if member else "") or sender.name or SOMEONE,
            zone=zone,
            locale=locale,
            role=sender.role or (member.role if member else "member"),
        )

    async def place(self, workspace: str, delivery: Delivery) -> Place:
        """Return where it happened, with its name if that may be news: deliveries have its id only.

        What was asked a while ago is not said again: Teams may have told of another name since.
        """
        place, key = delivery.place, (delivery.tenant, delivery.place.channel)
        if place.name or place.private or self._clock() < self._named.get(key, float("-inf")):
            return place
        if delivery.team:
            name = await self._channel_name(delivery)
        elif await self._is_named(workspace, place.channel):
            name = ""
        else:
            name = await self._chat_name(delivery)
        if len(self._named) >= KEPT_MAX:
            self._named.clear()
        self._named[key] = self._clock() + (KNOWN_FOR_S if name else UNKNOWN_FOR_S)
        return replace(place, name=name)

    async def channels_of(self, delivery: Delivery) -> list[str]:
        """Return the channels of the team that a delivery is about, or the chat it came from."""
        if not delivery.team:
            return [delivery.place.channel]
        try:
            async with asyncio.timeout(time_to_spare(LOOKUP_TIMEOUT_S)):
                return list(
                    await self._connector.channel_names(delivery.service_url, delivery.team)
                )
        except (SendError, TimeoutError):
            return [delivery.place.channel]

    async def member(self, delivery: Delivery, id: str) -> Member | None:
        """Return the member of the delivery's conversation with this Teams or directory id."""
        key = (delivery.tenant, id)
        known, until = self._members.get(key, (None, float("-inf")))
        if self._clock() < until:
            return known
        known = await self._look_up(delivery, id)
        until = self._clock() + (KNOWN_FOR_S if known else UNKNOWN_FOR_S)
        if len(self._members) >= KEPT_MAX:
            self._members.clear()
            self._no_people.clear()
        self._members[key] = known, until
        if known:
            self._members[delivery.tenant, known.id] = known, until
            self._members[delivery.tenant, known.directory_id] = known, until
        return known

    async def sorted_out(self, delivery: Delivery, intent: Command | Said) -> Command | Said:
        """Return the intent with those it mentions as people only where Teams knows them as such.

        A tag comes just as a person does, with an id like theirs; only the member list tells.
        Nobody else can be mentioned in a chat with Hone alone.
        """
        if delivery.place.private or not intent.mentions:
            return intent
        speaker = delivery.sender.id
        await self._members_of(delivery, (speaker, *(who.id for who in intent.mentions)))
        if (delivery.tenant, speaker) in self._no_people:
            return intent  # the list is not there, which says nothing of anybody
        no_people = [who for who in intent.mentions if (delivery.tenant, who.id) in self._no_people]
        things = (Thing(each.id, each.name, "group") for each in no_people)
        return replace(
            intent,
            mentions=tuple(who for who in intent.mentions if who not in no_people),
            things=(*intent.things, *things),
        )

    async def picked(
        self, delivery: Delivery, answers: Answers, picks: frozenset[str]
    ) -> tuple[Answers, tuple[Named, ...]]:
        """Return the answers with people's ids as everywhere else, and who these people are."""
        given = dict(answers)
        people: list[Named] = []
        for field in picks & given.keys():
            members = await self._members_of(delivery, given[field])
            given[field] = tuple(
                member.id if member else id
                for member, id in zip(members, given[field], strict=True)
            )
            people += [Named(member.id, member.name) for member in members if member]
        return Answers(given), tuple(people)

    async def pickable(self, delivery: Delivery, form: Form) -> Form:
        """Return the form with chosen people named as Teams' people picker knows them."""
        fields = []
        for field in form.fields:
            if isinstance(field, Pick) and field.chosen:
                members = await self._members_of(delivery, field.chosen)
                chosen = tuple(member.directory_id for member in members if member)
                field = replace(field, chosen=chosen)
            fields.append(field)
        return replace(form, fields=tuple(fields))

    async def _members_of(self, delivery: Delivery, ids: tuple[str, ...]) -> list[Member | None]:
        return await asyncio.gather(*(self.member(delivery, id) for id in ids))

    async def _channel_name(self, delivery: Delivery) -> str:
        """Return what the channel is called; the first one of a team is called as the team."""
        at, team, channel = delivery.service_url, delivery.team, delivery.place.channel
        try:
            async with asyncio.timeout(time_to_spare(LOOKUP_TIMEOUT_S)):
                names = await self._connector.channel_names(at, team)
                if channel == team and not names.get(channel):
                    return clean(await self._connector.team_name(at, team))
                return clean(names.get(channel, ""))
        except (SendError, TimeoutError):
            return ""

    async def _chat_name(self, delivery: Delivery) -> str:
        """Return who is in a chat that nobody gave a name."""
        try:
            async with asyncio.timeout(time_to_spare(LOOKUP_TIMEOUT_S)):
                members = await self._connector.members(
                    delivery.service_url, delivery.place.channel
                )
        except (SendError, TimeoutError):
            return THIS_CHAT
        names = [clean(str(member.get("name") or "")) for member in members]
        return listed([name for name in names if name]) or THIS_CHAT

    async def _is_named(self, workspace: str, channel: str) -> bool:
        try:
            async with self._database.read(workspace, self._now()) as store:
                known = await store.channels.find(channel)
        except Unavailable:
            return True
        return known is not None and known.name not in ("", THIS_CHAT)

    async def _look_up(self, delivery: Delivery, id: str) -> Member | None:
        try:
            async with asyncio.timeout(time_to_spare(LOOKUP_TIMEOUT_S)):
                entry = await self._connector.member(
                    delivery.service_url, delivery.conversation, id
                )
        except NotThere:
            self._no_people.add((delivery.tenant, id))
            return None
        except (SendError, TimeoutError):
            return None
        if not isinstance(entry.get("id"), str):
            return None
        self._no_people.discard((delivery.tenant, id))
        directory_id = entry.get("aadObjectId") or entry.get("objectId") or entry["id"]
        return Member(
            entry["id"],
            str(directory_id),
            clean(str(entry.get("name", ""))),
            _role(delivery, entry),
        )

    async def _zone_and_locale(self, workspace: str, delivery: Delivery) -> tuple[str, str]:
        """Return what the delivery says, else what earlier ones said: presses carry no zone."""
        sender, key = delivery.sender, (workspace, delivery.sender.id)
        if sender.zone:
            if len(self._habits) >= KEPT_MAX:
                self._habits.clear()
            self._habits[key] = sender.zone, sender.locale or "en"
        elif key not in self._habits:
            stored = await self._stored(workspace, sender.id)
            if stored is None:
                return "UTC", sender.locale or "en"
            self._habits[key] = stored
        return self._habits[key]

    async def _stored(self, workspace: str, id: str) -> tuple[str, str] | None:
        try:
            async with self._database.read(workspace, self._now()) as store:
                known = await store.people.find(id)
        except Unavailable:
            return None
        return (known.zone, known.locale) if known else None


def listed(names: list[str]) -> str:
    """Return "Ada, Grace and Tomás"; of many the first few."""
    shown = names if len(names) <= NAMED_MAX else names[: NAMED_MAX - 1]
    rest = [f"{len(names) - len(shown)} more"] if len(shown) < len(names) else []
    *others, last = [*shown, *rest] or [""]
    return f"{', '.join(others)} and {last}" if others else last


def _role(delivery: Delivery, entry: dict[str, object]) -> Role:
    tenant = entry.get("tenantId")
    if entry.get("userRole") == "guest":
        return "guest"
    if entry.get("userRole") == "anonymous" or (tenant and tenant != delivery.tenant):
        return "external"
    return "member"
