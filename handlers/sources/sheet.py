"""A file as rows under named columns: CSV of any country, a pasted table, or JSON.

A name may stand over several columns, as Jira writes labels and sprints. Cells are texts; JSON's
lists stay lists. Nothing is understood here beyond that: `columns` knows what the names mean.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from handlers.sources.cells import original
from handlers.sources.objects import NoTable, table_of

FILE_MAX_CHARS: Final = 200_000_000
DELIMITERS: Final = (",", ";", "\t", "|")
EMPTY: Final = "The file is empty. Its first line names the columns; one is title."

Cell = str | tuple[str, ...]

csv.field_size_limit(FILE_MAX_CHARS)  # 128 KB by itself: some descriptions are longer


class Unreadable(Exception):
    """The file as a whole makes no sense; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows as (line, cells); each row is as long as `names`. A line of JSON is its place, from 1.

    `odd` are lines with more cells than there are names: something in them is not in quotes.
    """

    names: tuple[str, ...]
    rows: Sequence[tuple[int, Sequence[Cell]]]
    odd: tuple[int, ...] = ()


def read_sheet(text: str) -> Sheet:
    """Read a file; raises Unreadable."""
    text = text.lstrip("\ufeff").strip("\r\n")
    if not text.strip():
        raise Unreadable(EMPTY)
    if text.lstrip()[0] in "[{":
        return _from_json(text)
    return _from_csv(text)


def joined(pieces: Sequence[str]) -> str:
    """Return pasted pieces as one text, with the empty cells that their edges have lost.

    Whatever carries a field's text takes white space off both ends, and so a table's empty cells.
    """
    width = Counter(line.count("\t") for piece in pieces for line in piece.splitlines())
    tabs = max(width, key=lambda count: (width[count], count), default=0)
    if not tabs or any('"' in piece for piece in pieces):
        return "\n".join(pieces)
    whole: list[str] = []
    for piece in pieces:
        lines = piece.splitlines()
        if len(lines) > 1 or not whole:
            lines[0] = "\t" * (tabs - lines[0].count("\t")) + lines[0]
        lines[-1] += "\t" * (tabs - lines[-1].count("\t"))
        whole += lines
    return "\n".join(whole)


# --- CSV -------------------------------------------------------------------------------------


def _from_csv(text: str) -> Sheet:
    first, _, rest = text.partition("\n")
    delimiter, skipped = "", 0
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text, skipped = first.strip()[4], rest, 1
    delimiter = delimiter or _delimiter(text)
    try:
        rows = _rows(text, delimiter, skipped)
    except csv.Error as error:
        raise Unreadable(f"No reader understands this CSV: {error}.") from None
    if not rows:
        raise Unreadable(EMPTY)
    (_, names), *rows = rows
    whole, odd = [], []
    for line, cells in rows:
        if any(cell.strip() for cell in cells[len(names) :]):
            odd.append(line)
        else:
            cells = cells[: len(names)]
            whole.append((line, cells + [""] * (len(names) - len(cells))))
    return Sheet(tuple(names), whole, tuple(odd))


def _delimiter(text: str) -> str:
    """Return what parts the first line into the most cells, quotes respected."""

    def cells(delimiter: str) -> int:
        try:
            return len(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), ()))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=cells)


def _rows(text: str, delimiter: str, skipped: int) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    begins = 1
    for cells in reader:
        row = [original(cell) if cell[:1] == "'" else cell for cell in cells]
        if any(cell.strip() for cell in row):
            rows.append((begins + skipped, row))
        begins = reader.line_num + 1
    return rows


# --- JSON ------------------------------------------------------------------------------------


def _from_json(text: str) -> Sheet:
    try:
        parsed = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(f"Line {error.lineno}: this is no JSON: {error.msg}.") from None
    except RecursionError:
        raise Unreadable("This JSON is nested too deeply.") from None
    except ValueError:
        raise Unreadable("This JSON has a number of thousands of digits.") from None
    try:
        records = table_of(parsed)
    except NoTable as error:
        raise Unreadable(str(error)) from None
    names = dict.fromkeys(name for record in records for name in record)
    if not names:
        raise Unreadable(EMPTY)
    rows = [(place, [r.get(name, "") for name in names]) for place, r in enumerate(records, 1)]
    return Sheet(tuple(names), rows)
