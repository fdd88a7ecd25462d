"""Makes sure, before a turn is handled, that Hone knows who is there and where."""

from __future__ import annotations

from dataclasses import replace

from bot.turn import Command, Intent, Joined, Named, Person, Said, Shortcut, Submission, Turn
from storage import Store
from storage.channels import Acquaintance
from storage.roles import known_role


async def introduce(turn: Turn, store: Store) -> Turn:
    """Note the person, those they mention and the channel; return the turn of who that is now.

    A process may have asked the platform an hour ago, and another one have heard the news since.
    """
    await meet_mentioned(turn.intent, store)
    known = await store.channels.acquaintance(turn.person.id, turn.place.channel)
    person = _latest(turn.person, known)
    profile = (person.name, person.zone, person.locale, person.role)
    if (known.name, known.zone, known.locale, known.role) != profile:
        await store.people.remember(person.id, *profile, person.described_at)
    turn = replace(turn, person=person)
    if turn.place.private:
        if known.direct_channel != turn.place.channel:
            await store.people.set_direct_channel(person.id, turn.place.channel)
            if not isinstance(turn.intent, Joined):
                await store.people.greet(person.id)  # who speaks first needs no hello
    else:
        await _join(turn, store, known)
    return turn


async def meet_mentioned(intent: Intent, store: Store) -> None:
    """Note the people that an intent names."""
    if named := _named(intent):
        await store.people.meet({other.id: other.name for other in named})


async def _join(turn: Turn, store: Store, known: Acquaintance) -> None:
    """Note the channel, and that the person is with its team unless they left it."""
    person, place, team = turn.person, turn.place, known.channel_team
    if team is None or (place.name and place.name != known.channel_name):
        team = (await store.channels.ensure(place.channel, place.name, person.zone)).team_id
    if known.has_left:
        if not isinstance(turn.intent, Command | Said | Shortcut):
            return  # a button can be pressed by who only looks in
        await store.channels.note_back(place.channel, person.id)
    if known.team_id != team:
        await store.people.set_team(person.id, team, known.team_id)


def _latest(person: Person, known: Acquaintance) -> Person:
    """Return the person as described last, by this turn or to the storage before it."""
    described_at = person.described_at
    if described_at is None or known.seen_at is None or known.seen_at <= described_at:
        return person
    return Person(
        person.id,
        known.name or person.name,
        known.zone or person.zone,
        known.locale or person.locale,
        known_role(known.role or person.role),
    )


def _named(intent: Intent) -> tuple[Named, ...]:
    match intent:
        case Command(mentions=people) | Said(mentions=people) | Submission(people=people):
            return people
        case _:
            return ()
