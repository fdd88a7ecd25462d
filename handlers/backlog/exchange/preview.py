"""What a file leaves unread, in sentences; nothing is cut."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from handlers.phrases import counted
from handlers.sources.columns import spelled
from handlers.sources.files import TIME, File
from handlers.sources.intake import COLUMNS, KINDS, PEOPLE, STATES
from handlers.sources.matching import BY_HAND
from handlers.sources.survey import Survey
from handlers.sources.telling import summary

LINES_NAMED: Final = 12

_NUMBERED: Final = re.compile(r"customfield \d+")
_FIGURE: Final = re.compile(r"\d{1,3}(?:\.\d+)?")

_NO_SENSE: Final = {
    "title": "has no title, or one longer than 3,000 characters",
    "total": "adds the others up",
    "pull request": "is no item of a backlog",
    "points": "is no number of points",
    "due": "is no day",
    "created": "is no day",
    "updated": "is no day",
    "accepted": "is no day",
    "dropped": "is no day",
    "history": "is no step such as 2026-12-01T09:30 ready",
    "themes": "makes no theme: a theme has a letter in it",
    "description": "is longer than 100,000 characters",
    "criteria": "is more than acceptance criteria may be",
    "metric": "is longer than a metric may be",
    "score": "is no score: all four cards are 1, 2, 3, 5, 8, 13 or 20",
    "level": "is neither team nor train",
}


def remembered(found: Survey, notes: Sequence[str]) -> dict[str, object]:
    """Return what was shown before somebody agreed, to be told again once it is done."""
    return {"summary": summary(found), "new": found.new, "notes": list(notes)}


def asked_about(found: Survey, file: File) -> dict[str, list[tuple[str, str, str, int]]]:
    """Return what nobody has explained: sort → (name, word, guess, items), the most frequent first.

    Of columns with names of their own, `items` are cells.
    """
    words = ((STATES, found.states), (KINDS, found.kinds), (PEOPLE, found.owners))
    asked = {
        sort: [(name, each.word, each.guess, each.items) for name, each in unknown.items()]
        for sort, unknown in words
    }
    asked[COLUMNS] = [(spelled(name), name, "", file.unread[name]) for name in own_columns(file)]
    return {sort: sorted(rows, key=lambda row: -row[3]) for sort, rows in asked.items() if rows}


def own_columns(file: File) -> list[str]:
    """Return the columns of people's own that say nothing by their names, not asked yet.

    Of a tool's export only figures of a field that it numbers: they may be its points.
    """
    known = file.rules.layout.chosen
    new = [name for name in file.unread if spelled(name) not in known]
    if file.tool == BY_HAND:
        return [name for name in new if not name.endswith(TIME)]
    numbered = [name for name in new if _NUMBERED.fullmatch(name)] if file.tool == "jira" else []
    return [name for name in numbered if _holds_figures(file, name)]


def _holds_figures(file: File, name: str) -> bool:
    place = file.sheet.names.index(name)
    cells = (cells[place] for _, cells in file.sheet.rows if cells[place])
    return all(isinstance(cell, str) and _FIGURE.fullmatch(cell) for cell in cells)


def gaps(found: Survey, file: File) -> Iterator[str]:
    """Name what is not read: rows, cells and columns."""
    if file.restricted:
        yield (
            f"{counted(file.restricted, 'item')} with a security level, private or confidential: "
            "left out."
        )
    if file.twice:
        yield f"{_lines(file.twice)}: about an item of a line before, left out."
    if file.sheet.odd:
        odd = _lines(file.sheet.odd)
        yield f"{odd}: more cells than columns. Is a text not in quotes? Left out."
    for name, lines in found.unread.lines.items():
        example = found.unread.examples[name]
        what = f"“{example}” " if example else ""
        sense = _NO_SENSE.get(name, "is no day")
        yield f"{_lines(lines)}, {name.replace('_', ' ')}: {what}{sense}. Left out."
    if file.unread:
        columns = ", ".join(f"{name} ({count})" for name, count in file.unread.items())
        yield f"Not read: {columns}."


def _lines(lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:LINES_NAMED]))
    more = len(lines) - LINES_NAMED
    return f"Line{'s' if len(lines) > 1 else ''} {shown}" + (
        f" and {more} more" if more > 0 else ""
    )
