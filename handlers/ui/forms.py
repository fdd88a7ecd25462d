"""What several features read from a form: people and days. A forged answer may be anything."""

from __future__ import annotations

from datetime import date

from bot.turn import Turn
from handlers.reader.answers import DAY_EXAMPLES, read_day
from handlers.reader.moments import Unreadable
from handlers.reader.turns import asked_by
from storage import Store

_YEAR_MIN = 2000
"""One before is a slip of the finger; one too far ahead is refused by the reader."""


def day_in(turn: Turn, answer: str) -> tuple[date | None, str]:
    """Return the day of a field, as a calendar or a person writes it, or None and what is wrong.

    An empty field is no day, and nothing is wrong with it.
    """
    if not answer:
        return None, ""
    try:
        day = read_day(answer, asked_by(turn))
    except Unreadable as error:
        return None, str(error)
    if day.year < _YEAR_MIN:
        return None, f"“{answer[:40]}” is not a day I can plan with. Write {DAY_EXAMPLES}."
    return day, ""


async def unlisted(store: Store, field: str, person: str | None) -> dict[str, str]:
    """Return the field's error if somebody is chosen whom nobody here has met, else nothing."""
    if not person or await store.people.find(person):
        return {}
    return {field: "Choose a person from the list."}
