"""The forms that move, split and lift an item."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import Bold, Choice, Field, Form, FormButton, Input, Note, Option, Toggle, text
from handlers.backlog.actions import OpenLift, OpenSplit, SaveLift, SaveMove, SaveSplit
from handlers.backlog.moves import NEXT
from handlers.phrases import shortened
from handlers.rules.limits import TITLE_MAX_CHARS
from handlers.ui.actions import OpenRefine
from storage.items import Item
from storage.states import REWORK_REASONS, is_rework

WORDS_MAX_CHARS = 300
TITLES_MAX_CHARS = 3_000
"""All parts together: one field."""

PARTS_MAX = 10
LISTED_MAX = 90
"""Items of the train that the form lists; a menu of Slack takes a hundred."""

OPTION_MAX_CHARS = 70
CRITERIA_TICKED_MAX = 30
NEW, NONE = "new", "none"


def move_form(item: Item) -> Form:
    """Ask for the next state; for the reason, too, where an item can be sent back."""
    n = item.number
    fields: list[Field] = [_title(item), _states(item)]
    if any(is_rework(item.state, state) for state in NEXT[item.state]):
        fields += _reasons()
    if item.criteria:
        fields.append(_criteria(item))
    also: tuple[FormButton, ...] = ()
    if not item.is_finished:
        also = (
            FormButton("Refine", OpenRefine(n)),
            FormButton("Split", OpenSplit(n)),
            FormButton("Lift to the train", OpenLift(n)),
        )
    return Form(f"Move #{n}", SaveMove(n, item.state), tuple(fields), "Move", also)


def _title(item: Item) -> Note:
    return Note(text(Bold(f"#{item.number}"), f" {shortened(item.title, 200)}"))


def _states(item: Item) -> Choice:
    return Choice(
        "state",
        f"From {item.state} to",
        tuple(
            Option(f"{state} (sent back)" if is_rework(item.state, state) else state, state)
            for state in NEXT[item.state]
        ),
        (NEXT[item.state][0],) if item.state != "accepted" else (),
    )


def _reasons() -> tuple[Choice, Input]:
    return (
        Choice(
            "reason",
            "If it is sent back: why?",
            tuple(Option(reason.capitalize(), reason) for reason in REWORK_REASONS),
            optional=True,
        ),
        Input("words", "In your words", max_chars=WORDS_MAX_CHARS, optional=True, placeholder="…"),
    )


def _criteria(item: Item) -> Choice:
    listed = list(enumerate(item.criteria))[:CRITERIA_TICKED_MAX]
    return Choice(
        "met",
        "Acceptance criteria that hold",
        tuple(
            Option(shortened(criterion["text"], OPTION_MAX_CHARS), str(place))
            for place, criterion in listed
        ),
        tuple(str(place) for place, criterion in listed if criterion["done"]),
        many=True,
        optional=True,
    )


def split_form(item: Item) -> Form:
    return Form(
        f"Split #{item.number}",
        SaveSplit(item.number),
        (
            _title(item),
            Input(
                "titles",
                "Its parts",
                multiline=True,
                max_chars=TITLES_MAX_CHARS,
                hint=f"A title on each line, 2 to {PARTS_MAX}.",
                placeholder="Pay by card\nPay on account",
            ),
            Toggle("replace", f"The parts replace #{item.number}: drop it", on=True),
        ),
        submit_label="Split",
    )


def lift_form(item: Item, of_train: Sequence[Item], more: Sequence[Item] = ()) -> Form:
    """Ask for an item of the train that these are part of, or for a new one's title."""
    lifted = {item.number, *(other.number for other in more)}
    listed = [other for other in of_train if other.number not in lifted][:LISTED_MAX]
    return Form(
        "Lift to the train",
        SaveLift(item.number, ",".join(str(other.number) for other in more)),
        (
            _title(item),
            *(_title(other) for other in more),
            Choice(
                "whole",
                "They are part of" if more else "It is part of",
                (
                    Option("A new item of the whole train", NEW),
                    *(Option(_option(other), str(other.number)) for other in listed),
                    Option("Nothing bigger", NONE),
                ),
                (str(item.part_of) if _is_listed(item.part_of, listed) else NEW,),
            ),
            Input(
                "title",
                "Title of the new item",
                item.title,
                max_chars=TITLE_MAX_CHARS,
                optional=True,
            ),
        ),
        submit_label="Lift",
    )


def _option(item: Item) -> str:
    return f"#{item.number} {shortened(item.title, OPTION_MAX_CHARS - 12)}"


def _is_listed(number: int | None, listed: Sequence[Item]) -> bool:
    return number in {item.number for item in listed}
