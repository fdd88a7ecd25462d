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
