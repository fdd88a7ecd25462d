"""What a platform tells of its channels and people without anybody asking Hone for anything.

Names and ids follow the platform. A handler never hears of this: what it reads is what holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.turn import Person
from storage import Database, Store
from storage.people import PersonRow


@dataclass(frozen=True, slots=True)
class ChannelRenamed:
    channel: str
    name: str


@dataclass(frozen=True, slots=True)
class ChannelMoved:
    """A channel goes by the id `to` from now on."""

    channel: str
    to: str


@dataclass(frozen=True, slots=True)
class PersonChanged:
    """A person is described anew: called otherwise, in another zone, deactivated or back.

    An empty locale is one that the platform did not tell.
    """

    person: Person


@dataclass(frozen=True, slots=True)
class PersonLeft:
    channel: str
    person: str


@dataclass(frozen=True, slots=True)
class PersonCame:
    channel: str
    person: str


News = ChannelRenamed | ChannelMoved | PersonChanged | PersonLeft | PersonCame


async def learn(database: Database, workspace: str, news: News, now: datetime) -> None:
    """Note the news if it is about somebody or something Hone knows; raises Unavailable.

    Most of it is not: a platform tells of every status that anybody in the company sets.
    """
    async with database.read(workspace, now) as store:
        if not await _concerns(store, news):
            return
    await database.write(workspace, now, lambda store: _note(store, news))


async def _concerns(store: Store, news: News) -> bool:
    match news:
        case PersonChanged(person):
            known = await store.people.find(person.id)
            return known is not None and _profile(known) != _told(person, known)
        case PersonCame(channel, person):
            return await store.channels.has_left(channel, person)
        case PersonLeft(channel, person) if await store.people.find(person) is None:
            return False
        case _:
            return await store.channels.find(news.channel) is not None


async def _note(store: Store, news: News) -> None:
    match news:
        case ChannelRenamed(channel, name):
            await store.channels.rename(channel, name)
        case ChannelMoved(channel, to):
            await store.channels.move(channel, to)
        case PersonChanged(person):
            if known := await store.people.find(person.id):
                await store.people.remember(person.id, *_told(person, known))
        case PersonLeft(channel, person_id):
            await store.channels.note_left(channel, person_id)
        case PersonCame(channel, person_id):
            await store.channels.note_back(channel, person_id)
        case _:
            assert_never(news)


def _profile(known: PersonRow) -> tuple[str, str, str, str]:
    return known.name, known.zone, known.locale, known.role


def _told(person: Person, known: PersonRow) -> tuple[str, str, str, str]:
    return person.name, person.zone, person.locale or known.locale, person.role
