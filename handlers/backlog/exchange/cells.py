"""Cells of a CSV file that no spreadsheet mistakes for a formula, and that come back unchanged.

A cell that begins with `= + - @`, a tab or a line break gets a leading apostrophe; so does one
that would otherwise read like such a cell.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_DANGER = "[-=+@\t\r\n\uff1d\uff0b\uff0d\uff20]"
"""The last four are the wide forms of the first: some spreadsheets take them for the same."""

_MEANS_SOMETHING = re.compile(f"'*{_DANGER}")
_WAS_MADE_SAFE = re.compile(f"'+{_DANGER}")

DELIMITERS = (",", ";", "\t")


def safe(cell: str) -> str:
    """Return the cell as it may stand in a file."""
    return f"'{cell}" if _MEANS_SOMETHING.match(cell) else cell


def original(cell: str) -> str:
    """Return what `safe` was given."""
    return cell[1:] if _WAS_MADE_SAFE.match(cell) else cell


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a file with every cell quoted and made safe, its lines ended by CR LF."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def read_csv(text: str) -> list[tuple[int, list[str]]]:
    """Return (line number, cells) of each row, the header first; empty rows are left out.

    The delimiter is the one the header has most of: a comma, a semicolon or a tab, as spreadsheets
    copy it. Raises csv.Error for what no reader understands, such as an open quote.
    """
    header = text.lstrip("\ufeff\r\n").partition("\n")[0]
    delimiter = max(DELIMITERS, key=header.count)
    reader = csv.reader(
        io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter, strict=True
    )
    rows: list[tuple[int, list[str]]] = []
    begins = 1
    for cells in reader:
        row = [original(cell) for cell in cells]
        if any(cell.strip() for cell in row):
            rows.append((begins, row))
        begins = reader.line_num + 1
    return rows
