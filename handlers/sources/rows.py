"""Rows of a file, packed: a hundred thousand of them take a few megabytes, however often read."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Protocol

import orjson

from bot.text import whole_characters

PACKED_ROWS: Final = 200
"""Rows in a piece: more would be packed little better, and one piece is unpacked at a time."""

Cell = str | tuple[str, ...]
Record = dict[str, Cell]
"""A row out of JSON: name → cell."""

Row = tuple[int, Sequence[Cell]]
"""The line a row begins in, and its cells."""

_FAST: Final = 1
"""How hard zlib tries: the hardest takes five times as long, for two thirds of the bytes."""


class Rows(Protocol):
    """Rows that are read as often as wanted: packed ones, or a list."""

    def __iter__(self) -> Iterator[Row]: ...
    def __len__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Packed:
    """Rows in compressed pieces of PACKED_ROWS; one piece is unpacked at a time."""

    pieces: tuple[bytes, ...]
    count: int

    def __iter__(self) -> Iterator[Row]:
        for piece in self.pieces:
            yield from unpacked(piece)

    def __len__(self) -> int:
        return self.count


def packed(rows: Iterable[Row]) -> Packed:
    """Return rows packed; they are taken one by one, and kept nowhere else."""
    if isinstance(rows, Packed):
        return rows
    left, pieces, count = iter(rows), [], 0
    while some := list(islice(left, PACKED_ROWS)):
        pieces.append(_piece(some))
        count += len(some)
    return Packed(tuple(pieces), count)


def _piece(rows: Sequence[Row]) -> bytes:
    try:
        written = orjson.dumps(rows)
    except TypeError:  # JSON may hold half a character, which no text does
        written = orjson.dumps([(line, [_whole(cell) for cell in cells]) for line, cells in rows])
    return zlib.compress(written, _FAST)


def _whole(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return whole_characters(cell)
    return tuple(map(whole_characters, cell))


def unpacked(piece: bytes) -> Iterator[Row]:
    """Yield the rows of a piece."""
    rows: list[tuple[int, list[Any]]] = orjson.loads(zlib.decompress(piece))
    for line, cells in rows:
        yield line, [tuple(cell) if cell.__class__ is list else cell for cell in cells]
