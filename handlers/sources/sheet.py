"""A file as rows under named columns: CSV of any country, a pasted table, JSON, HTML or XML.

A name may stand over several columns, as Jira writes labels and sprints. Cells are texts; JSON's
lists stay lists. Nothing is understood here beyond that: `columns` knows what the names mean.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import Final

from handlers.sources.cells import original
from handlers.sources.columns import NAMES_WITHIN, field_of, names_columns
from handlers.sources.elements import TooDeep, objects_of
from handlers.sources.lists import rows_of_list
from handlers.sources.markup import issues_of_feed, tables_of
from handlers.sources.objects import NoTable, table_of
from handlers.sources.parts import Cells, with_parts
from handlers.sources.rows import Record, Row, Rows, packed

FILE_MAX_CHARS: Final = 200_000_000
DELIMITERS: Final = (",", ";", "\t", "|")
EMPTY: Final = "The file is empty. Its first line names the columns; one is title."
NO_ROWS: Final = "The file has no rows below the names of its columns."
UNCLOSED: Final = (
    "A text in quotes begins and never ends, as in a file that was cut off. Export it again, and "
    "send me that."
)

_LEADING: Final = "||"
"""What the names of a wiki's table have between them; its cells have one of it."""

_GH_LIST: Final = re.compile(r"\d+\t(?:OPEN|CLOSED|MERGED)\t[^\t]*\t[^\t]*\t\S+")
_GH_NAMES: Final = "of some repository\tstate\ttitle\tlabels\tupdated at\n"
"""What `gh issue list` leaves out where it writes into a file; whose its numbers are, too."""

_CELL_LINK: Final = re.compile(r"\s*\[(?P<words>[^\[\]]+)\]\((?P<link>[^()\s]+)\)\s*")
_CELL_BOLD: Final = re.compile(r"\s*(?P<sign>\*\*|__|`)(?P<words>[^*_`]+)(?P=sign)\s*")
_WORD = re.compile(r"\S")
_RULE = re.compile(r"[\s:-]*")
"""What stands in each cell of the line under the names, in a table of Markdown."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+")

_FORMULA: Final = re.compile(
    r'=(?:HYPERLINK\(\s*"(?:[^"]|"")*"\s*[,;]\s*)?"(?P<shown>(?:[^"]|"")*)"\s*\)?', re.IGNORECASE
)
"""A link with the words that are shown, or words that a spreadsheet shall not take for more."""

_NEVER: Final = "\ue000"
"""A last row that shows whether a quote before it was ever closed."""

csv.field_size_limit(FILE_MAX_CHARS)  # 128 KB by itself: some descriptions are longer


class Unreadable(Exception):
    """The file as a whole makes no sense; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows as (line, cells); each row is as long as `names`. A line of JSON is its place, from 1.

    `odd` are lines with more cells than there are names: something in them is not in quotes.
    """

    names: tuple[str, ...]
    rows: Rows
    odd: tuple[int, ...] = ()


def read_sheet(text: str) -> Sheet:
    """Read a file; raises Unreadable."""
    text = text.lstrip("\ufeff").strip("\r\n")
    if (begins := _WORD.search(text)) is None:
        raise Unreadable(EMPTY)
    if begins[0] in "[{":
        return _from_json(text)
    if begins[0] == "<":
        return _from_markup(text)
    if listed := rows_of_list(text):
        return Sheet(*listed)
    return _from_csv(_with_names(text))


def _with_names(text: str) -> str:
    """Return a table with the names over its columns as other tables have them."""
    first = _first_line(text)
    if _GH_LIST.fullmatch(first.rstrip("\r")):
        return f"{_GH_NAMES}{text}"
    if first.strip().startswith(_LEADING):
        return f"{first.strip().replace(_LEADING, '|')}{text[len(first) :]}"
    return text


def _first_line(text: str) -> str:
    """Return what stands before the first line feed; all the rest would be a copy of the file."""
    end = text.find("\n")
    return text if end < 0 else text[:end]


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
#
# Rows pass one by one and are packed at once: as lists they would take ten times the file.


def _from_csv(text: str) -> Sheet:
    first = _first_line(text)
    delimiter, skipped = "", 0
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text, skipped = first.strip()[4], text[len(first) :].removeprefix("\n"), 1
    delimiter = delimiter or _delimiter(text)
    try:
        return _table(_rows(text, delimiter, skipped), delimiter)
    except csv.Error:
        try:  # quotes may stand in the midst of a cell
            rows = _rows(f"{text}\n{_NEVER}", delimiter, skipped, strict=False)
            return _table(_closed(rows), delimiter)
        except csv.Error:
            raise Unreadable(UNCLOSED) from None


def _table(rows: Iterator[Cells], delimiter: str) -> Sheet:
    """Return the rows under their names; raises csv.Error where a reader does."""
    beginning = _without_heading(list(islice(rows, NAMES_WITHIN)))
    if not beginning:
        raise Unreadable(EMPTY)
    (_, head), *more = beginning
    names = list(head)
    odd: list[int] = []

    def whole() -> Iterator[Row]:
        for line, cells in with_parts(_without_names(chain(more, rows), head), names):
            if delimiter == "|":
                if all(map(_RULE.fullmatch, cells)):
                    continue
                cells = list(map(_unmarked, cells))
            if len(names) == 1:  # nothing parts its cells
                cells = [delimiter.join(cells)]
            if any(cell.strip() for cell in cells[len(names) :]):
                odd.append(line)
            else:
                missing = len(names) - len(cells)
                yield line, cells[: len(names)] if missing < 0 else cells + [""] * missing

    table = packed(whole())
    if len(names) > len(head):  # columns that came further down
        width = len(names)
        table = packed((at, [*cells, *[""] * (width - len(cells))]) for at, cells in table)
    if not (table or odd) and names_columns(names):
        raise Unreadable(NO_ROWS)
    return Sheet(tuple(names), table, tuple(odd))


def _unmarked(cell: str) -> str:
    """Return what a reader sees of a cell of Markdown that is one link, or bold as a whole."""
    found = _CELL_LINK.fullmatch(cell) or _CELL_BOLD.fullmatch(cell)
    return found["words"] if found else cell


def _delimiter(text: str) -> str:
    """Return what parts the first line that has parts into the most cells, quotes respected."""

    def cells(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(_lines(text), delimiter=delimiter)
        try:
            counts = [len(row) for row in islice(reader, NAMES_WITHIN)]
        except csv.Error:
            return 0, 0
        parted = next((at for at, count in enumerate(counts) if count > 1), NAMES_WITHIN)
        return -parted, max(counts[parted : parted + 1], default=0)

    return max(DELIMITERS, key=cells)


def _without_heading(rows: Sequence[Cells]) -> Sequence[Cells]:
    """Return a table's first rows without what stands above their names."""

    def filled(row: Cells) -> int:
        return sum(bool(cell.strip()) for cell in row[1])

    named = next((at for at, row in enumerate(rows) if names_columns(row[1])), None)
    if named is not None:
        return _names_in_one(rows[named:])
    first = next((at for at, row in enumerate(rows) if filled(row) > 2), 0)
    return rows[first:] if all(filled(row) == 1 for row in rows[:first]) else rows


