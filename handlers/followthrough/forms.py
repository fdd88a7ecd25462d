"""The forms in which an owner answers: a new day, a reason, a number."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import Choice, Day, Field, Form, Input, Note, Option, Pick, subtle, text
from handlers.followthrough.actions import SaveDrop, SaveEffect, SaveLater, SaveNext, SaveRecheck
from handlers.followthrough.cards import hypothesis, name, put_off_words
from handlers.rules.hypothesis import HYPOTHESIS_MAX_CHARS, written
from handlers.rules.limits import REASON_MAX_CHARS, TITLE_MAX_CHARS, VALUE_MAX_CHARS
from storage.items import Item
from storage.states import DROP_REASONS


def later_form(item: Item, put_off: Sequence[str]) -> Form:
    return Form(
        f"A new day for #{item.number}",
        SaveLater(item.number),
        (Note(text(name(item))), *_new_day("due", "By when?", put_off)),
    )


def drop_form(item: Item) -> Form:
    options = tuple(Option(reason.capitalize(), reason) for reason in DROP_REASONS)
    return Form(
        f"Drop #{item.number}",
        SaveDrop(item.number),
        (Note(text(name(item))), Choice("reason", "Why?", options)),
        submit_label="Drop it",
    )


def effect_form(item: Item, effect: str) -> Form:
    goal = f"You hoped for {item.metric_to}. " if item.metric_to else ""
    return Form(
        f"What came of #{item.number}",
        SaveEffect(item.number, effect),
        (
            Note(text(hypothesis(item))),
            Input(
                "value",
                "Where does it stand now?",
                item.effect_value,
                max_chars=VALUE_MAX_CHARS,
                optional=True,
                hint=f"{goal}A number with its unit: 5 hours",
            ),
        ),
    )


def recheck_form(item: Item, put_off: Sequence[str]) -> Form:
    return Form(
        f"Ask again about #{item.number}",
        SaveRecheck(item.number),
        (Note(text(name(item))), *_new_day("day", "When?", put_off)),
    )


def _new_day(field: str, asks: str, put_off: Sequence[str]) -> tuple[Field, ...]:
    """Ask for a later day, and what is in the way; nobody has to explain the first time."""
    before = (Note(subtle(words)),) if (words := put_off_words(put_off)) else ()
    return (
        *before,
        Day(field, asks, optional=False),
        Input(
            "why",
            "What is in the way?",
            max_chars=REASON_MAX_CHARS,
            optional=not put_off,
            placeholder="Nobody has measured it yet",
        ),
    )


def next_form(item: Item, me: str) -> Form:
    """Ask for the next experiment: the same metric, from where it stands now."""
    came = f"It did not move: {item.effect_value}." if item.effect_value else "It did not move."
    stands = item.effect_value or item.metric_from
    return Form(
        "The next experiment",
        SaveNext(item.number),
        (
            Note(text(hypothesis(item))),
            Note(text(came)),
            Input(
                "title",
                "What small thing do you try next?",
                max_chars=TITLE_MAX_CHARS,
                hint="Small enough to finish within one iteration.",
            ),
            Pick("owner", "Owner", (item.owner or me,)),
            Day("due", "Due"),
            Input(
                "metric",
                "We believe this will change",
                written(item.metric, stands, item.metric_to),
                max_chars=HYPOTHESIS_MAX_CHARS,
                optional=True,
            ),
        ),
    )
