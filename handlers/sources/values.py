"""One cell of a file: what it says by itself, whatever stands around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from handlers.rules.refinement import read_criteria, read_points
from handlers.sources.rows import Cell
from storage.states import LEVELS

REASON_MAX_CHARS: Final = 400
DETAILS_MAX_CHARS: Final = 100_000
"""Kept whole; a card shows the beginning."""

UNREADABLE: Final = object()
UNTOLD: Final = object()
_NO_POINTS: Final = frozenset({"-", "–", "?", "none", "n/a", "unestimated", "no estimate"})
_EMPTY: Final = frozenset({"null", "[]"})
"""What other programs write where people leave a cell empty; in Hone's own they are words."""

_COLOUR = re.compile(r" \([a-z]+(?:_light|_dark)?\)$")
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


def _points(written: str) -> Any:
    if written.lower() in _NO_POINTS:
        return None
    points, wrong = read_points(_SCIENTIFIC.sub("", written))
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
