"""What Hone asks of Agility: projects, what changed there, which attributes hold a score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from bot.records import Record
from bot.remote import Abilities, Account, FieldHome, RemoteItem, Scope
from bot.trackers.agility.client import OID, AgilityClient
from bot.trackers.agility.read import (
    CLOSED_WORD,
    DELETED,
    Shape,
    item_of,
    key_of,
    kind_of,
    link_of,
    oid_of,
    shape_of,
    steps_of,
)
from bot.trackers.agility.write import Writing
from bot.trackers.http import Door
from bot.trackers.tracker import (
    NOTHING,
    PAGE_ITEMS_MAX,
    Access,
    Ids,
    Lost,
    Missing,
    Page,
    Written,
)
from bot.trackers.values import (
    dig,
    line,
    moment,
    number,
    several,
    spoken,
    text,
    whole_set,
)
from bot.trackers.watermark import turn_in
from bot.trackers.writing import born

KINDS: Final = {"Epic": "Epic", "PrimaryWorkitem": "Story"}
"""What is read, in this order, and the type that tells which attributes it has."""

ITEMS: Final = ("Epic", "Story", "Defect", "TestSet")
OVERLAP: Final = timedelta(minutes=5)
SCOPES_MAX: Final = 500
IDS_MAX: Final = 1_000


class Agility:
    """One Agility instance."""

    kind = "agility"
    signs = "the history of the change"
    leads_back = "a link"

    def __init__(self, access: Access, door: Door) -> None:
        self.source = f"agility:{access.site}"
        self.client = AgilityClient(door, access)
        self.site = self.client.root
        self._called = access.called
        self._shapes: dict[str, Shape] = {}
        self._statuses: dict[str, list[tuple[str, str]]] = {}
        self._me = ""

    async def account(self) -> Account:
        found = await self.client.query("Member", ["Name"], where={"IsSelf": "true"})
        self._me = text(found, 0, "_oid")
        return Account(self._me, line(found, 0, "Name"))

    async def scopes(self) -> tuple[Scope, ...]:
        found = await self.client.query(
            "Scope",
            ["Name"],
            filter=["AssetState='64'"],
            sort=["+Name"],
            page={"start": 0, "size": SCOPES_MAX},
        )
        return tuple(Scope(text(each, "_oid"), line(each, "Name")) for each in found)

    async def shape(self, kind: str) -> Shape:
        """Return what a type has here: every instance has attributes of its own."""
        if kind not in self._shapes:
            told = await self.client.get(f"/meta.v1/{KINDS[kind]}")
            self._shapes[kind] = shape_of(kind, told, self._called)
        return self._shapes[kind]

    async def statuses(self, kind: str) -> list[tuple[str, str]]:
        """Return (oid, name) of the states of a type, in their order."""
        if kind not in self._statuses:
            status = "EpicStatus" if kind == "Epic" else "StoryStatus"
            found = await self.client.query(
                status, ["Name"], filter=["AssetState='64'"], sort=["+Order"]
            )
            self._statuses[kind] = [(text(each, "_oid"), line(each, "Name")) for each in found]
        return self._statuses[kind]

    # --- reading ---

    async def page(self, scope: str, cursor: str, now: datetime) -> Page:
        """Return what changed since, by Agility's clock: first all epics, then all other items."""
        turn = turn_in(cursor, tuple(KINDS))
        since = turn.mark.since
        condition = [f"ChangeDateUTC>='{since:%Y-%m-%dT%H:%M:%S.%f}'"] if since else []
        found = await self._query(turn.name, scope, condition, turn.mark.skip, PAGE_ITEMS_MAX)
        changed = {text(each, "_oid"): moment(each, "ChangeDateUTC") for each in found}
        fresh = turn.mark.fresh(changed)
        cursor, more = turn.after(changed, OVERLAP, more=len(found) == PAGE_ITEMS_MAX)
        new = [each for each in found if text(each, "_oid") in fresh]
        gone = [text(each, "_oid") for each in new if number(each, "AssetState") == DELETED]
        return Page(
            items=await self._items(turn.name, [e for e in new if text(e, "_oid") not in gone]),
            cursor=cursor,
            more=more,
            gone=tuple(gone),
        )

    async def _query(
        self, kind: str, scope: str, more: list[str], start: int, size: int
    ) -> list[Any]:
        """Return items of a project alone, oldest change first; raises Missing without it."""
        shape = await self.shape(kind)
        found = await self.client.query(
            kind,
            shape.select,
            where={"Scope": _oid(scope)},
            filter=more,
            sort=["+ChangeDateUTC", "+ID"],
            page={"start": start, "size": size},
        )
        if not found and not await self.client.query("Scope", ["Name"], where={"ID": scope}):
            raise Missing("Agility does not have this project, or does not show it to us.")
        return found

    async def one(self, scope: str, id: str) -> RemoteItem | Lost:
        found = await self.found(scope, id)
        if found is None:
            return Lost()
        return (await self._items(kind_of(id), [found]))[0]

    async def found(self, scope: str, id: str) -> Any:
        """Return an item of the scope as Agility tells it, None if it is not there."""
        if not OID.fullmatch(id) or id.partition(":")[0] not in ITEMS:
            return None
        kind = kind_of(id)
        shape = await self.shape(kind)
        found = dig(await self.client.query(kind, shape.select, where={"ID": id}), 0)
        is_here = oid_of(dig(found, "Scope")) == scope
        return found if is_here and number(found, "AssetState") != DELETED else None

    async def ids(self, scope: str, cursor: str) -> Ids:
        kind, _, skip = (cursor or "Epic:0").partition(":")
        start = int(skip) if skip.isdecimal() else 0
        found = await self.client.query(
            kind,
            ["AssetState"],
            where={"Scope": _oid(scope)},
            sort=["+ID"],
            page={"start": start, "size": IDS_MAX},
        )
        ids = (text(e, "_oid") for e in found if number(e, "AssetState") != DELETED)
        after = f"{kind}:{start + len(found)}" if len(found) == IDS_MAX else ""
        return Ids(frozenset(ids), after or ("PrimaryWorkitem:0" if kind == "Epic" else ""))

    async def _items(self, kind: str, found: Sequence[Any]) -> tuple[RemoteItem, ...]:
        shape = await self.shape(kind)
        own = self._me or (await self.account()).id
        moves = [name for _, name in await self.statuses(kind)] + [CLOSED_WORD]
        histories = await self._histories(kind, [text(each, "_oid") for each in found])
        return tuple(
            item_of(
                each,
                shape,
                source=self.source,
                site=self.site,
                steps=histories.get(text(each, "_oid"), ()),
                moves=moves,
                own=own,
            )
            for each in found
        )

    async def _histories(self, kind: str, oids: Sequence[str]) -> Mapping[str, Any]:
        if not oids:
            return {}
        told = await self.client.get(
            f"/rest-1.v1/Hist/{kind}",
            where="ID=" + ",".join(f"'{oid}'" for oid in oids),
            sel="Status.Name,AssetState,ChangeDateUTC",
        )
        return steps_of(several(told, "Assets"))

    # --- writing ---

    async def abilities(self, scope: str) -> Abilities:
        """Return the homes that stories or epics have; scores mostly stand on epics."""
        self._shapes.clear()  # an admin may have added an attribute since
        shapes = [await self.shape(kind) for kind in KINDS]
        await self._query("PrimaryWorkitem", scope, [], 0, 1)
        homes = {
            "title": FieldHome("Title"),
            "owner": FieldHome("Owners"),
            "points": FieldHome("Estimate"),
            "state": FieldHome("Status"),
        }
        if all("TaggedWith" in shape.attributes for shape in shapes):
            homes["labels"] = FieldHome("Tags")
        best = max(shapes, key=lambda shape: len(shape.homes))
        homes |= {ours: FieldHome(spoken(home)) for ours, home in best.homes.items()}
        return Abilities(whole_set(homes, "Agility"), numbers=best.numbers)

    async def find(self, scope: str, marker: str) -> Written | None:
        for kind in KINDS:
            reference = [f"Reference='{marker}'"]
            for each in await self._query(kind, scope, reference, 0, 1):
                return self.written(each)
        return None

    async def create(self, scope: str, record: Record) -> Written:
        id = await Writing(self, record).create(_oid(scope))
        return await self.write(scope, born(record, id))

    async def write(self, scope: str, record: Record) -> Written:
        found = await self.found(scope, record.id or "")
        if found is None:
            raise Missing("Agility does not have this item in this project any more.")
        return await Writing(self, record).change(found)

    def written(self, asset: Any, left_out: Mapping[str, str] = NOTHING) -> Written:
        oid = text(asset, "_oid")
        return Written(oid, key_of(asset), link_of(self.site, oid), "", left_out)


def _oid(scope: str) -> str:
    if not OID.fullmatch(scope):
        raise Missing("Agility has no such project.")
    return scope
