"""What the small feature asks and shows: its actions, its forms and its longest cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Chart,
    Choice,
    Confirm,
    Day,
    Divider,
    Facts,
    Form,
    FormButton,
    Input,
    Note,
    Option,
    Pick,
    Series,
    Toggle,
    heading,
    quote,
    subtle,
    text,
)
from bot.wire import Action, action

SCALE = ("1", "2", "3", "5", "8", "13", "20", "?", "Pass")
COLUMNS = (
    ("value", "User-business value"),
    ("time", "Time criticality"),
    ("risk", "Risk reduction"),
    ("size", "Job size"),
)


@action("demo.save")
@dataclass(frozen=True, slots=True)
class Save(Action):
    pass


@action("demo.draft")
@dataclass(frozen=True, slots=True)
class Draft(Action):
    pass


@action("demo.ballot")
@dataclass(frozen=True, slots=True)
class OpenBallot(Action):
    pass


@action("demo.cast")
@dataclass(frozen=True, slots=True)
class Cast(Action):
    pass


@action("demo.reveal")
@dataclass(frozen=True, slots=True)
class Reveal(Action):
    pass


@action("demo.count")
@dataclass(frozen=True, slots=True)
class Count(Action):
    """A private card that counts in place."""

    number: int


def counter_card(number: int) -> Card:
    more = Buttons((Button("One more", Count(number + 1)),))
    return Card(f"Counted to {number}", (text(f"Counted to {number}."), more))


def improvement_form(title: str, author: str = "") -> Form:
    kinds = ("Improvement", "Story", "Enabler")
    return Form(
        "Log an improvement",
        Save(),
        (
            Note(quote(f"{author}: {title}") if author else subtle("Two fields are enough.")),
            Input("title", "What should become better?", title, placeholder="One sentence"),
            Input("why", "Why does it matter?", multiline=True, optional=True, max_chars=200,
                  hint="What do people lose today?"),
            Choice("kind", "Kind", tuple(Option(k, k.lower()) for k in kinds), ("improvement",)),
            Choice("team", "Team", tuple(Option(f"Team number {n}", str(n)) for n in range(12)),
                   optional=True),
            Pick("owner", "Owner"),
            Pick("tell", "Who should know?", ("grace",), many=True),
            Day("due", "Due", date(2026, 12, 4)),
            Toggle("anonymous", "Keep my name out of it", hint="No author is stored anywhere."),
        ),
        also=(FormButton("Save as draft", Draft()),),
    )  # fmt: skip


def ballot_form() -> Form:
    options = tuple(Option(card, card) for card in SCALE)
    return Form(
        "Your ballot",
        Cast(),
        (
            Note(text(Bold("#1"), " Checkout times out on slow phones")),
            *(Choice(id, label, options) for id, label in COLUMNS),
        ),
        submit_label="Vote",
    )


def digest_card() -> Card:
    weeks = tuple(f"W{number}" for number in range(40, 48))
    return Card(
        "Backlog health: ready work is growing again",
        (
            heading("Backlog health, week 47"),
            text("Ready work grew again; ", Bold("two items"), " still lack an owner."),
            Facts(
                (
                    ("Ready in horizon", (Bold("72 %"), "  ▲ 8 since last week")),
                    ("Rework", (Bold("11 %"), "  ▼ 3")),
                    ("Follow-through", ("n/a: none was due",)),
                )
            ),
            Chart(
                "line",
                "Ready items in the horizon, %",
                weeks,
                (
                    Series("This team", (41, 44, 40, 52, 58, 61, 64, 72)),
                    Series("Whole train", (50, 51, 49, 53, 52, 55, 56, 57)),
                ),
                "This team rose from 41 % to 72 % in eight weeks; the train from 50 % to 57 %.",
            ),
            Divider(),
            Chart(
                "bar",
                "Why work came back",
                ("unclear criteria", "not refined enough", "other"),
                (Series("Items", (5, 3, 1)),),
                "Five items came back for unclear criteria, three not refined enough, one other.",
            ),
            Buttons(
                (
                    Button("Assign #3", OpenBallot(), "primary", opens_form=True),
                    Button("Refine #7", OpenBallot(), opens_form=True),
                    Button("Drop #9", Reveal(), "danger",
                           confirm=Confirm("Drop #9?", "It can be brought back.", "Drop")),
                )
            ),
            subtle("Every Monday at 09:00 here."),
        ),
    )  # fmt: skip
