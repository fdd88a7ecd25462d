"""Cells of a workbook that are merged: what stands in the first of them means the others, too.

openpyxl knows of them only where it keeps a whole sheet in memory. They stand at the end of its
part of the zip, and nothing else there looks like them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import IO, Final, NamedTuple

AREAS_MAX: Final = 20_000
COLUMNS_MAX: Final = 500
"""From here on a cell is filled into none below: each row would have to be as long."""

_PIECE_BYTES: Final = 1 << 20
_AREA_MAX_BYTES: Final = 200

_AREA: Final = re.compile(
    rb"<(?:\w+:)?mergeCell [^<>]*?ref=\"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})\""
)


class Area(NamedTuple):
    """The rows, from 1, and the columns, from 0, of merged cells; the last ones belong to it."""

    top: int
    bottom: int
    left: int
    right: int


def merged_areas(part: IO[bytes]) -> list[Area]:
    """Return the merged cells of a sheet, in the order in which they stand there."""
    areas: list[Area] = []
    piece = b""
    while more := part.read(_PIECE_BYTES):
        piece += more
        for left, top, right, bottom in _AREA.findall(piece):
            if len(areas) < AREAS_MAX:
                areas.append(Area(int(top), int(bottom), _column(left), _column(right)))
        last = max((found.end() for found in _AREA.finditer(piece)), default=0)
        piece = piece[max(last, len(piece) - _AREA_MAX_BYTES) :]
    return areas


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1


class Merged:
    """Fills merged cells downwards, row by row; but those of `once`, whose numbers people add up.

    What reaches across columns and stands alone in its row is a heading, and no item.
    """

    def __init__(self, areas: Sequence[Area]) -> None:
        self.once: frozenset[int] = frozenset()
        self._begins: defaultdict[int, list[Area]] = defaultdict(list)
        self._below: dict[int, tuple[int, str]] = {}
        for area in areas:
            self._begins[area.top].append(area)

    def filled(self, at: int, texts: list[str]) -> list[str]:
        """Return a row with what the merged cells that reach into it say."""
        if not any(texts):
            return texts
        for area in self._begins.pop(at, ()):
            words = texts[area.left] if area.left < len(texts) else ""
            if area.right > area.left and texts.count("") == len(texts) - 1 and words:
                return []
            if area.bottom > at and area.left < COLUMNS_MAX:
                self._below[area.left] = (area.bottom, words)
        for place, (bottom, words) in tuple(self._below.items()):
            if bottom < at:
                del self._below[place]
            elif place not in self.once and words:
                texts += [""] * (place + 1 - len(texts))
                texts[place] = texts[place] or words
        return texts
