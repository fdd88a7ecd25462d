"""Cards and forms that use every node, span and field, and so every line of the renderers."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Chart,
    Choice,
    Code,
    Confirm,
    Day,
    Divider,
    Facts,
    Form,
    FormButton,
    Input,
    Link,
    LinkButton,
    Mention,
    Note,
    Option,
    Pick,
    Series,
    Table,
    Toggle,
    Typed,
    Upload,
    When,
    heading,
    quote,
    subtle,
    text,
)
from bot.wire import Action, action
from tests.gallery.specimen import Room, Specimen
from tests.hone import Hone


@action("test.vote")
@dataclass(frozen=True, slots=True)
class Vote(Action):
    poll_id: int = 7


@action("test.save")
@dataclass(frozen=True, slots=True)
class Save(Action):
    item_id: int = 42


NINE = When(datetime(2026, 11, 23, 8, tzinfo=UTC), "Europe/Berlin")

CHART = Chart(
    "line",
    "Added and done",
    ("W44", "W45", "W46"),
    (Series("Added", (6, 8, 5)), Series("Done", (4, 7, 6.5))),
    "Done follows added, one week behind.",
)

TABLE = Table(
    ("Item", "WSJF"),
    (("#12 Cut build time", "3.4"), ("#7 <b>Docs</b>", "")),
    right=frozenset({1}),
    caption="Ranking",
)

WIDE_TABLE = Table(
    ("Rank", "Item", "WSJF", "Owner", "State"),
    (
        ("1", "#12 Cut build time in half", "3.4", "Ann", "ready to be planned"),
        ("–", "#7 <b>Docs</b> for those who come new", "", "", ""),
    ),
    right=frozenset({0, 2}),
)

CARD = Card(
    "WSJF vote: 3 of 6 voted",
    (
        heading("WSJF vote: ", Bold("#12"), " *Cut* build time"),
        heading("A heading with ", Mention("U0ANN", "Ann")),
        text("WSJF vote: 3 of 6 voted"),
        text(
            "Votes of <!channel> & <@U1> stay hidden until ",
            NINE,
            ". Ask ",
            Mention("U0ANN", "Ann"),
            " or type ",
            Code("/wsjf help"),
            ", see ",
            Link("the guide", "https://hone.example/guide"),
            " or ",
            Link("this", "javascript:alert(1)"),
            ". ",
            Bold("Blind."),
        ),
        text("Type ", Typed("wsjf"), ", see ", Link("the guide", "https://hone.example/guide")),
        text("Neither ", Link("this", "javascript:alert(1)"), " nor ", Link("that", "http://[")),
        text("- on ", replace(NINE, style="date"), " at ", replace(NINE, style="time"), Bold(" ")),
        text("", Bold("")),
        subtle("Opened by ", Mention("U0ANN", "Ann"), " at ", NINE, " :tada:"),
        subtle("Captured from ", Link("a message", "https://hone.example/1"), "."),
        quote("We wait for builds.\n> every day"),
        Facts((("Kind", ("improvement",)), ("Owner", (Mention("U0ANN", "Ann"), " (POPM)")))),
        TABLE,
        Table(("Second", "Table"), (("is", "text"),)),
        WIDE_TABLE,
        CHART,
        Divider(),
        Buttons(
            (
                Button(
                    "Vote", Vote(), "primary", opens_form=True, hint="Vote on #12, opens a form"
                ),
                Button("Later", Vote(), hint="Asks again tomorrow"),
                Button(
                    "Reveal",
                    Vote(8),
                    "danger",
                    confirm=Confirm("Reveal all votes?", "Everyone here sees them.", "Reveal"),
                ),
                LinkButton("Guide", "https://hone.example/guide"),
            ),
            (
                Button("Edit", Vote(9), opens_form=True, hint="Edit #12, opens a form"),
                Button("Drop", Vote(10)),
            ),
        ),
    ),
    own=(("U0ANN", text("You: 2 of 4 columns")),),
)

SIZES = tuple(Option(str(size), str(size)) for size in (1, 2, 3, 5, 8, 13, 20))

FORM = Form(
    "Refine #42",
    Save(),
    (
        Note(text("As ", Bold("*you*"), " said")),
        Input("title", "Title", "Cut build time", max_chars=150, hint="One line"),
        Input("why", "Why", multiline=True, optional=True, placeholder="so that …"),
        Input("secret_token", "Token", hint="Sealed at once"),
        Choice("size", "Size", SIZES, ("5",)),
        Choice("level", "Level", (Option("Team", "team"), Option("Train", "train")), ("team",)),
        Choice("themes", "Themes", SIZES[:3], ("1", "3"), many=True, optional=True),
        Choice(
            "many",
            "Many",
            tuple(Option(f"Option {n}", f"{n}") for n in range(11)),
            ("3",),
            many=True,
            optional=True,
        ),
        Toggle("anonymous", "Anonymous", on=True, hint="Nobody learns who wrote it"),
        Day("due", "Due", date(2026, 11, 30)),
        Pick("owner", "Owner", ("U0ANN",)),
        Pick("team", "Team", ("U0ANN", "U0BOB"), many=True),
        Upload("export", "Export", ("csv", "json"), "CSV or JSON", "Send it to me in our chat."),
        Note(subtle("Of these one:")),
        Choice("pi", "PI", tuple(Option(f"Planning interval {n}", f"{n}") for n in range(21))),
    ),
    also=(FormButton("Drop it", Vote(9)), FormButton("Keep it as a draft for now", Vote(8))),
)


CHARTS = Card(
    "Three weeks",
    (
        Chart("line", "Added", CHART.categories, CHART.series[:1], "Some eight a week."),
        replace(CHART, kind="bar"),
        Chart("bar", "Done by", ("Ann", "Bob"), (Series("Done", (3, 0)),), "Ann did three."),
        replace(CHART, title="Once more, where Slack draws no more of them"),
    ),
)

LONG = Card("Words", tuple(text(f"{n} ", "word " * 200) for n in range(5)))

NOT_MEASURED = Chart("line", "Ready", ("W44",), (Series("Ready", (math.nan,)),), "Nothing yet.")
"""What the local room draws, while Slack would refuse it."""

SPECIMENS = (
    Specimen("node", CARD, home=True),
    Specimen("chart", CHARTS),
    Specimen("long", LONG),
    Specimen("browsed", Card("The ranking", (replace(WIDE_TABLE, browsed=True),))),
    Specimen("field", FORM),
    Specimen(
        "field-with-errors",
        replace(FORM, fields=(*FORM.fields[1:3], FORM.fields[4]), also=()),
        {"": "The vote is closed.", "title": "Give it a title.", "size": "Choose one."},
    ),
)


async def every(_: Hone) -> AsyncIterator[Specimen]:
    for specimen in SPECIMENS:
        yield specimen


ROOMS: Mapping[str, Room] = {"every": every}
