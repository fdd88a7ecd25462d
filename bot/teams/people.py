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
from bot.turn import Answers, Command, Named, Person, Place, Role, Said, Thing
from storage import Database, Unavailable, time_to_spare

LOOKUP_TIMEOUT_S = 2.0
"""A person waits for their answer meanwhile."""

KNOWN_FOR_S = 3600.0
UNKNOWN_FOR_S = 60.0
KEPT_MAX = 20_000
"""People remembered by a process before it starts over."""


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
        self._channels: dict[tuple[str, str], tuple[dict[str, str], float]] = {}
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
            name=sender.name or (member.name if member else "") or "Someone",
            zone=zone,
            locale=locale,
            role=sender.role or (member.role if member else "member"),
        )

    async def place(self, delivery: Delivery) -> Place:
        """Return where it happened, with the channel's name: deliveries carry its id only."""
        place, key = delivery.place, (delivery.tenant, delivery.team)
        if place.name or place.private or not delivery.team:
            return place
        names, until = self._channels.get(key, ({}, float("-inf")))
        if self._clock() >= until:
            names = await self._name_channels(delivery)
            kept = KNOWN_FOR_S if place.channel in names else UNKNOWN_FOR_S
            self._channels[key] = names, self._clock() + kept
        return replace(place, name=clean(names.get(place.channel, "")))

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

    async def _name_channels(self, delivery: Delivery) -> dict[str, str]:
        try:
            async with asyncio.timeout(time_to_spare(LOOKUP_TIMEOUT_S)):
                return await self._connector.channel_names(delivery.service_url, delivery.team)
        except (SendError, TimeoutError):
            return {}

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


def _role(delivery: Delivery, entry: dict[str, object]) -> Role:
    tenant = entry.get("tenantId")
    if entry.get("userRole") == "guest":
        return "guest"
    if entry.get("userRole") == "anonymous" or (tenant and tenant != delivery.tenant):
        return "external"
    return "member"
