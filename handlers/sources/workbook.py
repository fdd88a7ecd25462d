"""A workbook of Excel as the text of a table: what was saved in it, and no formula worked out.

openpyxl reads row by row, and from each part of the zip no more than the zip says of it; so what it
says is what is limited here. Calamine is ten times as fast, and makes room for every cell up to the
last: one cell in the far corner would end the process.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any, Final

from handlers.sources.columns import NAMES_WITHIN, names_columns

BEGINS: Final = b"PK\x03\x04"
OLD_BEGINS: Final = b"\xd0\xcf\x11\xe0"

UNPACKED_MAX_BYTES: Final = 200 * 1024 * 1024
PARTS_MAX: Final = 2_000
ROWS_MAX: Final = 100_001
CELLS_MAX: Final = 5_000_000
"""What a file of a hundred thousand items takes; more of it is no backlog."""

EMPTY_MAX: Final = 1_000
"""Empty rows behind which nobody looks for more."""

_AS_CSV: Final = "Save it there as “CSV UTF-8”, and send me that file."


class NoWorkbook(Exception):
    """It cannot be read; the sentence says what to do."""


def is_workbook(data: bytes) -> bool:
    """Whether a file is one of a spreadsheet's own, new or old."""
    return data.startswith((BEGINS, OLD_BEGINS))


def unpacks(data: bytes) -> bool:
    """Whether a file is a zip that has to be unpacked first, however long that takes."""
    return data.startswith(BEGINS) and zipfile.is_zipfile(io.BytesIO(data))


def text_in(data: bytes) -> str:
    """Return the first sheet that names its columns, else that holds a table; raises NoWorkbook."""
    if data.startswith(OLD_BEGINS):
        raise NoWorkbook(f"That is a workbook of an old Excel. {_AS_CSV}")
    if not _is_small(data):
        raise NoWorkbook(f"That workbook holds more than I read. {_AS_CSV}")
    try:
        return _table(data)
    except NoWorkbook:
        raise
    except Exception as error:  # whatever is wrong with it, nobody here can mend it
        raise NoWorkbook(f"I cannot read that workbook. {_AS_CSV}") from error


def _is_small(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            sizes = [part.file_size for part in parts.infolist()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return True  # it is none, which is told elsewhere
    return len(sizes) <= PARTS_MAX and sum(sizes) <= UNPACKED_MAX_BYTES


def _table(data: bytes) -> str:
    import openpyxl  # a third of a second, for what most of those who run Hone never see

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of headers and styles that it does not know
        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
        try:
            shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            for sheet in shown:
                sheet.reset_dimensions()  # some programs write that there is one cell
            for sheet in sorted(shown, key=_is_backlog, reverse=True):
                if text := _written(sheet.iter_rows(values_only=True)):
                    return text
        finally:
            book.close()
    return ""


def _is_backlog(sheet: Any) -> bool:
    """Whether its first rows name columns: before it may stand a cover, or sums of it."""
    first = sheet.iter_rows(values_only=True, max_row=NAMES_WITHIN)
    return any(names_columns([_text(value) for value in row]) for row in first)


def _written(rows: Iterable[tuple[Any, ...]]) -> str:
    """Return rows as CSV; "" unless two of them have anything in them."""
    out = io.StringIO()
    writer = csv.writer(out)
    filled = cells = 0
    for row in _limited(rows):
        cells += len(row)
        if filled == ROWS_MAX or cells > CELLS_MAX:
            raise NoWorkbook(f"That workbook holds more than I read. {_AS_CSV}")
        texts = [_text(value) for value in row]
        filled += any(texts)
        writer.writerow(texts)
    return out.getvalue() if filled > 1 else ""


def _limited(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Yield rows up to where nothing comes any more, were there a million empty ones."""
    empty = 0
    for row in rows:
        is_empty = all(value is None for value in row)
        empty = empty + 1 if is_empty else 0
        if empty > EMPTY_MAX:
            return
        yield () if is_empty else row


def _text(value: object) -> str:
    """Return a cell as any program would write it: a day as a day, a whole number without `.0`."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case date():
            return value.isoformat()
        case _:
            return str(value)
