"""How a test reads a tracker: as the pull loop does, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.records import Change, Record
from bot.remote import RemoteItem
from bot.trackers.tracker import Page, Tracker
from tests.fakes.trackers.board import Board

PAGES_MAX = 20
MARKER = "hone-1a2b3c4d-7"


async def everything(
    tracker: Tracker, board: Board, cursor: str = "", *, apart: timedelta = timedelta(0)
) -> tuple[list[Page], str]:
    """Read until there is no more, by a clock that is `apart`; return the pages and the cursor."""
    pages: list[Page] = []
    while len(pages) < PAGES_MAX:
        page = await tracker.page(board.scope, cursor, board.now + apart)
        pages.append(page)
        cursor = page.cursor
        if not page.more:
            return pages, cursor
    raise AssertionError("it never ends")


def items_of(pages: list[Page]) -> list[RemoteItem]:
    return [item for page in pages for item in page.items]


async def swept(tracker: Tracker, board: Board) -> set[str]:
    """Return all ids of the scope, page by page."""
    found: set[str] = set()
    cursor = ""
    for _ in range(PAGES_MAX):
        some = await tracker.ids(board.scope, cursor)
        found |= some.ids
        if not (cursor := some.cursor):
            return found
    raise AssertionError("it never ends")


async def whole(tracker: Tracker, board: Board) -> dict[str, RemoteItem]:
    """Return title → item, everything read from the beginning."""
    pages, _ = await everything(tracker, board)
    return {item.title: item for item in items_of(pages)}


def record(id: str | None, change: Mapping[str, Any], **more: Any) -> Record:
    """Return what Hone wants written."""
    told: dict[str, Any] = {"number": 7, "marker": MARKER, "by": "Ada, via Hone", **more}
    return Record("#7", (), id=id, change=Change(change), **told)
