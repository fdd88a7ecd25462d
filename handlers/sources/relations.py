"""What items of a source are part of and wait for: found out once all of them are here."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from handlers.rules.numbers import number_in
from handlers.sources.compare import Comparison
from handlers.sources.keys import own_number
from handlers.sources.matching import BY_HAND, Found, same_source
from handlers.sources.merge import Merged, merged
from storage import Store
from storage.items import Item

Name = tuple[str, str]
"""A source, and what it calls an item."""


@dataclass(slots=True)
class Relations:
    """What becomes of an item's neighbours.

    `part_of` tells the item that it becomes part of. It waits for those of `waits_for` from now on,
    and for those of `no_more` no longer; those of `awaited_by` wait for it. `base` is agreed on
    afterwards, `missing` are names that nothing here has.
    """

    part_of: Merged = field(default_factory=Merged)
    waits_for: frozenset[int] = frozenset()
    no_more: frozenset[int] = frozenset()
    awaited_by: frozenset[int] = frozenset()
    base: dict[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        return bool(self.part_of.take or self.waits_for or self.no_more or self.awaited_by)


async def relations(
    store: Store, items: Sequence[tuple[Found, Item]], coming: Collection[str] = ()
) -> list[Relations]:
    """Return what becomes of each known item's neighbours; `coming` are names not saved yet."""
    numbers = await _numbers(store, [name for found, _ in items for name in _named(found)])
    return [await _of(store, found, item, numbers, coming) for found, item in items]


async def strangers(store: Store, items: Sequence[Found], coming: Collection[str]) -> list[str]:
    """Return the names that new items call others by and that nothing here or `coming` has."""
    names = [(source, name) for each in items for source, name in _named(each)]
    strange = [each for each in names if each[1] not in coming]
    numbers = await _numbers(store, strange) if strange else {}
    return [name for source, name in strange if (source, name) not in numbers]


def _named(found: Found) -> Iterator[Name]:
    remote = found.remote
    for name in (remote.part_of, *(remote.blocked_by or ()), *remote.blocks):
        if name:
            yield found.source, name


async def _numbers(store: Store, names: Sequence[Name]) -> dict[Name, int]:
    """Return which item each name means: by the source's own ids, its keys, or Hone's number."""
    meant: dict[Name, int] = {}
    by_id = await store.tracked.by_id(names)
    by_key = await store.tracked.by_key([name for _, name in names])
    for source, name in names:
        rows = [by_id[source, name]] if (source, name) in by_id else []
        rows += [
            row
            for row in by_key.get(name, ())
            if same_source(row.source, source) or BY_HAND in (source, row.source)
        ]
        own = own_number(store.workspace, name) or (number_in(name) if name[:1] == "#" else None)
        if rows:
            meant[source, name] = rows[0].number
        elif own and await store.items.find(own):
            meant[source, name] = own
    return meant


async def _of(
    store: Store,
    found: Found,
    item: Item,
    numbers: Mapping[Name, int],
    coming: Collection[str],
) -> Relations:
    """Return what becomes of one item's neighbours."""
    names = [name for _, name in _named(found)]
    if not names and found.remote.part_of is None and found.remote.blocked_by is None:
        return Relations()
    base = found.tracked.base if found.tracked else {}
    known = {name: numbers[found.source, name] for name in names if (found.source, name) in numbers}
    known = {name: number for name, number in known.items() if number != item.number}
    result = Relations(
        part_of=_part_of(found, item, known, base),
        missing=tuple(n for n in names if (found.source, n) not in numbers and n not in coming),
    )
    result.base = dict(result.part_of.base)
    if found.remote.part_of in coming and found.remote.part_of not in known:
        result.part_of.take["part_of"] = None  # told apart once it is here
    await _links(store, found, item, known, result)
    return result


def _part_of(found: Found, item: Item, known: Mapping[str, int], base: Mapping[str, Any]) -> Merged:
    name = found.remote.part_of
    if name is None or (name and name not in known):
        return Merged()
    return merged(
        {"part_of": item.part_of},
        {"part_of": known[name] if name else None},
        {name: value for name, value in base.items() if name == "part_of"},
        ours_is_newer=False,
    )


async def _links(
    store: Store, found: Found, item: Item, known: Mapping[str, int], result: Relations
) -> None:
    """Note what it waits for and who waits for it, beyond what is agreed on or linked by hand."""
    remote = found.remote
    base = found.tracked.base if found.tracked else {}
    if remote.blocked_by is not None:
        told = frozenset(known[name] for name in remote.blocked_by if name in known)
        agreed = frozenset(base.get("waits_for", ()))
        if told != agreed:
            linked = {link.target.item for link in await store.links.open_of(item.number)}
            result.waits_for, result.no_more = told - agreed - linked, (agreed - told) & linked
        result.base["waits_for"] = sorted(told)
    if remote.blocks:
        told = frozenset(known[name] for name in remote.blocks if name in known)
        if told != (agreed := frozenset(base.get("blocks", ()))):
            linked = {link.number for link in await store.links.waiting_for(item.number)}
            result.awaited_by = told - agreed - linked
        result.base["blocks"] = sorted(told)


# --- at once ---------------------------------------------------------------------------------


async def link_at_once(store: Store, compared: Sequence[Comparison]) -> None:
    """Let new items be part of those that are here, and note which items are to be linked later.

    New ones have their numbers already. Only the source's own names count here: a key of another
    tool, or Hone's number, may turn out to be the name of an item that comes further down.
    """
    numbers = {
        (each.found.source, name): each.found.number
        for each in compared
        if each.new is not None and each.found.number
        for name in (each.remote.key, each.found.remote_id)
        if name
    }
    names = {name for each in compared for name in _named(each.found)} - numbers.keys()
    by_id = await store.tracked.by_id(list(names))
    by_key = await store.tracked.by_key(sorted({name for _, name in names}))
    for source, name in names:
        rows = [by_id[source, name]] if (source, name) in by_id else by_key.get(name, [])
        if mine := [row.number for row in rows if row.source == source]:
            numbers[source, name] = mine[0]
    for each in compared:
        _link_at_once(each, numbers)


def _link_at_once(each: Comparison, numbers: Mapping[Name, int]) -> None:
    found, remote = each.found, each.remote
    if remote.part_of is None and remote.blocked_by is None and not remote.blocks:
        return
    told: dict[str, Any] = {}
    if remote.part_of is not None:
        told["part_of"] = numbers.get((found.source, remote.part_of))
    for field_, others in (("waits_for", remote.blocked_by), ("blocks", remote.blocks or None)):
        if others is not None:
            told[field_] = sorted({numbers.get((found.source, name), 0) for name in others})
    is_known = all(name in numbers for name in _named(found))
    if each.new is None:
        base = found.tracked.base if found.tracked else {}
        each.links_later = not is_known or any(base.get(n, ...) != v for n, v in told.items())
        return
    each.links_later = not is_known or bool(told.get("waits_for") or told.get("blocks"))
    parent = told.get("part_of")
    if parent is not None and parent != found.number:
        each.new = replace(each.new, part_of=parent)
        each.result.base["part_of"] = parent
    elif remote.part_of == "":
        each.result.base["part_of"] = None
    if told.get("waits_for") == []:
        each.result.base["waits_for"] = []
