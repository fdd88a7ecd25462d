"""Items named in a line by what other tools call them: `PAY-31`, `US123`, `acme/web#7`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Final

from storage.tracked import Tracked

_WORD: Final = re.compile(r"\S+")
_KEY: Final = re.compile(r"[A-Za-z][\w.]*(?:[-/][\w.]+)*[-#!]?[0-9]+")
"""A number alone is one of Hone's own, whatever other tools count with numbers alone."""

_NUMBER: Final = re.compile(r"#?[0-9]+")
_AROUND: Final = "\"'“”()[]<>,;:.?!"
_BETWEEN: Final = frozenset({"and", "&", "+", ",", "und", "y", "et", "e"})


def keys_in(line: str, *, leading: bool) -> list[str]:
    """Return the words of a line that may be keys; `leading`: only those that it begins with."""
    return [key for _, key in _candidates(line, leading=leading)]


def with_numbers(line: str, numbers: Mapping[str, int], *, leading: bool) -> str:
    """Return the line with Hone's numbers in place of known keys; nothing else is touched."""
    pieces: list[str] = []
    at = 0
    for start, key in _candidates(line, leading=leading):
        if key in numbers:
            pieces += (line[at:start], f"#{numbers[key]}")
            at = start + len(key)
    return "".join((*pieces, line[at:]))


def meant(rows: Sequence[Tracked]) -> int | None:
    """Return the item that a key means; None where it may be several, or must not be shown."""
    shown = [row for row in rows if row.restricted_at is None]
    live = {row.number for row in shown if row.scope_id is not None}
    numbers = live or {row.number for row in shown}
    return numbers.pop() if len(numbers) == 1 else None


def _candidates(line: str, *, leading: bool) -> Iterator[tuple[int, str]]:
    words = _words(line)
    if leading:
        words = takewhile(lambda word: _names_items(word[1]), words)
    return ((start, word) for start, word in words if _KEY.fullmatch(word))


def _words(line: str) -> Iterator[tuple[int, str]]:
    for found in _WORD.finditer(line):
        word = found[0].strip(_AROUND) or found[0]
        yield found.start() + found[0].index(word), word


def _names_items(word: str) -> bool:
    return bool(_KEY.fullmatch(word) or _NUMBER.fullmatch(word)) or word.lower() in _BETWEEN
