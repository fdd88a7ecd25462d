"""One Linear workspace, followed team by team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from bot.records import Record
from bot.remote import Abilities, Account, FieldHome, RemoteItem, Scope
from bot.trackers.http import Door
from bot.trackers.linear import queries
from bot.trackers.linear.client import LinearClient
from bot.trackers.linear.read import is_lost, is_restricted, item
from bot.trackers.linear.write import SCORE, attachment_for, id_for, part_for
from bot.trackers.tracker import (
    NOTHING,
    Access,
    Ids,
    Lost,
    Missing,
    Page,
    Rejected,
    SignedOut,
    Written,
)
from bot.trackers.values import dig, kept, labels_after, line, moment, places, several, stamp, text
from bot.trackers.watermark import Watermark, watermark_in
from bot.trackers.writing import Part, Plan, born, marked, send_parts

OVERLAP: Final = timedelta(minutes=10)
ROWS_MAX: Final = 300
"""How many of a round's latest changes are kept until it ends."""

BEGINNING: Final = "2000-01-01T00:00:00Z"


class Linear:
    """A workspace; what is private there is never asked for, and counted where it is met."""

    kind = "linear"
    signs = "the score's attachment"
    leads_back = "the same attachment"

    def __init__(self, access: Access, door: Door) -> None:
        self._client = LinearClient(door, access)
        self._workspace = access.site.rpartition("/")[2]
        self.source = f"linear:{self._workspace}"

    async def account(self) -> Account:
        told = await self._client.ask(queries.VIEWER)
        workspace = text(told, "organization", "urlKey")
        if workspace and workspace.lower() != self._workspace.lower():
            raise SignedOut(f"This token is for the Linear workspace {workspace}, not this one.")
        return Account(text(told, "viewer", "id"), line(told, "viewer", "name"))

    async def scopes(self) -> tuple[Scope, ...]:
        teams: list[Any] = []
        after: str | None = ""
        while after is not None:
            told = await self._client.ask(queries.TEAMS, after=after or None)
            teams += several(told, "teams", "nodes")
            after = _next(dig(told, "teams"))
        open_to_all = (team for team in teams if not dig(team, "private"))
        return tuple(Scope(text(team, "id"), line(team, "name")) for team in open_to_all)

    async def abilities(self, scope: str) -> Abilities:
        team = await self._team(scope)
        homes = {
            "title": FieldHome("Title"),
            "owner": FieldHome("Assignee"),
            "due": FieldHome("Due date"),
            "labels": FieldHome("Labels"),
            "points": FieldHome("Estimate", _no_estimates(team)),
            "state": FieldHome("Status"),
        }
        homes |= {name: FieldHome("an attachment on the issue") for name in SCORE}
        return Abilities(homes)

    async def page(self, scope: str, cursor: str, now: datetime) -> Page:
        """Return a page of a round, which begins with the latest change: Linear orders only so.

        What changes meanwhile is read in the next round, which follows at once where this one took
        several pages and brought news.
        """
        at, before = watermark_in(cursor), places(cursor)
        states = await self._states(scope)
        since, after = stamp(at.since) or BEGINNING, text(before, "after") or None
        told = await self._client.ask(queries.PAGE, team=scope, since=since, after=after)
        issues = several(told, "issues", "nodes")
        goes_on = _next(dig(told, "issues"))
        fresh = at.fresh(_changed(issues))
        news = [issue for issue in issues if text(issue, "id") in fresh]
        there = [issue for issue in news if not is_lost(issue)]
        shown = (issue for issue in reversed(there) if not is_restricted(issue))
        brings_news = bool(news) or dig(before, "news") is True
        again = goes_on is None and after is not None and brings_news and not dig(before, "again")
        return Page(
            tuple(item(issue, self.source, states) for issue in shown),
            _following(at, before, issues, goes_on, news=brings_news, again=again),
            more=goes_on is not None or again,
            gone=tuple(text(issue, "id") for issue in news if is_lost(issue)),
            restricted=tuple(text(issue, "id") for issue in there if is_restricted(issue)),
        )

    async def one(self, scope: str, id: str) -> RemoteItem | Lost:
        try:
            issue = dig(await self._client.ask(queries.ONE, id=id), "issue")
        except Missing:
            return Lost()
        if issue is None or is_lost(issue) or dig(issue, "team", "id") != scope:
            return Lost()
        if is_restricted(issue):
            return Lost(restricted=True)
        states = await self._states(scope)
        return item(issue, self.source, states)

    async def ids(self, scope: str, cursor: str) -> Ids:
        told = await self._client.ask(queries.IDS, team=scope, after=cursor or None)
        issues = several(told, "issues", "nodes")
        living = frozenset(text(issue, "id") for issue in issues if not is_lost(issue))
        return Ids(living, _next(dig(told, "issues")) or "")

    async def find(self, scope: str, marker: str) -> Written | None:
        try:
            issue = dig(await self._client.ask(queries.ONE, id=id_for(marker)), "issue")
        except Missing:
            return None
        return None if issue is None or is_lost(issue) else _written(issue)

    async def create(self, scope: str, record: Record) -> Written:
        """Create an issue under an id of our own: asked twice, Linear has it once."""
        id = id_for(record.marker)
        given = {
            "id": id,
            "teamId": scope,
            "title": record.change.fields.get("title"),
            "description": marked(record),
            "createAsUser": record.by if self._client.is_app else None,
        }
        told = {name: value for name, value in given.items() if value}
        await self._client.ask(queries.CREATE, input=told)
        return await self.write(scope, born(record, id))

    async def write(self, scope: str, record: Record) -> Written:
        issue = dig(await self._client.ask(queries.ONE, id=record.id), "issue")
        if issue is None or is_lost(issue):
            raise Missing("Linear does not have this issue any more.")
        plan, labels = Plan(dict(record.change.fields)), list[str]()
        team: Any = await self._team(scope) if plan.fields.keys() & {"state", "labels"} else {}
        states = {line(each, "name"): text(each, "id") for each in several(team, "states", "nodes")}
        if isinstance(names := plan.fields.get("labels"), tuple):
            labels = await self._labels(scope, team, issue, names)

        async def send(part: Part) -> None:
            nonlocal issue
            try:
                told = await self._client.ask(queries.UPDATE, id=record.id, input=part)
            except Missing as error:  # the issue is there: what it should point to is not
                raise Rejected("Linear refused it: it does not have that any more.") from error
            issue = dig(told, "issueUpdate", "issue")

        await send_parts(plan, plan.parts(partial(part_for, states, labels)), send)
        if attachment := attachment_for(record, plan, text(issue, "id"), text(issue, "url")):
            await self._client.ask(queries.ATTACH, input=attachment)
        return _written(issue, plan.left_out)

    async def _labels(self, scope: str, team: Any, issue: Any, names: Sequence[str]) -> list[str]:
        """Return the ids of the labels an issue gets; what the team has none for is made."""
        known = {line(each, "name"): text(each, "id") for each in several(team, "labels", "nodes")}
        there = [line(each, "name") for each in several(issue, "labels", "nodes")]
        ids = []
        for name in labels_after(there, names):
            spelled = next((e for e in known if labels_after([e], [f"+{name}"]) == [e]), name)
            ids.append(known.get(spelled) or await self._new_label(scope, name))
        return ids

    async def _new_label(self, scope: str, name: str) -> str:
        told = await self._client.ask(queries.NEW_LABEL, input={"name": name, "teamId": scope})
        return text(told, "issueLabelCreate", "issueLabel", "id")

    async def _states(self, scope: str) -> list[str]:
        return [line(each, "name") for each in several(await self._team(scope), "states", "nodes")]

    async def _team(self, scope: str) -> Any:
        team = dig(await self._client.ask(queries.TEAM, id=scope), "team")
        if team is None or dig(team, "private"):
            raise Missing("This Linear team is not there any more, or it is private.")
        return team