def _names_in_one(rows: Sequence[Cells]) -> Sequence[Cells]:
    """Return a table whose names stand in two rows, a wider one above some of them, with one."""
    (line, above), *more = rows
    below = more[0][1] if more else []
    pairs = list(zip_longest(above, below, fillvalue=""))
    told = [(over, name) for over, name in pairs if name.strip()]
    anew = [name for over, name in told if name != over]
    if not anew or len(told) == len(pairs) == len(anew) or not all(map(field_of, anew)):
        return rows
    return [(line, [name if name.strip() else over for over, name in pairs]), *more[1:]]


def _without_names(rows: Iterable[Cells], names: Sequence[str]) -> Iterator[Cells]:
    """Yield the rows without names that stand there again, each below the name of a group."""
    before: Cells | None = None
    for row in rows:
        again = row[1] == names and len(names) > 1
        if before is not None and not (again and not any(map(str.strip, before[1][1:]))):
            yield before
        before = None if again else row
    if before is not None:
        yield before


def _lines(text: str) -> Iterator[str]:
    """Yield lines with their ends, whichever they are; what a StringIO holds is four times it."""
    return (found[0] for found in _LINE.finditer(text))


def _rows(text: str, delimiter: str, skipped: int, *, strict: bool = True) -> Iterator[Cells]:
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=strict)
    begins = 1
    for cells in reader:
        row = [_MENDED[cell[0]](cell) if cell[:1] in _MENDED else cell for cell in cells]
        if any(map(str.strip, row)):
            yield begins + skipped, row
        begins = reader.line_num + 1


def _shown(cell: str) -> str:
    """Return what a spreadsheet shows of a formula that holds its words; any other as it is."""
    found = _FORMULA.fullmatch(cell)
    return found["shown"].replace('""', '"') if found else cell


_MENDED: Final = {"'": original, "=": _shown}
"""What cells that begin so are read by."""


def _closed(rows: Iterator[Cells]) -> Iterator[Cells]:
    """Yield all rows but the last, which shows that no quote was left open; raises csv.Error."""
    before: Cells | None = None
    for row in rows:
        if before is not None:
            yield before
        before = row
    if before is None or before[1] != [_NEVER]:
        raise csv.Error("a quote is never closed")


# --- JSON ------------------------------------------------------------------------------------


def _parsed(text: str) -> object:
    """Return what JSON says; several values in a row are one list, as `gh` and `jq` write them."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if not error.msg.startswith("Extra data"):
            raise
    found, at, read = [], 0, json.JSONDecoder().raw_decode
    while begins := _WORD.search(text, at):
        value, at = read(text, begins.start())
        found += value if isinstance(value, list) else [value]
    return found


def _from_json(text: str) -> Sheet:
    try:
        parsed = _parsed(text)
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"Line {error.lineno}: this JSON is damaged or was cut off. Export it again, and send "
            "me that."
        ) from None
    except RecursionError:
        raise Unreadable("This JSON is nested too deeply.") from None
    except ValueError:
        raise Unreadable("This JSON has a number of thousands of digits.") from None
    try:
        records = table_of(parsed)
    except NoTable as error:
        raise Unreadable(str(error)) from None
    return _from_records(records)


def _from_records(records: Sequence[Record]) -> Sheet:
    names = dict.fromkeys(name for record in records for name in record)
    if not names:
        raise Unreadable(EMPTY)
    rows = ((place, [r.get(name, "") for name in names]) for place, r in enumerate(records, 1))
    return Sheet(tuple(names), packed(rows))


# --- HTML and XML ----------------------------------------------------------------------------


def _from_markup(text: str) -> Sheet:
    if records := issues_of_feed(text):
        return _from_records(records)
    tables = [_table(iter(rows), "") for rows in tables_of(text) if len(rows) > 1]
    tables = [table for table in tables if len(table.names) > 1]
    if not tables:
        return _from_elements(text)
    return max(tables, key=lambda table: (names_columns(table.names), len(table.rows)))


def _from_elements(text: str) -> Sheet:
    with suppress(NoTable, TooDeep):
        records = table_of(objects_of(text))
        if records and names_columns(tuple(records[0])):
            return _from_records(records)
    raise Unreadable("That is a web page or XML. Export the backlog as CSV, and send me that.")
