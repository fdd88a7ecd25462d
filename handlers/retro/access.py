"""Who may do what in a retro, and the same words for a missing and a foreign one."""

from __future__ import annotations

from bot.turn import Mistake, NotFound, Turn
from storage import Store
from storage.people import OUTSIDE
from storage.retros import CANCELLED, COLLECTING, COUNTED, DONE, GROUPING, VOTING, Retro

STAGE_NOTES = {
    COLLECTING: "is still collecting notes",
    GROUPING: "has been revealed",
    VOTING: "is being voted on",
    COUNTED: "has been voted on",
    DONE: "is over",
    CANCELLED: "was cancelled",
}
"""What to say of a retro when somebody presses what no longer, or not yet, fits."""


def in_a_channel(turn: Turn) -> None:
    if turn.place.private:
        raise Mistake("Retros happen where the team talks: use retro in the team's channel.")


async def found(store: Store, retro_id: int) -> Retro:
    retro = await store.retros.find(retro_id)
    if retro is None:
        raise NotFound("There is no such retro here.")
    return retro


async def held(store: Store, retro_id: int) -> Retro:
    """Return the retro, kept from other changes until the turn is done."""
    retro = await store.retros.for_change(retro_id)
    if retro is None:
        raise NotFound("There is no such retro here.")
    return retro


async def may_take_part(turn: Turn, store: Store, retro: Retro) -> None:
    """Members always; guests where the team's settings let them vote."""
    if turn.person.role not in OUTSIDE:
        return
    team = await store.teams.find(retro.team_id)
    if team is None or not team.guests_vote:
        raise Mistake(
            "Guests cannot take part here. Ask the channel's owner if that should change."
        )


async def may_lead(turn: Turn, store: Store, retro: Retro) -> None:
    """The one who started it, the team's facilitators and admins, and the workspace's admins."""
    leaders = {
        retro.facilitator,
        *await store.teams.people_with(retro.team_id, "facilitator"),
        *await store.teams.people_with(retro.team_id, "admin"),
    }
    if turn.person.role == "admin" or turn.person.id in leaders:
        return
    name = (await store.people.named([retro.facilitator])).get(retro.facilitator, "The facilitator")
    raise Mistake(f"Only {name}, a facilitator or an admin of this team can do that.")
