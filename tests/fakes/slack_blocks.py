"""What Slack refuses in blocks and views: the SDK's own checks, and those it does not make."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

Json = dict[str, Any]

HOME_MAX_BYTES = 250_000


def message_problems(blocks: Sequence[Json]) -> list[str]:
    """Return why Slack would answer `invalid_blocks`, or nothing."""
    return list(_problems(blocks, most=50)) + list(_message_only(blocks))


def view_problems(view: Json) -> list[str]:
    """Return why Slack would refuse to open the view, or nothing."""
    try:
        View(**view).to_dict()
    except SlackObjectFormationError as error:
        return [str(error)]
    blocks = view.get("blocks", [])
    found = list(_problems(blocks, most=100))
    if len(view.get("private_metadata", "")) > 3_000:
        found.append("private_metadata over 3000")
    if any(block["type"] in ("table", "data_table", "data_visualization") for block in blocks):
        found.append("a modal shows no table or chart")
    if any(block["type"] == "input" for block in blocks) and "submit" not in view:
        found.append("a view with inputs needs a submit button")
    return found


def home_problems(view: Json) -> list[str]:
    """Return why Slack would refuse to publish the view in a Home tab, or nothing."""
    blocks = view.get("blocks", [])
    found = list(_problems(blocks, most=100))
    if view.get("type") != "home" or view.keys() & {"title", "submit", "close"}:
        found.append("a Home tab is a view of its own type, with nothing but blocks")
    if any(block["type"] in ("table", "data_table", "data_visualization") for block in blocks):
        found.append("a Home tab shows no table or chart")
    if len(json.dumps(view)) > HOME_MAX_BYTES:
        found.append("view_too_large")
    return found


def _problems(blocks: Sequence[Json], most: int) -> Iterator[str]:
    if len(blocks) > most:
        yield f"{len(blocks)} blocks, over {most}"
    named = [block["block_id"] for block in blocks if "block_id" in block]
    if len(set(named)) < len(named):
        yield "two blocks share a block_id"
    for block in blocks:
        yield from _block_problems(block)


def _block_problems(block: Json) -> Iterator[str]:
    if block["type"] == "data_visualization":  # newer than the SDK's classes
        yield from _chart_problems(block)
        return
    if block["type"] == "data_table":
        yield from _data_table_problems(block)
        return
    parsed = Block.parse(block)
    if parsed is None:
        yield f"unknown block {block['type']}"
        return
    try:
        parsed.to_dict()
    except SlackObjectFormationError as error:
        yield str(error)
    acting = [each["action_id"] for each in block.get("elements", ()) if "action_id" in each]
    if len(set(acting)) < len(acting):
        yield "two elements of a block share an action_id"
    yield from _empty_texts(block)
    if block["type"] == "table":
        yield from _table_problems(block)


def _empty_texts(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _empty_texts(each)
    elif isinstance(node, dict):
        if node.get("type") in ("text", "plain_text", "mrkdwn", "raw_text") and not node["text"]:
            yield f"an empty {node['type']}"
        if node.get("type") == "rich_text_section" and not node["elements"]:
            yield "an empty rich_text_section"
        for each in node.values():
            yield from _empty_texts(each)


def _table_problems(block: Json) -> Iterator[str]:
    rows = block["rows"]
    if len(rows) > 100 or any(len(row) > 20 for row in rows):
        yield "a table has at most 100 rows and 20 columns"
    if sum(len(cell.get("text", "")) for row in rows for cell in row) > 10_000:
        yield "a table has at most 10000 characters"


def _data_table_problems(block: Json) -> Iterator[str]:
    rows, page = block["rows"], block.get("page_size", 5)
    if not block["caption"]:
        yield "a data table has a caption"
    if not 2 <= len(rows) <= 101 or len({len(row) for row in rows}) != 1 or len(rows[0]) > 20:
        yield "a data table has 1 to 100 rows under its header, each of the same 1 to 20 cells"
    if any(cell["type"] != "raw_text" for cell in rows[0]):
        yield "a header is text"
    if not 1 <= page <= 100 or not 0 <= block.get("row_header_column_index", 0) < len(rows[0]):
        yield "a data table has 1 to 100 rows a page, and one of its columns names the row"
    cells = [cell for row in rows for cell in row]
    if sum(len(cell.get("text", "")) for cell in cells) > 20_000:
        yield "a data table has at most 20000 characters"
    if any(not cell["text"] for cell in cells if cell["type"] == "raw_text"):
        yield "an empty cell"
    if any(type(cell["value"]) is not float for cell in cells if cell["type"] == "raw_number"):
        yield "a number is one"


def _chart_problems(block: Json) -> Iterator[str]:
    chart = block["chart"]
    categories = chart["axis_config"]["categories"]
    names = [series["name"] for series in chart["series"]]
    if not 0 < len(block["title"]) <= 50:
        yield "a chart's title has 1 to 50 characters"
    if not 0 < len(names) <= 6 or len(set(names)) < len(names):
        yield "a chart has 1 to 6 series with different names"
    if not 0 < len(categories) <= 20 or any(len(name) > 20 for name in (*names, *categories)):
        yield "a chart has 1 to 20 points and labels of 20 characters"
    for series in chart["series"]:
        if [point["label"] for point in series["data"]] != categories:
            yield "a series has one value per category, in their order"
        if not all(math.isfinite(point["value"]) for point in series["data"]):
            yield "a chart shows finite values"


def _message_only(blocks: Sequence[Json]) -> Iterator[str]:
    kinds = [block["type"] for block in blocks]
    if kinds.count("table") + kinds.count("data_table") > 1:
        yield "one table a message"
    if kinds.count("data_visualization") > 2:
        yield "two charts a message"
    if "input" in kinds:
        yield "a message has no inputs"
    if sum(map(_chars, blocks)) > 13_200:
        yield "msg_blocks_too_long"


def _chars(node: Any) -> int:
    if isinstance(node, str):
        return len(node)
    if isinstance(node, list):
        return sum(map(_chars, node))
    if isinstance(node, dict):
        words = (
            "text",
            "caption",
            "title",
            "name",
            "label",
            "elements",
            "rows",
            "chart",
            "series",
            "data",
        )
        return sum(_chars(each) for key, each in node.items() if key in words)
    return 0
