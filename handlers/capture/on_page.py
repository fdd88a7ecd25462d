"""A person's open items on their own page, the first to be due on top."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.cards import Bold, Button, Buttons, Node, Span, text
from bot.feature import Entry, OnPage, Reader
from handlers.capture.actions import Edit, Finish
from handlers.phrases import shortened
from handlers.reader.names import day_words
from handlers.rules.access import Permission, may, relations_to
from handlers.rules.focus import how_it_stands
from handlers.ui.elsewhere import known_span
from storage import Store
from storage.items import Item
from storage.tracked import KnownAs

ITEMS_SHOWN = 6


async def entries(store: Store, reader: Reader) -> OnPage:
    """Find what the reader's teams improve now, and the first open items that the reader owns."""
    entries = [*await _in_focus(store, reader)]
    items = await store.waiting.items(reader.id, ITEMS_SHOWN)
    left = await store.waiting.count_items(reader.id) - len(items)
    zone = ZoneInfo(reader.zone)
    today = store.now.astimezone(zone).date()
    for item in items:
        if item.due is not None and item.due >= today:
            store.holds_until(datetime.combine(item.due + timedelta(days=1), time(), zone))
    known = await store.tracked.known_as([item.number for item in items])
    entries += [_entry(item, reader, today, known.get(item.number)) for item in items]
    return OnPage(tuple(entries), {"items": left})


async def _in_focus(store: Store, reader: Reader) -> Sequence[Entry]:
    """Find the one small improvement of each team, for all of it and not for its owner alone."""
    focuses = await store.teams.in_focus(reader.teams) if reader.teams else ()
    items = await store.items.several([number for _, number in focuses])
    entries = []
    for team, number in focuses:
        item = items.get(number)
        if item is not None and item.state != "dropped":
            whose = f", in {shortened(team, 60)}" if len(focuses) > 1 else ""
            line = how_it_stands(item.number, item.title, item.state)
            entries.append(Entry("focus", (text(Bold(line), whose),)))
    return entries


def _entry(item: Item, reader: Reader, today: date, known: KnownAs | None) -> Entry:
    title = shortened(item.title)
    spans: list[Span] = [Bold(f"#{item.number} {title}"), f", {item.state}"]
    if item.due is not None:
        spans.append(f", due {day_words(item.due)}{', late' if item.due < today else ''}")
    if known is not None:
        spans += ", ", known_span(known)
    nodes: list[Node] = [text(*spans)]
    if may(reader, Permission.CHANGE_ITEM, relations_to(item, reader.id)):
        nodes.append(_buttons(item.number))
    by = datetime.combine(item.due, time(), UTC) if item.due else None
    return Entry("items", tuple(nodes), by)


def _buttons(n: int) -> Buttons:
    return Buttons(
        (
            Button("Edit", Edit(n), opens_form=True, hint=f"Edit #{n}, opens a form"),
            Button("Done", Finish(n), hint=f"Mark #{n} as done"),
        )
    )