def _changed(issues: Sequence[Any]) -> dict[str, datetime | None]:
    return {text(issue, "id"): moment(issue, "updatedAt") for issue in issues}


def _following(
    at: Watermark,
    before: Mapping[str, Any],
    issues: Sequence[Any],
    after: str | None,
    *,
    news: bool,
    again: bool,
) -> str:
    """Return where to go on: with this round's next page, or with the next round.

    A round that follows at once, `again`, is followed by no other: more may have changed lately
    than can be kept in `seen`.
    """
    begun = dig(before, "rows") or {}
    rows = {**begun, **{id: stamp(changed) for id, changed in _changed(issues).items()}}
    if after is None:
        changes = {id: moment({"at": told}, "at") for id, told in rows.items()}
        return kept(**places(at.after(changes, OVERLAP, more=False).cursor), again=again)
    newest = sorted(rows.items(), key=lambda row: row[1])[-ROWS_MAX:]
    return kept(
        since=stamp(at.since),
        seen=dict(at.seen),
        after=after,
        rows=dict(newest),
        news=news,
        again=dig(before, "again") is True,
    )


def _next(connection: Any) -> str | None:
    """Return where the next page begins, None behind the last."""
    if not dig(connection, "pageInfo", "hasNextPage"):
        return None
    return text(connection, "pageInfo", "endCursor") or None


def _no_estimates(team: Any) -> str:
    if text(team, "issueEstimationType") in ("", "notUsed"):
        return "This Linear team has no estimates: its settings can turn them on."
    return ""


def _written(issue: Any, left_out: Mapping[str, str] = NOTHING) -> Written:
    key, link = text(issue, "identifier"), text(issue, "url")
    return Written(text(issue, "id"), key, link, stamp(moment(issue, "updatedAt")), left_out)
