"""Items that a tracker shows no more: restricted ones lose their words here, others are dropped."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.sources.merge import plain
from storage import Store
from storage.items import Item
from storage.tracked import Tracked, changed_row
from storage.transfers import HIDDEN_FIELDS


async def let_go(
    store: Store,
    gone: Sequence[Tracked],
    restricted: Sequence[Tracked],
    tool: str,
    scope: str,
) -> None:
    """Hide restricted items, and drop those that are gone; should they come back, so do they."""
    items = await store.imports.held(sorted({row.number for row in (*gone, *restricted)}))
    kept = []
    for row in restricted:
        if row.restricted_at is None and (item := items.get(row.number)):
            title = f"{row.key}: restricted in {tool}"
            await store.transfers.hide(item, title)
            hidden = {name: plain(value) for name, value in HIDDEN_FIELDS.items()}
            base = {**row.base, **hidden, "title": title}
            kept.append(changed_row(row, base=base, facts={}, sent={}, restricted_at=store.now))
    for row in gone:
        if row.gone_at is None and (item := items.get(row.number)):
            base = dict(row.base)
            if not item.is_finished:
                dropped = {"state": "dropped", "dropped_because": f"gone from {scope} in {tool}"}
                await store.items.change(item, dropped, by=None, kind="imported")
                base["state"] = "dropped"
            kept.append(changed_row(row, base=base, gone_at=store.now))
    await store.tracked.keep(kept)


async def delete_words(store: Store, rows: Sequence[Tracked], tool: str) -> None:
    """Delete what was read of items that came from a tracker.

    Those written here stay whole, and those that live in another tracker, which has the words, too.
    """
    items = await store.imports.held(sorted({row.number for row in rows}))
    known = await store.tracked.of_items(sorted(items))
    live_on = {number for number, names in known.items() if any(map(_is_followed, names))}
    events = await store.imports.histories_of(sorted(items))
    for row in rows:
        item = items.get(row.number) if row.number not in live_on else None
        if item is not None and events[item.number][0].kind == "imported":
            await store.transfers.hide(item, f"{row.key}: deleted with {tool}")
            await _drop(store, item, f"{tool} was disconnected")
        await store.tracked.forget(row)


def _is_followed(row: Tracked) -> bool:
    """Whether the item is at home there; what is about to be deleted has left its scope."""
    return row.scope_id is not None and row.scope_id > 0 and row.gone_at is None


async def _drop(store: Store, item: Item, why: str) -> None:
    if not item.is_finished:
        dropped = {"state": "dropped", "dropped_because": why}
        await store.items.change(item, dropped, by=None, kind="imported")
