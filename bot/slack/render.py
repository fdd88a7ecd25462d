"""Cards as Slack messages. Pure: the same card always gives the same JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, assert_never

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Chart,
    Code,
    Confirm,
    Divider,
    Facts,
    LinkButton,
    Node,
    Table,
    Text,
    plain,
    subtle,
    text,
)
from bot.slack.charts import (
    chart_block,
    chart_table,
    data_table_block,
    table_block,
    table_text,
)
from bot.slack.limits import (
    ACTIONS_MAX_BUTTONS,
    BUTTON_HINT_MAX_CHARS,
    BUTTON_LABEL_MAX_CHARS,
    BUTTON_VALUE_MAX_CHARS,
    CONFIRM_CHOICE_MAX_CHARS,
    CONFIRM_TEXT_MAX_CHARS,
    CONFIRM_TITLE_MAX_CHARS,
    CONTEXT_MAX_ELEMENTS,
    HEADER_MAX_CHARS,
    HOME_MAX_BLOCKS,
    MESSAGE_BLOCKS_MAX_CHARS,
    MESSAGE_MAX_BLOCKS,
    MESSAGE_MAX_CHARTS,
    MESSAGE_MAX_TABLES,
    MESSAGE_TEXT_MAX_CHARS,
    OPTION_LABEL_MAX_CHARS,
    OPTION_VALUE_MAX_CHARS,
    OVERFLOW_MAX_OPTIONS,
    TEXT_OBJECT_MAX_CHARS,
    URL_MAX_CHARS,
    fits,
    short,
)
from bot.slack.spans import (
    Json,
    escaped,
    is_address,
    plain_text,
    rich_elements,
    rich_text,
    section,
    small_print,
    typed,
)
from bot.twins import twin
from bot.typed import spelled
from bot.wire import encode, name_of

MORE_ACTION = "hone.more"
LINK_ACTION = "hone.link"
"""`action_id` of buttons that only open an address; Slack tells us of the press all the same."""


class Native(IntEnum):
    """How much of a card is drawn with Slack's newer blocks.

    Slack answers `invalid_blocks` where it does not know one, and says not which: then the next
    one down is sent.
    """

    TEXT = 0
    TABLES = 1
    ALL = 2


def message(card: Card, native: Native = Native.ALL) -> Json:
    """Return `text` and `blocks` of a message.

    Charts past the second and tables past the first become text, as Slack takes no more of them.
    Raises TooBig past a limit.
    """
    card = spelled(card, typed)
    room = _Room(
        charts=MESSAGE_MAX_CHARTS if native is Native.ALL else 0,
        tables=0 if native is Native.TEXT else MESSAGE_MAX_TABLES,
        browsed=native is Native.ALL,
    )
    blocks = list(_blocks(card, room))
    fits("blocks of a message", len(blocks), MESSAGE_MAX_BLOCKS)
    fits("characters of a message", _shown_chars(blocks), MESSAGE_BLOCKS_MAX_CHARS)
    return {"text": spoken(card), "blocks": blocks}


def home(card: Card) -> Json:
    """Return the view of a person's Home tab, where tables and charts are text; raises TooBig."""
    blocks = list(_blocks(spelled(card, typed), _Room()))
    fits("blocks of a Home tab", len(blocks), HOME_MAX_BLOCKS)
    return {"type": "home", "blocks": blocks}


def spoken(card: Card) -> str:
    """Return what a notification shows and a screen reader says: the summary, then the twin.

    The blocks say everything; a twin past the limit ends in `…` at a whole line.
    """
    lines = summary = escaped(card.summary)
    fits("characters of a summary", len(summary), MESSAGE_TEXT_MAX_CHARS - len("\n…"))
    for line in escaped(twin(card)).splitlines():
        if line == summary or not line.strip():
            continue
        if len(lines) + len("\n") + len(line) + len("\n…") > MESSAGE_TEXT_MAX_CHARS:
            return f"{lines}\n…"
        lines += f"\n{line}"
    return lines


def ways(card: Card) -> Iterator[Native]:
    """Yield how to draw a card, best first: the next way is for where Slack refuses one."""
    yield Native.ALL
    if any(isinstance(node, Chart) or is_browsed(node) for node in card.nodes):
        yield Native.TABLES
    if any(isinstance(node, Chart | Table) for node in card.nodes):
        yield Native.TEXT


def is_browsed(node: Node) -> bool:
    """Tell whether a node is a table that people sort and search where Slack can."""
    return isinstance(node, Table) and node.browsed and bool(node.rows)


@dataclass(slots=True)
class _Room:
    """How many more charts and tables a message takes, and whether one may be `browsed`."""

    charts: int = 0
    tables: int = 0
    browsed: bool = False


def _blocks(card: Card, room: _Room) -> Iterator[Json]:
    for node in card.nodes:
        match node:
            case Text():
                yield from text_blocks(node)
            case Facts(pairs):
                yield from _facts(pairs)
            case Table() if room.browsed and is_browsed(node) and room.tables > 0:
                yield data_table_block(node, card.summary)
                room.tables -= 1
            case Table():
                yield from _table(node, native=room.tables > 0)
                room.tables -= 1
            case Chart() if room.charts > 0:
                yield chart_block(node)
                yield from text_blocks(subtle(node.summary))
                room.charts -= 1
            case Chart():
                yield from _table(chart_table(node), native=room.tables > 0)
                yield from text_blocks(subtle(node.summary))
                room.tables -= 1
            case Buttons(buttons, more):
                drawn = [_button(index, button) for index, button in enumerate(buttons)]
                yield actions([*drawn, *_more(more)])
            case Divider():
                yield {"type": "divider"}
            case _:
                assert_never(node)


