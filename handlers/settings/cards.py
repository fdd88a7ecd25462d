"""The form of a team's settings, and what its author is told afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from bot.cards import (
    Bold,
    Card,
    Choice,
    Day,
    Facts,
    Form,
    Input,
    Note,
    Option,
    Pick,
    Toggle,
    Typed,
    says,
    subtle,
    text,
)
from bot.text import shown_zone
from handlers.phrases import clipped, counted, shortened
from handlers.reader.names import in_words
from handlers.rules.timeboxes import ITERATION_WEEKS_MAX
from handlers.settings.actions import Save
from handlers.settings.choices import (
    ANYONE,
    LEADERS,
    MIN_BALLOTS,
    NAME_MAX_CHARS,
    NOWHERE,
    RECHECK_DAYS,
    Choices,
    TeamRhythm,
)
from storage.rechecks import ONE_PI
from storage.teams import Team, Train

OWN = "own"
"""The answer that gives the channel a new team of its own."""

LISTED_MAX = 98
"""Teams or trains offered in one field: Slack's 100, less the present one and OWN."""

NAME_SHOWN_CHARS = 50

LABELS = {
    "name": "Team name",
    "train": "Train",
    "zone": "Time zone",
    "rhythm": "Iterations",
    "facilitators": "Facilitators",
    "admins": "Admins",
    "anyone_reveals": "Who may reveal votes",
    "guests_vote": "Guests may vote",
    "anonymous_votes": "Votes are anonymous",
    "min_ballots": "Ballots for a score",
    "recheck": "Asked whether it worked",
    "put_into": "New improvements go into",
}
KINDS_ASKED = {
    "improvement": "an improvement",
    "story": "a story or an enabler",
    "feature": "a feature",
}
STAY = "nowhere: they stay here"
REVEALS = {True: "anyone here", False: "facilitators and admins"}


