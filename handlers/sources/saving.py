"""Write some items of a source: new ones with their history, known ones where the source moved.

A batch is small, so that the people who vote meanwhile never wait long. Twice is once.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.remote import RemoteItem
from handlers.sources.compare import Comparison, compare
from handlers.sources.matching import Found, match
from handlers.sources.relations import Relations, relations
from handlers.sources.words import Words
from storage import Store
from storage.items import Item
from storage.teams import Team
from storage.tracked import Tracked, new_row


async def save(store: Store, team: Team, items: Sequence[RemoteItem], words: Words) -> None:
    """Write a batch of items; their neighbours come later, by `relate`."""
    compared = [
        each
        for each in await compare(store, team, items, words, lock=True)
        if not each.found.left_out
    ]
    new = [each for each in compared if each.new is not None]
    numbers = await store.imports.add(team.id, [each.new for each in new if each.new])
    for each, number in zip(new, numbers, strict=True):
        each.found.number = number
    for each in compared:
        if each.item is not None:
            await _change(store, each, each.item)
    await _agree(store, team, [(each.found, each.result.base) for each in compared])


async def _change(store: Store, compared: Comparison, item: Item) -> None:
    if compared.steps:
        await store.imports.continue_history(item, compared.steps)
    await store.items.change(item, compared.result.take, by=None, kind="imported")
    store.imports.touched_there(item, compared.remote.updated, compared.remote.rank)


async def relate(store: Store, team: Team, items: Sequence[RemoteItem]) -> None:
    """Link a batch of items to their neighbours."""
    told = [r for r in items if r.part_of is not None or r.blocked_by is not None or r.blocks]
    found = [each for each in await match(store, team, told) if each.number and not each.left_out]
    known = await store.imports.held(sorted(each.number for each in found if each.number))
    pairs = [(each, known[each.number]) for each in found if each.number in known]
    related = await relations(store, pairs)
    joining = [
        (item, each.part_of.take["part_of"])
        for (_, item), each in zip(pairs, related, strict=True)
        if "part_of" in each.part_of.take
    ]
    await store.imports.join(joining)
    for (_, item), each in zip(pairs, related, strict=True):
        await _link(store, item, each)
    await _agree(
        store, team, [(each, rel.base) for (each, _), rel in zip(pairs, related, strict=True)]
    )


async def _link(store: Store, item: Item, related: Relations) -> None:
    await store.links.adjust(item.number, related.waits_for, related.no_more)
    for waiting in sorted(related.awaited_by):
        await store.links.adjust(waiting, {item.number})


async def _agree(
    store: Store, team: Team, agreed: Sequence[tuple[Found, dict[str, object]]]
) -> None:
    """Keep what both sides agree on now, where that is news."""
    rows = []
    for found, base in agreed:
        before = found.tracked
        if found.own:
            continue  # Hone's own number is name enough
        assert found.number is not None
        row = new_row(
            workspace=store.workspace,
            source=found.source,
            remote_id=found.remote_id,
            team_id=team.id,
            number=found.number,
            key=found.remote.key,
            link=found.remote.link,
            base={**(before.base if before else {}), **base},
            facts=dict(found.remote.facts),
            seen_at=store.now,
        )
        if before is None or _says(before) != _says(row):
            if before is not None and (before.source, before.remote_id) != (
                row.source,
                row.remote_id,
            ):
                await store.tracked.forget(before)
            rows.append(row)
            found.tracked = row
    await store.tracked.keep(rows)


def _says(row: Tracked) -> tuple[object, ...]:
    return (row.source, row.remote_id, row.key, row.link, row.base, row.facts)
