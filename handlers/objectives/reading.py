"""Read what people type into planning forms; every wrong answer gets a sentence for its field."""

from __future__ import annotations

import re

from handlers.rules.limits import too_long
from handlers.rules.timeboxes import PI_WEEKS_MAX

VALUE_MAX = 10

_LENGTH = re.compile(r"([0-9]{1,3}) ?(weeks?|w|iterations?|sprints?)?", re.IGNORECASE)
_VALUE = re.compile(r"[0-9]{1,2}")


def read_words(typed: str, what: str, limit: int) -> tuple[str, str]:
    """Return the words on one line and no error, or no words and what is wrong."""
    words = " ".join(typed.split())
    if not words:
        return "", f"{what} needs a few words."
    return words, too_long(words, limit)


def read_value(answer: str) -> tuple[int, str]:
    """Return a business value from 0 to 10, or 0 and what is wrong."""
    if _VALUE.fullmatch(answer) and int(answer) <= VALUE_MAX:
        return int(answer), ""
    return 0, f"A business value is a whole number from 0 to {VALUE_MAX}."


def read_length(answer: str, iteration_weeks: int) -> tuple[int, str]:
    """Return weeks out of `10`, `10 weeks` or `5 iterations`, or 0 and what is wrong."""
    length = _LENGTH.fullmatch(" ".join(answer.split()))
    if length is None:
        return 0, "How long is it? Write it like 10 weeks or 5 iterations."
    unit = (length[2] or "weeks").lower()
    weeks = int(length[1]) * (iteration_weeks if unit[0] in "is" else 1)
    if not 1 <= weeks <= PI_WEEKS_MAX:
        return 0, f"A planning interval takes 1 to {PI_WEEKS_MAX} weeks; usual are 8 to 12."
    return weeks, ""
