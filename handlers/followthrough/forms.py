"""The forms in which an owner answers: a new day, a reason, a number."""

from __future__ import annotations

from bot.cards import Choice, Day, Form, Input, Note, Option, text
from handlers.followthrough.actions import SaveDrop, SaveEffect, SaveLater, SaveRecheck
from handlers.followthrough.cards import hypothesis, name
from handlers.rules.limits import VALUE_MAX_CHARS
from storage.items import Item
from storage.states import DROP_REASONS


def later_form(item: Item) -> Form:
    return Form(
        f"A new day for #{item.number}",
        SaveLater(item.number),
        (Note(text(name(item))), Day("due", "By when?", optional=False)),
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


def recheck_form(item: Item) -> Form:
    return Form(
        f"Ask again about #{item.number}",
        SaveRecheck(item.number),
        (Note(text(name(item))), Day("day", "When?", optional=False)),
    )
