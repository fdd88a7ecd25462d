"""What Hone asks of Jira Align: a program's items, and custom fields for a score.

Its own WSJF tab is not open to its API, so scores go to number fields that an admin adds, and only
there. An item with a twin in Jira is written there: Align takes over what Jira says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from bot.records import Record
from bot.remote import Abilities, Account, FieldHome, Planned, RemoteItem, Scope
from bot.trackers.align.client import API, ROWS_MAX, AlignClient
from bot.trackers.align.plan import ALL, TEAM, current, is_at, is_of, name_of, objective_of, pi_of
from bot.trackers.align.read import (
    STATES,
    customs_of,
    homes_in,
    id_of,
    is_gone,
    item_of,
    key_of,
    link_of,
    named_in,
)
from bot.trackers.http import Door
from bot.trackers.paging import LIST_MAX, whole_list
from bot.trackers.rich import as_html
from bot.trackers.tracker import (
    NOTHING,
    Access,
    Ids,
    Lost,
    Missing,
    NotAllowed,
    Page,
    Rejected,
    Unreadable,
    Written,
)
from bot.trackers.values import line, moment, number, text, whole_set
from bot.trackers.watermark import turn_in
from bot.trackers.writing import (
    LeftOut,
    Part,
    Value,
    born,
    marked,
    planned,
    send_parts,
    unmovable,
)

KINDS: Final = ("epics", "capabilities", "features")
OVERLAP: Final = timedelta(minutes=5)

Homes = dict[str, tuple[str, str]]
"""Hone's field → id and label of a custom field."""

_PATHS: Final = {
    "title": "/title",
    "owner": "/ownerId",
    "due": "/targetCompletionDate",
    "points": "/points",
    "state": "/state",
}


