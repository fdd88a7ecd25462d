"""What Jira takes from Hone: fields on the issue's own edit screen, and transitions that exist now.

Screens are the company's: a field that is missing on one is left out and named, never added.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from bot.records import Record
from bot.remote import CARDS, Abilities, FieldHome
from bot.text import alike
from bot.trackers.http import said
from bot.trackers.rich import document_of, inert
from bot.trackers.tracker import Missing, NotAllowed, Rejected, Written
from bot.trackers.values import (
    CALLED,
    dig,
    homes_by_name,
    labels_after,
    line,
    named,
    number,
    several,
    text,
    whole_set,
)
from bot.trackers.writing import (
    LeftOut,
    Part,
    Plan,
    Value,
    likeliest,
    part_of,
    send_parts,
    signed,
    unmovable,
)

if TYPE_CHECKING:
    from bot.trackers.jira.adapter import Jira

SYSTEM: Final = {"title": "summary", "owner": "assignee", "due": "duedate", "labels": "labels"}


async def abilities_of(jira: Jira, scope: str) -> Abilities:
    """Ask what is on the edit screen of a scope's newest issue; without any, of a new one."""
    place = await jira.place(scope)
    rights = await _rights(jira, place.project)
    newest = await jira.search(scope, f"({place.jql}) ORDER BY created DESC", most=1)
    kind = ""
    if newest.issues:
        kind = line(newest.issues[0], "fields", "issuetype", "name")
        path = f"{jira.client.api}/issue/{text(newest.issues[0], 'id')}/editmeta"
        screen = named(await jira.client.get(path), "fields")
    else:
        sort = await kind_for(jira, place.project, "story")
        kind = line(sort, "name")
        screen = await _new_screen(jira, place.project, text(sort, "id"))
    homes = await _homes(jira, screen, kind)
    if not rights["EDIT_ISSUES"]:
        why = "Our account may not edit issues there: a Jira admin can allow it."
        homes = {name: FieldHome(home.name, why) for name, home in homes.items()}
    if not rights["TRANSITION_ISSUES"]:
        why = "Our account may not move issues there: a Jira admin can allow it."
        homes["state"] = FieldHome(homes["state"].name, why)
    return Abilities(
        homes,
        creates=bool(place.project) and rights["CREATE_ISSUES"],
        numbers=tuple(name for _, name in _numbers(screen)),
    )


async def _rights(jira: Jira, project: str) -> dict[str, bool]:
    wanted = ("EDIT_ISSUES", "TRANSITION_ISSUES", "CREATE_ISSUES")
    params = {"permissions": ",".join(wanted)} | ({"projectId": project} if project else {})
    told = await jira.client.get(f"{jira.client.api}/mypermissions", **params)
    return {name: dig(told, "permissions", name, "havePermission") is True for name in wanted}


async def _homes(jira: Jira, screen: Mapping[str, Any], kind: str) -> dict[str, FieldHome]:
    """Return each field's home: those on the screen, and those that exist but are not on it."""
    homes = {"state": FieldHome("Status")}
    for ours, id in SYSTEM.items():
        name = line(screen, id, "name") or id.title()
        homes[ours] = FieldHome(name, "" if id in screen else _not_on_screen(name, kind))
    on_screen = _numbers_on(screen, jira.called)
    fields = await jira.fields()
    for ours in (*CARDS, "wsjf", "points"):
        if ours in on_screen:
            homes[ours] = FieldHome(on_screen[ours][1])
        elif ids := fields.ids.get(ours):
            name = fields.names[ids[0]]
            homes[ours] = FieldHome(name, _not_on_screen(name, kind))
    return whole_set(homes, "Jira")


def _not_on_screen(name: str, kind: str) -> str:
    return f"“{name}” is not on the edit screen of {kind}: a Jira admin can add it."


