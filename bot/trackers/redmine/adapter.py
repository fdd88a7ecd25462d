"""What Hone asks of a Redmine: projects, what changed there, what its account may write.

Redmine tells histories only issue by issue, and takes a field that it does not let us change with a
friendly 204; so issues are read one by one, and what was written is read back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from bot.records import Record
from bot.remote import CARDS, Abilities, Account, FieldHome, RemoteItem, Scope
from bot.trackers.http import Client, Door
from bot.trackers.paging import whole_list
from bot.trackers.redmine.read import States, customs_of, is_private, item_of, states_of
from bot.trackers.rich import inert
from bot.trackers.tracker import NOTHING, Access, Ids, Lost, Missing, NotAllowed, Page, Written
from bot.trackers.values import (
    dig,
    homes_by_name,
    line,
    marker_in,
    moment,
    number,
    several,
    text,
    whole_set,
)
from bot.trackers.watermark import watermark_in
from bot.trackers.writing import (
    LeftOut,
    Part,
    Value,
    born,
    likeliest,
    marked,
    part_of,
    planned,
    send_parts,
    unmovable,
)

PAGE_ITEMS: Final = 25
LIST_MAX: Final = 100
AT_ONCE: Final = 4
OVERLAP: Final = timedelta(minutes=1)

NOT_TAKEN: Final = (
    "Redmine did not take it: our account's role may not change this field there, or the value is "
    "not allowed."
)

_WHOLE: Final = "journals,relations,allowed_statuses"


class RedmineClient(Client):
    def words(self, data: Any) -> str:
        return ". ".join(str(each) for each in several(data, "errors"))


class Redmine:
    """One Redmine."""

    kind = "redmine"
    signs = "the journal"
    leads_back = "the description of new items"

    def __init__(self, access: Access, door: Door) -> None:
        self.source = f"redmine:{access.site}"
        self.site = door.root(access.site)
        key = access.given.get("token", "")
        self.client = RedmineClient(door, "Redmine", self.site, {"X-Redmine-API-Key": key})
        self._called = access.called
        self._states: States | None = None
        self._me = ""

    async def account(self) -> Account:
        user = dig(await self.client.get("/users/current.json"), "user")
        name = f"{line(user, 'firstname')} {line(user, 'lastname')}".strip()
        self._me = text(user, "id")
        return Account(self._me, name or text(user, "login"))

    async def _own(self) -> str:
        return self._me or (await self.account()).id

    async def states(self) -> States:
        if self._states is None:
            self._states = states_of(await self.client.get("/issue_statuses.json"))
        return self._states

    async def scopes(self) -> tuple[Scope, ...]:
        async def some(known: int) -> tuple[list[Any], bool]:
            page = await self.client.get("/projects.json", offset=known, limit=LIST_MAX)
            rows = several(page, "projects")
            return rows, known + len(rows) < (number(page, "total_count") or 0)

        found = await whole_list(some)
        named = [Scope(text(each, "id"), line(each, "name")) for each in found]
        return tuple(sorted(named, key=lambda scope: scope.name.casefold()))

    # --- reading ---

    async def page(self, scope: str, cursor: str, now: datetime) -> Page:
        """Return what changed since, by Redmine's clock, to the second.

        A page begins at the second in which the last one ended; only a second with more changes
        than a page holds is paged through by an offset.
        """
        at = watermark_in(cursor)
        found, total = await self._list(scope, at.since, at.skip, PAGE_ITEMS)
        changed = {text(each, "id"): moment(each, "updated_on") for each in found}
        more = bool(found) and at.skip + len(found) < total
        fresh = at.fresh(changed)
        hidden = [text(each, "id") for each in found if is_private(each)]
        return Page(
            items=await self._whole(scope, [id for id in changed if id in fresh - {*hidden}]),
            cursor=at.after(changed, OVERLAP, more=more).cursor,
            more=more,
            restricted=tuple(id for id in hidden if id in fresh),
        )

    async def _list(
        self, scope: str, since: datetime | None, skip: int, most: int, **more: str
    ) -> tuple[list[Any], int]:
        """Return some issues of a project alone, oldest change first, and how many there are."""
        params: dict[str, str | int] = {
            "project_id": _number(scope),
            "subproject_id": "!*",
            "status_id": "*",
            "sort": "updated_on:asc,id:asc",
            "offset": skip,
            "limit": most,
            **more,
        }
        if since is not None:
            params["updated_on"] = f">={since:%Y-%m-%dT%H:%M:%SZ}"
        told = await self.client.get("/issues.json", **params)
        return several(told, "issues"), int(number(told, "total_count") or 0)

    async def _whole(self, scope: str, ids: Sequence[str]) -> tuple[RemoteItem, ...]:
        turn = asyncio.Semaphore(AT_ONCE)

        async def read(id: str) -> RemoteItem | Lost:
            async with turn:
                return await self.one(scope, id)

        await self._own()
        await self.states()
        found = await asyncio.gather(*(read(id) for id in ids))
        return tuple(each for each in found if isinstance(each, RemoteItem))

    async def one(self, scope: str, id: str) -> RemoteItem | Lost:
        if not id.isascii() or not id.isdecimal():
            return Lost()
        try:
            issue = await self._issue(id)
        except (Missing, NotAllowed):
            return Lost()
        if is_private(issue):
            return Lost(restricted=True)
        if text(issue, "project", "id") != scope:
            return Lost()
        return item_of(
            issue, await self.states(), self.source, self.site, await self._own(), self._called
        )

    async def _issue(self, id: str) -> Any:
        return dig(await self.client.get(f"/issues/{_number(id)}.json", include=_WHOLE), "issue")

    async def ids(self, scope: str, cursor: str) -> Ids:
        skip = int(number(cursor) or 0)
        found, total = await self._list(scope, None, skip, LIST_MAX, sort="id:asc")
        shown = (text(each, "id") for each in found if not is_private(each))
        end = skip + len(found)
        return Ids(frozenset(shown), str(end) if found and end < total else "")

    # --- writing ---

    async def abilities(self, scope: str) -> Abilities:
        """Return the homes that the newest issue has; what is refused in the end is read back."""
        project = await self._project(scope)
        found, _ = await self._list(scope, None, 0, 1, sort="id:desc")
        customs = list(customs_of(found[0])) if found else []
        customs += [
            (text(each, "id"), line(each, "name"))
            for each in several(project, "issue_custom_fields")
        ]
        names = tuple(dict.fromkeys(name for _, name in customs))
        return Abilities(_homes(customs, self._called), numbers=names)

    async def _project(self, scope: str) -> Any:
        path = f"/projects/{_number(scope)}.json"
        return dig(await self.client.get(path, include="trackers,issue_custom_fields"), "project")

    async def find(self, scope: str, marker: str) -> Written | None:
        found, _ = await self._list(scope, None, 0, LIST_MAX, description=f"~{marker}")
        for issue in found:
            if marker_in([text(issue, "description")]) == marker:
                return self._written(text(issue, "id"))
        return None

    async def create(self, scope: str, record: Record) -> Written:
        trackers = several(await self._project(scope), "trackers")
        chosen = likeliest(record.kind, {line(each, "name"): each for each in trackers})
        issue = {
            "project_id": number(scope),
            "tracker_id": number(chosen, "id"),
            "subject": record.change.fields.get("title"),
            "description": inert(marked(record)),
        }
        made = dig(await self.client.post("/issues.json", {"issue": issue}), "issue")
        return await self.write(scope, born(record, text(made, "id")))

    async def write(self, scope: str, record: Record) -> Written:
        """Change an issue in one call, then read back what of it stands there."""
        id = record.id or ""
        issue, states = await self._issue(id), await self.states()
        homes = homes_by_name(customs_of(issue), self._called)
        plan = planned(record, _homes(list(customs_of(issue)), self._called), "Redmine")
        ways = [line(each, "name") for each in several(issue, "allowed_statuses")]

        def told(name: str, value: Value) -> Part:
            if _stands(issue, name, homes) == _plain(name, value):
                return {}
            if name == "state" and value not in ways:
                raise LeftOut(unmovable(id, value, ways))
            return _there(name, value, homes, states)

        async def send(part: Part) -> None:
            customs = [{"id": int(id), "value": v} for id, v in part.items() if id.isdecimal()]
            body = {name: value for name, value in part.items() if not name.isdecimal()}
            body |= {"custom_fields": customs} if customs else {}
            body |= {"notes": inert(record.by)} if record.by else {}
            await self.client.put(f"/issues/{_number(id)}.json", {"issue": body})

        parts = plan.parts(told)
        await send_parts(plan, parts, send)
        after = await self._issue(id) if parts else issue
        for name in [name for name in plan.fields if part_of(name) in parts]:
            if _stands(after, name, homes) != _plain(name, plan.fields.get(name)):
                plan.left_out[name] = NOT_TAKEN
        return self._written(id, plan.left_out)

    def _written(self, id: str, left_out: Mapping[str, str] = NOTHING) -> Written:
        return Written(id, id, f"{self.site}/issues/{id}", left_out=left_out)


def _number(id: str) -> str:
    if not id.isascii() or not id.isdecimal():
        raise Missing("Redmine has no such issue or project.")
    return id


def _homes(customs: Sequence[tuple[str, str]], called: Mapping[str, str]) -> dict[str, FieldHome]:
    homes = {
        "title": FieldHome("Subject"),
        "owner": FieldHome("Assignee"),
        "due": FieldHome("Due date"),
        "state": FieldHome("Status"),
    }
    found = homes_by_name(customs, called)
    homes |= {
        ours: FieldHome(found[ours][1]) for ours in (*CARDS, "wsjf", "points") if ours in found
    }
    return whole_set(homes, "Redmine")


def _there(name: str, value: Value, homes: Mapping[str, tuple[str, str]], states: States) -> Part:
    """Return Redmine's name of a field, or the id of a custom one, with the value."""
    match name:
        case "title":
            return {"subject": value}
        case "owner":
            return {"assigned_to_id": value or ""}
        case "due":
            return {"due_date": _plain(name, value)}
        case "state":
            return {"status_id": number(states.id_of(str(value))) or 0}
        case _:
            return {homes[name][0]: _plain(name, value)}


def _plain(name: str, value: Any) -> str:
    """Return a value as text, to compare it with what stands there."""
    if isinstance(value, date):
        return value.isoformat()
    if name in ("title", "owner", "state"):
        return " ".join(str(value or "").split())
    return text(number(value)) or ("" if value is None else str(value))


def _stands(issue: Any, name: str, homes: Mapping[str, tuple[str, str]]) -> str:
    match name:
        case "title":
            return line(issue, "subject")
        case "owner":
            return text(issue, "assigned_to", "id")
        case "due":
            return text(issue, "due_date")
        case "state":
            return line(issue, "status", "name")
    id = homes.get(name, ("", ""))[0]
    found = (dig(e, "value") for e in several(issue, "custom_fields") if text(e, "id") == id)
    return _plain(name, number(next(found, None)))
