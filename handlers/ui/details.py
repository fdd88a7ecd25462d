"""An item's details in a form: longer ones than a form takes are kept whole, and not cut there."""

from __future__ import annotations

from bot.cards import Field, Input, Note, subtle
from bot.turn import Answers
from handlers.phrases import shortened
from handlers.rules.limits import DETAILS_MAX_CHARS
from storage.items import Item

LONG_SHOWN_CHARS = 300


def details_field(details: str, hint: str = "") -> Field:
    """Ask for an item's details; show the beginning of those that do not fit."""
    if len(details) > DETAILS_MAX_CHARS:
        return Note(
            subtle(
                f"Details: {shortened(details, LONG_SHOWN_CHARS)} All {len(details):,} characters "
                "are kept: more than a form takes, so they are edited where they come from."
            )
        )
    return Input(
        "details",
        "Details",
        details,
        multiline=True,
        max_chars=DETAILS_MAX_CHARS,
        optional=True,
        hint=hint,
    )


def details_in(answers: Answers, item: Item) -> str:
    """Return an item's details as the form leaves them."""
    is_long = len(item.description) > DETAILS_MAX_CHARS
    return item.description if is_long else answers.one("details")
