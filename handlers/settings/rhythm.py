"""Keep a team's iterations as its settings say: when each begins, and what was planned then."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.cards import Card, Form, filled, says
from bot.turn import Ask, NotFound, Reply, Turn, Whisper
from handlers.rules.guard import change_settings
from handlers.rules.rhythm import note_iterations, rhythm_of
from handlers.rules.timeboxes import ITERATION_WEEKS_USUAL
from handlers.settings import cards
from handlers.settings.actions import SaveRhythm
from handlers.settings.choices import read_rhythm
from handlers.ui.actions import OpenRhythm
from storage import Store
from storage.teams import Team

TIMER = "settings.iteration"
"""Rings when a team's next iteration begins; the key is the team's id."""


# --- the short form --------------------------------------------------------------------------


async def open_rhythm(turn: Turn, store: Store, _: OpenRhythm) -> Reply:
    """Open the form that says when iterations begin."""
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    await change_settings(turn, store, team)
    return Ask(_form(store, team))


async def save_rhythm(turn: Turn, store: Store, act: SaveRhythm) -> Reply:
    """Save when iterations begin and how long they take."""
    team = await store.teams.locked(act.team_id)
    if team is None:
        raise NotFound("There is no such team here.")
    await change_settings(turn, store, team)
    chosen, errors = read_rhythm(turn)
    if errors:
        return Ask(filled(_form(store, team), turn.answers), errors)
    if (team.iteration_first, team.iteration_weeks or 0) == (chosen.first, chosen.weeks):
        return Whisper(cards.unchanged())
    team.settings = {**team.settings, **chosen.settings}
    await follow(store, team)
    await store.audit.add(turn.person.id, f"team {team.id}: iterations {chosen.weeks}")
    return Whisper(rhythm_card(store, team))


def rhythm_card(store: Store, team: Team) -> Card:
    """Tell which iteration runs now, or when the first begins."""
    rhythm = rhythm_of(team)
    if rhythm is None:
        return says("Saved: this team works without iterations.")
    running = rhythm.running(store.now)
    zone = ZoneInfo(team.zone)
    if running is None:
        first = rhythm.next_start(store.now).astimezone(zone)
        return says(f"Saved. The first iteration begins on {first:%a} {first.day} {first:%b}.")
    last = (running.ends_at - timedelta(minutes=1)).astimezone(zone)
    return says(f"Saved. The iteration that runs now ends on {last:%a} {last.day} {last:%b}.")


def _form(store: Store, team: Team) -> Form:
    today = store.now.astimezone(ZoneInfo(team.zone)).date()
    monday = today - timedelta(days=today.weekday())
    first, weeks = team.iteration_first, team.iteration_weeks
    return Form(
        "Iterations",
        SaveRhythm(team.id),
        cards.rhythm_fields(first or monday, weeks or ITERATION_WEEKS_USUAL),
    )


# --- what follows ----------------------------------------------------------------------------


async def follow(store: Store, team: Team) -> None:
    """Iterate as the team's settings say from now on; what has ended stays as it was."""
    rhythm = rhythm_of(team)
    if rhythm is None:
        await store.iterations.cut(team.id, store.now)
        await store.timers.cancel(TIMER, str(team.id))
        return
    running = rhythm.running(store.now)
    await store.iterations.cut(team.id, running.starts_at if running else store.now)
    await note_iterations(store, team)
    await store.timers.set(TIMER, str(team.id), rhythm.next_start(store.now))


async def begin(turn: Turn, store: Store, key: str) -> Reply:
    """Note the iteration that begins now, and any that began while nobody was there to note it."""
    team = await store.teams.locked(int(key))
    rhythm = rhythm_of(team) if team else None
    if team is not None and rhythm is not None:
        await note_iterations(store, team)
        await store.timers.set(TIMER, key, rhythm.next_start(store.now))
    return None
