"""A whole file: CSV as spreadsheets and trackers write it, or JSON; every mistake with its line."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.text import clean
from handlers.backlog.exchange import words
from handlers.backlog.exchange.cells import read_csv, write_csv
from handlers.backlog.exchange.row import (
    Problem,
    Row,
    Step,
    Wrong,
    instant,
    read_row,
    written_history,
)
from handlers.rules.refinement import written_criteria

ROWS_MAX: Final = 2_000
FILE_MAX_CHARS: Final = 5_000_000
PROBLEMS_MAX: Final = 100

_KNOWN = {*words.COLUMNS, *words.STATE_COLUMNS}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says: its rows, or what is wrong in it, and the columns nobody knows.

    A row's line is its place in the list if the file is JSON.
    """

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    unused: tuple[str, ...] = ()


_EMPTY = "The file is empty. Its first line names the columns; one is title."


def read_file(text: str) -> Reading:
    """Read a file; the rows are there only if nothing is wrong anywhere."""
    text = text.strip("\ufeff \r\n")
    if not text.strip():
        return _refused(_EMPTY)
    if len(text) > FILE_MAX_CHARS:
        return _refused(f"The file has {len(text):,} characters; at most {FILE_MAX_CHARS:,} fit.")
    try:
        table = _from_json(text) if text[0] in "[{" else _from_csv(text)
    except _Unreadable as error:
        return Reading(problems=(Problem(error.line, str(error)),))
    if len(table) > ROWS_MAX:
        return _refused(f"{len(table):,} items; at most {ROWS_MAX:,} at once. Split the file.")
    return _read_table(table)


def _refused(sentence: str) -> Reading:
    return Reading(problems=(Problem(0, sentence),))


class _Unreadable(Exception):
    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line


_Table = Sequence[tuple[int, Mapping[str, str]]]


def _read_table(table: _Table) -> Reading:
    rows: list[Row] = []
    problems: list[Problem] = []
    unused: dict[str, None] = {}
    for line, cells in table:
        unused.update(dict.fromkeys(name for name in cells if name not in _KNOWN))
        row, wrong = read_row(line, {name: clean(cell) for name, cell in cells.items()})
        problems += wrong
        if row is not None:
            rows.append(row)
    problems += _repeated(rows)
    problems.sort(key=lambda problem: problem.line)
    kept = () if problems else tuple(rows)
    return Reading(kept, tuple(problems[:PROBLEMS_MAX]), tuple(name for name in unused if name))


def _repeated(rows: Iterable[Row]) -> Iterable[Problem]:
    """Two rows about one item cannot both be right."""
    seen: dict[tuple[str, object], int] = {}
    for row in rows:
        if row.key:
            name: tuple[str, object] = ("key", row.key)
        elif row.number is not None:
            name = ("number", f"#{row.number}")
        else:
            name = ("title", row.title.casefold())
        first = seen.setdefault(name, row.line)
        if first != row.line:
            yield Problem(row.line, f"{name[0]}: line {first} has the same one.")


# --- CSV -------------------------------------------------------------------------------------


def _from_csv(text: str) -> _Table:
    try:
        table = read_csv(text)
    except csv.Error as error:
        raise _Unreadable(0, f"No reader understands this CSV: {error}.") from None
    if not table:
        raise _Unreadable(0, _EMPTY)  # nothing but commas, as a spreadsheet saves empty rows
    (_, header), *rows = table
    names = [words.column(name) for name in header]
    if "title" not in names:
        shown = ", ".join(name.strip()[:30] for name in header[:8])
        raise _Unreadable(1, f"No column is called title. The first line has: {shown}")
    twice = next((name for name in names if name in _KNOWN and names.count(name) > 1), None)
    if twice:
        raise _Unreadable(1, f"Two columns mean {twice}: {_meaning(twice, names, header)}.")
    for line, cells in rows:
        if len(cells) > len(names):
            raise _Unreadable(
                line,
                f"{len(cells)} cells, but the first line names {len(names)}: is a text with a "
                "comma not in quotes?",
            )
    return [(line, dict(zip(names, cells, strict=False))) for line, cells in rows]


def _meaning(name: str, names: Sequence[str], header: Sequence[str]) -> str:
    return " and ".join(
        raw.strip()[:30] for raw, ours in zip(header, names, strict=True) if ours == name
    )


# --- JSON ------------------------------------------------------------------------------------


def _from_json(text: str) -> _Table:
    try:
        parsed = json.loads(text)
    except json.JSONDecodeError as error:
        raise _Unreadable(error.lineno, f"This is no JSON: {error.msg}.") from None
    except RecursionError:
        raise _Unreadable(0, "This JSON is nested too deeply.") from None
    if isinstance(parsed, dict):
        parsed = parsed.get("items")
    if not isinstance(parsed, list):
        raise _Unreadable(0, 'Write a list of items, or {"items": […]}.')
    return [(place, _cells(place, item)) for place, item in enumerate(parsed, 1)]


def _cells(place: int, item: Any) -> dict[str, str]:
    if not isinstance(item, dict):
        raise _Unreadable(place, 'Each item is an object, such as {"title": "…"}.')
    return {words.column(name): _cell(place, name, value) for name, value in item.items()}


def _cell(place: int, name: str, value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            raise _Unreadable(place, f"{name[:40]}: neither true nor false fits here.")
        case int() | float():
            return str(value)
        case list() if words.column(name) == "history":
            return written_history(_step(place, step) for step in value)
        case list() if words.column(name) == "criteria":
            return written_criteria([_criterion(place, criterion) for criterion in value])
        case list() if all(isinstance(word, str) for word in value):
            return " ".join(value)
        case _:
            raise _Unreadable(place, f"{name[:40]}: a text or a number belongs here.")


def _step(place: int, step: Any) -> Step:
    match step:
        case {"at": str(at), "state": str(state), **rest}:
            reason = rest.get("reason") or ""
            try:
                return Step(instant(at), words.state(state), " ".join(str(reason).split()))
            except Wrong as error:
                raise _Unreadable(place, f"history: {error}") from None
        case _:
            raise _Unreadable(
                place, 'history: a step is {"at": "2026-12-01T09:30", "state": "ready"}.'
            )


def _criterion(place: int, criterion: Any) -> dict[str, Any]:
    match criterion:
        case str(text):
            return {"text": text, "done": False}
        case {"text": str(text), **rest}:
            return {"text": text, "done": rest.get("done") is True}
        case _:
            raise _Unreadable(place, 'criteria: one is {"text": "…", "done": false}.')


# --- out -------------------------------------------------------------------------------------


def as_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as a CSV file with all columns; a row is a value per column, as JSON has it."""
    return write_csv(
        words.COLUMNS, ([_written(row, name) for name in words.COLUMNS] for row in rows)
    )


def as_json(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as a JSON file."""
    return json.dumps({"items": list(rows)}, ensure_ascii=False, indent=2) + "\n"


def _written(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    match value:
        case None:
            return ""
        case list() if name == "criteria":
            return written_criteria(value)
        case list() if name == "history":
            return written_history(
                Step(instant(step["at"]), step["state"], step["reason"]) for step in value
            )
        case list():
            return " ".join(value)
        case _:
            return str(value)
