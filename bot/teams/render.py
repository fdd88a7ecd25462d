"""Draw a card as an Adaptive Card 1.5, the newest that every Teams client reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import assert_never

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Chart,
    Divider,
    Facts,
    LinkButton,
    Mention,
    Node,
    Table,
    Text,
    TextStyle,
)
from bot.tables import GAP_CHARS, two_lines, widths
from bot.teams.limits import ACTIONS_MAX, CARD_MAX_BYTES, REFRESHED_MAX, TooBig
from bot.teams.spans import Json, disarmed, is_web, mention_tags, paragraph
from bot.twins import twin
from bot.wire import encode, name_of

CARD_VERSION = "1.5"

LOOK = "hone.look"
"""The verb of clients that ask for a card as their person sees it; no button has it."""

ROW_MAX_CHARS = 36
BUTTON_EDGES_CHARS = 5
"""What a row of a card 320 pixels wide holds, and what a button takes beside its label."""

CHAR_PX = 9

_LOOKS: dict[TextStyle, Json] = {
    "body": {},
    "heading": {"size": "Large", "weight": "Bolder"},
    "subtle": {"size": "Small", "isSubtle": True},
    "quote": {},
}
_STYLES = {"default": "default", "primary": "positive", "danger": "destructive"}


def render(card: Card, *, dialog: bool = False) -> Json:
    """Return the Adaptive Card. In a dialog buttons submit: nothing else acts there.

    Raises TooBig past a limit of Teams, and ValueError for a LinkButton that leads to no web page.
    """
    mentions = tuple(_mentions(card))
    tags = mention_tags(mentions)
    drawn = adaptive_card(_body(card.nodes, tags, dialog))
    drawn["fallbackText"] = disarmed(f"{card.summary}\n{twin(card)}")
    drawn["msteams"] = {}
    if any(isinstance(node, Table | Chart) for node in card.nodes):
        drawn["msteams"]["width"] = "Full"
    if card.own and not dialog:
        drawn["refresh"] = _refresh([person for person, _ in card.own][:REFRESHED_MAX])
    if mentions:
        drawn["msteams"]["entities"] = [
            {"type": "mention", "text": tags[person], "mentioned": {"id": person, "name": name}}
            for person, name in {mention.person: mention.name for mention in mentions}.items()
        ]
    return checked(drawn)


def _refresh(people: list[str]) -> Json:
    """Have these people's clients ask for the card as each of them sees it."""
    asks = {"type": "Action.Execute", "title": "Look", "verb": LOOK, "data": {"hone": LOOK}}
    return {"action": asks, "userIds": people}


def adaptive_card(body: list[Json]) -> Json:
    schema = "http://adaptivecards.io/schemas/adaptive-card.json"
    return {"$schema": schema, "type": "AdaptiveCard", "version": CARD_VERSION, "body": body}


def checked(drawn: Json) -> Json:
    """Return the card, or raise TooBig."""
    size = len(json.dumps(drawn, ensure_ascii=False).encode())
    if size > CARD_MAX_BYTES:
        raise TooBig(f"the card takes {size} bytes, over {CARD_MAX_BYTES}")
    return drawn


def draw_text(text: Text, tags: dict[str, str]) -> list[Json]:
    lines = paragraph(text.spans, tags, _LOOKS[text.style], heading=text.style == "heading")
    if text.style == "quote" and lines:
        return [{"type": "Container", "style": "emphasis", "items": lines}]
    return lines


def _mentions(card: Card) -> Iterator[Mention]:
    for node in card.nodes:
        match node:
            case Text(spans):
                yield from (span for span in spans if isinstance(span, Mention))
            case Facts(pairs):
                for _, value in pairs:
                    yield from (span for span in value if isinstance(span, Mention))
            case Table() | Chart() | Buttons() | Divider():
                pass
            case _:
                assert_never(node)


def _body(nodes: tuple[Node, ...], tags: dict[str, str], dialog: bool) -> list[Json]:
    body: list[Json] = []
    line_above = False
    for node in nodes:
        drawn = _draw(node, tags, dialog)
        if line_above and drawn:
            drawn[0] |= {"separator": True, "spacing": "Large"}
        # A divider is a line above what follows it: Adaptive Cards have no element of its own.
        line_above = isinstance(node, Divider) or (line_above and not drawn)
        body += drawn
    return body


def _draw(node: Node, tags: dict[str, str], dialog: bool) -> list[Json]:
    match node:
        case Text():
            return draw_text(node, tags)
        case Facts():
            return _facts(node, tags)
        case Table():
            return _table(node)
        case Chart():
            return [_chart(node)]
        case Buttons():
            return _buttons(node, dialog)
        case Divider():
            return []
        case _:
            assert_never(node)


def _facts(facts: Facts, tags: dict[str, str]) -> list[Json]:
    """Draw pairs as columns: a FactSet would read markdown in what people typed."""
    rows: list[Json] = []
    for name, value in facts.pairs:
        columns = [
            {"type": "Column", "width": 1, "items": paragraph((name,), {}, {"weight": "Bolder"})},
            {"type": "Column", "width": 2, "items": paragraph(value, tags, {})},
        ]
        rows.append({"type": "ColumnSet", "spacing": "Small", "columns": columns})
    return rows


def _table(table: Table) -> list[Json]:
    caption = paragraph((table.caption,), {}, _LOOKS["subtle"])
    fitting = widths(table)
    return [*caption, *([_grid(table, fitting)] if fitting else _rows(table))]


