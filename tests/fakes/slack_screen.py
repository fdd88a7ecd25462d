"""What Slack's client shows of blocks, as lines of text: what is read, not the spoken twin."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from tests.fakes.slack_server import Json


def shown(blocks: Sequence[Json]) -> str:
    """Return the blocks' words and buttons, line by line."""
    return "\n".join(line for block in blocks for line in _lines(block))


def _lines(block: Json) -> Iterator[str]:
    match block:
        case {"type": "header" | "section", "text": text}:
            yield _text(text)
        case {"type": "rich_text", "elements": parts}:
            for part in parts:
                yield "".join(map(_inline, part["elements"]))
        case {"type": "context", "elements": parts}:
            yield " ".join(map(_text, parts))
        case {"type": "table", "rows": rows}:
            yield from (" | ".join(cell["text"] for cell in row) for row in rows)
        case {"type": "data_table", "rows": rows}:
            yield block["caption"]
            yield from (" | ".join(cell["text"] for cell in row) for row in rows)
        case {"type": "data_visualization"}:
            yield from _chart(block)
        case {"type": "actions", "elements": parts}:
            yield " ".join(f"[{label}]" for part in parts for label in _labels(part))
        case {"type": "input", "label": label}:
            yield _text(label)
            if hint := block.get("hint"):
                yield _text(hint)
        case _:
            assert block["type"] == "divider", block["type"]


def _labels(element: Json) -> list[str]:
    """The words on a button, or those in a menu of buttons."""
    return [each["text"]["text"] for each in element.get("options", [element])]


def _text(text: Json) -> str:
    """Only mrkdwn is escaped: plain text shows each character."""
    written: str = text["text"]
    return html.unescape(written) if text["type"] == "mrkdwn" else written


def _inline(element: Json) -> str:
    match element:
        case {"type": "text", "text": str(text)}:
            return text
        case {"type": "link", "url": str(url)}:
            return f"{element.get('text', url)}"
        case {"type": "user", "user_id": str(person)}:
            return f"@{person}"
        case {"type": "date", "fallback": str(words)}:
            return words
    raise AssertionError(f"no such element: {element['type']}")


def _chart(block: Json) -> Iterator[str]:
    chart = block["chart"]
    yield block["title"]
    yield " | ".join(chart["axis_config"]["categories"])
    for series in chart["series"]:
        values = " | ".join(f"{point['value']:g}" for point in series["data"])
        yield f"{series['name']}: {values}"
