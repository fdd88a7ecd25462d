"""Keep a team's iterations as its settings say: when each begins, and what was planned then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.cards import Card, Form, filled, says
from bot.turn import Ask, NotFound, Reply, Turn, Whisper
from handlers.rules.guard import change_settings
from handlers.rules.timeboxes import ITERATION_WEEKS_USUAL, Rhythm, Timebox
from handlers.settings import cards
from handlers.settings.actions import SaveRhythm
from handlers.settings.choices import read_rhythm
from handlers.ui.actions import OpenRhythm
from storage import Store
from storage.iterations import IterationRow
from storage.teams import Team

TIMER = "settings.iteration"
"""Rings when a team's next iteration begins; the key is the team's id."""

PAST_MAX = 8
"""Iterations told afterwards from the items' events: more than any number looks back."""


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
    chosen, errors = read_rhythm(turn.answers)
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


def rhythm_of(team: Team) -> Rhythm | None:
    first, weeks = team.iteration_first, team.iteration_weeks
    return Rhythm(first, weeks, team.zone) if first and weeks else None


async def follow(store: Store, team: Team) -> None:
    """Iterate as the team's settings say from now on; what has ended stays as it was."""
    rhythm = rhythm_of(team)
    if rhythm is None:
        await store.iterations.cut(team.id, store.now)
        await store.timers.cancel(TIMER, str(team.id))
        return
    running = rhythm.running(store.now)
    await store.iterations.cut(team.id, running.starts_at if running else store.now)
    await _catch_up(store, team, rhythm)


async def begin(turn: Turn, store: Store, key: str) -> Reply:
    """Note the iteration that begins now, and any that began while nobody was there to note it."""
    team = await store.teams.locked(int(key))
    rhythm = rhythm_of(team) if team else None
    if team is not None and rhythm is not None:
        await _catch_up(store, team, rhythm)
    return None


async def _catch_up(store: Store, team: Team, rhythm: Rhythm) -> None:
    """Note the iteration that runs, and past ones since the team's first item."""
    boxes = list(islice(rhythm.back_from(store.now), PAST_MAX))
    if boxes:
        noted = await store.iterations.of_team(team.id, boxes[-1].starts_at)
        known = await store.iterations.known_since(team.id)
        for index, box in enumerate(boxes):
            too_early = known is None or box.starts_at < known
            if index and (too_early or _overlaps(box, noted)):
                break
            await store.iterations.begin(team.id, box.starts_at, box.ends_at)
    await store.timers.set(TIMER, str(team.id), rhythm.next_start(store.now))


def _overlaps(box: Timebox, noted: Sequence[IterationRow]) -> bool:
    """Whether an iteration of an earlier rhythm ran at the same time."""
    return any(
        row.starts_at < box.ends_at
        and box.starts_at < row.ends_at
        and row.starts_at != box.starts_at
        for row in noted
    )
