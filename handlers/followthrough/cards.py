"""The two questions to an owner, what became of them, and the forms that answer."""

from __future__ import annotations

from datetime import date

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Choice,
    Day,
    Form,
    Input,
    Node,
    Note,
    Option,
    heading,
    says,
    subtle,
    text,
)
from handlers.due import in_words
from handlers.followthrough.actions import (
    Done,
    OpenDrop,
    OpenEffect,
    OpenLater,
    OpenRecheck,
    SaveDrop,
    SaveEffect,
    SaveLater,
    SaveRecheck,
)
from handlers.hypothesis import sentence
from storage.items import DROP_REASONS, Item

TITLE_SHOWN_CHARS = 130
VALUE_MAX_CHARS = 80

EFFECT_WORDS = {"moved": "it moved", "not moved": "it did not move", "cannot tell": "cannot tell"}

# --- did it get done? ------------------------------------------------------------------------


def due_question(item: Item, day: date) -> Card:
    """Ask the owner once, the morning after its day."""
    n = item.number
    asks = f"#{n} was due on {in_words(day)}. Did it get done?"
    return Card(
        asks,
        (
            heading(name(item)),
            text("It was due on ", Bold(in_words(day)), ". Did it get done?"),
            Buttons(
                (
                    Button("Done", Done(n), "primary", hint=f"Mark #{n} as done"),
                    Button("Later", OpenLater(n), opens_form=True, hint="Choose a new day"),
                    Button("Drop", OpenDrop(n), opens_form=True, hint="Drop it with a reason"),
                )
            ),
            subtle("I ask once for each due date."),
        ),
    )


def due_answered(item: Item, day: date) -> Card:
    """Tell what became of a due date."""
    asked = f"{name(item)}: due on {in_words(day)}"
    match item.state:
        case "accepted":
            return says(asked, ". It is ", Bold("done"), ".")
        case "dropped":
            why = f" ({item.dropped_because})" if item.dropped_because else ""
            return says(asked, ". It was ", Bold("dropped"), f"{why}.")
        case _ if item.due is None:
            return says(asked, ". It has ", Bold("no due date"), " now.")
        case _:
            return says(asked, ". The new day is ", Bold(in_words(item.due)), ".")


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


# --- did it work? ----------------------------------------------------------------------------


def effect_question(item: Item) -> Card:
    """Ask the owner, on the day they chose, whether the metric moved."""
    n = item.number
    buttons = tuple(
        Button(label, OpenEffect(n, effect), opens_form=True, hint=f"{label}: opens a form")
        for label, effect in (("It moved", "moved"), ("It did not", "not moved"))
    )
    return Card(
        f"Did #{n} work? You wanted {item.metric} to change.",
        (
            heading(name(item)),
            text(hypothesis(item)),
            text(Bold("Did it move?")),
            Buttons(
                (
                    *buttons,
                    Button("Cannot tell", SaveEffect(n, "cannot tell")),
                    Button("Ask me later", OpenRecheck(n), opens_form=True),
                )
            ),
        ),
    )


def effect_answered(item: Item) -> Card:
    """Tell what came of it."""
    if not item.effect:
        when = f" I ask again on {in_words(item.check_on)}." if item.check_on else ""
        return says(f"{name(item)}: not checked yet.{when}")
    value = f": {item.effect_value}" if item.effect_value else ""
    nodes: tuple[Node, ...] = (
        text(f"{name(item)}: ", Bold(EFFECT_WORDS[item.effect]), f"{value}."),
        subtle(hypothesis(item)),
    )
    return Card(f"{name(item)}: {EFFECT_WORDS[item.effect]}{value}", nodes)


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


def hypothesis(item: Item) -> str:
    return sentence(item.experiment, item.metric, item.metric_from, item.metric_to, item.check_on)


def name(item: Item) -> str:
    line = " ".join(item.title.split())
    shown = line if len(line) <= TITLE_SHOWN_CHARS else line[: TITLE_SHOWN_CHARS - 1] + "…"
    return f"#{item.number} {shown}"


def gone(number: int) -> Card:
    return says(f"There is no item #{number} any more.")