class _Named(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


def form(
    team: Team,
    now: Choices,
    *,
    teams: Sequence[Team],
    trains: Sequence[Train],
    shared: bool,
    scopes: Mapping[int, str],
) -> Form:
    """Ask for everything at once. `shared`: other channels speak for this team, too.

    `scopes` are what the team follows and may put items into, by name.
    """
    own = (Option("A new team of its own", OWN),) if shared else ()
    unlisted = len(teams) > LISTED_MAX + 1
    return Form(
        "Settings",
        Save(team.id),
        (
            Note(text("For the team that talks here: ", Bold(short(team.name)))),
            Choice(
                "team",
                "This channel speaks for",
                (*_options(teams, team.id), *own),
                (str(team.id),),
                hint="Another team: only the channel moves, and the rest of this form is left out."
                + (f" The first {LISTED_MAX} teams are listed." if unlisted else ""),
            ),
            Input(
                "name", LABELS["name"], clipped(now.name, NAME_MAX_CHARS), max_chars=NAME_MAX_CHARS
            ),
            Choice("train", LABELS["train"], _options(trains, now.train), (str(now.train),)),
            Input("new_train", "Or a new train", max_chars=NAME_MAX_CHARS, optional=True),
            Input(
                "zone",
                LABELS["zone"],
                shown_zone(now.zone),
                max_chars=60,
                placeholder="Europe/Berlin",
            ),
            *rhythm_fields(now.rhythm.first, now.rhythm.weeks),
            Pick("facilitators", LABELS["facilitators"], now.facilitators, many=True),
            Pick(
                "admins",
                LABELS["admins"],
                now.admins,
                many=True,
                hint="While there are none, every member here may change these settings.",
            ),
            Choice(
                "reveal",
                LABELS["anyone_reveals"],
                (
                    Option("Who started it, facilitators and admins", LEADERS),
                    Option("Anyone here", ANYONE),
                ),
                (ANYONE if now.anyone_reveals else LEADERS,),
            ),
            Toggle("guests_vote", LABELS["guests_vote"], now.guests_vote),
            Toggle(
                "anonymous_votes",
                LABELS["anonymous_votes"],
                now.anonymous_votes,
                hint="From the next vote on, no name is ever shown with a card.",
            ),
            Choice(
                "min_ballots",
                LABELS["min_ballots"],
                tuple(Option(count, count) for count in MIN_BALLOTS),
                (str(now.min_ballots),),
                hint="A column with fewer numbers than this has no score.",
            ),
            *(_recheck_field(field, days) for field, days in now.recheck),
            *_put_into_field(now.put_into, scopes),
        ),
    )


def _put_into_field(put_into: int, scopes: Mapping[int, str]) -> tuple[Choice, ...]:
    """Ask where new improvements go, of a team that follows a tracker."""
    if not scopes:
        return ()
    listed = list(scopes.items())[:LISTED_MAX]
    return (
        Choice(
            "put_into",
            LABELS["put_into"],
            (Option(STAY, NOWHERE), *(Option(name, str(id)) for id, name in listed)),
            (str(put_into),),
            hint="After ten minutes, so that a slip can be undone; those without a name at the "
            "full hour.",
        ),
    )


def _recheck_field(field: str, days: int) -> Choice:
    """Ask how long after shipping Hone asks whether the metric moved."""
    return Choice(
        f"recheck_{field}",
        f"When {KINDS_ASKED[field]} with a metric is done, ask whether it moved",
        tuple(Option(f"after {_span(each)}", str(each)) for each in RECHECK_DAYS),
        (str(days),),
    )


def _span(days: int) -> str:
    if days == ONE_PI:
        return "one planning interval"
    return counted(days // 7, "week") if days % 7 == 0 else counted(days, "day")


def rhythm_fields(first: date | None, weeks: int) -> tuple[Choice, Day]:
    """Ask how long iterations take and when one begins; 0 weeks are none."""
    lengths = (
        Option("No iterations", "0"),
        *(Option(_weeks(count), str(count)) for count in range(1, ITERATION_WEEKS_MAX + 1)),
    )
    return (
        Choice("iteration_weeks", LABELS["rhythm"], lengths, (str(weeks),)),
        Day(
            "iteration_first",
            "First day of an iteration",
            first,
            hint="Any one, also a past one: the others follow from it.",
        ),
    )


def _weeks(count: int) -> str:
    return "1 week" if count == 1 else f"{count} weeks"


def _options(rows: Sequence[_Named], present: int) -> tuple[Option, ...]:
    """List the present one first; names that occur twice get their number."""
    names = Counter(row.name for row in rows)
    first = [row for row in rows if row.id == present]
    others = [row for row in rows if row.id != present][:LISTED_MAX]
    return tuple(
        Option(
            short(row.name) + (f" (no. {row.id})" if names[row.name] > 1 else ""),
            str(row.id),
        )
        for row in (*first, *others)
    )


# --- what people are told --------------------------------------------------------------------


def saved(
    team: Team,
    changed: Sequence[str],
    now: Choices,
    trains: Mapping[int, str],
    people: Mapping[str, str],
    scopes: Mapping[int, str],
) -> Card:
    """Tell what holds from now on."""
    words = f"Saved for {short(team.name)}."
    told = {name: _words(name, now, trains, people) for name in changed}
    if "put_into" in told:
        told["put_into"] = scopes.get(now.put_into, STAY)
    pairs = tuple((LABELS[name], (said,)) for name, said in told.items())
    return Card(words, (text(words), Facts(pairs)))


def _words(name: str, now: Choices, trains: Mapping[int, str], people: Mapping[str, str]) -> str:
    match name:
        case "train":
            return short(trains.get(now.train, ""))
        case "facilitators" | "admins":
            ids: tuple[str, ...] = getattr(now, name)
            return ", ".join(people.get(id, "someone new to me") for id in ids) or "nobody"
        case "anyone_reveals":
            return REVEALS[now.anyone_reveals]
        case "rhythm":
            return _rhythm_words(now.rhythm)
        case "recheck":
            spans = [f"{KINDS_ASKED[field]} after {_span(days)}" for field, days in now.recheck]
            return ", ".join(spans)
        case "guests_vote" | "anonymous_votes":
            return "yes" if getattr(now, name) else "no"
        case _:
            return str(getattr(now, name))


def _rhythm_words(rhythm: TeamRhythm) -> str:
    if rhythm.first is None:
        return "none"
    return f"{_weeks(rhythm.weeks)} each, from {in_words(rhythm.first)} on"


def unchanged() -> Card:
    return says("Nothing changed.")


def moved(before: Team, after: Team) -> Card:
    """Tell that the channel speaks for another team now, and how to come back."""
    words = f"This channel speaks for {short(after.name)} now."
    return Card(
        words,
        (
            text(words),
            subtle(
                f"The backlog of {short(before.name)} stays with it; choose it in ",
                Typed("hone settings"),
                " to come back.",
            ),
        ),
    )


def short(name: str) -> str:
    return shortened(name, NAME_SHOWN_CHARS)
