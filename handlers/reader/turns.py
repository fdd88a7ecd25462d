"""Who asks, from a turn: their clock and language, and the iterations of the team they are with."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.text import alike
from bot.turn import Turn
from handlers.reader.asked import Asked
from storage import Store
from storage.teams import Team


def asked_by(turn: Turn, team: Team | None = None) -> Asked:
    """Return who asks; with a team, `end of sprint` is read by its iterations."""
    person = turn.person
    return Asked(turn.now, person.zone, person.locale, _sprint_ends(turn, team))


async def asked_in(turn: Turn, store: Store, team: Team, words: str) -> Asked:
    """Return who asks in a team; the planning interval is looked up where the words name one."""
    asked = asked_by(turn, team)
    if not {"pi", "increment", "interval"} & set(alike(words).replace("-", " ").split()):
        return asked
    pi = await store.objectives.current(team.train_id)
    if pi is None:
        return asked
    last = pi.ends - timedelta(days=1)
    return Asked(asked.now, asked.zone, asked.locale, asked.sprint_ends, last)


def _sprint_ends(turn: Turn, team: Team | None) -> tuple[date, ...]:
    """Return the last days of the iteration that runs, or is the first to come, and of the next."""
    if team is None or team.iteration_first is None or team.iteration_weeks is None:
        return ()
    today = turn.now.astimezone(ZoneInfo(team.zone)).date()
    length = timedelta(weeks=team.iteration_weeks)
    gone = max(0, (today - team.iteration_first) // length)
    first = team.iteration_first + gone * length
    day = timedelta(days=1)
    return first + length - day, first + 2 * length - day
