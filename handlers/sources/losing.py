"""Items that a tracker shows no more: restricted ones lose their words here, others are dropped."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.sources.merge import plain
from storage import Store
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
