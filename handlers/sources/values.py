# ruff: noqa: RUF001 (yes and no in other alphabets)
"""One cell of a file: what it says by itself, whatever stands around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from bot.text import alike
from handlers.rules.refinement import read_criteria, read_points
from handlers.sources.rows import Cell
from storage.states import LEVELS

REASON_MAX_CHARS: Final = 400
DETAILS_MAX_CHARS: Final = 100_000
"""Kept whole; a card shows the beginning."""

UNREADABLE: Final = object()
UNTOLD: Final = object()
_NO_POINTS: Final = frozenset({"-", "–", "?", "none", "n/a", "unestimated", "no estimate"})
_EMPTY: Final = frozenset(
    ["null", "[]", "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#ERROR!"]
)
"""What other programs write where a cell is empty or its formula fails; Hone's own has words."""


def _folded(words: str) -> frozenset[str]:
    return frozenset(alike(each) for each in words.split(","))


_NO: Final = _folded(
    """no, none, false, 0, n, -, n/a, public, nein, keine, kein, öffentlich, non, aucun,
    publique, ninguno, ninguna, público, não, nenhum, nenhuma, nessuno, nee, geen, nie, brak, ne,
    нет, nej, nei, nē, ingen, nem, nu, ei, ez, ні, не, үгүй, όχι, hayır, không, tidak, いいえ,
    なし, 公開, 否, 无, 아니오, 아니요, 公开, 공개"""
)
_YES: Final = _folded(
    """yes, true, y, x, ✓, ✔, ✔\ufe0f, ☑, ☑\ufe0f, ✅, done, ja, wahr, oui, vrai, sí, sim,
    verdadero, vero, tak, да, так, тийм, ναι, ano, áno, igen, kyllä, jah, jā, taip, evet, có, ya,
    bai, はい, 是, 예"""
)
_NO_DAY: Final = _folded("–, —, na, never, tbd, 0000-00-00")
_TOTALS: Final = _folded(
    """total, totals, grand total, subtotal, sum, summe, gesamt, gesamtsumme, zwischensumme, somme,
    total général, totale, suma, soma, totaal, razem, celkem, итого, всего, 合計, 总计, 合计"""
)

_COLOUR = re.compile(r" \([a-z]+(?:_light|_dark)?\)$")
_ADDRESS = re.compile(r" \(https://(?:www\.)?notion\.so/[^()\s]*\)")
_LOGIN = re.compile(r" \((\w+)\)$")
_NUMBERED = re.compile(r"(?P<letters>[A-Z]{1,6})-?\d+")
_NAMED_WITH_TITLE = re.compile(r"(?P<key>[A-Z]{1,6}-?\d+): \S")
_KINDS_BY_LETTERS: Final[Mapping[str, Mapping[str, str]]] = {
    "rally": {
        "US": "User Story",
        "DE": "Defect",
        "TA": "Task",
        "F": "Feature",
        "E": "Epic",
        "I": "Initiative",
    },
    "agility": {"B": "Story", "D": "Defect", "TK": "Task", "E": "Epic"},
}
"""Tools whose keys tell what an item is, and whose exports often tell it nowhere else."""


def filled(written: str) -> str:
    """Return what a cell says, "" where a program has written that it is empty."""
    return "" if written in _EMPTY else written


def listed(written: str) -> str:
    """Return a cell of several names without the brackets that some programs put around them."""
    bare = written.strip()
    return bare[1:-1] if bare[:1] == "[" and bare[-1:] == "]" else written


def says_no(cell: str) -> bool:
    """Tell whether a cell of a yes-or-no column says no, by being empty too."""
    return not cell.strip() or alike(cell) in _NO


def says_yes(cell: str) -> bool:
    """Tell whether a cell says yes, as a ticked one of a spreadsheet does."""
    return alike(cell) in _YES


def is_no_day(cell: str) -> bool:
    """Tell whether a cell of a column of days says in words that there is none."""
    return alike(cell) in _NO_DAY or says_no(cell) or says_yes(cell)


