"""Who may do what with a vote, and the polls they may do it with."""

from __future__ import annotations

from typing import TypeVar

from bot.cards import (
    Typed,
)
from bot.turn import Mistake, NotFound, Turn
from handlers.rules.access import Permission
from handlers.rules.guard import lead, readable, require, take_part
from storage import Store
from storage.ballots import BallotBox
from storage.polls import Poll
from storage.teams import Team

HONE = "hone"
"""Who closes a vote at its deadline."""


P = TypeVar("P", Poll, BallotBox)


async def existing(store: Store, poll_id: int) -> Poll:
    return _there(await store.polls.find(poll_id))


async def ballot_box(store: Store, poll_id: int) -> BallotBox:
    """Return the vote as a voter meets it."""
    return _there(await store.ballots.ballot_box(poll_id))


async def held_ballot_box(store: Store, poll_id: int) -> BallotBox:
    """Return the same, kept from closing until this transaction ends."""
    return _there(await store.ballots.held_ballot_box(poll_id))


async def held_for_change(store: Store, poll_id: int) -> Poll:
    """Return the poll, kept from votes and other changes until this transaction ends."""
    return _there(await store.polls.for_change(poll_id))


def _there(poll: P | None) -> P:
    if poll is None:
        raise NotFound("There is no such vote here.")
    return poll


def in_a_channel(turn: Turn) -> None:
    if turn.place.private:
        raise Mistake(
            "Votes happen where the team talks: use ", Typed("wsjf"), " in the team's channel."
        )


def may_start(turn: Turn) -> None:
    require(turn, Permission.START_VOTE)


async def may_vote(turn: Turn, store: Store, poll: BallotBox) -> None:
    await take_part(turn, store, Permission.VOTE, poll.team_id, poll.channel)


async def may_reveal(turn: Turn, store: Store, poll: Poll) -> None:
    await lead(turn, store, Permission.REVEAL, poll.team_id, poll.facilitator)


async def may_lead(turn: Turn, store: Store, poll: Poll) -> None:
    await lead(turn, store, Permission.LEAD_VOTE, poll.team_id, poll.facilitator)


async def may_see(turn: Turn, store: Store, team_id: int, *, train: bool = False) -> Team:
    """Return the team whose ranking is wanted, or that of its train."""
    if train:
        require(turn, Permission.READ_TRAIN)
    team = await readable(turn, store, team_id)
    if team is None:
        raise NotFound("There is no such list here.")
    return team


async def name_of(store: Store, person: str | None) -> str:
    if person == HONE:
        return "Hone"
    return (await store.people.named([person])).get(person, "Someone") if person else "Someone"
