"""One Azure DevOps organisation, followed by project or by team."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from bot.records import Record
from bot.remote import Abilities, Account, FieldHome, RemoteItem, Scope
from bot.trackers.azure.client import PATCH, AzureClient
from bot.trackers.azure.read import Type, item, type_of
from bot.trackers.azure.write import (
    DISCUSSION,
    link_back,
    new_item,
    operations,
    part_for,
    tested,
)
from bot.trackers.http import Door
from bot.trackers.paging import whole_list
from bot.trackers.rich import as_html
from bot.trackers.tracker import (
    NOTHING,
    Access,
    Ids,
    Lost,
    Missing,
    NotAllowed,
    Outdated,
    Page,
    Rejected,
    Written,
)
from bot.trackers.values import dig, kept, line, places, several, text, whole_set
from bot.trackers.writing import Part, Plan, born, likeliest, note_in, send_parts

PAGE_ITEMS: Final = 100
IDS_MAX: Final = 1_000
UPDATES: Final = 200
TRIES: Final = 3
"""Between reading and writing somebody may change the item; then both are done once more."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a scope is to Azure: a project, and the area paths of its items (none: all of them).

    Each stands for what is below it, too, or for itself alone.
    """

    project: str
    areas: tuple[tuple[str, bool], ...] = ()

    @property
    def wiql(self) -> str:
        """Return the condition of its query language."""
        asked = [
            f"[System.AreaPath] {'UNDER' if deep else '='} '{path.replace(chr(39), chr(39) * 2)}'"
            for path, deep in self.areas
        ]
        return f" AND ({' OR '.join(asked)})" if asked else ""

    def has(self, area: str) -> bool:
        return not self.areas or any(
            area == path or (deep and area.startswith(f"{path}\\")) for path, deep in self.areas
        )


class Azure:
    kind = "azure"
    signs = "its discussion, once a score"
    leads_back = "a link"

    def __init__(self, access: Access, door: Door) -> None:
        self._client = AzureClient(door, access)
        self.source = f"azure:{access.site}"
        self._called = access.called
        self._places: dict[str, Place] = {}
        self._types: dict[str, dict[str, Type]] = {}

    async def account(self) -> Account:
        told = await self._client.get("/_apis/connectionData", **{"api-version": "7.1-preview.1"})
        me = dig(told, "authenticatedUser")
        name = line(me, "customDisplayName") or line(me, "providerDisplayName")
        return Account(text(me, "id"), name)

    async def scopes(self) -> tuple[Scope, ...]:
        found: list[Scope] = []
        projects = several(await self._client.get("/_apis/projects", **{"$top": 500}), "value")
        for project in sorted(projects, key=lambda each: line(each, "name").casefold()):
            id, name = text(project, "id"), line(project, "name")
            found.append(Scope(id, name))
            teams = await self._client.get(f"/_apis/projects/{id}/teams", **{"$top": 100})
            found += [
                Scope(f"{id}/{text(each, 'id')}", f"{name} · {line(each, 'name')}")
                for each in several(teams, "value")
            ]
        return tuple(found)

    async def place(self, scope: str) -> Place:
        """Return what a scope means; raises Missing."""
        if scope not in self._places:
            project, _, team = scope.partition("/")
            areas: list[tuple[str, bool]] = []
            if team:
                path = f"/{quote(project)}/{quote(team)}/_apis/work/teamsettings/teamfieldvalues"
                told = await self._client.get(path)
                areas = [
                    (line(each, "value"), dig(each, "includeChildren") is True)
                    for each in several(told, "values")
                ]
            self._places[scope] = Place(quote(project), tuple(areas))
        return self._places[scope]

    async def types(self, project: str) -> dict[str, Type]:
        if project not in self._types:
            told = await self._client.get(f"/{project}/_apis/wit/workitemtypes")
            there = (type_of(each, self._called) for each in several(told, "value"))
            self._types[project] = {each.name: each for each in there}
        return self._types[project]

    async def abilities(self, scope: str) -> Abilities:
        place = await self.place(scope)
        types = await self.types(place.project)
        newest = await self._ids(place, "", 1, "DESC")
        kind = likeliest("story", types)
        why = ""
        if newest:
            told = await self._one(place.project, newest[0])
            kind = types.get(line(told, "fields", "System.WorkItemType"), kind)
            why = await self._hindrance(place.project, told)
        known = {"title": "Title", "owner": "Assigned To", "labels": "Tags", "state": "State"}
        homes = {name: FieldHome(home, why) for name, home in known.items()}
        homes |= {
            ours: FieldHome(name, why) for ours, (_, name) in (kind.homes.items() if kind else ())
        }
        return Abilities(
            whole_set(homes, "Azure Boards"),
            creates=kind is not None and not why,
            numbers=kind.numbers if kind else (),
        )

    async def _hindrance(self, project: str, told: Any) -> str:
        """Ask whether we may write, by a change that Azure only validates."""
        same = line(told, "fields", "System.Title")
        title = {"op": "add", "path": "/fields/System.Title", "value": same}
        path = f"/{project}/_apis/wit/workitems/{text(told, 'id')}"
        try:
            await self._client.patch(path, [title], validateOnly="true")
        except NotAllowed:
            return "Our account may not edit work items there: a project admin can allow it."
        except Rejected:
            return ""  # rules of that one item
        return ""

    # --- reading ---

    async def page(self, scope: str, cursor: str, now: datetime) -> Page:
        """Return a page of the feed of revisions, the latest of each item; its token is Azure's."""
        place, token = await self.place(scope), text(places(cursor), "token")
        feed = await self._client.get(
            f"/{place.project}/_apis/wit/reporting/workitemrevisions",
            includeLatestOnly="true",
            includeDeleted="true",
            fields="System.AreaPath,System.IsDeleted",
            **{"$maxPageSize": PAGE_ITEMS},
            **({"continuationToken": token} if token else {}),
        )
        revisions = several(feed, "values")
        changed = {id: dig(each, "fields") for each in revisions if _is_id(id := text(each, "id"))}
        here = [id for id, told in changed.items() if _is_there(told, place)]
        items = await self._items(place, here)
        found = {each.id for each in items}
        return Page(
            tuple(items),
            kept(token=text(feed, "continuationToken") or token),
            more=dig(feed, "isLastBatch") is False,
            gone=tuple(id for id in changed if id not in found),
        )

    async def _items(self, place: Place, ids: Sequence[str]) -> list[RemoteItem]:
        """Return work items as they are now, with their history; those that are hidden are not."""
        if not ids:
            return []
        told = await self._client.post(
            f"/{place.project}/_apis/wit/workitemsbatch",
            {"ids": [int(id) for id in ids], "$expand": "all", "errorPolicy": "omit"},
        )
        there = [each for each in several(told, "value") if each]
        types = await self.types(place.project)
        updates = await asyncio.gather(*(self._updates(place.project, each) for each in there))
        return [
            item(
                each,
                self.source,
                self._client.root,
                types.get(line(each, "fields", "System.WorkItemType")),
                past,
            )
            for each, past in zip(there, updates, strict=True)
        ]

    async def _updates(self, project: str, told: Any) -> list[Any]:
        path = f"/{project}/_apis/wit/workItems/{text(told, 'id')}/updates"

        async def some(known: int) -> tuple[list[Any], bool]:
            page = await self._client.get(path, **{"$top": UPDATES, "$skip": known})
            rows = several(page, "value")
            return rows, len(rows) == UPDATES

        return await whole_list(some)

    async def one(self, scope: str, id: str) -> RemoteItem | Lost:
        if not _is_id(id):
            return Lost()
        place = await self.place(scope)
        try:
            told = await self._one(place.project, id)
        except (Missing, Rejected):
            return Lost()
        if not _is_there(dig(told, "fields"), place):
            return Lost()
        found = await self._items(place, [id])
        return found[0] if found else Lost()

    async def _one(self, project: str, id: str) -> Any:
        return await self._client.get(
            f"/{project}/_apis/wit/workitems/{id}", **{"$expand": "relations"}
        )

    async def ids(self, scope: str, cursor: str) -> Ids:
        found = await self._ids(await self.place(scope), cursor, IDS_MAX, "ASC")
        return Ids(frozenset(found), found[-1] if len(found) == IDS_MAX else "")

    async def _ids(
        self, place: Place, after: str, most: int, way: str, also: str = ""
    ) -> list[str]:
        behind = f" AND [System.Id] > {after}" if after.isdecimal() else ""
        query = (
            "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project"
            f"{place.wiql}{behind}{also} ORDER BY [System.Id] {way}"
        )
        told = await self._client.post(
            f"/{place.project}/_apis/wit/wiql", {"query": query}, **{"$top": most}
        )
        return [text(each, "id") for each in several(told, "workItems")]

    # --- writing ---

    async def find(self, scope: str, marker: str) -> Written | None:
        place = await self.place(scope)
        word = "".join(sign for sign in marker if sign.isalnum() or sign in "-_")
        also = f" AND [System.Tags] CONTAINS '{word}'"
        found = await self._ids(place, "", 1, "ASC", also)
        return self._written(await self._one(place.project, found[0])) if found else None

    async def create(self, scope: str, record: Record) -> Written:
        place = await self.place(scope)
        types = await self.types(place.project)
        if (kind := likeliest(record.kind, types)) is None:
            raise NotAllowed("Our account may not create anything in this Azure project.")
        path = f"/{place.project}/_apis/wit/workitems/${quote(kind.name)}"
        patch = new_item(record, place.areas[0][0] if place.areas else "")
        made = await self._client.call("POST", path, patch, headers={"Content-Type": PATCH})
        return await self.write(scope, born(record, text(made.data, "id")))

    async def write(self, scope: str, record: Record) -> Written:
        if not (record.id or "").isdecimal():
            raise Missing("Azure Boards has no such work item.")
        place = await self.place(scope)
        for left in reversed(range(TRIES)):
            told = await self._one(place.project, text(record.id))
            try:
                return await self._change(place.project, told, record)
            except Outdated:
                if not left:
                    raise
        raise AssertionError("the last try raises")

    async def _change(self, project: str, told: Any, record: Record) -> Written:
        """Change an item as it was read; raises Outdated where somebody was quicker."""
        types = await self.types(project)
        kind = types.get(line(told, "fields", "System.WorkItemType")) or Type("", {}, {}, {})
        path, plan = f"/{project}/_apis/wit/workitems/{record.id}", Plan(dict(record.change.fields))

        async def send(part: Part) -> None:
            nonlocal told
            score = note_in(record, plan) if part.keys() & scores else ""
            changes = [*operations(part | ({DISCUSSION: as_html(score)} if score else {}))]
            told = await self._client.patch(path, tested(dig(told, "rev"), changes))

        parts = plan.parts(partial(part_for, told, kind))
        scores = parts.get("score", {}).keys()
        await send_parts(plan, parts, send)
        if back := link_back(record, told):
            told = await self._client.patch(path, tested(dig(told, "rev"), back))
        return self._written(told, plan.left_out)

    def _written(self, told: Any, left_out: Mapping[str, str] = NOTHING) -> Written:
        shown = item(told, self.source, self._client.root, None, ())
        return Written(shown.id, shown.key, shown.link, shown.version, left_out)


def _is_id(id: str) -> bool:
    return id.isascii() and id.isdecimal() and len(id) <= 10


def _is_there(fields: Any, place: Place) -> bool:
    deleted = dig(fields, "System.IsDeleted") in (True, "true", "True")
    return not deleted and place.has(line(fields, "System.AreaPath"))
