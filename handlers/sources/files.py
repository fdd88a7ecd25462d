"""A file of another tool, ready to be read row by row.

What a row can only tell together with others is worked out here, once: whose file it is, which
title a row stands under, and which row a parent's name means.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from bot.remote import RemoteItem
from bot.text import alike
from handlers.sources.columns import Layout, layout_of, spelled
from handlers.sources.keys import by_its_title
from handlers.sources.reading import NEIGHBOURS, read_items, read_neighbours
from handlers.sources.rows import Cell, Row, Rows, packed
from handlers.sources.rules import Rules, Unread, rules_for
from handlers.sources.sheet import Sheet, read_sheet
from handlers.sources.values import are_times, bare, says_no

_APART: Final = re.compile(r"[,;\n]")
TIME: Final = " (time)"
"""What is told behind the name of a column of estimates that are hours, and no points."""


class NoTitles(Exception):
    """No column is known to hold the titles; `names` are the columns there are."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__("No column is called title.")
        self.names = tuple(names)


@dataclass(slots=True)
class File:
    """A file's rows and how they are read.

    `unread` are the columns that Hone has no use for, each with how many cells have something in
    them. Left out are the lines `twice` about an item, and so many `restricted` items: no word of
    theirs goes any further than the names of those that may be here, `hidden`, as (source, id).
    """

    sheet: Sheet
    rules: Rules
    unread: Mapping[str, int]
    twice: tuple[int, ...] = ()
    restricted: int = 0
    hidden: tuple[tuple[str, str], ...] = ()

    @property
    def tool(self) -> str:
        return self.rules.layout.kind

    @property
    def names_neighbours(self) -> bool:
        """Whether it has a column that names other items."""
        return not NEIGHBOURS.isdisjoint(self.rules.layout.places)

    def items(self, unread: Unread) -> Iterator[RemoteItem]:
        """Read all rows, one by one; `unread` gets the cells that say nothing."""
        return read_items(self.sheet.rows, self.rules, unread)


def read_file(text: str, zone: str, chosen: Mapping[str, str] | None = None) -> File:
    """Read a file whose times are local to `zone`; `chosen` are columns → fields, as people said.

    Raises Unreadable, and NoTitles where nobody said what the title is.
    """
    return file_of(read_sheet(text), zone, chosen)


def file_of(sheet: Sheet, zone: str, chosen: Mapping[str, str] | None = None) -> File:
    """Return a file from its rows, read before or kept; raises NoTitles."""
    layout = layout_of(sheet.names, chosen)
    if not (layout.has_titles or chosen) and _is_list(sheet):
        first: Row = (1, [sheet.names[0]])
        sheet = replace(sheet, names=("title",), rows=packed(chain([first], sheet.rows)))
        layout = layout_of(sheet.names)
    if not layout.has_titles:
        raise NoTitles(sheet.names)
    if layout.tree and "title" not in layout.places:
        sheet = _untangled(sheet, layout)
        layout = layout_of(sheet.names, chosen)
    if times := [at for at in _points(layout, sheet.names) if are_times(_cells(sheet, at))]:
        told = (f"{name}{TIME}" if at in times else name for at, name in enumerate(sheet.names))
        sheet = replace(sheet, names=tuple(told))
        layout = layout_of(sheet.names, chosen)
    everything = sheet
    sheet = without_restricted(sheet, layout)
    restricted = len(everything.rows) - len(sheet.rows)
    hidden = _hidden(everything, layout, zone) if restricted else ()
    sheet = _neighbours_by_key(sheet, layout)
    sheet, twice = _once_each(sheet, layout)
    return File(
        sheet, rules_for(sheet, layout, zone), _unread(sheet, layout), twice, restricted, hidden
    )


def _points(layout: Layout, names: Sequence[str]) -> Sequence[int]:
    """Return the columns that are taken for points by their names alone."""
    places = layout.places.get("points", ())
    return [at for at in places if spelled(names[at]) not in layout.chosen]


def _cells(sheet: Sheet, place: int) -> Iterator[str]:
    return (cell for _, cells in sheet.rows if isinstance(cell := cells[place], str) and cell)


def _is_list(sheet: Sheet) -> bool:
    """Whether a file is sentences, one a line: the first is no name of a column then."""
    return len(sheet.names) == 1 and " " in sheet.names[0].strip() and len(sheet.rows) > 0


def without_restricted(sheet: Sheet, layout: Layout) -> Sheet:
    """Return the rows that everybody there may see: none with a security level, none private."""
    places = layout.places.get("restricted", ())
    if not places:
        return sheet
    return replace(sheet, rows=packed(row for row in sheet.rows if _is_open(row, places)))


def _is_open(row: Row, places: Sequence[int]) -> bool:
    return all(says_no(str(row[1][place])) for place in places)


