"""What was read, in pieces that are each saved in one transaction."""

from __future__ import annotations

from collections.abc import Iterator

from bot.remote import Batch
from bot.trackers.tracker import Page

BATCH_ITEMS = 25
"""Saved in one transaction: whoever votes meanwhile does not wait long."""


def batches(page: Page, cursor: str, step: str) -> Iterator[Batch]:
    """Return a page in batches; the last one moves the cursor. What is only counted is one."""
    size = BATCH_ITEMS if step != "looking" else max(1, len(page.items))
    starts = range(0, len(page.items), size) or range(1)
    for start in starts:
        is_last = start + size >= len(page.items)
        yield Batch(
            page.items[start : start + size],
            cursor_before=cursor,
            cursor=page.cursor if is_last else cursor,
            more=page.more or not is_last,
            gone=page.gone if is_last else (),
            restricted=page.restricted if is_last else (),
        )
