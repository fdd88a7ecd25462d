"""What people type to make an item ready, read the same in a form and in a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final
from unicodedata import numeric

from bot.text import plain
from handlers.phrases import cut

CRITERIA_MAX: Final = 30
CRITERION_MAX_CHARS: Final = 300
CRITERIA_MAX_CHARS: Final = 3_000
POINTS_MAX: Final = 9_999
POINTS_DECIMALS: Final = 6
POINTS_WANTED: Final = f"Points are a number from 0 to {POINTS_MAX:,}, such as 5 or 0.5."

_POINTS = re.compile(
    r"(?P<whole>[0-9]{0,4})(?:(?<=[0-9])[.,](?P<part>[0-9]{1,20})| ?(?P<sign>[½¼¾⅓⅔⅛⅜⅝⅞]))?"
)

_UNIT: Final = r"(?:sp|story ?points?|points?|pts?|estimate|size)"
_SAID: Final = re.compile(
    rf"(?:is|to|at|as|an?|{_UNIT}|[:=])*(?P<points>[0-9½¼¾⅓⅔⅛⅜⅝⅞][0-9.,½¼¾⅓⅔⅛⅜⅝⅞]*){_UNIT}?"
)

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


def read_points(typed: str) -> tuple[float | None, str]:
    """Return story points, None if nothing was typed, and what is wrong.

    `5`, `0`, `2.5`, `2,5`, `½` and `1½`. A comma is a decimal one, always; `1,000` says nothing.
    """
    if not typed:
        return None, ""
    found = _POINTS.fullmatch(typed)
    if found is None or ((found["whole"] or "0").strip("0") and len(found["part"] or "") == 3):
        return None, POINTS_WANTED
    points = float(f"{found['whole'] or 0}.{found['part'] or 0}")
    if sign := found["sign"]:
        points += numeric(sign)
    points = round(points, POINTS_DECIMALS)
    if points > POINTS_MAX:
        return None, POINTS_WANTED
    return int(points) if points.is_integer() else points, ""


def points_said(words: str) -> float | None:
    """Return the points of `5`, `5 SP`, `sp:5` or `to 3 points`; None for other words."""
    found = _SAID.fullmatch(re.sub(r"\s", "", plain(words).lower()).strip("!?.,;"))
    return read_points(found["points"])[0] if found else None


def written_points(points: float) -> str:
    """Return `5 points`, `1 point`."""
    return f"{points:,g} {'point' if points == 1 else 'points'}"
