"""What was read, in pieces that are each saved in one transaction."""

from __future__ import annotations

from collections.abc import Iterator

from bot.remote import Batch
from bot.trackers.tracker import Page

BATCH_ITEMS = 25
"""Saved in one transaction: whoever votes meanwhile does not wait long."""


def batches(page: Page, cursor: str, step: str) -> Iterator[Batch]:
    """Return a page in batches; the last one moves the cursor. What is only counted is one.

    What a tracker tells without an id is no item: nobody could know it again.
    """
    items = tuple(item for item in page.items if item.id)
    size = BATCH_ITEMS if step != "looking" else max(1, len(items))
    starts = range(0, len(items), size) or range(1)
    for start in starts:
        is_last = start + size >= len(items)
        yield Batch(
            items[start : start + size],
            cursor_before=cursor,
            cursor=page.cursor if is_last else cursor,
            more=page.more or not is_last,
            gone=page.gone if is_last else (),
            restricted=page.restricted if is_last else (),
        )
