"""Write accepted scores as CSV or JSON, in parts that fit a form's field."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

PART_MAX_CHARS: Final = 2_900
"""A form's field takes 3,000 on Slack; a part always ends with a whole row."""

ROW_MAX_CHARS: Final = PART_MAX_CHARS - 1
"""JSON puts a comma behind a row."""

FIELDS: Final = (
    *("number", "title", "scale", "rank", "low", "high", "basis"),
    *("wsjf", "ubv", "tc", "rroe", "size", "agreed"),
    *("scored_at", "old", "vote", "round", "by"),
    *("key", "state", "link"),
)
"""`scale` numbers the lists whose scores can be compared; rank, low and high hold within it.

`ubv` … `size` are the middle cards; `wsjf` is made of all cards (`by` steps), or of these four
where the score is older than that rule (`by` cards). Lists that were joined give it on their common
scale. `key`, `state` and `link` are those of the tool where an item's work lives.
"""

Row = Mapping[str, object]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(rows: Iterable[Row]) -> list[str]:
    """Return the header and the rows as lines of CSV; no cell can act as a formula."""

    def written(row: Row) -> str:
        return _line([row[field] for field in FIELDS])

    return [_line(FIELDS), *(_fitting(row, written) for row in rows)]


def _line(cells: Sequence[object]) -> str:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="").writerow(map(_safe, cells))
    return written.getvalue()


def _safe(cell: object) -> str:
    """Spreadsheets run what begins like a formula, quoted or not."""
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_json(rows: Iterable[Row]) -> list[str]:
    """Return a JSON array, an object a line."""

    def written(row: Row) -> str:
        return json.dumps(dict(row), ensure_ascii=False, default=str)

    objects = [_fitting(row, written) for row in rows]
    return ["[", *(f"{each}," for each in objects[:-1]), *objects[-1:], "]"]


def _fitting(row: Row, written: Callable[[Row], str]) -> str:
    """Return the row as a line that fits a part: of a title of pages the end is left out."""
    line, title = written(row), str(row["title"])
    if (excess := len(line) - ROW_MAX_CHARS) > 0:
        line = written({**row, "title": f"{title[: -excess - 1]}…"})
    return line


def parts(lines: Sequence[str], limit: int = PART_MAX_CHARS) -> list[str]:
    """Join lines to texts of at most `limit` characters, which no line may pass."""
    texts: list[str] = []
    for line in lines:
        if texts and len(texts[-1]) + 1 + len(line) <= limit:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line)
    return texts
