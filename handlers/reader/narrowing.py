"""Read what narrows a list of items: `overdue`, `due this week`, `>8 points`, `without points`.

It stands before or behind the words that are looked for: `due Friday #ci`, `mine overdue`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.text import alike
from handlers.reader.asked import Asked
from handlers.reader.calendar import last_day, monday, months_later
from handlers.reader.when import read_when
from storage.states import (
    FINISHED_STATES,
    KINDS,
    STATES,
    UNREADY_STATES,
    WAITING_STATES,
    WORKING_STATES,
)

PHRASE_MAX_WORDS = 6

_OVERDUE = frozenset({"overdue", "late", "past due", "is late", "are late", "uberfallig"})
_WORDS_TOO = frozenset({"due", "late"})
"""These may be words of a title: "late deploys" is searched for."""

_MINE = frozenset({"mine", "my", "me"})
_DUE = re.compile(r"due(?: date)?:?(?: (?P<when>\S.*))?")
_UNIT = "(?:story )?(?:points?|pts?|sp)"
_SIGN = "(?P<sign>[<>]=?|=|≥|≤|over|above|under|below|more than|less than|at least|at most|up to)"
_NUMBER = "(?P<number>[0-9]{1,4}(?:[.,][0-9]{1,2})?)"
_POINTS = (
    re.compile(rf"(?:{_SIGN} ?)?{_NUMBER} ?{_UNIT}"),
    re.compile(rf"{_UNIT}:? ?(?:{_SIGN} ?)?{_NUMBER}"),
    re.compile(rf"(?P<sign>[<>]=?|≥|≤) ?{_NUMBER}"),
    re.compile(rf"{_NUMBER}(?P<sign>\+) ?{_UNIT}"),
    re.compile(rf"{_NUMBER} ?(?:-|to) ?(?P<most>[0-9]{{1,4}}(?:[.,][0-9]{{1,2}})?) ?{_UNIT}"),
    re.compile(rf"(?P<none>no|without|missing) (?:{_UNIT}|an? estimate|estimates?)|unestimated"),
)
_NO_DAY = re.compile(r"(?:no|without|missing)(?: an?| any)? (?:due )?(?:dates?|days?|deadlines?)")
_STATES: dict[str, tuple[str, ...]] = {
    **{state: (state,) for state in STATES if state != "ready"},
    "not ready": UNREADY_STATES,
    "unready": UNREADY_STATES,
    "in-progress": ("in progress",),
    "inprogress": ("in progress",),
    "wip": WORKING_STATES,
    "doing": ("in progress",),
    "started": WORKING_STATES,
    "not started": WAITING_STATES,
    "unstarted": WAITING_STATES,
    "in-review": ("in review",),
    "under review": ("in review",),
    "closed": FINISHED_STATES,
    "new": ("captured",),
}
_KINDS = {**{kind: kind for kind in KINDS}, **{f"{kind}s": kind for kind in KINDS}}
_KINDS["stories"] = "story"
_ALONE = frozenset({*_STATES, *_KINDS})
"""These are words of titles, too: they narrow a list only by themselves, or beside a name."""

_MORE = frozenset({">", "over", "above", "more than"})
_LESS = frozenset({"<", "under", "below", "less than"})
_AT_LEAST = frozenset({"+", ">=", "≥", "at least"})
_AT_MOST = frozenset({"<=", "≤", "at most", "up to"})


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What an open item has to be, and the `words` it has to have besides.

    `due` are the first and the last day, where both count; `points` the least and the most of them;
    `()` is none at all. What is None or empty does not matter.
    """

    words: tuple[str, ...] = ()
    due: tuple[date, date] | tuple[()] | None = None
    points: tuple[float, float] | tuple[()] | None = None
    mine: bool = False
    states: tuple[str, ...] = ()
    kind: str = ""

    def fits(self, due: date | None, points: float | None) -> bool:
        """Whether an item with this due date and these points is meant."""
        if self.due is not None and not self.due and due:
            return False
        if self.due and not (due and self.due[0] <= due <= self.due[1]):
            return False
        if self.points is None:
            return True
        if not self.points:
            return points is None
        return points is not None and self.points[0] <= points <= self.points[1]


def read_narrowing(line: str, asked: Asked) -> Narrowed | None:
    """Return what narrows a list; None where nothing in the line does."""
    words = line.split()
    for length in range(min(PHRASE_MAX_WORDS, len(words)), 0, -1):
        for phrase, rest in ((words[:length], words[length:]), (words[-length:], words[:-length])):
            said = alike(" ".join(phrase))
            found = _read(said, asked)
            is_word = said in _WORDS_TOO or said in _ALONE
            if found is not None and (not is_word or all(map(_names, rest))):
                mine = any(alike(word) in _MINE for word in rest)
                others = tuple(word for word in rest if alike(word) not in _MINE)
                return replace(found, words=others, mine=mine)
    return None


def _names(word: str) -> bool:
    return word.startswith(("#", "@")) or alike(word) in _MINE


def _read(phrase: str, asked: Asked) -> Narrowed | None:
    if phrase in _OVERDUE:
        return Narrowed(due=(date.min, asked.today - timedelta(days=1)))
    if due := _DUE.fullmatch(phrase):
        days = _days(due["when"] or "", asked)
        return Narrowed(due=days) if days else None
    if _NO_DAY.fullmatch(phrase):
        return Narrowed(due=())
    if phrase in _ALONE:
        return Narrowed(states=_STATES.get(phrase, ()), kind=_KINDS.get(phrase, ""))
    found = next(filter(None, (pattern.fullmatch(phrase) for pattern in _POINTS)), None)
    return Narrowed(points=_points(found)) if found else None


def _days(said: str, asked: Asked) -> tuple[date, date] | None:
    """Return the first and the last day that are meant; `by Friday` takes in what is late."""
    today = asked.today
    if said in ("", "soon", "date"):
        return date.min, date.max
    match said.replace("nxt", "next").replace("wk", "week").split():
        case [("this" | "next") as which, "week"]:
            first = monday(today) + timedelta(weeks=which == "next")
            return first, first + timedelta(days=6)
        case [("this" | "next") as which, "month"]:
            first = months_later(today.replace(day=1), int(which == "next"))
            return first, last_day(first)
        case [("this" | "next") as which, "sprint" | "iteration"]:
            later = int(which == "next")
            if len(asked.sprint_ends) <= later:
                return None
            begins = asked.sprint_ends[0] + timedelta(days=1) if later else today
            return begins, asked.sprint_ends[later]
    when = read_when(said, asked)
    if when is None or when.day is None:
        return None
    is_until = bool(when.lead) or said.startswith(("in ", "within "))
    return (date.min if when.lead else today if is_until else when.day), when.day


def _points(found: re.Match[str]) -> tuple[float, float] | tuple[()]:
    groups = found.groupdict()
    if not groups.get("number"):
        return ()
    number, sign = float(groups["number"].replace(",", ".")), groups.get("sign") or "="
    if most := groups.get("most"):
        return number, float(most.replace(",", "."))
    if sign in _MORE or sign in _AT_LEAST:
        return number + (0.001 if sign in _MORE else 0), float("inf")
    if sign in _LESS or sign in _AT_MOST:
        return 0, number - (0.001 if sign in _LESS else 0)
    return number, number
