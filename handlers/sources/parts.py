"""Parts of items as monday.com writes them: below each item, under names of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from handlers.sources.columns import field_of, layout_of

Cells = tuple[int, list[str]]
"""The line a row begins in, and its cells as they are parted there."""

_BEGINS: Final = ["Subitems", "Name"]
"""How the names begin that stand again above the parts of an item."""

PART_OF: Final = "part of"


def with_parts(rows: Iterable[Cells], names: list[str]) -> Iterator[Cells]:
    """Yield all rows, those of parts with their cells where the items have theirs.

    `names` get the columns that only parts have, and one for the item that a part belongs to. It is
    called by its id, else by its title.
    """
    places = layout_of(names).places
    named = [*places.get("key", ())[:1], *places.get("title", ())[:1]]
    where: list[int] = []
    whole = ""
    for line, cells in rows:
        if cells[:2] == _BEGINS:
            where = [_place(name, names) for name in cells]
            _place(PART_OF, names)
        elif where and not cells[0].strip() and any(map(str.strip, cells)):
            row = [""] * len(names)
            for place, cell in zip(where, cells, strict=False):
                row[place] = row[place] or cell
            row[_place(PART_OF, names)] = whole
            yield line, row
        else:
            where = []
            whole = next((cells[at] for at in named if at < len(cells) and cells[at].strip()), "")
            yield line, cells


def _place(name: str, names: list[str]) -> int:
    """Return where the items have what a column of their parts holds, were it a new column."""
    if name in names:
        return names.index(name)
    field = field_of(name)
    alike = (at for at, other in enumerate(names) if field and field_of(other) == field)
    if (found := next(alike, None)) is not None:
        return found
    names.append(name)
    return len(names) - 1