def _hidden(sheet: Sheet, layout: Layout, zone: str) -> tuple[tuple[str, str], ...]:
    """Return the names of a file's restricted items."""
    places = layout.places.get("restricted", ())
    rows = (row for row in sheet.rows if not _is_open(row, places))
    named = read_neighbours(rows, rules_for(sheet, layout, zone))
    return tuple((item.source, item.id) for item in named if item.id)


def _untangled(sheet: Sheet, layout: Layout) -> Sheet:
    """Return the rows of a tree, whose titles are indented by depth, with a title and a parent.

    In a list of links, what an item is linked to stands above it, and is no parent.
    """
    (key,) = layout.places.get("key", (0,))[:1]
    link = next((at for at, name in layout.unread if spelled(name) == "link type"), None)

    def rows() -> Iterator[Row]:
        above: list[str] = []
        for line, cells in sheet.rows:
            titles = [cells[place] for place in layout.tree]
            depth = next((depth for depth, title in enumerate(titles) if title), None)
            if depth is None:
                yield line, [*cells, "", ""]
                continue
            is_below = link is None or cells[link] in ("", "Child")
            parent = above[depth - 1] if 0 < depth <= len(above) and is_below else ""
            above[depth:] = [str(cells[key])]
            yield line, [*cells, titles[depth], parent]

    return replace(sheet, names=(*sheet.names, "title", "part of"), rows=packed(rows()))


def _neighbours_by_key(sheet: Sheet, layout: Layout) -> Sheet:
    """Return the rows with an item's key where the file names it by a title of its own."""
    keys, titles = layout.places.get("key", ()), layout.places.get("title", ())
    places = [at for name in NEIGHBOURS for at in layout.places.get(name, ())]
    if not (places and titles):
        return sheet
    known: set[str] = set()
    told: set[Cell] = set()
    for _, cells in sheet.rows:
        known.update(str(cells[at]) for at in keys[:1])
        told.update(cells[at] for at in places if cells[at])
    strange = told - known
    named = {name for cell in strange for name in (*_whole(cell), *_pieces(cell))} - known
    meant = _titled(sheet.rows, titles[0], keys, named) if named else {}
    anew = {cell: found for cell in strange if (found := _meant(cell, meant)) != cell}
    if not anew:
        return sheet
    rows: Iterator[Row] = (
        (line, [anew.get(cell, cell) if at in places else cell for at, cell in enumerate(cells)])
        for line, cells in sheet.rows
    )
    return replace(sheet, rows=packed(rows))


def _whole(cell: Cell) -> Sequence[str]:
    return cell if isinstance(cell, tuple) else (bare(cell),)


def _pieces(cell: Cell) -> Sequence[str]:
    """Return the names in a cell of several; that of a single one may have a comma, too."""
    return cell if isinstance(cell, tuple) else [each.strip() for each in _APART.split(bare(cell))]


def _meant(cell: Cell, meant: Mapping[str, str]) -> Cell:
    """Return what a cell names, as `meant` has it where it has."""
    for names in (_whole(cell), _pieces(cell)):
        if not meant.keys().isdisjoint(names):
            named = tuple(meant.get(name, name) for name in names)
            return named[0] if len(named) == 1 else named
    return cell if isinstance(cell, tuple) else bare(cell)


def _titled(rows: Rows, title: int, keys: Sequence[int], named: Collection[str]) -> dict[str, str]:
    """Return title → what names the item of those titles that one row alone has."""
    called: Counter[str] = Counter()
    meant: dict[str, str] = {}
    for _, cells in rows:
        if (words := str(cells[title])) in named:
            called[words] += 1
            meant[words] = next((str(cells[at]) for at in keys[:1]), "") or by_its_title(words)
    return {words: found for words, found in meant.items() if called[words] == 1}


def _once_each(sheet: Sheet, layout: Layout) -> tuple[Sheet, tuple[int, ...]]:
    """Return the first row about each item, and the lines of the others."""
    seen: set[object] = set()
    twice: dict[int, None] = {}
    for line, cells in sheet.rows:
        name = _identity(cells, layout)
        if name in seen:
            twice[line] = None
        elif name is not None:
            seen.add(name)
    if not twice:
        return sheet, ()
    left = packed(row for row in sheet.rows if row[0] not in twice)
    return replace(sheet, rows=left), tuple(twice)


def _identity(cells: Sequence[Cell], layout: Layout) -> object:
    """Return what tells a row's item from others; numbers count in each repository anew."""
    for name in ("key", "id", "number", "title"):
        for place in layout.places.get(name, ()):
            if cell := cells[place]:
                link = layout.places.get("link", ())[:1]
                told = cell if name != "title" else alike(str(cell))
                return name, told, tuple(cells[at] for at in link)
    return None


def _unread(sheet: Sheet, layout: Layout) -> dict[str, int]:
    filled = dict.fromkeys((name for _, name in layout.unread), 0)
    for _, cells in sheet.rows:
        for place, name in layout.unread:
            if cells[place]:
                filled[name] += 1
    return {name: count for name, count in filled.items() if count and name}
