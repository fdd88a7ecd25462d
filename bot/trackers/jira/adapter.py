"""What Hone asks of Jira: its projects and boards, what changed there, what can be written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.records import Change, Record
from bot.remote import Abilities, Account, RemoteItem, Scope
from bot.trackers.http import Door
from bot.trackers.jira.client import JiraClient
from bot.trackers.jira.read import Fields, account_of, fields_of, is_restricted, item_of
from bot.trackers.jira.write import Writing, abilities_of, kind_for
from bot.trackers.paging import whole_list
from bot.trackers.tracker import (
    NOTHING,
    PAGE_ITEMS_MAX,
    Access,
    Ids,
    Lost,
    Missing,
    NotAllowed,
    Page,
    Rejected,
    Written,
)
from bot.trackers.values import dig, kept, line, moment, places, several, text
from bot.trackers.watermark import watermark_in

OVERLAP: Final = timedelta(minutes=10)
"""How far Jira's search may lag behind what was just changed."""

MINUTE: Final = timedelta(minutes=1)
"""Nothing finer is known to its query language."""

IDS_MAX: Final = 1_000
RECONCILED_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a search, and how to get the next; "" behind the last."""

    issues: Sequence[Any]
    token: str


@dataclass(frozen=True, slots=True)
class Place:
    """What a scope is to Jira: a condition of its query language, and the project for new ones."""

    jql: str
    project: str


class Jira:
    """One Jira site."""

    kind = "jira"
    signs = "the history of the change"
    leads_back = "a link"

    def __init__(self, access: Access, door: Door) -> None:
        self.source = f"jira:{access.site}"
        self.client = JiraClient(door, access)
        self.called = access.called
        self._me: Any = None
        self._fields: Fields | None = None
        self._places: dict[str, Place] = {}

    # --- who and what ---

    async def account(self) -> Account:
        self._me = None
        me = await self.me()
        return Account(account_of(me), line(me, "displayName") or account_of(me))

    async def me(self) -> Any:
        if self._me is None:
            self._me = await self.client.get(f"{self.client.api}/myself")
        return self._me

    async def fields(self) -> Fields:
        if self._fields is None:
            told = await self.client.get(f"{self.client.api}/field")
            self._fields = fields_of(told, self.called)
        return self._fields

    async def scopes(self) -> tuple[Scope, ...]:
        """Return the projects, then the boards; without the right to see boards, projects alone."""
        projects = [
            Scope(f"project:{text(each, 'id')}", f"{line(each, 'name')} ({text(each, 'key')})")
            for each in await self._projects()
        ]
        try:
            boards = await self._listed("/rest/agile/1.0/board")
        except (NotAllowed, Missing, Rejected):
            boards = []
        return (
            *projects,
            *(Scope(f"board:{text(e, 'id')}", f"{line(e, 'name')} (board)") for e in boards),
        )

    async def _projects(self) -> list[Any]:
        if self.client.cloud:
            return await self._listed(f"{self.client.api}/project/search", orderBy="name")
        listed = await self.client.get(f"{self.client.api}/project")
        return sorted(several(listed), key=lambda each: line(each, "name").casefold())

    async def _listed(self, path: str, **params: str) -> list[Any]:
        async def some(known: int) -> tuple[list[Any], bool]:
            page = await self.client.get(path, startAt=known, maxResults=50, **params)
            return several(page, "values"), dig(page, "isLast") is False

        return await whole_list(some)

    async def place(self, scope: str) -> Place:
        """Return what a scope means; raises Missing for one that is not there."""
        if scope not in self._places:
            sort, _, id = scope.partition(":")
            if not id.isdecimal():
                raise Missing("Jira has no such project.")
            if sort == "board":
                told = await self.client.get(f"/rest/agile/1.0/board/{id}/configuration")
                board = await self.client.get(f"/rest/agile/1.0/board/{id}")
                jql = f"filter = {text(told, 'filter', 'id')}"
                self._places[scope] = Place(jql, text(board, "location", "projectId"))
            else:
                self._places[scope] = Place(f"project = {id}", id)
        return self._places[scope]

    async def abilities(self, scope: str) -> Abilities:
        self._fields = None  # an admin may have added one since
        return await abilities_of(self, scope)

    # --- reading ---

    async def page(self, scope: str, cursor: str, now: datetime) -> Page:
        """Return what changed since, by Jira's own clock and in the account's zone.

        Jira's query language knows minutes only, and its search lags behind: each reading begins
        ten minutes before the last change that was seen, and leaves out what stands in `seen`
        unchanged. Within one reading, a page begins at the minute in which the last one ended, so
        that issues which change meanwhile make no other slip through; only a minute with more
        changes than a page holds is paged through.
        """
        at, before = watermark_in(cursor), places(cursor)
        begun = dig(before, "begun") is True
        jql = f"({(await self.place(scope)).jql})"
        if at.since is not None:
            jql += f' AND updated >= "{await self._in_their_zone(at.since)}"'
        found = await self.search(
            scope, f"{jql} ORDER BY updated ASC", text(before, "token"), reconciled=[*at.seen]
        )
        changed = {text(each, "id"): moment(each, "fields", "updated") for each in found.issues}
        after = at.after(changed, OVERLAP, more=bool(found.token), grain=MINUTE)
        goes_on = found.token if _minute(after.since) == _minute(at.since) else ""
        fresh = at.fresh(changed)
        news = [issue for issue in found.issues if text(issue, "id") in fresh]
        shown = [issue for issue in news if not is_restricted(issue)]
        cursor = kept(**places(after.cursor), token=goes_on, begun=begun or not found.token)
        return Page(
            items=await self._items(shown, whole=begun),
            cursor=cursor,
            more=bool(found.token),
            restricted=tuple(text(issue, "id") for issue in news if is_restricted(issue)),
        )

    async def one(self, scope: str, id: str) -> RemoteItem | Lost:
        if not id.isdecimal():  # anything else would be a path, or part of a query
            return Lost()
        place = await self.place(scope)
        fields = await self.fields()
        try:
            issue = await self.client.get(
                f"{self.client.api}/issue/{id}",
                fields=",".join(fields.asked),
                expand="transitions" if self.client.cloud else "transitions,changelog",
            )
        except (Missing, NotAllowed):
            return Lost()
        if is_restricted(issue):
            return Lost(restricted=True)
        if place.jql == f"project = {place.project}":
            belongs = text(issue, "fields", "project", "id") == place.project
        else:
            jql = f"({place.jql}) AND id = {id}"
            belongs = bool((await self.search(scope, jql, reconciled=[id])).issues)
        return (await self._items([issue], whole=True))[0] if belongs else Lost()

    async def ids(self, scope: str, cursor: str) -> Ids:
        jql = f"({(await self.place(scope)).jql}) ORDER BY id ASC"
        found = await self.search(scope, jql, cursor, asked=["security"], most=IDS_MAX)
        shown = (text(issue, "id") for issue in found.issues if not is_restricted(issue))
        return Ids(frozenset(shown), found.token)

    async def search(
        self,
        scope: str,
        jql: str,
        token: str = "",
        *,
        asked: Sequence[str] | None = None,
        most: int = PAGE_ITEMS_MAX,
        reconciled: Sequence[str] = (),
    ) -> Found:
        """Return a page of issues; `reconciled` are ids it must not lag behind with."""
        fields = list(asked) if asked is not None else (await self.fields()).asked
        body: dict[str, Any] = {"jql": jql, "maxResults": most, "fields": fields}
        try:
            if not self.client.cloud:
                body |= {"startAt": int(token or 0)}
                body |= {} if asked else {"expand": ["changelog", "transitions"]}
                told = await self.client.post(f"{self.client.api}/search", body)
                issues = several(told, "issues")
                end = int(token or 0) + len(issues)
                total = dig(told, "total")
                more = bool(issues) and isinstance(total, int) and end < total
                return Found(issues, str(end) if more else "")
            body |= {"nextPageToken": token} if token else {}
            body |= {} if asked else {"expand": "transitions"}
            if reconciled:
                body["reconcileIssues"] = [int(id) for id in reconciled[:RECONCILED_MAX]]
            told = await self.client.post(f"{self.client.api}/search/jql", body)
            last = dig(told, "isLast") is True
            return Found(several(told, "issues"), "" if last else text(told, "nextPageToken"))
        except Rejected:
            # Jira calls the query wrong where a project or a filter is not there any more.
            place = await self.place(scope)
            self._places.clear()
            await self.place(scope)
            await self.client.get(f"{self.client.api}/project/{place.project}")
            raise

    async def _items(self, issues: Sequence[Any], *, whole: bool) -> tuple[RemoteItem, ...]:
        """Return issues with their histories: of all changes, or at first only of states."""
        fields, own = await self.fields(), account_of(await self.me())
        histories = await self._histories(issues, whole=whole)
        return tuple(
            item_of(issue, fields, self.source, self.client.site, histories[text(issue, "id")], own)
            for issue in issues
        )

    async def _histories(self, issues: Sequence[Any], *, whole: bool) -> Mapping[str, list[Any]]:
        found = {text(each, "id"): several(each, "changelog", "histories") for each in issues}
        token = ""
        while self.client.cloud and found:
            body: dict[str, Any] = {"issueIdsOrKeys": sorted(found), "maxResults": 1_000}
            body |= {} if whole else {"fieldIds": ["status"]}
            body |= {"nextPageToken": token} if token else {}
            told = await self.client.post(f"{self.client.api}/changelog/bulkfetch", body)
            for each in several(told, "issueChangeLogs"):
                found.setdefault(text(each, "issueId"), []).extend(several(each, "changeHistories"))
            if not (token := text(told, "nextPageToken")):
                break
        return found

    async def _in_their_zone(self, at: datetime) -> str:
        """Return an instant as the query language reads it: in the account's zone.

        Where clocks are changed one hour is there twice, or never; then it is asked for before it.
        """
        try:
            zone = ZoneInfo(text(await self.me(), "timeZone") or "UTC")
        except (ValueError, OSError):
            at, zone = at - timedelta(hours=14), ZoneInfo("UTC")  # nobody is farther off
        hour = timedelta(hours=1)
        if (at - hour).astimezone(zone).utcoffset() != (at + hour).astimezone(zone).utcoffset():
            at -= hour
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"

    # --- writing ---

    async def find(self, scope: str, marker: str) -> Written | None:
        jql = f'({(await self.place(scope)).jql}) AND labels = "{_word(marker)}"'
        for issue in (await self.search(scope, jql, most=1)).issues:
            return self.written(issue)
        return None

    async def create(self, scope: str, record: Record) -> Written:
        project = (await self.place(scope)).project
        kind = await kind_for(self, project, record.kind)
        id, rest = await Writing(self, record).create(project, kind)
        return await self.write(scope, replace(record, id=id, change=Change(rest)))

    async def write(self, scope: str, record: Record) -> Written:
        if not (record.id or "").isdecimal():
            raise Missing("Jira has no such issue.")
        return await Writing(self, record).change()

    def written(self, issue: Any, left_out: Mapping[str, str] = NOTHING) -> Written:
        key = text(issue, "key")
        return Written(text(issue, "id"), key, f"{self.client.site}/browse/{key}", "", left_out)


def _minute(at: datetime | None) -> datetime | None:
    return at and at.replace(second=0, microsecond=0)


def _word(marker: str) -> str:
    return "".join(sign for sign in marker if sign.isalnum() or sign in "-_")
