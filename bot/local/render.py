"""Cards as HTML: pure functions, one zone in, markup out. Everything a person typed is escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from typing import TypeGuard, assert_never
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Chart,
    Code,
    Divider,
    Facts,
    Link,
    LinkButton,
    Mention,
    Node,
    Span,
    Table,
    Text,
    Typed,
    When,
    plain,
)
from bot.local.charts import chart
from bot.local.html import Html, join, tag
from bot.tables import NOTHING, title_column, widths
from bot.wire import encode

OPENABLE_SCHEMES = frozenset({"http", "https", "mailto"})
"""Other addresses, `javascript:` above all, are shown but lead nowhere."""

NUMBER_CHARS = 7
"""A longer cell among numbers, such as `1 vote short`, may wrap."""

LONG_CELL_CHARS = 24
"""A longer cell keeps some width, rather than being squeezed to a word a line."""


def card_html(card: Card, zone: str, id: str) -> Html:
    """Return the card as its reader in `zone` (an IANA name) sees it.

    `id` must be unique in the page: charts name their titles by it.
    """
    numbers = count(1)
    title = next((plain(n.spans) for n in card.nodes if _is_heading(n)), card.summary)
    nodes = (_node(node, zone, title, lambda: f"{id}-{next(numbers)}") for node in card.nodes)
    return tag("div", *nodes, class_="card")


def _is_heading(node: Node) -> TypeGuard[Text]:
    return isinstance(node, Text) and node.style == "heading"


def _node(node: Node, zone: str, title: str, new_id: Callable[[], str]) -> Html:
    match node:
        case Text():
            return text_html(node, zone)
        case Facts(pairs):
            rows = (
                tag("div", tag("dt", name), tag("dd", spans_html(value, zone)))
                for name, value in pairs
            )
            return tag("dl", *rows, class_="facts")
        case Table():
            return _table(node, title)
        case Chart():
            return chart(node, new_id())
        case Buttons(buttons, more):
            return tag("div", *map(_button, buttons), *_more(more), class_="buttons")
        case Divider():
            return tag("hr")
        case _:
            assert_never(node)


def text_html(node: Text, zone: str) -> Html:
    """Return one paragraph."""
    inside = spans_html(node.spans, zone)
    match node.style:
        case "body":
            return tag("p", inside)
        case "heading":
            return tag("h3", inside)
        case "subtle":
            return tag("p", inside, class_="subtle")
        case "quote":
            return tag("blockquote", tag("p", inside))
        case _:
            assert_never(node.style)


def spans_html(spans: tuple[Span, ...], zone: str) -> Html:
    """Return the pieces of a line."""
    return join(*(_span(span, zone) for span in spans))


def _span(span: Span, zone: str) -> Html:
    match span:
        case str():
            return join(span)
        case Bold(text):
            return tag("strong", text)
        case Code(text):
            return tag("code", text)
        case Typed(line):
            return tag("code", f"/{line}")
        case Link(text, url):
            return _link(text, url)
        case Mention(_, name):
            return tag("span", f"@{name}", class_="mention")
        case When(at, _, style):
            return time_html(at, zone, style)
        case _:
            assert_never(span)


def _link(text: str, url: str, look: str | None = None) -> Html:
    if not _can_be_opened(url):
        return join(f"{text} ({url})")
    return tag(
        "a", text, href=url, class_=look, target="_blank", rel="noopener noreferrer nofollow"
    )


def _can_be_opened(url: str) -> bool:
    try:
        return urlsplit(url).scheme in OPENABLE_SCHEMES
    except ValueError:
        return False


def time_html(at: datetime, zone: str, style: str = "datetime") -> Html:
    """Return an instant on the reader's clock; the zone is said in the tooltip.

    `style` is `date`, `time` or `datetime`.
    """
    local = at.astimezone(ZoneInfo(zone))
    day, hour = f"{local:%a} {local.day} {local:%b}", f"{local:%H:%M}"
    shown = {"date": day, "time": hour}.get(style, f"{day}, {hour}")
    return tag(
        "time", shown, datetime=local.isoformat(timespec="seconds"), title=f"{day}, {hour} ({zone})"
    )


def _table(node: Table, title: str) -> Html:
    """Return the table; one without a caption is called as its card is.

    One too wide for a phone is shown there in two lines a row, by the style sheet. Its roles are
    spelt out: what is not laid out as a table is none to a screen reader.
    """
    titled = title_column(node)
    head = (
        tag(
            "th",
            name,
            scope="col",
            role="columnheader",
            class_="number" if column in node.right else None,
        )
        for column, name in enumerate(node.header)
    )
    rows = (tag("tr", *_cells(node, row, titled), role="row") for row in node.rows)
    table = tag(
        "table",
        tag("caption", node.caption) if node.caption else "",
        tag("thead", tag("tr", *head, role="row"), role="rowgroup"),
        tag("tbody", *rows, role="rowgroup"),
        role="table",
        aria_label=None if node.caption else title,
    )
    # Focusable, so that a wide table can be scrolled by keyboard. No landmark: a page has many.
    label = node.caption or title
    look = "table" if widths(node) else "table two-lines"
    return tag("div", table, class_=look, role="group", aria_label=label, tabindex=0)


def _cells(node: Table, row: tuple[str, ...], titled: int) -> Iterator[Html]:
    begun = False
    for column, text in enumerate(row):
        begins = column > titled and text not in NOTHING and not begun
        begun = begun or begins
        place = _place(column, titled, text, begins)
        yield tag(
            "th" if column == titled else "td",
            text,
            scope="row" if column == titled else None,
            role="rowheader" if column == titled else "cell",
            class_=" ".join((*_look(text, column in node.right, column == titled), place)),
            data_name=node.header[column],
        )


def _look(text: str, number: bool, titled: bool) -> list[str]:
    if number:
        return ["number"] if titled or len(text) <= NUMBER_CHARS else ["number", "words"]
    return ["long"] if len(text) > LONG_CELL_CHARS else []


def _place(column: int, titled: int, text: str, begins: bool) -> str:
    """Return where a cell stands in its row's two lines."""
    if column == titled:
        return "title"
    if text in NOTHING:
        return "nothing"
    if column < titled:
        return "lead"
    return "detail begins" if begins else "detail"


def _more(buttons: tuple[Button, ...]) -> Iterator[Html]:
    if buttons:
        summary = tag("summary", "More", class_="button default")
        row = tag("div", *map(_button, buttons), class_="buttons")
        yield tag("details", summary, row, class_="more")


def _button(button: Button | LinkButton) -> Html:
    match button:
        case LinkButton(label, url):
            return _link(label, url, "button")
        case Button():
            confirm = button.confirm
            return tag(
                "button",
                button.label,
                type="button",
                class_=f"button {button.style}",
                data_action=encode(button.action),
                aria_label=button.spoken if button.hint else None,
                aria_haspopup="dialog" if button.opens_form or confirm else None,
                data_confirm_title=confirm.title if confirm else None,
                data_confirm_text=confirm.text if confirm else None,
                data_confirm_yes=confirm.yes if confirm else None,
                data_confirm_no=confirm.no if confirm else None,
            )
        case _:
            assert_never(button)
