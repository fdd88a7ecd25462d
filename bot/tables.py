"""How a table is laid out where there is little room: as it is, or as two lines for each row.

A phone and a side panel are some 320 pixels wide. There a row of five cells is read a word a line;
its title and, below, what else there is to say of it are read at once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bot.cards import Table

NARROW_CHARS = 36
"""What a line of a card holds that is 320 pixels wide."""

GAP_CHARS = 3
"""What lies between two columns."""

SHORT_CHARS = 12
"""A column with longer cells is one to read, and may wrap."""

READABLE_CHARS = 16
"""Narrower than this a column that wraps is a word a line."""

NOTHING = frozenset({"", "–"})


@dataclass(frozen=True, slots=True)
class TwoLines:
    """A row's title, and its other cells by the names of their columns."""

    title: str
    details: str


def widths(table: Table) -> tuple[int, ...] | None:
    """Return each column's least width in characters, or None if they have no room side by side.

    A 0 stands for the one column that takes what the others leave.
    """
    needed = list(map(_needed, table.header, _columns(table)))
    taken = sum(needed) + GAP_CHARS * (len(needed) - 1)
    if taken > NARROW_CHARS:
        return None
    needed[title_column(table)] = 0
    return tuple(needed)


def title_column(table: Table) -> int:
    """Return the column that says what a row is about: the first to read, or the first of all."""
    long = (
        index
        for index, cells in enumerate(_columns(table))
        if max(map(_width, cells), default=0) > SHORT_CHARS
    )
    return next(long, 0)


def _columns(table: Table) -> list[tuple[str, ...]]:
    return [tuple(row[index] for row in table.rows) for index in range(len(table.header))]


def _needed(name: str, cells: tuple[str, ...]) -> int:
    longest = max(map(_width, cells), default=0)
    word = max(map(_width, " ".join((name, *cells)).split()), default=0)
    return max(longest if longest <= SHORT_CHARS else READABLE_CHARS, word)


def _width(text: str) -> int:
    """Return the characters' room: those of East Asia take that of two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def two_lines(table: Table) -> Iterator[TwoLines]:
    """Yield the rows. A title ends with the first column to read: `Rank 1 · #4 Slow builds`."""
    ends = title_column(table)
    for row in table.rows:
        cells = list(zip(table.header, row, strict=True))
        title = " · ".join(filter(None, (*_named(cells[:ends]), row[ends])))
        yield TwoLines(title, " · ".join(_named(cells[ends + 1 :])))


def _named(cells: list[tuple[str, str]]) -> Iterator[str]:
    for name, cell in cells:
        if cell not in NOTHING:
            yield f"{name} {cell}".strip()