def is_total(title: str, others: Iterable[str]) -> bool:
    """Tell whether a row adds the others up: there are only figures beside its name."""
    return alike(title).rstrip(" :") in _TOTALS and not any(
        sign.isalpha() for cell in others for sign in cell
    )


def bare(name: str) -> str:
    """Return another item's name without the address that Notion writes behind it."""
    return _ADDRESS.sub("", name)


def without_colour(label: str) -> str:
    """Return a label of Trello's CSV, which writes `tech debt (red)`."""
    return _COLOUR.sub("", label)


def with_login(person: str) -> str:
    """Return a member of Trello's CSV, which writes `Ada Park (ada1)`, as `Ada Park <ada1>`."""
    return _LOGIN.sub(r" <\1>", person)


def kind_by_key(tool: str, key: str) -> str:
    """Return what a key such as `DE12` says an item is, "" if nothing."""
    found = _NUMBERED.fullmatch(key)
    return _KINDS_BY_LETTERS.get(tool, {}).get(found["letters"], "") if found else ""


def key_of(name: str) -> str:
    """Return the key out of `F3: Checkout`; any other name as it is."""
    found = _NAMED_WITH_TITLE.match(name)
    return found["key"] if found else name


_SCIENTIFIC: Final = re.compile(r"(?:[.,]0+)?E\+?0+$", re.IGNORECASE)
"""What a spreadsheet puts behind a small number that it shows as a large one: 3.00E+00."""


_UNIT: Final = re.compile(
    r"(?<=[\d½¼¾]) ?(?:sp|pts?|p|points?|story ?points?|punkte|puntos|pontos|punti|ポイント)\.?$",
    re.IGNORECASE,
)


_DURATION: Final = re.compile(
    r"(?:\d+(?:[.,]\d+)? ?(?:w|d|h|m|wk|hrs?|min|weeks?|days?|hours?|minutes?|std|tage?) ?)+"
    r"|\d+:\d\d(?::\d\d)?|PT?(?:\d+[DHM])+",
    re.IGNORECASE,
)
_A_MINUTE_S: Final = 60
_EIGHT_HOURS_MIN: Final = 480
"""Trackers count in seconds or in minutes, and a day's work is one of either."""


def are_times(cells: Iterable[str]) -> bool:
    """Tell whether a column of estimates holds hours, not points: by its units or its numbers.

    Half of the cells have a unit of time, or all are whole minutes in seconds, or whole hours in
    minutes, and one of them is a day's work.
    """
    figures: list[float] = []
    durations = 0
    for cell in map(str.strip, cells):
        durations += _DURATION.fullmatch(cell) is not None
        if cell.replace(".", "", 1).isdecimal():
            figures.append(float(cell))
    told = [figure for figure in figures if figure]
    if durations:
        return durations >= len(told)
    return max(told, default=0) >= _EIGHT_HOURS_MIN and not any(f % _A_MINUTE_S for f in told)


def _points(written: str) -> Any:
    if written.lower() in _NO_POINTS:
        return None
    points, wrong = read_points(_UNIT.sub("", _SCIENTIFIC.sub("", written)))
    return UNREADABLE if wrong else points


def _text(written: str) -> Any:
    return written if len(written) <= DETAILS_MAX_CHARS else UNREADABLE


def _criteria(written: str) -> Any:
    criteria, wrong = read_criteria(written)
    return UNREADABLE if wrong else criteria


def _level(written: str) -> Any:
    return written.lower() if written.lower() in LEVELS else UNREADABLE


READERS: Final[tuple[tuple[str, Callable[[str], Any], Any], ...]] = (
    ("points", _points, None),
    ("description", _text, ""),
    ("criteria", _criteria, []),
    ("level", _level, UNTOLD),
    ("dropped_because", lambda written: written[:REASON_MAX_CHARS], ""),
)
"""Fields that are read as they stand; the last is what an empty cell says."""


RICH: Final = ("description", "criteria")
KEEP_HTML: Final = ("azure", "rally", "agility")
"""Tools that keep these fields as HTML, and export them so."""

TAG: Final = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>|&[a-z]+;|&#\d+;", re.IGNORECASE)


def first(cell: Cell) -> str:
    return cell if isinstance(cell, str) else "".join(cell[:1])