def text_blocks(node: Text) -> Iterator[Json]:
    """Yield the paragraph's block, or none when it has nothing to show."""
    elements = rich_elements(node.spans)
    line = plain(node.spans).strip()
    if not line:
        return
    match node.style:
        case "heading" if _is_header(node, line):
            yield {"type": "header", "text": plain_text(line)}
        case "heading":
            yield rich_text(section(rich_elements(node.spans, bold=True)))
        case "subtle" if len(line) <= TEXT_OBJECT_MAX_CHARS and _is_context(node):
            yield {"type": "context", "elements": small_print(node.spans)}
        case "body" | "subtle":
            yield rich_text(section(elements))
        case "quote":
            yield rich_text({"type": "rich_text_quote", "elements": elements})
        case _:
            assert_never(node.style)


def _is_header(node: Text, line: str) -> bool:
    """Header blocks hold one short line of plain text: no people, dates or addresses."""
    wordy = all(isinstance(span, str | Bold | Code) for span in node.spans)
    return wordy and len(line) <= HEADER_MAX_CHARS and "\n" not in line


def _is_context(node: Text) -> bool:
    return 0 < len(small_print(node.spans)) <= CONTEXT_MAX_ELEMENTS


def _facts(pairs: tuple[tuple[str, tuple[Any, ...]], ...]) -> Iterator[Json]:
    elements: list[Json] = []
    for name, value in pairs:
        line = rich_elements((Bold(f"{name}: "), *value))
        elements += [*(rich_elements(("\n",)) if elements else ()), *line]
    if elements:
        yield rich_text(section(elements))


def _table(table: Table, native: bool) -> Iterator[Json]:
    if table.caption:
        yield from text_blocks(text(Bold(table.caption)))
    yield table_block(table) if native else table_text(table)


def actions(elements: list[Json]) -> Json:
    fits("buttons in a row", len(elements), ACTIONS_MAX_BUTTONS)
    return {"type": "actions", "elements": elements}


def button(action_id: str, label: str, value: str) -> Json:
    return {
        "type": "button",
        "action_id": action_id,
        "text": plain_text(short("button label", label, BUTTON_LABEL_MAX_CHARS)),
        "value": short("button value", value, BUTTON_VALUE_MAX_CHARS),
    }


def _more(buttons: tuple[Button, ...]) -> Iterator[Json]:
    """Yield the menus behind which further buttons stand: one, as a rule."""
    for first in range(0, len(buttons), OVERFLOW_MAX_OPTIONS):
        options = [
            {
                "text": plain_text(short("button label", each.label, OPTION_LABEL_MAX_CHARS)),
                "value": short("button value", encode(each.action), OPTION_VALUE_MAX_CHARS),
            }
            for each in buttons[first : first + OVERFLOW_MAX_OPTIONS]
        ]
        yield {"type": "overflow", "action_id": f"{MORE_ACTION}.{first}", "options": options}


def _button(index: int, node: Button | LinkButton) -> Json:
    match node:
        case Button():
            # The index keeps two buttons of one action apart: ids are unique within a block.
            drawn = button(f"{name_of(node.action)}.{index}", node.label, encode(node.action))
            if node.style != "default":
                drawn["style"] = node.style
            if node.confirm:
                drawn["confirm"] = _confirm(node.confirm)
            if node.hint:
                drawn["accessibility_label"] = short("hint", node.spoken, BUTTON_HINT_MAX_CHARS)
            return drawn
        case LinkButton(label, url):
            if not is_address(url):
                raise ValueError("a link button opens an http or mailto address")
            return {
                "type": "button",
                "action_id": f"{LINK_ACTION}.{index}",
                "text": plain_text(short("button label", label, BUTTON_LABEL_MAX_CHARS)),
                "url": short("link", url, URL_MAX_CHARS),
            }
        case _:
            assert_never(node)


def _confirm(confirm: Confirm) -> Json:
    return {
        "title": plain_text(short("confirm title", confirm.title, CONFIRM_TITLE_MAX_CHARS)),
        "text": plain_text(short("confirm text", confirm.text, CONFIRM_TEXT_MAX_CHARS)),
        "confirm": plain_text(short("confirm choice", confirm.yes, CONFIRM_CHOICE_MAX_CHARS)),
        "deny": plain_text(short("confirm choice", confirm.no, CONFIRM_CHOICE_MAX_CHARS)),
    }


_SHOWN = frozenset({"text", "title", "name", "label", "fallback", "url"})


def _shown_chars(node: Any, key: str = "") -> int:
    match node:
        case str():
            return len(node) if key in _SHOWN else 0
        case dict():
            return sum(_shown_chars(value, name) for name, value in node.items())
        case list():
            return sum(_shown_chars(value) for value in node)
        case _:
            return 0
