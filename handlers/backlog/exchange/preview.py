"""What a file leaves unread, in sentences; nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

<<<<<<< HEAD
from handlers.phrases import counted, listed, shortened
from handlers.sources.columns import TOOLS, spelled
=======
from handlers.phrases import counted
>>>>>>> main
from handlers.sources.files import File
from handlers.sources.intake import COLUMNS, KINDS, PEOPLE, STATES
from handlers.sources.matching import BY_HAND
from handlers.sources.survey import Survey
from handlers.sources.telling import summary

LINES_NAMED: Final = 12

_NO_SENSE: Final = {
    "title": "has no title, or one longer than 3,000 characters",
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
    "score": "is no score: all four cards are 1, 2, 3, 5, 8, 13 or 20",
    "level": "is neither team nor train",
}


def remembered(found: Survey, notes: Sequence[str]) -> dict[str, object]:
    """Return what was shown before somebody agreed, to be told again once it is done."""
    return {"summary": summary(found), "new": found.new, "notes": list(notes)}


<<<<<<< HEAD
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
    """Return the columns of a table of one's own that say nothing by their names, not asked yet."""
    if file.tool != BY_HAND:
        return []
    known = file.rules.layout.chosen
    return [name for name in file.unread if spelled(name) not in known]


def first_items(found: Survey) -> Iterator[str]:
    """Name the first few items that are new or change."""
    for number, title in found.first:
        yield f"{f'#{number}' if number else 'new:'} {shortened(title, 80)}"
    more = found.new + found.changed - len(found.first)
    if more > 0:
        yield f"… and {more:,} more."


def losses(found: Survey, tool: str) -> Iterator[str]:
    """Name what would be lost, and what is left out so that nothing is."""
    there = TOOLS[tool]
    if found.kept:
        yield f"Would empty {_fields(found.kept)} you set here: left out."
    if found.emptied:
        yield f"Empties {_fields(found.emptied)}, since {there} emptied them."
    if found.outdone:
        yield (
            f"Changed on both sides: {_fields(found.outdone)}. {_upper(there)} is taken; "
            "yours stay in each item's story."
        )
    if found.stands:
        yield f"Changed on both sides, later here: {_fields(found.stands)}. Yours stay."
    if found.behind:
        yield f"{counted(found.behind, 'item')} moved on here: left where {_they(found.behind)}."
    if found.undated:
        yield (
            f"{counted(found.undated, 'finished item')} without a day: no week counts "
            f"{'it' if found.undated == 1 else 'them'}."
        )
    for reason, count in found.left_out.items():
        yield f"Left out: {counted(count, 'item')} that {_plural(reason, count)}."
    if found.missing:
        yield f"Not here: {listed(sorted(found.missing), 12)}. Nothing is linked to them."
    if found.owners:
        people = [unknown.word for unknown in found.owners.values()]
        items = sum(unknown.items for unknown in found.owners.values())
        yield (
            f"I have not met {listed([shortened(p, 40) for p in people], 12)}: "
            f"{counted(items, 'item')} without an owner until you say who that is."
        )


def unclear(found: Survey) -> Iterator[str]:
    """Name the guesses, where nobody can be asked."""
    for what, unknown in (("State", found.states), ("Type", found.kinds)):
        for word in unknown.values():
            yield (
                f"{what} “{shortened(word.word, 40)}” is new to me: I take it for {word.guess} "
                f"({counted(word.items, 'item')})."
            )


=======
>>>>>>> main
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
