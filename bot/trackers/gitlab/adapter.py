"""A GitLab, followed by group or by project."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from bot.records import Record
from bot.remote import Abilities, Account, FieldHome, RemoteItem, Scope
from bot.trackers.gitlab.client import PAGE_ITEMS, GitLabClient
from bot.trackers.gitlab.read import id_of, is_gone, is_restricted, item, path_of
from bot.trackers.gitlab.write import SCORE, part_for
from bot.trackers.http import Door
from bot.trackers.tracker import (
    NOTHING,
    Access,
    Ids,
    Lost,
    Missing,
    NotAllowed,
    Page,
    Rejected,
    TrackerError,
    Written,
)
from bot.trackers.values import dig, hidden, line, moment, several, stamp, text
from bot.trackers.watermark import watermark_in
from bot.trackers.writing import Part, Plan, body_of, born, keep_note, note_in, send_parts

OVERLAP: Final = timedelta(minutes=10)
REPORTER: Final = 20
"""The role that may edit issues: https://docs.gitlab.com/user/permissions/."""

NO_MEMBER: Final = "GitLab did not take this owner: they may be no member there any more."
NO_WEIGHTS: Final = "This GitLab keeps no weights: they are part of its paid plans."


class GitLab:
    kind = "gitlab"
    signs = "one comment, with the score"
    leads_back = "the same comment"

    def __init__(self, access: Access, door: Door) -> None:
        self._client = GitLabClient(door, access)
        self.source = f"gitlab:{access.site}"

    async def account(self) -> Account:
        me = await self._client.get("/user")
        if self._client.bearer is not None:  # its tokens are no personal ones
            return Account(text(me, "id"), line(me, "name"))
        try:
            token = await self._client.get("/personal_access_tokens/self")
        except TrackerError:  # older ones do not tell
            token = {}
        until = moment(token, "expires_at")
        return Account(text(me, "id"), line(me, "name"), until)

    async def scopes(self) -> tuple[Scope, ...]:
        groups = await self._client.all("/groups", min_access_level=REPORTER)
        projects = await self._client.all("/projects", membership="true", archived="false")
        return (
            *(Scope(f"groups/{text(each, 'id')}", line(each, "full_name")) for each in groups),
            *(
                Scope(f"projects/{text(each, 'id')}", line(each, "name_with_namespace"))
                for each in projects
                if dig(each, "issues_enabled") is not False
            ),
        )

    async def abilities(self, scope: str) -> Abilities:
        place = await self._client.get(f"/{scope}")
        why = (
            ""
            if _may_edit(place)
            else "Our account may only read there: it needs the role Reporter."
        )
        homes = {
            "title": "Title",
            "owner": "Assignee",
            "due": "Due date",
            "labels": "Labels",
            "points": "Weight",
            "state": "Status",
            **dict.fromkeys(SCORE, "one comment on the issue"),
        }
        return Abilities(
            {name: FieldHome(home, why) for name, home in homes.items()},
            creates=scope.startswith("projects/") and not why,
        )

    async def page(self, scope: str, cursor: str, now: datetime) -> Page:
        at = watermark_in(cursor)
        told = await self._client.get(
            f"/{scope}/issues",
            scope="all",
            order_by="updated_at",
            sort="asc",
            per_page=PAGE_ITEMS,
            page=at.skip // PAGE_ITEMS + 1,
            **({"updated_after": stamp(at.since)} if at.since else {}),
        )
        issues = told if isinstance(told, list) else []
        changed = {id_of(issue): moment(issue, "updated_at") for issue in issues}
        more, fresh = len(issues) == PAGE_ITEMS, at.fresh(changed)
        news = [issue for issue in issues if id_of(issue) in fresh]
        there = [issue for issue in news if not is_gone(issue)]
        shown = (self._item(issue) for issue in there if not is_restricted(issue))
        return Page(
            tuple(await asyncio.gather(*shown)),
            at.after(changed, OVERLAP, more=more).cursor,
            more,
            gone=tuple(id_of(issue) for issue in news if is_gone(issue)),
            restricted=tuple(id_of(issue) for issue in there if is_restricted(issue)),
        )

    async def _item(self, issue: Any) -> RemoteItem:
        path = path_of(id_of(issue))
        events, links = await asyncio.gather(
            self._client.all(f"{path}/resource_state_events"), self._client.all(f"{path}/links")
        )
        return item(issue, self.source, events, links)

    async def one(self, scope: str, id: str) -> RemoteItem | Lost:
        try:
            issue = await self._issue(id)
        except Missing:
            return Lost()
        if is_gone(issue) or not await self._belongs(scope, issue):
            return Lost()
        return Lost(restricted=True) if is_restricted(issue) else await self._item(issue)

    async def _belongs(self, scope: str, issue: Any) -> bool:
        sort, _, number = scope.partition("/")
        if sort == "projects":
            return text(issue, "project_id") == number
        group = text(await self._client.get(f"/{scope}"), "full_path").lower()
        return text(issue, "references", "full").lower().startswith(f"{group}/")

    async def _issue(self, id: str) -> Any:
        if not (path := path_of(id)):
            raise Missing("GitLab does not have this.")
        return await self._client.get(path)

    async def ids(self, scope: str, cursor: str) -> Ids:
        page = int(cursor or 1)
        told = await self._client.get(
            f"/{scope}/issues",
            scope="all",
            order_by="created_at",
            sort="asc",
            confidential="false",
            per_page=PAGE_ITEMS,
            page=page,
        )
        issues = told if isinstance(told, list) else []
        following = str(page + 1) if len(issues) == PAGE_ITEMS else ""
        return Ids(frozenset(id_of(each) for each in issues if not is_gone(each)), following)

    async def find(self, scope: str, marker: str) -> Written | None:
        told = await self._client.get(
            f"/{scope}/issues", scope="all", search=marker, **{"in": "description"}
        )
        found = [
            issue
            for issue in (told if isinstance(told, list) else [])
            if hidden(marker) in str(dig(issue, "description"))
        ]
        return _written(found[0]) if found else None

    async def create(self, scope: str, record: Record) -> Written:
        if not scope.startswith("projects/"):
            raise NotAllowed("GitLab's groups hold no issues of their own: follow a project.")
        given = {"title": record.change.fields.get("title"), "description": body_of(record)}
        issue = await self._client.post(f"/{scope}/issues", given)
        return await self.write(scope, born(record, id_of(issue)))

    async def write(self, scope: str, record: Record) -> Written:
        issue = await self._issue(record.id or "")
        path, plan = path_of(id_of(issue)), Plan(dict(record.change.fields))

        async def send(part: Part) -> None:
            nonlocal issue
            issue = await self._client.put(path, part)
            if "weight" in part and dig(issue, "weight") != part["weight"]:
                plan.leave_out("points", NO_WEIGHTS)
            if wanted := part.get("assignee_ids"):
                have = [dig(each, "id") for each in several(issue, "assignees")]
                if wanted[0] not in have:  # GitLab leaves strangers out, and says nothing
                    plan.leave_out("owner", NO_MEMBER)

        await send_parts(plan, plan.parts(partial(part_for, issue)), send)
        try:
            await self._note(f"{path}/notes", note_in(record, plan))
        except (Rejected, NotAllowed) as error:
            for name in SCORE:
                plan.leave_out(name, str(error))
        return _written(issue, plan.left_out)

    async def _note(self, path: str, note: str) -> None:
        """Tell the score in our comment: the one that is there, or a first one."""
        if not note:
            return

        async def change(id: str, body: Part) -> None:
            await self._client.put(f"{path}/{id}", body)

        comments = await self._client.all(path, order_by="created_at", sort="asc")
        await keep_note(note, comments, partial(self._client.post, path), change)


def _may_edit(place: Any) -> bool:
    """Whether our role in a group or a project suffices; where it is not told, it is tried."""
    access = dig(place, "permissions")
    levels = [dig(access, name, "access_level") for name in ("project_access", "group_access")]
    known = [level for level in levels if isinstance(level, int)]
    return max(known) >= REPORTER if known else True


def _written(issue: Any, left_out: Mapping[str, str] = NOTHING) -> Written:
    key, link = text(issue, "references", "full"), text(issue, "web_url")
    return Written(id_of(issue), key, link, stamp(moment(issue, "updated_at")), left_out)
