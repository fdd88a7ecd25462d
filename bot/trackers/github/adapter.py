"""GitHub, followed repository by repository."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from bot.records import Record
from bot.remote import Abilities, Account, FieldHome, RemoteItem, Scope
from bot.trackers.github.client import PAGE_ITEMS, GitHubClient
from bot.trackers.github.read import is_issue, item, key_of, path_of, repository_of
from bot.trackers.github.write import IN_FIELD, NUMBERS, part_for
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
    Written,
)
from bot.trackers.values import (
    dig,
    hidden,
    homes_by_name,
    line,
    moment,
    number,
    several,
    stamp,
    text,
    whole_set,
)
from bot.trackers.watermark import watermark_in
from bot.trackers.writing import Part, Plan, body_of, born, keep_note, note_in, send_parts

OVERLAP: Final = timedelta(minutes=10)
RECENT: Final = 100
"""How many of the newest issues are looked at for a marker: a list is never late, a search is."""

MORE: Final = """
query More($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Issue {
      id
      parent { id }
      assignees(first: 1) { nodes { login name } }
      projectItems(first: 5) {
        nodes {
          status: fieldValueByName(name: "Status") {
            ... on ProjectV2ItemFieldSingleSelectValue { name }
          }
          iteration: fieldValueByName(name: "Iteration") {
            ... on ProjectV2ItemFieldIterationValue { title }
          }
        }
      }
    }
  }
}
"""
WHERE: Final = """
query Where($id: ID!) {
  node(id: $id) { ... on Issue { number repository { nameWithOwner } } }
}
"""


class GitHub:
    kind = "github"
    signs = "one comment"
    leads_back = "the same comment"

    def __init__(self, access: Access, door: Door) -> None:
        self._client = GitHubClient(door, access)
        self.source = f"github:{access.site}"
        self._called = access.called

    async def account(self) -> Account:
        if self._client.is_app:
            await self._client.get("/installation/repositories", per_page=1)
            return Account("app", "Hone's app")
        answer = await self._client.call("GET", "/user")
        ends = answer.headers.get("GitHub-Authentication-Token-Expiration", "")
        until = moment({"at": ends.removesuffix(" UTC").replace(" +0000", "")}, "at")
        return Account(text(answer.data, "login"), text(answer.data, "login"), until)

    async def scopes(self) -> tuple[Scope, ...]:
        path = "/installation/repositories" if self._client.is_app else "/user/repos"
        names = [
            text(each, "full_name")
            for each in await self._client.all(path)
            if dig(each, "has_issues") is not False and dig(each, "archived") is not True
        ]
        return tuple(Scope(name, name) for name in sorted(names, key=str.casefold))

    async def abilities(self, scope: str) -> Abilities:
        rights = dig(await self._client.get(f"/repos/{scope}"), "permissions")
        may = any(dig(rights, name) for name in ("push", "maintain", "admin", "triage"))
        why = "" if may or rights is None else "Our token may only read issues there."
        homes = {
            name: FieldHome(home, why)
            for name, home in (
                ("title", "Title"),
                ("owner", "Assignees"),
                ("labels", "Labels"),
                ("state", "State"),
            )
        }
        numbers = await self._numbers(scope)
        homes |= {ours: FieldHome(name, why) for ours, (_, name) in self._homes(numbers).items()}
        names = tuple(name for _, name in numbers)
        return Abilities(whole_set(homes, "GitHub"), creates=not why, numbers=names)

    def _homes(self, numbers: Sequence[tuple[str, str]]) -> dict[str, tuple[str, str]]:
        """Return Hone's field → (id, name) of the organisation's number field for it."""
        found = homes_by_name(numbers, self._called)
        return {name: home for name, home in found.items() if name in NUMBERS}

    async def _numbers(self, scope: str) -> list[tuple[str, str]]:
        """Return (id, name) of the organisation's number fields."""
        try:
            told = await self._client.get(f"/orgs/{scope.partition('/')[0]}/issue-fields")
        except (Missing, NotAllowed):  # a person's repositories have no organisation
            return []
        return [
            (text(each, "id"), line(each, "name"))
            for each in several(told)
            if text(each, "data_type") == "number" and number(each, "id")
        ]

    async def page(self, scope: str, cursor: str, now: datetime) -> Page:
        at = watermark_in(cursor)
        told = await self._client.get(
            f"/repos/{scope}/issues",
            state="all",
            sort="updated",
            direction="asc",
            per_page=PAGE_ITEMS,
            page=at.skip // PAGE_ITEMS + 1,
            **({"since": stamp(at.since)} if at.since else {}),
        )
        rows = told if isinstance(told, list) else []
        changed = {text(row, "node_id"): moment(row, "updated_at") for row in rows}
        more, fresh = len(rows) == PAGE_ITEMS, at.fresh(changed)
        news = [row for row in rows if is_issue(row) and text(row, "node_id") in fresh]
        cursor = at.after(changed, OVERLAP, more=more).cursor
        return Page(tuple(await self._items(news)), cursor, more)

    async def _items(self, issues: Sequence[Any]) -> list[RemoteItem]:
        more = await self._more([text(issue, "node_id") for issue in issues])
        return await asyncio.gather(
            *(self._item(issue, more.get(text(issue, "node_id"))) for issue in issues)
        )

    async def _more(self, ids: Sequence[str]) -> dict[str, Any]:
        """Return id → what projects and parents say; nothing where our token may not ask."""
        if not ids:
            return {}
        try:
            told = await self._client.ask(MORE, ids=list(ids))
        except (NotAllowed, Missing):
            return {}
        return {text(each, "id"): each for each in several(told, "nodes") if each}

    async def _item(self, issue: Any, more: Any) -> RemoteItem:
        events, blocked_by = [], []
        if dig(issue, "closed_at") or text(issue, "state_reason") == "reopened":
            events = await self._client.all(f"{path_of(issue)}/events")
        if dig(issue, "issue_dependencies_summary", "total_blocked_by"):
            blocked_by = await self._client.all(f"{path_of(issue)}/dependencies/blocked_by")
        return item(issue, self.source, events, more, blocked_by, self._called)

    async def one(self, scope: str, id: str) -> RemoteItem | Lost:
        try:
            issue = await self._issue(id)
        except Missing:
            return Lost()
        if repository_of(issue).lower() != scope.lower():
            return Lost()
        return (await self._items([issue]))[0]

    async def _issue(self, id: str) -> Any:
        """Return an issue by its node, wherever it was transferred to."""
        told = dig(await self._client.ask(WHERE, id=id), "node")
        if not dig(told, "number"):
            raise Missing("GitHub does not have this issue any more.")
        where = text(told, "repository", "nameWithOwner")
        return await self._client.get(f"/repos/{where}/issues/{text(told, 'number')}")

    async def ids(self, scope: str, cursor: str) -> Ids:
        page = int(cursor or 1)
        told = await self._client.get(
            f"/repos/{scope}/issues",
            state="all",
            sort="created",
            direction="asc",
            per_page=PAGE_ITEMS,
            page=page,
        )
        rows = told if isinstance(told, list) else []
        following = str(page + 1) if len(rows) == PAGE_ITEMS else ""
        return Ids(frozenset(text(row, "node_id") for row in rows if is_issue(row)), following)

    async def find(self, scope: str, marker: str) -> Written | None:
        told = await self._client.get(
            f"/repos/{scope}/issues", state="all", sort="created", direction="desc", per_page=RECENT
        )
        rows = told if isinstance(told, list) else []
        found = (row for row in rows if hidden(marker) in str(dig(row, "body")))
        issue = next(found, None)
        return None if issue is None else _written(issue)

    async def create(self, scope: str, record: Record) -> Written:
        given = {"title": record.change.fields.get("title"), "body": body_of(record)}
        issue = await self._client.post(f"/repos/{scope}/issues", given)
        return await self.write(scope, born(record, text(issue, "node_id")))

    async def write(self, scope: str, record: Record) -> Written:
        issue = await self._issue(record.id or "")
        plan = Plan(dict(record.change.fields))
        scored = bool(plan.fields.keys() & set(NUMBERS))
        homes = self._homes(await self._numbers(scope)) if scored else {}

        async def send(part: Part) -> None:
            nonlocal issue
            numbers = {k.removeprefix(IN_FIELD): v for k, v in part.items() if IN_FIELD in k}
            if given := {name: value for name, value in part.items() if IN_FIELD not in name}:
                issue = (await self._client.call("PATCH", path_of(issue), given)).data
            await self._set_numbers(f"{path_of(issue)}/issue-field-values", numbers)

        await send_parts(plan, plan.parts(partial(part_for, issue, homes)), send)
        await self._note(issue, note_in(record, plan))
        return _written(issue, plan.left_out)

    async def _set_numbers(self, path: str, numbers: Part) -> None:
        """Set the organisation's fields, all in one call; what is empty there stays so."""
        given = [{"field_id": number(id), "value": v} for id, v in numbers.items() if v is not None]
        if given:
            await self._client.post(path, {"issue_field_values": given})
        for id in (id for id, value in numbers.items() if value is None):
            with suppress(Missing):
                await self._client.call("DELETE", f"{path}/{id}")

    async def _note(self, issue: Any, note: str) -> None:
        """Keep one comment on an issue; where its conversation is locked to us, there is none."""
        if not note:
            return
        path = f"{path_of(issue)}/comments"

        async def change(id: str, body: Part) -> None:
            where = f"/repos/{repository_of(issue)}/issues/comments/{id}"
            await self._client.call("PATCH", where, body)

        with suppress(NotAllowed, Missing, Rejected):
            comments = await self._client.all(path)
            await keep_note(note, comments, partial(self._client.post, path), change)


def _written(issue: Any, left_out: Mapping[str, str] = NOTHING) -> Written:
    updated = stamp(moment(issue, "updated_at"))
    return Written(
        text(issue, "node_id"), key_of(issue), text(issue, "html_url"), updated, left_out
    )
