"""Who may do what with a vote, and the polls they may do it with."""

from __future__ import annotations

from typing import TypeVar

from bot.turn import Mistake, NotFound, Turn
from storage import Store
from storage.ballots import Box
from storage.people import OUTSIDE
from storage.polls import Poll
from storage.teams import Team

HONE = "hone"
"""Who closes a vote at its deadline."""


P = TypeVar("P", Poll, Box)


async def found(store: Store, poll_id: int) -> Poll:
    return _there(await store.polls.find(poll_id))


async def box(store: Store, poll_id: int) -> Box:
    """Return the vote as a voter meets it."""
    return _there(await store.ballots.box(poll_id))


async def held_box(store: Store, poll_id: int) -> Box:
    """Return the same, kept from closing until this transaction ends."""
    return _there(await store.ballots.held_box(poll_id))


async def held_for_change(store: Store, poll_id: int) -> Poll:
    """Return the poll, kept from votes and other changes until this transaction ends."""
    return _there(await store.polls.for_change(poll_id))


def _there(poll: P | None) -> P:
    if poll is None:
        raise NotFound("There is no such vote here.")
    return poll


def in_a_channel(turn: Turn) -> None:
    if turn.place.private:
        raise Mistake("Votes happen where the team talks: use wsjf in the team's channel.")


def may_start(turn: Turn) -> None:
    if turn.person.role in OUTSIDE:
        raise Mistake("Guests cannot start a vote. Ask a member of the team to start it.")


async def may_vote(turn: Turn, store: Store, poll: Box) -> None:
    """Members always; guests where the team's settings let them."""
    if turn.person.role not in OUTSIDE:
        return
    team = await store.teams.find(poll.team_id)
    if team is None or not team.guests_vote:
        raise Mistake("Guests cannot vote here. Ask the channel's owner if that should change.")


async def may_reveal(turn: Turn, store: Store, poll: Poll) -> None:
    """Those who lead the vote; every member where the team's settings say so."""
    team = await store.teams.find(poll.team_id)
    if team is not None and team.anyone_reveals and turn.person.role not in OUTSIDE:
        return
    await may_lead(turn, store, poll)


async def may_lead(turn: Turn, store: Store, poll: Poll) -> None:
    """The one who leads it, the team's facilitators and admins, and the workspace's admins."""
    team = poll.team_id
    leaders = {
        poll.facilitator,
        *await store.teams.people_with(team, "facilitator"),
        *await store.teams.people_with(team, "admin"),
    }
    if turn.person.id not in leaders and turn.person.role != "admin":
        name = await name_of(store, poll.facilitator)
        raise Mistake(f"Only {name}, a facilitator or an admin of this team can do that.")


async def may_see(turn: Turn, store: Store, team_id: int, *, train: bool = False) -> Team:
    """Return the team whose ranking is wanted; guests see only the team they are with."""
    if train and turn.person.role in OUTSIDE:
        raise Mistake("Guests see only the team they are with: wsjf rank")
    team = await store.teams.find(team_id) if 0 < team_id < 2**31 else None
    if team is not None and turn.person.role in OUTSIDE:
        here = await store.teams.here(turn.place.channel, turn.person.id)
        team = team if team.id == here.id else None
    if team is None:
        raise NotFound("There is no such list here.")
    return team


async def name_of(store: Store, person: str | None) -> str:
    if person == HONE:
        return "Hone"
    return (await store.people.named([person])).get(person, "Someone") if person else "Someone"
