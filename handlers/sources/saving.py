"""Write some items of a source: new ones with their history, known ones where the source moved.

A batch is small, so that the people who vote meanwhile never wait long. Twice is once.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.remote import RemoteItem
from handlers.sources.compare import Comparison, compare
from handlers.sources.matching import Found, Live, match
from handlers.sources.owners import written
from handlers.sources.relations import Relations, relations
from handlers.sources.words import Words
from storage import Store
from storage.items import Item
from storage.records import CREATION
from storage.teams import Team
from storage.tracked import Tracked


async def save(
    store: Store,
    team: Team,
    items: Sequence[RemoteItem],
    words: Words,
    live: Live | None = None,
) -> list[Comparison]:
    """Write a batch of items and return what became of each; neighbours come by `relate`."""
    everything = await compare(store, team, items, words, live, lock=True)
    compared = [each for each in everything if not each.found.left_out]
    new = [each for each in compared if each.new is not None]
    numbers = await store.imports.add(team.id, [each.new for each in new if each.new])
    for each, number in zip(new, numbers, strict=True):
        each.found.number = number
    for each in compared:
        if each.item is not None:
            await _change(store, team, each, each.item)
    await _agree(store, team, [(each.found, each.result.base) for each in compared], live)
    return everything


async def _change(store: Store, team: Team, compared: Comparison, item: Item) -> None:
    if compared.found.moves:
        await store.transfers.move(item, team.id)
    if compared.steps:
        await store.imports.continue_history(item, compared.steps)
    await store.items.change(item, compared.result.take, by=None, kind="imported")
    edited = None if compared.remote.by_hone else compared.remote.updated
    store.imports.touched_there(item, edited, compared.remote.rank)


async def relate(
    store: Store, team: Team, items: Sequence[RemoteItem], live: Live | None = None
) -> None:
    """Link a batch of items to their neighbours."""
    told = [r for r in items if r.part_of is not None or r.blocked_by is not None or r.blocks]
    matched = await match(store, team, told, live)
    found = [each for each in matched if each.number and not each.left_out]
    known = await store.imports.held(sorted(each.number for each in found if each.number))
    pairs = [(each, known[each.number]) for each in found if each.number in known]
    related = await relations(store, pairs)
    for (of, item), each in zip(pairs, related, strict=True):
        await _join(store, item, each)
        of.unlinked = _unlinked(of.remote, each.missing)
    agreed = [(of, each.base) for (of, _), each in zip(pairs, related, strict=True)]
    await _agree(store, team, agreed, live)


def _unlinked(remote: RemoteItem, missing: Sequence[str]) -> dict[str, object]:
    """Return the neighbours that a tracker told, if some of them are not here yet."""
    if not missing:
        return {}
    return {
        "part_of": remote.part_of,
        "blocked_by": None if remote.blocked_by is None else list(remote.blocked_by),
        "blocks": list(remote.blocks),
    }


async def link_again(store: Store, team: Team, rows: Sequence[Tracked], live: Live) -> None:
    """Link items of a tracker to neighbours that may have come since."""
    items = [
        RemoteItem(
            source=row.source,
            id=row.remote_id,
            key=row.key,
            title="",
            part_of=row.links.get("part_of"),
            blocked_by=_several(row.links.get("blocked_by")),
            blocks=tuple(row.links.get("blocks", ())),
            version=row.version,
        )
        for row in rows
    ]
    matched = [each for each in await match(store, team, items, live) if not each.left_out]
    known = await store.imports.held(sorted(each.number for each in matched if each.number))
    pairs = [(each, known[each.number]) for each in matched if each.number in known]
    by_name = {(row.source, row.remote_id): row for row in rows}
    kept = []
    for (each, item), related in zip(pairs, await relations(store, pairs), strict=True):
        await _join(store, item, related)
        row = by_name[each.source, each.remote_id]
        row.base = {**row.base, **related.base}
        row.links = _unlinked(each.remote, related.missing)
        kept.append(row)
    await store.tracked.keep(kept)


def _several(names: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)


async def _join(store: Store, item: Item, related: Relations) -> None:
    await store.items.change(item, related.part_of.take, by=None, kind="imported")
    await store.links.adjust(item.number, related.waits_for, related.no_more)
    for waiting in sorted(related.awaited_by):
        await store.links.adjust(waiting, {item.number})


async def _agree(
    store: Store,
    team: Team,
    agreed: Sequence[tuple[Found, dict[str, object]]],
    live: Live | None = None,
) -> None:
    """Keep what both sides agree on now, where that is news."""
    rows = []
    for found, base in agreed:
        before = found.tracked
        if found.own:
            continue  # Hone's own number is name enough
        row = _tracked(store, team, found, base, live)
        if before is None or _says(before) != _says(row):
            if before is not None and (before.source, before.remote_id) != (
                row.source,
                row.remote_id,
            ):
                await store.tracked.forget(before)
            rows.append(row)
            found.tracked = row
    await store.tracked.keep(rows)


def _tracked(
    store: Store, team: Team, found: Found, base: dict[str, object], live: Live | None
) -> Tracked:
    before, remote = found.tracked, found.remote
    assert found.number is not None
    row = Tracked(
        workspace=store.workspace,
        source=found.source,
        remote_id=found.remote_id,
        team_id=team.id,
        number=found.number,
        key=remote.key,
        link=remote.link,
        base={**(before.base if before else {}), **base},
        facts=dict(remote.facts),
        seen_at=store.now,
    )
    if live is not None:
        _note_live(row, before, remote, live)
        row.links = found.unlinked if found.unlinked is not None else before.links if before else {}
    return row


def _note_live(row: Tracked, before: Tracked | None, remote: RemoteItem, live: Live) -> None:
    """Note what only a tracker tells, beside what Hone wants written there."""
    row.scope_id, row.version, row.state = live.scope_id, remote.version, remote.state or ""
    row.moves, row.account = list(remote.moves), written(remote.owner or "").handle
    if before is not None:
        read_back = {n for n, value in before.sent.items() if row.base.get(n) == value}
        done = {*read_back, CREATION}  # it is there, whoever told first
        row.sent = {n: value for n, value in before.sent.items() if n not in done}
        row.refused = {n: why for n, why in before.refused.items() if n != CREATION}
        if before.state_wanted != row.state:
            row.state_wanted, row.wanted_by = before.state_wanted, before.wanted_by


def _says(row: Tracked) -> dict[str, object]:
    return row.model_dump(exclude={"seen_at"})
