"""The four questions of WSJF, as `wsjf help` explains them, and what is made of the cards."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cards import Bold, Text, text
from handlers.wsjf.ballot import QUESTIONS
from handlers.wsjf.scale import COLUMNS, Column

EXAMPLES: Mapping[Column, str] = {
    "ubv": "Faster checkout that wins back lost orders: 13. A nicer icon: 1.",
    "tc": "A law that applies from March: 20. Cleaning up any time this year: 1.",
    "rroe": "A test system that three teams need: 13. A change nobody builds on: 1.",
    "size": "Two months for two people: 20. An afternoon: 1.",
}

NOTES: tuple[Text, ...] = (
    text("WSJF = (value + time criticality + risk / opportunity) ÷ job size, on 1 2 3 5 8 13 20."),
    *(
        text(Bold(name), f": {QUESTIONS[column]}\nExample: {EXAMPLES[column]}")
        for column, name in COLUMNS.items()
    ),
    text("In each column the smallest item is the 1; measure the others against it."),
    text(
        "The card shown for a column is the middle one of all cards played. The WSJF counts every "
        "card: it takes where they meet on the scale, so 5, 5, 8 count a little more than a 5."
    ),
    text(
        "From five cards on the lowest and the highest are left out, so nobody alone can push an "
        "item; of fewer all count, and one card can move it."
    ),
)
