"""One item as a file tells it: plain values, checked cell by cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from handlers.backlog.exchange import words
from handlers.phrases import shortened
from handlers.rules.limits import DETAILS_MAX_CHARS, TITLE_MAX_CHARS
from handlers.rules.numbers import number_in
from handlers.rules.refinement import read_criteria, read_points
from storage.scale import SCALE
from storage.states import KINDS, LEVELS, STATES

CARDS: Final = {
    "user_business_value": "ubv",
    "time_criticality": "tc",
    "risk_reduction": "rroe",
    "job_size": "size",
}
KEY_MAX_CHARS: Final = 200
REASON_MAX_CHARS: Final = 400
HISTORY_MAX: Final = 200
YEARS: Final = range(1990, 2101)

_STEP = re.compile(r"(?P<at>\S+(?: \d{1,2}:\S+)?) (?P<state>[a-z ]+?)(?: \((?P<reason>.*)\))?")


@dataclass(frozen=True, slots=True)
class Step:
    """The item reached a state, at an instant, for a reason if it was sent back or dropped."""

    at: datetime
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An item of a file. `fields` holds only what the file has a column for.

    `fields` are the item's own; `owner` is a name, `part_of` a key or `#number`. `history` is in
    the order of time and begins after the capture; `state` is where it stands now.
    """

    line: int
    key: str = ""
    number: int | None = None
    title: str = ""
    state: str | None = None
    owner: str | None = None
    part_of: str | None = None
    fields: Mapping[str, Any]
    created: datetime | None = None
    history: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a line; the whole file is refused. Line 0 is the file as a whole."""

    line: int
    words: str


class Wrong(Exception):
    """A cell that does not fit its column."""


def read_row(line: int, cells: Mapping[str, str]) -> tuple[Row | None, list[Problem]]:
    """Read a row from cells by column; returns the row, or what is wrong in it."""
    problems: list[Problem] = []

    def read(name: str, reader: Any, default: Any = None) -> Any:
        try:
            return reader(cells[name].strip()) if cells.get(name, "").strip() else default
        except Wrong as wrong:
            problems.append(Problem(line, f"{name}: {wrong}"))
            return default

    title = " ".join(cells.get("title", "").split())
    if not title:
        problems.append(Problem(line, "title: every item needs one."))
    if len(title) > TITLE_MAX_CHARS:
        problems.append(
            Problem(line, f"title: {len(title)} characters; at most {TITLE_MAX_CHARS} fit.")
        )
    fields: dict[str, Any] = {"title": title}
    for name, reader, empty in _FIELDS:
        if name in cells:
            fields[name] = read(name, reader, empty)
    for name in ("kind", "level"):
        if cells.get(name, "").strip():
            fields[name] = read(name, _READERS[name], fields.get(name))
    cards = {ours: read(name, _card) for name, ours in CARDS.items()}
    if all(card is not None for card in cards.values()):
        fields |= cards
    elif any(cells.get(name, "").strip() for name in CARDS):
        problems.append(Problem(line, f"a score needs all of {', '.join(CARDS)}."))
    row = Row(
        line=line,
        key=read("key", _key, ""),
        number=read("number", _number),
        title=title,
        state=read("state", _state),
        owner=cells["owner"].strip() if "owner" in cells else None,
        part_of=cells["part_of"].strip() if "part_of" in cells else None,
        fields=fields,
        created=read("created", instant),
        history=read("history", read_history, ()) or _reached(cells, read),
    )
    problems += _out_of_order(row)
    return (None, problems) if problems else (row, [])


def _reached(cells: Mapping[str, str], read: Any) -> tuple[Step, ...]:
    """Return a history from columns with the day of each state."""
    steps = [
        Step(at, state)
        for column, state in words.STATE_COLUMNS.items()
        if (at := read(column, instant)) is not None
    ]
    return tuple(sorted(steps, key=lambda step: step.at))


def _out_of_order(row: Row) -> Iterable[Problem]:
    times = [step.at for step in row.history]
    if row.created is not None:
        times.insert(0, row.created)
    if times != sorted(times):
        yield Problem(row.line, "history: a later step stands before an earlier one.")


# --- cells -----------------------------------------------------------------------------------


def instant(typed: str) -> datetime:
    """Read a day or an instant; without a zone it is UTC."""
    for read in (datetime.fromisoformat, _as_jira_writes_it):
        try:
            at = read(typed)
        except ValueError:
            continue
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
        if at.year not in YEARS:
            raise Wrong(f"“{_short(typed)}” is not within {YEARS[0]}–{YEARS[-1]}.")
        return at.astimezone(UTC).replace(microsecond=0)
    raise Wrong(f"“{_short(typed)}” is no day. Write 2026-12-01, or 2026-12-01T09:30.")


def _as_jira_writes_it(typed: str) -> datetime:
    return datetime.strptime(typed, "%d/%b/%y %I:%M %p")


def read_history(typed: str) -> tuple[Step, ...]:
    """Read steps as `2026-11-02T09:00 ready`, one on each line, a reason in brackets."""
    steps = []
    for line in typed.splitlines():
        if not line.strip():
            continue
        step = _STEP.fullmatch(line.strip())
        if step is None or step["state"] not in STATES:
            raise Wrong(f"“{_short(line)}” is no step. Write: 2026-12-01T09:30 ready")
        reason = step["reason"] or ""
        if len(reason) > REASON_MAX_CHARS:
            raise Wrong(f"a reason has {len(reason)} characters; {REASON_MAX_CHARS} fit.")
        steps.append(Step(instant(step["at"]), step["state"], reason))
    if len(steps) > HISTORY_MAX:
        raise Wrong(f"{len(steps)} steps; at most {HISTORY_MAX} fit.")
    return tuple(steps)


def written_history(steps: Iterable[Step]) -> str:
    """Return steps as `read_history` reads them."""
    return "\n".join(
        f"{step.at:%Y-%m-%dT%H:%M:%S}Z {step.state}" + (f" ({step.reason})" if step.reason else "")
        for step in steps
    )


def _key(typed: str) -> str:
    if len(typed) > KEY_MAX_CHARS:
        raise Wrong(f"{len(typed)} characters; at most {KEY_MAX_CHARS} fit.")
    return typed


def _number(typed: str) -> int:
    if not (number := number_in(typed)):
        raise Wrong(f"“{_short(typed)}” is no item's number, such as #42.")
    return number


def _state(typed: str) -> str:
    return _one_of(words.state(typed), typed, STATES)


def _one_of(word: str, typed: str, known: Iterable[str]) -> str:
    if word not in known:
        raise Wrong(f"“{_short(typed)}” is unknown; write one of: {', '.join(known)}.")
    return word


def _card(typed: str) -> int:
    if typed not in map(str, SCALE):
        raise Wrong(f"“{_short(typed)}” is not on the scale {', '.join(map(str, SCALE))}.")
    return int(typed)


def _points(typed: str) -> int | None:
    points, wrong = read_points(typed.removesuffix(".0"))
    if wrong:
        raise Wrong(f"“{_short(typed)}”. {wrong}")
    return points


def _day(typed: str) -> date:
    return instant(typed).date()


def _text(typed: str) -> str:
    if len(typed) > DETAILS_MAX_CHARS:
        raise Wrong(f"{len(typed):,} characters; at most {DETAILS_MAX_CHARS:,} fit.")
    return typed


def _criteria(typed: str) -> list[dict[str, Any]]:
    criteria, wrong = read_criteria(typed)
    if wrong:
        raise Wrong(wrong)
    return criteria


def _themes(typed: str) -> list[str]:
    themes = []
    for word in typed.replace(",", " ").replace(";", " ").split():
        theme = re.fullmatch(r"#?([\w-]{1,40})", word)
        if theme is None:
            raise Wrong(f"“{_short(word)}” is no theme: letters, digits and dashes.")
        themes.append(theme[1].casefold())
    return list(dict.fromkeys(themes))


def _reason(typed: str) -> str:
    if len(typed) > REASON_MAX_CHARS:
        raise Wrong(f"{len(typed)} characters; at most {REASON_MAX_CHARS} fit.")
    return typed


def _short(typed: str) -> str:
    return shortened(typed, 40)


_FIELDS: Final[tuple[tuple[str, Callable[[str], Any], Any], ...]] = (
    ("points", _points, None),
    ("due", _day, None),
    ("themes", _themes, []),
    ("description", _text, ""),
    ("criteria", _criteria, []),
    ("dropped_because", _reason, ""),
)
_READERS: Final = {
    "kind": lambda typed: _one_of(words.kind(typed), typed, KINDS),
    "level": lambda typed: _one_of(typed.lower(), typed, LEVELS),
}
