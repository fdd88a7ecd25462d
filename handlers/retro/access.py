"""Who may do what in a retro, and the same words for a missing and a foreign one."""

from __future__ import annotations

from bot.cards import (
    Typed,
)
from bot.turn import Mistake, NotFound, Refresh, Reply, Turn, whisper
from handlers.retro.actions import RetroView
from handlers.rules.access import Permission
from handlers.rules.crowd import is_crowd
from handlers.rules.guard import lead, take_part
from storage import Store
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


def moved_on(retro: Retro, already: str = "") -> Reply:
    """Answer who presses what no longer, or not yet, fits: with the retro as it is now."""
    return Refresh(RetroView(retro.id)), whisper(f"This retro {STAGE_NOTES[retro.stage]}{already}.")


def in_a_channel(turn: Turn) -> None:
    if turn.place.private:
        raise Mistake(
            "Retros happen where the team talks: use ", Typed("retro"), " in the team's channel."
        )


async def existing(store: Store, retro_id: int) -> Retro:
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


async def are_few(store: Store, retro: Retro) -> bool:
    """Whether so few people are known to be with the team that a note's author may be guessed."""
    return not is_crowd(len(await store.people.of_team(retro.team_id)))


async def may_take_part(turn: Turn, store: Store, retro: Retro) -> None:
    await take_part(turn, store, Permission.JOIN_RETRO, retro.team_id, retro.channel)


async def may_lead(turn: Turn, store: Store, retro: Retro) -> None:
    await lead(turn, store, Permission.LEAD_RETRO, retro.team_id, retro.facilitator)
