"""What a team can choose, and how the form's answers become choices."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from bot.turn import Answers, Turn
from handlers.reader.zones import NoZone, read_zone
from handlers.rules.timeboxes import ITERATION_WEEKS_MAX
from handlers.ui.forms import day_in
from storage.rechecks import ONE_PI

NAME_MAX_CHARS = 80
PEOPLE_MAX = 50
PERSON_ID_MAX_CHARS = 200

LEADERS, ANYONE = "leaders", "anyone"
NOWHERE = "0"

MIN_BALLOTS = tuple(str(count) for count in range(1, 11))
"""How many ballots a column may be asked to have for a score."""

RECHECK_DAYS = (7, 14, 21, 30, 42, 60, 90, ONE_PI)
"""How long after shipping it may be asked whether it worked."""

RECHECKED = {
    "improvement": ("improvement",),
    "story": ("story", "enabler"),
    "feature": ("feature",),
}
"""The form's fields → the kinds of items each is about."""


@dataclass(frozen=True, slots=True)
class TeamRhythm:
    """When a team's first iteration begins and how many weeks each takes; 0 weeks: it has none."""

    first: date | None = None
    weeks: int = 0

    @property
    def settings(self) -> dict[str, Any]:
        """How the team keeps it."""
        if self.first is None:
            return {"iteration_first": None, "iteration_weeks": None}
        return {"iteration_first": self.first.isoformat(), "iteration_weeks": self.weeks}


@dataclass(frozen=True, slots=True)
class Choices:
    """A team's settings. People are ids in alphabetical order; `zone` is an IANA name.

    `put_into` is the scope of a tracker that new improvements go into, 0 for none.
    """

    name: str
    train: int
    zone: str
    facilitators: tuple[str, ...]
    admins: tuple[str, ...]
    anyone_reveals: bool
    guests_vote: bool
    anonymous_votes: bool
    min_ballots: int
    rhythm: TeamRhythm = TeamRhythm()
    recheck: tuple[tuple[str, int], ...] = ()
    put_into: int = 0


def recheck_of(days: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Return (field, days) of what a team has chosen for each kind."""
    return tuple((field, days[kinds[0]]) for field, kinds in RECHECKED.items())


def differing(before: Choices, after: Choices) -> tuple[str, ...]:
    """Return the names of the settings that differ, in the form's order."""
    return tuple(
        field.name
        for field in fields(Choices)
        if getattr(before, field.name) != getattr(after, field.name)
    )


def read(turn: Turn, trains: set[int], scopes: Collection[int]) -> tuple[Choices, dict[str, str]]:
    """Read the form; returns the choices and what is wrong, by field.

    `scopes` are those of trackers that the team may put items into.
    """
    answers = turn.answers
    zone, zone_error = _zone(answers.one("zone"))
    name, train = " ".join(answers.one("name").split()), answers.one("train")
    rhythm, rhythm_errors = read_rhythm(turn)
    choices = Choices(
        name=name,
        train=int(train) if train in {str(id) for id in trains} else 0,
        zone=zone,
        facilitators=_people(answers, "facilitators"),
        admins=_people(answers, "admins"),
        anyone_reveals=answers.one("reveal") == ANYONE,
        guests_vote=answers.on("guests_vote"),
        anonymous_votes=answers.on("anonymous_votes"),
        min_ballots=int(ballots) if (ballots := answers.one("min_ballots")) in MIN_BALLOTS else 0,
        rhythm=rhythm,
        recheck=tuple((field, _recheck_days(answers, field)) for field in RECHECKED),
        put_into=next((id for id in scopes if str(id) == answers.one("put_into")), 0),
    )
    errors = {"zone": zone_error} if zone_error else {}
    errors |= _name_errors("name", name) if name else {"name": "A team needs a name."}
    new_train = answers.one("new_train")
    errors |= _name_errors("new_train", new_train)
    if not choices.train and not new_train:
        errors["train"] = "Choose one of the trains listed, or name a new one."
    if answers.one("reveal") not in (LEADERS, ANYONE):
        errors["reveal"] = "Choose who may reveal a vote."
    if not choices.min_ballots:
        errors["min_ballots"] = f"Choose {MIN_BALLOTS[0]} to {MIN_BALLOTS[-1]} ballots."
    for field, days in choices.recheck:
        if days not in RECHECK_DAYS:
            errors[f"recheck_{field}"] = "Choose one of the listed."
    if answers.one("put_into") not in ("", NOWHERE, str(choices.put_into)):
        errors["put_into"] = "Choose one of the listed."
    errors |= dict(_people_errors(choices))
    return choices, errors | rhythm_errors


def read_rhythm(turn: Turn) -> tuple[TeamRhythm, dict[str, str]]:
    """Read when iterations begin; returns the rhythm and what is wrong, by field."""
    weeks = turn.answers.one("iteration_weeks") or "0"
    if weeks not in {str(count) for count in range(ITERATION_WEEKS_MAX + 1)}:
        why = f"An iteration takes 1 to {ITERATION_WEEKS_MAX} weeks."
        return TeamRhythm(), {"iteration_weeks": why}
    if weeks == "0":
        return TeamRhythm(), {}
    day, wrong = day_in(turn, turn.answers.one("iteration_first"))
    if day is None:
        why = wrong or "On which day does an iteration begin?"
        return TeamRhythm(), {"iteration_first": why}
    return TeamRhythm(day, int(weeks)), {}


def _recheck_days(answers: Answers, field: str) -> int:
    """Return the days that were chosen; -1 for anything that is not on the list."""
    chosen = answers.one(f"recheck_{field}")
    return next((days for days in RECHECK_DAYS if str(days) == chosen), -1)


def _zone(typed: str) -> tuple[str, str]:
    """Return the IANA name and no error, or no name and a sentence that asks for a city."""
    try:
        return read_zone(typed).name, ""
    except NoZone as error:
        return "", str(error)


def _people(answers: Answers, field: str) -> tuple[str, ...]:
    return tuple(sorted({person.strip() for person in answers.many(field)} - {""}))


def _name_errors(field: str, name: str) -> dict[str, str]:
    if len(name) <= NAME_MAX_CHARS:
        return {}
    return {field: f"This name has {len(name)} characters; at most {NAME_MAX_CHARS} fit."}


def _people_errors(choices: Choices) -> Iterator[tuple[str, str]]:
    for field, people in (("facilitators", choices.facilitators), ("admins", choices.admins)):
        if len(people) > PEOPLE_MAX:
            yield field, f"You chose {len(people)} people; choose at most {PEOPLE_MAX}."
        elif any(len(person) > PERSON_ID_MAX_CHARS for person in people):
            yield field, "Choose people from the list."
