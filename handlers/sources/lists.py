"""A list of lines as rows: bullets, numbers and boxes, with a heading over some of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from handlers.reader.bullets import BOX

_BOX: Final = rf"{BOX}\s+"
_BULLET = re.compile(
    rf"(?P<mark>(?:[-*•–◦▪‣○●]|\d+[.)]|\d+(?:\.\d+)+\.?)\s+(?P<box>{_BOX})?|(?P<alone>{_BOX}))(?P<words>.*\w.*)"
)
_OPEN: Final = frozenset({"[]", "[ ]", "☐", "☐\ufe0f"})
_HEADING: Final = re.compile(r"#+ .*|.*\w.*[:：]")  # noqa: RUF001
_PLAIN: Final = re.compile(r"[^\s,;|][^,;\t|]*")
"""What may be a heading by itself, with an empty line before it; no row of a table is."""

LIST_LOOK_CHARS: Final = 4_000
LINES_LOOKED_AT: Final = 4
"""Where the first lines of a list end, and how many of them may stand above its first bullet."""


@dataclass(frozen=True, slots=True)
class _Line:
    at: int
    words: str
    heads: bool
    goes_on: bool


def rows_of_list(text: str) -> tuple[tuple[str, ...], list[tuple[int, list[str]]]] | None:
    """Return the names and rows of a list, a ticked line as done; None where it is none.

    What stands over a part of it is a column of its own, unless it stands over all.
    """
    begins = [line.strip() for line in text[:LIST_LOOK_CHARS].splitlines() if line.strip()]
    if not any(map(_BULLET.fullmatch, begins[:LINES_LOOKED_AT])):
        return None
    lines = _lines(text)
    rows: list[tuple[int, list[str]]] = []
    boxes, heading = [], ""
    for line, after in zip(lines, [*lines[1:], None], strict=True):
        if found := _BULLET.fullmatch(line.words):
            boxes.append((found["box"] or found["alone"] or "").strip())
            rows.append((line.at, [found["words"], heading]))
        elif line.heads and after is not None and (_BULLET.fullmatch(after.words) or after.heads):
            heading = line.words.lstrip("# ").rstrip(": ：")  # noqa: RUF001
        elif line.goes_on and rows:
            rows[-1][1][0] += f" {line.words}"
        else:
            return None
    names = ["title"]
    if len({words[1] for _, words in rows}) > 1:
        names.append("heading")
    else:
        rows = [(at, words[:1]) for at, words in rows]
    if any(boxes):
        names.append("state")
        states = ("done" if box and box not in _OPEN else "to do" for box in boxes)
        rows = [(at, [*words, state]) for (at, words), state in zip(rows, states, strict=True)]
    return tuple(names), rows


def _lines(text: str) -> list[_Line]:
    """Return the lines that have anything in them, each with whether it may be a heading."""
    lines, is_apart = [], True
    for at, line in enumerate(text.splitlines(), 1):
        if words := line.strip():
            heads = bool(_HEADING.fullmatch(words) or (is_apart and _PLAIN.fullmatch(line)))
            lines.append(_Line(at, words, heads, line[0].isspace()))
        is_apart = not words
    return lines
