"""What several features' forms ask: an item's details, and people whom the platform named."""

from __future__ import annotations

from bot.cards import Field, Input, Note, subtle
from bot.turn import Answers
from handlers.phrases import shortened
from handlers.rules.limits import DETAILS_MAX_CHARS
from storage import Store
from storage.items import Item

LONG_SHOWN_CHARS = 300


def details_field(details: str, label: str = "Details", hint: str = "") -> Field:
    """Ask for an item's details. Longer ones than a form takes are shown, and stay as they are."""
    if len(details) > DETAILS_MAX_CHARS:
        return Note(
            subtle(
                f"{label}: {shortened(details, LONG_SHOWN_CHARS)} All {len(details):,} characters "
                "are kept: more than a form takes, so they are edited where they come from."
            )
        )
    return Input(
        "details",
        label,
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


async def unlisted(store: Store, field: str, person: str | None) -> dict[str, str]:
    """Return the field's error if somebody is chosen whom nobody here has met, else nothing.

    Only whom the platform named counts; a forged answer may be anything.
    """
    if not person or await store.people.find(person):
        return {}
    return {field: "Choose a person from the list."}