def _grid(table: Table, fitting: tuple[int, ...]) -> Json:
    """Draw cells side by side; one column takes what the others leave.

    The first row is the header by default, and saying so is spelt two ways.
    """
    sides = ["right" if index in table.right else "left" for index in range(len(table.header))]
    return {
        "type": "Table",
        "columns": [
            {
                "width": f"{(chars + GAP_CHARS) * CHAR_PX}px" if chars else 1,
                "horizontalCellContentAlignment": side,
            }
            for chars, side in zip(fitting, sides, strict=True)
        ],
        "rows": [
            {
                "type": "TableRow",
                "cells": [
                    {"type": "TableCell", "items": _cell(text, side)}
                    for text, side in zip(row, sides, strict=True)
                ],
            }
            for row in (table.header, *table.rows)
        ],
    }


def _rows(table: Table) -> list[Json]:
    """Draw each row as its title and a line of small print below."""
    drawn: list[Json] = []
    for row in two_lines(table):
        title, *more = [
            *paragraph((Bold(row.title),), {}, {}),
            *paragraph((row.details,), {}, _LOOKS["subtle"]),
        ]
        drawn += [title | {"spacing": "Small"}, *(line | {"spacing": "None"} for line in more)]
    return drawn


def _cell(text: str, side: str) -> list[Json]:
    return [line | {"horizontalAlignment": side} for line in paragraph((text,), {}, {})]


def _chart(chart: Chart) -> Json:
    """Draw a chart; a client without charts shows its title, its numbers and its summary."""
    return {
        **_plot(chart),
        "title": disarmed(chart.title),
        "showLegend": len(chart.series) > 1,
        "fallback": {
            "type": "Container",
            "items": [
                *paragraph((chart.title,), {}, {"weight": "Bolder"}),
                *_table(chart_table(chart)),
                *paragraph((chart.summary,), {}, _LOOKS["subtle"]),
            ],
        },
    }


def _plot(chart: Chart) -> Json:
    data = [
        {
            "legend": disarmed(series.name),
            "values": [
                {"x": disarmed(category), "y": value}
                for category, value in zip(chart.categories, series.values, strict=True)
            ],
        }
        for series in chart.series
    ]
    match chart.kind:
        case "line":
            return {"type": "Chart.Line", "data": data}
        case "bar" if len(data) == 1:
            return {"type": "Chart.VerticalBar", "data": data[0]["values"]}
        case "bar":
            return {"type": "Chart.VerticalBar.Grouped", "data": data}
        case _:
            assert_never(chart.kind)


def chart_table(chart: Chart) -> Table:
    """Return a chart's numbers: one row a category, one column a series."""
    values = zip(*(series.values for series in chart.series), strict=True)
    return Table(
        ("", *(series.name for series in chart.series)),
        tuple(
            (category, *(f"{value:g}" for value in row))
            for category, row in zip(chart.categories, values, strict=True)
        ),
        right=frozenset(range(1, len(chart.series) + 1)),
    )


def _buttons(row: Buttons, dialog: bool) -> list[Json]:
    """Draw the buttons; what is secondary stands in a menu behind three dots."""
    sets = action_sets([_action(button, dialog) for button in row.buttons])
    if row.more:
        sets[-1]["actions"] += [_action(each, dialog) | {"mode": "secondary"} for each in row.more]
    return sets


def action_sets(actions: list[Json]) -> list[Json]:
    """Lay out buttons, in several rows if one has no room: Teams would cut their labels."""
    if len(actions) > ACTIONS_MAX:
        raise TooBig(f"{len(actions)} buttons in a row, over {ACTIONS_MAX}")
    rows: list[list[Json]] = []
    room = 0
    for action in actions:
        taken = len(action["title"]) + BUTTON_EDGES_CHARS
        if taken > room:
            rows.append([])
            room = ROW_MAX_CHARS
        rows[-1].append(action)
        room -= taken
    return [{"type": "ActionSet", "actions": row} for row in rows]


def _action(button: Button | LinkButton, dialog: bool) -> Json:
    match button:
        case LinkButton(label, url):
            if not is_web(url):
                raise ValueError("a link button leads to a web page")
            return {"type": "Action.OpenUrl", "title": label, "url": url}
        case Button():
            return _press(button, dialog)
        case _:
            assert_never(button)


def _press(button: Button, dialog: bool) -> Json:
    look: Json = {"title": button.label, "style": _STYLES[button.style]}
    if button.hint:
        look["tooltip"] = button.hint
    coded = encode(button.action)
    if dialog:
        return {"type": "Action.Submit", **look, "data": {"hone": coded, "press": True}}
    if button.opens_form:  # the form itself asks before it acts, so a Confirm is not needed
        data: Json = {"msteams": {"type": "task/fetch"}, "hone": coded}
        return {"type": "Action.Submit", **look, "data": data}
    acts = {"verb": name_of(button.action), "data": {"hone": coded}}
    if button.confirm is None:
        return {"type": "Action.Execute", **look, **acts}
    # Teams has no question of its own: the button unfolds one, and pressing it again folds it.
    asks = adaptive_card(
        [
            *paragraph((button.confirm.title,), {}, {"weight": "Bolder"}),
            *paragraph((button.confirm.text,), {}, {}),
        ]
    )
    yes = {"type": "Action.Execute", "title": button.confirm.yes, "style": look["style"], **acts}
    return {"type": "Action.ShowCard", **look, "card": asks | {"actions": [yes]}}
