"""Ask the rules of access about a turn: look up how its person stands, and refuse in a sentence."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from bot.cards import Only
from bot.turn import Mistake, NotFound, Person, Turn
from handlers.phrases import shortened
from handlers.rules.access import (
    Leaders,
    Permission,
    Relation,
    may,
    refusal,
    relations_to,
)
from storage import Store
from storage.items import Item
from storage.teams import Team

ASKED_MAX = 5
"""Names of people who could do it instead."""


def require(
    turn: Turn, permission: Permission, held: Collection[Relation] = (), **told: object
) -> None:
    """Raise Mistake unless the person may; `told` fills in the sentence."""
    if not may(turn.person, permission, held):
        raise Mistake(refusal(turn.person, permission).format(**told))


# --- items -----------------------------------------------------------------------------------


async def changeable(turn: Turn, store: Store, number: int) -> Item:
    """Return the item, kept from other changes, if the person may change it."""
    item = await locked_item(store, number)
    require(turn, Permission.CHANGE_ITEM, relations_to(item, turn.person.id))
    return item


async def unfinished(
    turn: Turn, store: Store, number: int, otherwise: str = ": nothing is left to do."
) -> Item:
    """Return the same of an item that is neither accepted nor dropped."""
    item = await changeable(turn, store, number)
    if item.is_finished:
        raise Mistake(f"#{number} is {item.state} already{otherwise}")
    return item


async def joinable(turn: Turn, store: Store, number: int) -> Item:
    """Return the item if the person may add their own words to it."""
    item = await locked_item(store, number)
    held = await with_team(turn, store, Permission.ADD_WORDS, item.team_id)
    require(turn, Permission.ADD_WORDS, held, number=number)
    return item


async def readable_item(turn: Turn, store: Store, number: int) -> Item:
    """Return an item to a person who may read its team's backlog."""
    item = await found_item(store, number)
    return _there(item if await readable(turn, store, item.team_id) else None, number)


async def found_item(store: Store, number: int) -> Item:
    """Return an item to look at; raises NotFound if there is none."""
    return _there(await store.items.find(number), number)


async def locked_item(store: Store, number: int) -> Item:
    """Return the same, kept from changing until this transaction ends."""
    return _there(await store.items.locked(number), number)


def _there(item: Item | None, number: int) -> Item:
    if item is None:
        raise NotFound(f"There is no item #{number} here.")
    return item


# --- teams -----------------------------------------------------------------------------------


async def readable(turn: Turn, store: Store, team_id: int) -> Team | None:
    """Return the team if the person may read its lists, None for a missing and a foreign one."""
    team = await store.teams.find(team_id)
    if team is None:
        return None
    held = await with_team(turn, store, Permission.READ_TEAM, team.id)
    return team if may(turn.person, Permission.READ_TEAM, held) else None


async def with_team(
    turn: Turn, store: Store, permission: Permission, team_id: int
) -> frozenset[Relation]:
    """Return whether the person is with the team, where that matters to what they want."""
    if may(turn.person, permission):
        return frozenset()
    here = await store.teams.resolve(turn.place.channel, turn.person.id)
    return frozenset({Relation.WITH_TEAM} if here.id == team_id else ())


class Settings(Protocol):
    """What a team's settings let people do."""

    @property
    def guests_vote(self) -> bool: ...
    @property
    def anyone_reveals(self) -> bool: ...


def let_by(team: Settings | None) -> frozenset[Relation]:
    """Return what a team's settings let everybody there be."""
    if team is None:
        return frozenset()
    let = {Relation.GUESTS_VOTE: team.guests_vote, Relation.ANYONE_REVEALS: team.anyone_reveals}
    return frozenset(relation for relation, holds in let.items() if holds)


async def take_part(
    turn: Turn, store: Store, permission: Permission, team_id: int, channel: str
) -> None:
    """Raise Mistake unless the person may take part in what the team does together there."""
    if not may(turn.person, permission):
        require(turn, permission, let_by(await store.teams.find(team_id)))
    if await store.channels.has_left(channel, turn.person.id):
        raise Mistake(
            "You have left the channel where this is. Join it again to take part; what you gave "
            "before still counts."
        )


async def lead(turn: Turn, store: Store, permission: Permission, team_id: int, leader: str) -> None:
    """Raise Mistake unless the person may lead a team's vote or retro, which `leader` leads."""
    held = {Relation.LEADS_IT} if turn.person.id == leader else set()
    if may(turn.person, permission, held):
        return
    held |= let_by(await store.teams.find(team_id))
    held |= (await leaders_of(store, team_id)).relations_of(turn.person.id)
    if may(turn.person, permission, held):
        return
    known = await store.people.named([leader])
    require(turn, permission, held, leader=known.get(leader, "Someone"))


async def who_may_lead(
    store: Store, permission: Permission, team_id: int, leader: str
) -> Only | None:
    """Return whom to offer what `lead` lets through; None is every member."""
    if may(_MEMBER, permission, let_by(await store.teams.find(team_id))):
        return None
    return Only((await leaders_of(store, team_id)).all | {leader})


_MEMBER = Person(id="", name="")


async def lead_team(
    turn: Turn, store: Store, team: Team, permission: Permission = Permission.PLAN_TEAM
) -> None:
    """Raise Mistake unless the person may do for the team what its leaders may."""
    leaders = await leaders_of(store, team.id)
    held = leaders.relations_of(turn.person.id)
    if not may(turn.person, permission, held):
        ask = await _asking(store, leaders)
        require(turn, permission, held, team=shortened(team.name, 60), ask=ask)


async def who_leads(store: Store, team_id: int) -> Only | None:
    """Return whom to offer what `lead_team` lets through; None is every member."""
    leaders = await leaders_of(store, team_id)
    return Only(leaders.all) if leaders.all else None


async def lead_train(
    turn: Turn,
    store: Store,
    train_id: int,
    permission: Permission = Permission.PLAN_TRAIN,
    leader: str = "",
) -> None:
    """Raise Mistake unless the person may change the plan of all the train's teams."""
    teams = await store.teams.in_train(train_id)
    if not teams:
        raise NotFound("There is no such train here.")
    leaders = await leaders_of(store, *(team.id for team in teams))
    held = set(leaders.relations_of(turn.person.id))
    held |= {Relation.LEADS_IT} if turn.person.id == leader else set()
    if not may(turn.person, permission, held):
        require(turn, permission, held, ask=await _asking(store, leaders))


async def change_settings(turn: Turn, store: Store, team: Team) -> None:
    """Raise Mistake unless the person may change the team's settings."""
    leaders = await leaders_of(store, team.id)
    held = leaders.relations_of(turn.person.id)
    if not may(turn.person, Permission.CHANGE_SETTINGS, held):
        names = sorted((await store.people.named(sorted(leaders.admins))).values())
        named = f" ({', '.join(names)})" if names else ""
        short = shortened(team.name, 50)
        require(turn, Permission.CHANGE_SETTINGS, held, team=short, named=named)


async def leaders_of(store: Store, *teams: int) -> Leaders:
    """Return who leads any of these teams."""
    facilitators: set[str] = set()
    admins: set[str] = set()
    for team in teams:
        facilitators.update(await store.teams.people_with(team, "facilitator"))
        admins.update(await store.teams.people_with(team, "admin"))
    return Leaders(frozenset(facilitators), frozenset(admins))


async def _asking(store: Store, leaders: Leaders) -> str:
    """Return whom to ask instead, as the end of a sentence."""
    names = sorted((await store.people.named(sorted(leaders.all))).values())[:ASKED_MAX]
    return f": ask {', '.join(names)}" if names else ""