class Align:
    """One Jira Align."""

    kind = "align"
    signs = ""
    leads_back = "the description of new items"

    def __init__(self, access: Access, door: Door) -> None:
        self.source = f"align:{access.site}"
        self.client = AlignClient(door, access)
        self.site = self.client.root
        self._called = access.called
        self._numbers: tuple[str, ...] = ()
        self._homes: dict[str, Homes] = {}
        self._people: dict[str, str] = {}

    async def account(self) -> Account:
        """Return whose token it is; older versions only tell whether it is one."""
        try:
            told = await self.client.get(f"{API}/users/current")
        except (Missing, Rejected):
            await self.client.rows("programs")
            return Account("token", "whoever made the token")
        return Account(text(told, "id"), _name(told))

    async def scopes(self) -> tuple[Scope, ...]:
        async def some(start: int) -> tuple[list[Any], bool]:
            rows = await self.client.rows("programs", start=start, order="title")
            return rows, len(rows) == ROWS_MAX

        found = await whole_list(some)
        return tuple(Scope(text(each, "id"), line(each, "title")) for each in found)

    # --- reading ---

    async def page(self, scope: str, cursor: str, now: datetime) -> Page:
        """Return what changed since, by Align's clock, to the second: epics first."""
        turn = turn_in(cursor, KINDS)
        since = turn.mark.since
        condition = f" and lastUpdatedDate ge {since:%Y-%m-%dT%H:%M:%SZ}" if since else ""
        rows = await self._rows(turn.name, scope, condition, turn.mark.skip)
        changed = {id_of(turn.name, row): moment(row, "lastUpdatedDate") for row in rows}
        fresh = turn.mark.fresh(changed)
        cursor, more = turn.after(changed, OVERLAP, more=len(rows) == ROWS_MAX)
        new = [row for row in rows if id_of(turn.name, row) in fresh]
        return Page(
            items=await self._items(turn.name, [row for row in new if not is_gone(row)]),
            cursor=cursor,
            more=more,
            gone=tuple(id_of(turn.name, row) for row in new if is_gone(row)),
        )

    async def _rows(
        self, kind: str, scope: str, condition: str, start: int, order: str = "lastUpdatedDate"
    ) -> list[Any]:
        if not scope.isascii() or not scope.isdecimal():
            raise Missing("Jira Align has no such program.")
        rows = await self.client.rows(
            kind, f"primaryProgramId eq {scope}{condition}", start=start, order=f"{order},id"
        )
        if not rows:
            await self.client.get(f"{API}/programs/{scope}")  # raises Missing
        return rows

    async def one(self, scope: str, id: str) -> RemoteItem | Lost:
        try:
            kind, row = await self._row(scope, id)
        except (Missing, NotAllowed):
            return Lost()
        return (await self._items(kind, [row]))[0]

    async def _row(self, scope: str, id: str) -> tuple[str, Any]:
        """Return an item's kind and what Align tells of it; raises Missing unless it is here."""
        kind, _, own = id.partition(":")
        if kind not in KINDS or not own.isascii() or not own.isdecimal():
            raise Missing("Jira Align has no such item.")
        row = await self.client.get(f"{API}/{kind}/{own}")
        if is_gone(row) or text(row, "primaryProgramId") != scope:
            raise Missing("Jira Align does not have this item in this program any more.")
        return kind, row

    async def ids(self, scope: str, cursor: str) -> Ids:
        kind, _, skip = (cursor or f"{KINDS[0]}:0").partition(":")
        kind = kind if kind in KINDS else KINDS[0]
        start = int(skip) if skip.isdecimal() else 0
        rows = await self._rows(kind, scope, "", start, "id")
        ids = frozenset(id_of(kind, row) for row in rows if not is_gone(row))
        if len(rows) == ROWS_MAX:
            return Ids(ids, f"{kind}:{start + len(rows)}")
        after = KINDS.index(kind) + 1
        return Ids(ids, f"{KINDS[after]}:0" if after < len(KINDS) else "")

    async def _items(self, kind: str, rows: Sequence[Any]) -> tuple[RemoteItem, ...]:
        if not rows:
            return ()
        homes = await self._homes_of(kind, text(rows[0], "id"))
        await self._meet({text(row, "ownerId") for row in rows} - {"", "0"})
        return tuple(
            item_of(kind, row, source=self.source, site=self.site, homes=homes, people=self._people)
            for row in rows
        )

    async def _meet(self, owners: set[str]) -> None:
        """Learn the names of people whom we do not know yet."""
        unknown = sorted(owners - self._people.keys())
        for start in range(0, len(unknown), 20):
            some = " or ".join(f"id eq {id}" for id in unknown[start : start + 20])
            for each in await self.client.rows("users", some):
                self._people[text(each, "id")] = _name(each)

    async def _homes_of(self, kind: str, id: str) -> Homes:
        """Return the custom fields that a kind has for scores, as one of its items tells them."""
        if kind not in self._homes:
            try:
                told = await self.client.get(f"{API}/{kind}/{id}/editmeta")
            except (Missing, Rejected, NotAllowed):
                told = None
            self._homes[kind] = homes_in(told, self._called)
            self._numbers = tuple(dict.fromkeys(name for _, name in named_in(told) if name))
        return self._homes[kind]

    # --- planning ---

    async def _plans(self, scope: str) -> tuple[Scope, ...]:
        """Return whose objectives there are: the whole program's, and each team's in it."""
        try:
            teams = await self._whole("teams", f"programId eq {scope}")
        except (Missing, NotAllowed):
            teams = []
        here = (each for each in teams if is_at(each, scope))
        found = (Scope(f"{TEAM}{text(each, 'id')}", name_of(each)) for each in here)
        return Scope(ALL, "the whole program"), *(each for each in found if each.name)

    async def planned(self, scope: str, plan: str, pi: str, now: datetime) -> Planned:
        releases = await self._whole("releases", f"programIds/any(p: p eq {scope})")
        here = (each for each in releases if is_at(each, scope) and not is_gone(each))
        pis = [found for each in here if (found := pi_of(each))]
        same = [each for each in pis if each.id == pi]
        found = same[0] if same else current(pis, now.date())
        if found is None:
            return Planned(plan)
        rows = await self._whole("objectives", f"releaseIds/any(r: r eq {found.id})")
        ours = (e for e in rows if is_of(e, found.id, scope, plan) and not is_gone(e))
        return Planned(plan, found, tuple(objective_of(each) for each in ours))

    async def _whole(self, kind: str, condition: str) -> list[Any]:
        """Return all rows of a kind; where Align cannot look for some of them, everybody's."""

        async def some(start: int) -> tuple[list[Any], bool]:
            rows = await self.client.rows(kind, asked, start=start)
            return rows, len(rows) == ROWS_MAX

        asked = condition
        try:
            found = await whole_list(some)
        except Rejected:
            asked = ""
            found = await whole_list(some)
        if len(found) >= LIST_MAX:  # the rest would seem to be gone
            raise Unreadable(f"Jira Align has too many {kind} to look through.")
        return found

    # --- writing ---

    async def abilities(self, scope: str) -> Abilities:
        self._homes.clear()  # an admin may have added a field since
        homes: Homes = {}
        for kind in reversed(KINDS):
            if rows := await self._rows(kind, scope, "", 0):
                homes = await self._homes_of(kind, text(rows[0], "id"))
                break
        return Abilities(_places(homes), numbers=self._numbers, plans=await self._plans(scope))

    async def find(self, scope: str, marker: str) -> Written | None:
        for kind in reversed(KINDS):
            for row in await self._rows(kind, scope, f" and contains(description,'{marker}')", 0):
                return self._written(kind, row)
        return None

    async def create(self, scope: str, record: Record) -> Written:
        """Create a feature; its marker ends its description."""
        body = {
            "title": record.change.fields.get("title"),
            "description": as_html(marked(record)),
            "primaryProgramId": int(scope),
            "state": 0,
        }
        made = await self.client.post(f"{API}/features", body)
        id = f"features:{text(made, 'id') or text(made)}"
        return await self.write(scope, born(record, id))

    async def write(self, scope: str, record: Record) -> Written:
        """Change an item in one call; where that is refused, field by field, so one is named."""
        kind, row = await self._row(scope, record.id or "")
        homes = await self._homes_of(kind, text(row, "id"))
        plan = planned(record, _places(homes), "Jira Align")
        key = key_of(kind, row)
        customs = {custom: place for custom, place, _ in customs_of(row)}

        def told(name: str, value: Value) -> Part:
            if twin := line(row, "externalKey"):
                raise LeftOut(f"{key} is {twin} in Jira, and is written there.")
            if name == "state" and value not in STATES:
                raise LeftOut(unmovable(key, value, STATES))
            if name in _PATHS:
                return {_PATHS[name]: _plain(name, value)}
            id = homes[name][0]
            if id not in customs:
                raise LeftOut(f"{key} does not have the field “{homes[name][1]}”.")
            return {f"/customFields/{customs[id]}/{id}": [{"value": number(value)}]}

        async def send(part: Part) -> None:
            operations = [{"op": "replace", "path": p, "value": v} for p, v in part.items()]
            await self.client.patch(kind, text(row, "id"), operations)

        await send_parts(plan, plan.parts(told), send)
        return self._written(kind, row, plan.left_out)

    def _written(self, kind: str, row: Any, left_out: Mapping[str, str] = NOTHING) -> Written:
        link = link_of(self.site, kind, row)
        return Written(id_of(kind, row), key_of(kind, row), link, left_out=left_out)


def _places(homes: Homes) -> dict[str, FieldHome]:
    found = {
        "title": FieldHome("Title"),
        "owner": FieldHome("Owner"),
        "due": FieldHome("Target Completion Date"),
        "points": FieldHome("Points"),
        "state": FieldHome("State"),
        **{ours: FieldHome(label) for ours, (_, label) in homes.items()},
    }
    return whole_set(found, "Jira Align")


def _plain(name: str, value: Any) -> Any:
    match name:
        case "owner":
            return int(str(value)) if str(value or "").isdecimal() else None
        case "due":
            return f"{value.isoformat()}T00:00:00Z" if isinstance(value, date) else None
        case "state":
            return STATES.index(str(value))
        case "points":
            return number(value)
        case _:
            return value


def _name(user: Any) -> str:
    name = f"{line(user, 'firstName')} {line(user, 'lastName')}".strip()
    return name or line(user, "fullName") or line(user, "email")
