"""Write some items of a source: new ones with their history, known ones where the source moved.

A batch is small, so that the people who vote meanwhile never wait long. Twice is once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.remote import RemoteItem
from handlers.sources.compare import Comparison, compare
from handlers.sources.conflicts import give_way
from handlers.sources.matching import Found, Live, as_twin, match
from handlers.sources.owners import written
from handlers.sources.relations import Relations, link_at_once, relations
from handlers.sources.words import Words
from storage import Store
from storage.items import Item
from storage.records import COLUMN_OF, CREATION
from storage.teams import Team
from storage.tracked import Tracked, changed_row, new_row, says


async def save(
    store: Store,
    team: Team,
    items: Sequence[RemoteItem],
    words: Words,
    live: Live | None = None,
) -> list[Comparison]:
    """Write a batch of items and return what became of each; neighbours come by `relate`.

    Of a file's items those are linked at once that name what is here already.
    """
    everything = await compare(store, team, items, words, live, lock=True)
    compared = [each for each in everything if not each.found.left_out]
    new = [each for each in compared if each.new is not None]
    for each, number in zip(new, await store.imports.numbers(len(new)), strict=True):
        each.found.number = number
    if live is None:
        await link_at_once(store, compared)
    await store.imports.add(
        team.id, [(each.found.number, each.new) for each in new if each.found.number and each.new]
    )
    for each in compared:
        if each.item is not None:
            await _change(store, team, each, each.item)
    await _agree(store, team, [(each.found, each.result.base) for each in compared], live)
    await _name_twins(store, [each.found for each in everything])
    return everything


async def _name_twins(store: Store, found: Sequence[Found]) -> None:
    """Keep what Jira Align calls items that are at home in Jira: the first of several there."""
    twins = [(each, each.home) for each in found if each.home is not None]
    known = await store.tracked.of_items([home.number for _, home in twins])
    names = {(row.source, row.number): row for rows in known.values() for row in rows}
    kept = []
    for each, home in twins:
        told = each.remote
        name = new_row(
            workspace=store.workspace,
            source=each.source,
            remote_id=each.remote_id,
            key=told.key,
            link=told.link,
            seen_at=store.now,
            state=told.state or "",
            twin=told.twin,
        )
        row = as_twin(name, home)
        before = names.setdefault((row.source, row.number), row)
        if before is row or (before.remote_id == row.remote_id and says(before) != says(row)):
            kept.append(row)
    await store.tracked.keep(kept)


async def _change(store: Store, team: Team, compared: Comparison, item: Item) -> None:
    if compared.found.moves:
        await store.transfers.move(item, team.id)
    if compared.steps:
        await store.imports.continue_history(item, compared.steps)
    result = compared.result
    if result.outdone:
        compared.outdone = await give_way(store, item, result, compared.events)
    await store.items.change(item, result.take, by=None, kind="imported")
    known = compared.found.tracked
    is_back = known is not None and bool(known.gone_at or known.restricted_at)
    if compared.found.moves or result.stands or is_back:
        store.note_edited([item.number])  # what Hone has is to be written, wherever it lives now
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
    await _join(store, pairs, related)
    for (of, _), each in zip(pairs, related, strict=True):
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
    related = await relations(store, pairs)
    await _join(store, pairs, related)
    kept = []
    for (of, _), each in zip(pairs, related, strict=True):
        row = by_name[of.source, of.remote_id]
        links = _unlinked(of.remote, each.missing)
        kept.append(changed_row(row, base={**row.base, **each.base}, links=links))
    await store.tracked.keep(kept)


def _several(names: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)


async def _join(
    store: Store, pairs: Sequence[tuple[Found, Item]], related: Sequence[Relations]
) -> None:
    await store.imports.join(
        [
            (item, each.part_of.take["part_of"])
            for (_, item), each in zip(pairs, related, strict=True)
            if "part_of" in each.part_of.take
        ]
    )
    for (_, item), each in zip(pairs, related, strict=True):
        await _link(store, item, each)


async def _link(store: Store, item: Item, related: Relations) -> None:
    if related.waits_for or related.no_more:
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
        if before is None or says(before) != says(row):
            if before is not None and (before.source, before.remote_id) != (
                row.source,
                row.remote_id,
            ):
                await store.tracked.forget(before)
                rows += [as_twin(before, row)] if before.twin == row.key != "" else []
            rows.append(row)
            found.tracked = row
    await store.tracked.keep(rows)


def _tracked(
    store: Store, team: Team, found: Found, base: dict[str, object], live: Live | None
) -> Tracked:
    before, remote = found.tracked, found.remote
    assert found.number is not None
    return new_row(
        workspace=store.workspace,
        source=found.source,
        remote_id=found.remote_id,
        team_id=team.id,
        number=found.number,
        key=remote.key,
        link=remote.link,
        base=(base := {**(before.base if before else {}), **base}),
        facts=dict(remote.facts),
        seen_at=store.now,
        **(_live_columns(found, base, live) if live else {}),
    )


def _live_columns(found: Found, base: Mapping[str, object], live: Live) -> dict[str, object]:
    """Return what only a tracker tells, beside what Hone wants written there."""
    before, remote = found.tracked, found.remote
    told = {
        "scope_id": live.scope_id,
        "version": remote.version,
        "state": remote.state or "",
        "moves": list(remote.moves),
        "account": written(remote.owner or "").handle,
        "links": found.unlinked or {},
        "twin": remote.twin,
    }
    if before is None:
        return told
    if found.unlinked is None:
        told["links"] = before.links
    # Read back, or something else since: the same words there later are somebody's own.
    moved = {name for name in base if base[name] != before.base.get(name)}
    over = moved | {name for name, value in before.sent.items() if base.get(name) == value}
    done = {*over, CREATION}  # it is there, whoever told first
    wanted = before.state_wanted != remote.state
    sent = {name: value for name, value in before.sent.items() if name not in done}
    refused = {n: why for n, why in before.refused.items() if COLUMN_OF.get(n, n) not in done}
    return told | {
        "sent": sent | {name: mine for name, (mine, _) in found.left.items()},
        "refused": refused | {name: why for name, (_, why) in found.left.items() if why},
        "state_wanted": before.state_wanted if wanted else "",
        "wanted_by": before.wanted_by if wanted else "",
    }
