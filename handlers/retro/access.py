"""Who may do what in a retro, and the same words for a missing and a foreign one."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.cards import Typed
from bot.turn import Mistake, NotFound, Refresh, Reply, Turn, whisper
from handlers.phrases import cut, listed
from handlers.rules.access import Permission, Somebody, may
from handlers.rules.crowd import is_crowd
from handlers.rules.guard import lead, let_by, take_part
from handlers.ui.views import RetroView
from storage import Store
from storage.retros import (
    CANCELLED,
    COLLECTING,
    COUNTED,
    DONE,
    GROUPING,
    OPEN_STAGES,
    VOTING,
    Retro,
)

STAGE_NOTES = {
    COLLECTING: "is still collecting notes",
    GROUPING: "has been revealed",
    VOTING: "is being voted on",
    COUNTED: "has been voted on",
    DONE: "is over",
    CANCELLED: "was cancelled",
}
"""What to say of a retro when somebody presses what no longer, or not yet, fits."""

STAGE_WORDS = {
    COLLECTING: "it collects notes",
    GROUPING: "its notes are being sorted",
    VOTING: "people give their dots",
    COUNTED: "improvements are being chosen",
}


def moved_on(retro: Retro, already: str = "") -> Reply:
    """Answer who presses what no longer, or not yet, fits: with the retro as it is now."""
    return Refresh(RetroView(retro.id)), whisper(f"This retro {STAGE_NOTES[retro.stage]}{already}.")


async def in_a_channel(turn: Turn, store: Store) -> None:
    """Raise Mistake in a private chat; it names where a retro is open, if one is."""
    if turn.place.private:
        there = await elsewhere(turn, store)
        raise Mistake(
            f"{there}Retros happen where the team talks: use ",
            Typed("retro"),
            " in the team's channel.",
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


async def may_join(store: Store, retro: Retro, person: Somebody) -> bool:
    """Tell whether somebody may write and vote in a retro of their team."""
    if may(person, Permission.JOIN_RETRO):
        return True
    return may(person, Permission.JOIN_RETRO, let_by(await store.teams.find(retro.team_id)))


async def may_lead(turn: Turn, store: Store, retro: Retro) -> None:
    """Raise Mistake unless the person may lead the retro; who does, is there."""
    await lead(turn, store, Permission.LEAD_RETRO, retro.team_id, retro.facilitator)
    await goes_on(store, retro)


# --- whoever leads it is away ----------------------------------------------------------------

AWAY = "retro.away"
"""The timer's kind; the key is the retro's id."""

AWAY_AFTER = timedelta(days=1)
_WEEKEND = (5, 6)


async def goes_on(store: Store, retro: Retro) -> None:
    """Note that the retro goes on, and look again in a day whether it still does."""
    retro.went_on_at = store.now
    await store.timers.set(AWAY, str(retro.id), _a_day_after(store.now), retro.channel)


def free_from(retro: Retro) -> datetime | None:
    """Return when others may take the retro over; None for one that nobody has to move on."""
    if retro.stage not in OPEN_STAGES or (retro.stage == COLLECTING and retro.deadline):
        return None
    return _a_day_after(retro.went_on_at or retro.opened_at)


def _a_day_after(at: datetime) -> datetime:
    """Return the same time a day later; nobody is missed on a weekend."""
    later = at + AWAY_AFTER
    while later.weekday() in _WEEKEND:
        later += timedelta(days=1)
    return later


# --- where a retro is ------------------------------------------------------------------------


async def elsewhere(turn: Turn, store: Store) -> str:
    """Return where a retro is open for somebody who looks for one here; "" if none is."""
    teams = await store.people.teams_of(turn.person.id)
    retros = await store.waiting.retros(teams) if teams else ()
    others = [(r, name) for r, name in retros if r.channel != turn.place.channel and name]
    if not others:
        return ""
    places = listed(
        [f"#{cut(name.lstrip('#'), 60)} ({STAGE_WORDS[r.stage]})" for r, name in others]
    )
    return f"One is open in {places}: go there. "