def _numbers_on(screen: Mapping[str, Any], called: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return our name of a number → the field of a screen that it goes to, its id and name."""
    return homes_by_name(_numbers(screen), called)


def _numbers(screen: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return id and name of each number on a screen."""
    return [
        (id, line(told, "name"))
        for id, told in screen.items()
        if text(told, "schema", "type") == "number"
    ]


async def _new_screen(jira: Jira, project: str, type_id: str) -> dict[str, Any]:
    if not type_id:
        return {}
    path = f"{jira.client.api}/issue/createmeta/{project}/issuetypes/{type_id}"
    told = await jira.client.get(path, maxResults=200)
    fields = several(told, "fields") or several(told, "values")
    return {text(each, "fieldId"): each for each in fields}


async def kind_for(jira: Jira, project: str, kind: str) -> Any:
    """Return the type that a new item of a kind gets in a project; raises Missing."""
    told = await jira.client.get(f"{jira.client.api}/issue/createmeta/{project}/issuetypes")
    types = [
        each
        for each in several(told, "issueTypes") or several(told, "values")
        if dig(each, "subtask") is not True
    ]
    if not types:
        raise NotAllowed("Our account may not create anything in this Jira project.")
    return likeliest(kind, {line(each, "name"): each for each in types})


class Writing:
    """One record on its way into Jira."""

    def __init__(self, jira: Jira, record: Record) -> None:
        self.jira = jira
        self.client = jira.client
        self.record = record

    async def change(self) -> Written:
        """Change a known issue: its fields in one call, then its state."""
        path = f"{self.client.api}/issue/{self.record.id}"
        issue = await self.client.get(
            path, fields="labels,status,issuetype", expand="editmeta,transitions"
        )
        kind = line(issue, "fields", "issuetype", "name") or "this issue"
        screen = named(issue, "editmeta", "fields")
        plan = Plan(dict(self.record.change.fields))

        async def send(part: Part) -> None:
            await self.client.put(path, {"fields": part} | self._on_behalf())

        await send_parts(plan, plan.parts(partial(self._part, screen, kind, issue)), send)
        if "state" in plan.fields:
            try:
                await self._move(path, issue, str(plan.fields["state"] or ""))
            except (LeftOut, Rejected, NotAllowed) as why:
                plan.leave_out("state", str(why))
        await self._link_back(path)
        return self.jira.written(issue, plan.left_out)

    async def create(self, project: str, kind: Any) -> tuple[str, dict[str, Value]]:
        """Create an issue; return its id, and what of the record it does not have yet.

        Some companies insist on fields from the first: all that the screen has go along. Where one
        of them is refused, none does.
        """
        screen = await _new_screen(self.jira, project, text(kind, "id"))
        words, fields = signed(self.record), dict(self.record.change.fields)
        needed: Part = {
            "project": {"id": project},
            "issuetype": {"id": text(kind, "id")},
            "summary": fields.pop("title", None),
            "description": document_of(words) if self.client.cloud else inert(words),
        }
        if "labels" in screen:
            needed["labels"] = [self.record.marker]
        parts = Plan(dict(fields)).parts(partial(self._part, screen, line(kind, "name"), None))
        taken = {id: value for part in parts.values() for id, value in part.items()}
        if "labels" in taken:
            taken["labels"] += needed["labels"]
        try:
            made = await self._post_new(needed | taken)
        except Rejected:
            if not parts:
                raise
            parts = {}
            made = await self._post_new(needed)
        rest = {name: value for name, value in fields.items() if part_of(name) not in parts}
        return text(made, "id"), rest

    async def _post_new(self, fields: Part) -> Any:
        mark = {"key": "hone", "value": {"marker": self.record.marker}}
        body = {"fields": fields, "properties": [mark]} | self._on_behalf()
        return await self.client.post(f"{self.client.api}/issue", body)

    def _on_behalf(self) -> Part:
        if not self.record.by:
            return {}
        return {"historyMetadata": {"type": "hone:write", "description": self.record.by}}

    def _part(
        self, screen: Mapping[str, Any], kind: str, issue: Any, name: str, value: Value
    ) -> Part:
        """Return what a field of Hone's sets; raises LeftOut for one that its screen lacks."""
        if name == "state":
            return {}
        id = SYSTEM.get(name) or _numbers_on(screen, self.jira.called).get(name, ("", ""))[0]
        if id not in screen:
            raise LeftOut(_not_on_screen(CALLED[name], kind))
        return {id: self._plain(name, value, issue)}

    def _plain(self, name: str, value: Value, issue: Any) -> Any:
        match name:
            case "owner":
                return {"accountId" if self.client.cloud else "name": value} if value else None
            case "due":
                return value.isoformat() if isinstance(value, date) else None
            case "labels" if isinstance(value, tuple):
                there = [text(each) for each in several(issue, "fields", "labels")]
                return [each.replace(" ", "-") for each in labels_after(there, value)]
            case "title":
                return value
            case _:
                return number(value)

    async def _move(self, path: str, issue: Any, wanted: str) -> None:
        """Take an issue to a state; raises LeftOut where no transition leads there now."""
        if alike(line(issue, "fields", "status", "name")) == alike(wanted):
            return
        ways = {line(e, "to", "name"): text(e, "id") for e in several(issue, "transitions")}
        id = next((id for name, id in ways.items() if alike(name) == alike(wanted)), None)
        if id is None:
            raise LeftOut(unmovable(text(issue, "key"), said(wanted), ways))
        body = {"transition": {"id": id}} | self._on_behalf()
        await self.client.post(f"{path}/transitions", body)

    async def _link_back(self, path: str) -> None:
        """Keep one link to Hone; the same `globalId` replaces it."""
        if not self.record.backlink:
            return
        link = {"url": self.record.backlink, "title": f"Hone #{self.record.number}"}
        body = {"globalId": f"hone:{self.record.number}", "object": link}
        with suppress(Rejected, NotAllowed, Missing):  # links may be turned off
            await self.client.post(f"{path}/remotelink", body)
