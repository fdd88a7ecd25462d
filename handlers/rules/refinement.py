"""What people type to make an item ready, read the same in a form and in a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from handlers.phrases import cut

CRITERIA_MAX: Final = 30
CRITERION_MAX_CHARS: Final = 300
CRITERIA_MAX_CHARS: Final = 3_000
POINTS_MAX: Final = 100

_DONE = re.compile(r"^(?:[-*•]\s*)?\[(?P<done>[xX✓ ]?)\]\s*|^[-*•]\s+|^[0-9]{1,2}[.)]\s+")


def read_criteria(typed: str) -> tuple[list[dict[str, Any]], str]:
    """Return acceptance criteria, one per line, `[x]` before those that hold; and what is wrong."""
    done_by_text: dict[str, bool] = {}
    for line in typed.splitlines():
        text, done = _criterion(line)
        if text:
            done_by_text[text] = done_by_text.get(text, False) or done
    criteria = [{"text": text, "done": done} for text, done in done_by_text.items()]
    if len(criteria) > CRITERIA_MAX:
        return criteria, f"That is {len(criteria)} criteria; at most {CRITERIA_MAX} fit. Split it?"
    if long := next((text for text in done_by_text if len(text) > CRITERION_MAX_CHARS), None):
        return criteria, (
            f"“{cut(long, 41)}” has {len(long)} characters; a criterion may have "
            f"{CRITERION_MAX_CHARS}."
        )
    if len(written_criteria(criteria)) > CRITERIA_MAX_CHARS:
        return criteria, f"All criteria together may have {CRITERIA_MAX_CHARS:,} characters."
    return criteria, ""


def _criterion(line: str) -> tuple[str, bool]:
    line = " ".join(line.split())
    marker = _DONE.match(line)
    if marker is None:
        return line, False
    return line[marker.end() :].strip(), (marker["done"] or "").strip() != ""


def written_criteria(criteria: Sequence[dict[str, Any]]) -> str:
    """Return criteria as `read_criteria` reads them."""
    return "\n".join(f"[{'x' if c['done'] else ' '}] {c['text']}" for c in criteria)


def read_points(typed: str) -> tuple[int | None, str]:
    """Return story points, None if nothing was typed, and what is wrong."""
    if not typed:
        return None, ""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 3):
        return None, f"Points are a whole number from 1 to {POINTS_MAX}, such as 5."
    points = int(typed)
    if not 1 <= points <= POINTS_MAX:
        return None, f"Points are a whole number from 1 to {POINTS_MAX}, such as 5."
    return points, ""
