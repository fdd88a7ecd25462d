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
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, Final

from handlers.sources.columns import NAMES_WITHIN, layout_of, names_columns
from handlers.sources.merged import Area, Merged, merged_areas

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
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_OTHERS: Final = (
    ("word/", "That is a document, not a table. Copy its table, and paste the rows here."),
    ("ppt/", "That is a presentation, not a table. Copy its table, and paste the rows here."),
    ("mimetype", f"That is a spreadsheet of another program than Excel. {_AS_CSV}"),
    ("Index/", f"That is a spreadsheet of another program than Excel. {_AS_CSV}"),
)
"""What stands in a zip that is no workbook of Excel, and what to do with it."""

_ZIP: Final = "That is a zip file. Unpack it, and send me the CSV that is in it."
_IN_A_WORKBOOK: Final = "xl/"


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
        if _LOCKED in data:
            raise NoWorkbook(
                "That workbook has a password. Save it without one, or as “CSV UTF-8”, "
                "and send me that file."
            )
        raise NoWorkbook(f"That is a workbook of an old Excel. {_AS_CSV}")
    if (parts := _parts(data)) is not None:
        if not _is_small(parts):
            raise NoWorkbook(f"That workbook holds more than I read. {_AS_CSV}")
        if why := _something_else([part.filename for part in parts]):
            raise NoWorkbook(why)
    try:
        return _table(data)
    except NoWorkbook:
        raise
    except Exception as error:  # whatever is wrong with it, nobody here can mend it
        raise NoWorkbook(f"I cannot read that workbook. {_AS_CSV}") from error


def _parts(data: bytes) -> list[zipfile.ZipInfo] | None:
    """Return what a zip says that it holds; None for what is none, which is told elsewhere."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            return parts.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return None


def _is_small(parts: Sequence[zipfile.ZipInfo]) -> bool:
    sizes = [part.file_size for part in parts]
    return len(sizes) <= PARTS_MAX and sum(sizes) <= UNPACKED_MAX_BYTES


def _something_else(names: Sequence[str]) -> str:
    """Return what a zip with these parts is that is no workbook of Excel; "" for one."""
    if any(name.startswith(_IN_A_WORKBOOK) for name in names):
        return ""
    found = (why for begins, why in _OTHERS if any(name.startswith(begins) for name in names))
    return next(found, _ZIP)


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
                with book._archive.open(sheet._worksheet_path) as part:
                    areas = merged_areas(part)
                if text := _written(sheet.iter_rows(), areas):
                    return text
        finally:
            book.close()
    return ""


def _is_backlog(sheet: Any) -> bool:
    """Whether its first rows name columns: before it may stand a cover, or sums of it."""
    first = sheet.iter_rows(values_only=True, max_row=NAMES_WITHIN)
    return any(names_columns([_text(value) for value in row]) for row in first)


def _written(rows: Iterable[Sequence[Any]], areas: Sequence[Area]) -> str:
    """Return rows as CSV; "" unless two of them have anything in them."""
    out = io.StringIO()
    writer = csv.writer(out)
    filled = cells = 0
    merged = Merged(areas)
    for at, row in enumerate(_limited(rows), 1):
        texts = merged.filled(at, list(map(_shown, row)))
        cells += len(texts)
        if filled == ROWS_MAX or cells > CELLS_MAX:
            raise NoWorkbook(f"That workbook holds more than I read. {_AS_CSV}")
        if not merged.once and names_columns(texts):
            merged.once = frozenset(layout_of(texts).places.get("points", ()))
        filled += any(texts)
        writer.writerow(texts)
    return out.getvalue() if filled > 1 else ""


def _limited(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Yield rows up to where nothing comes any more, were there a million empty ones."""
    empty = 0
    for row in rows:
        is_empty = all(cell.value is None for cell in row)
        empty = empty + 1 if is_empty else 0
        if empty > EMPTY_MAX:
            return
        yield () if is_empty else row


def _shown(cell: Any) -> str:
    """Return what people see in a cell that holds a share, and the value of any other."""
    value = cell.value
    if value.__class__ in (int, float) and "%" in cell.number_format:
        return f"{value * 100:g} %"
    return _text(value)


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
