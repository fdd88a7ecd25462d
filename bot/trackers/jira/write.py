"""What Jira takes from Hone: fields on the issue's own edit screen, and transitions that exist now.

Screens are the company's: a field that is missing on one is left out and named, never added.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from bot.records import Record
from bot.remote import Abilities, FieldHome
from bot.trackers.http import said
from bot.trackers.jira.client import errors_by_field
from bot.trackers.jira.read import document_of
from bot.trackers.tracker import Missing, NotAllowed, Rejected, Written
from bot.trackers.values import (
    CALLED,
    CARDS,
    dig,
    homes_by_name,
    labels_after,
    line,
    number,
    several,
    text,
    whole_set,
)

if TYPE_CHECKING:
    from bot.trackers.jira.adapter import Jira

SYSTEM: Final = {"title": "summary", "owner": "assignee", "due": "duedate", "labels": "labels"}

_TYPES: Final = {
    "story": ("story", "user story", "task", "issue"),
    "improvement": ("improvement", "task", "story"),
    "feature": ("feature", "epic", "story"),
    "enabler": ("enabler", "technical task", "task", "story"),
}
"""Hone's kinds, and the types an item of it may get, the likelier first."""


async def abilities_of(jira: Jira, scope: str) -> Abilities:
    """Ask what is on the edit screen of a scope's newest issue; without any, of a new one."""
    place = await jira.place(scope)
    rights = await _rights(jira, place.project)
    newest = await jira.search(scope, f"({place.jql}) ORDER BY created DESC", most=1)
    kind = ""
    if newest.issues:
        kind = line(newest.issues[0], "fields", "issuetype", "name")
        path = f"{jira.client.api}/issue/{text(newest.issues[0], 'id')}/editmeta"
        screen = dig(await jira.client.get(path), "fields") or {}
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
    return Abilities(homes, creates=bool(place.project) and rights["CREATE_ISSUES"])


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
    on_screen = _numbers_on(screen)
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


def _numbers_on(screen: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return our name of a number → the field of a screen that it goes to."""
    return homes_by_name(
        (id, line(told, "name"))
        for id, told in screen.items()
        if text(told, "schema", "type") == "number"
    )


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
    by_name = {line(each, "name").casefold(): each for each in types}
    for name in _TYPES.get(kind, _TYPES["story"]):
        if name in by_name:
            return by_name[name]
    if not types:
        raise NotAllowed("Our account may not create anything in this Jira project.")
    return types[0]


class Writing:
    """One record on its way into Jira; what is left out is gathered in `left_out`."""

    def __init__(self, jira: Jira, record: Record) -> None:
        self.jira = jira
        self.client = jira.client
        self.record = record
        self.left_out: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        """Our name of a field → its id there."""

    async def change(self) -> Written:
        """Change a known issue: its fields in one call, then its state."""
        path = f"{self.client.api}/issue/{self.record.id}"
        issue = await self.client.get(
            path, fields="labels,status,issuetype", expand="editmeta,transitions"
        )
        screen = dig(issue, "editmeta", "fields") or {}
        fields = self._fields(screen, line(issue, "fields", "issuetype", "name"), issue)
        await self._send(path, fields)
        if "state" in self.record.change.fields:
            await self._move(path, issue)
        await self._link_back(path)
        return self.jira.written(issue, self.left_out)

    async def create(self, project: str, kind: Any) -> Written:
        """Create an issue; whatever its screen has no place for waits for the next change."""
        screen = await _new_screen(self.jira, project, text(kind, "id"))
        fields = self._fields(screen, line(kind, "name"), None)
        words = self.record.body + (f"\n\n{self.record.by}" if self.record.by else "")
        fields |= {
            "project": {"id": project},
            "issuetype": {"id": text(kind, "id")},
            "labels": [*fields.get("labels", ()), self.record.marker],
            "description": document_of(words) if self.client.cloud else words,
        }
        made = await self._post_new(fields)
        await self._link_back(f"{self.client.api}/issue/{text(made, 'id')}")
        return self.jira.written(made, self.left_out)

    async def _post_new(self, fields: dict[str, Any]) -> Any:
        mark = {"key": "hone", "value": {"marker": self.record.marker}}
        while True:
            body = {"fields": fields, "properties": [mark]} | self._on_behalf()
            try:
                return await self.client.post(f"{self.client.api}/issue", body)
            except Rejected as error:
                if not self._leave_out(error, fields):
                    raise

    async def _send(self, path: str, fields: dict[str, Any]) -> None:
        while fields:
            try:
                await self.client.put(path, {"fields": fields} | self._on_behalf())
                return
            except Rejected as error:
                if not self._leave_out(error, fields):
                    raise

    def _on_behalf(self) -> dict[str, Any]:
        if not self.record.by:
            return {}
        said_by = {"type": "hone:write", "description": self.record.by}
        return {"historyMetadata": said_by}

    def _fields(self, screen: Mapping[str, Any], kind: str, issue: Any) -> dict[str, Any]:
        """Return what goes into the issue's fields; what its screen lacks is left out."""
        numbers = _numbers_on(screen)
        fields: dict[str, Any] = {}
        for name, value in self.record.change.fields.items():
            if name == "state":
                continue
            id = SYSTEM.get(name) or numbers.get(name, ("", ""))[0]
            if id in screen:
                self.ids[name] = id
                fields[id] = self._value(name, value, issue)
            else:
                self.left_out[name] = _not_on_screen(CALLED[name], kind or "this issue")
        self._whole_score(fields)
        return fields

    def _whole_score(self, fields: dict[str, Any]) -> None:
        """Leave all four cards out where one is: three of them would say something else."""
        wanted = [name for name in CARDS if name in self.record.change.fields]
        why = next((self.left_out[name] for name in wanted if name in self.left_out), "")
        if why:
            for name in wanted:
                self.left_out.setdefault(name, why)
                fields.pop(self.ids.get(name, ""), None)

    def _value(self, name: str, value: Any, issue: Any) -> Any:
        match name:
            case "owner":
                return {"accountId" if self.client.cloud else "name": value} if value else None
            case "due":
                return value.isoformat() if isinstance(value, date) else None
            case "labels":
                there = [text(each) for each in several(issue, "fields", "labels")]
                return [each.replace(" ", "-") for each in labels_after(there, value or ())]
            case "title":
                return value
            case _:
                return number(value)

    def _leave_out(self, error: Rejected, fields: dict[str, Any]) -> bool:
        """Leave out the fields that Jira named in a refusal; False if it named none of ours."""
        errors = errors_by_field(error.data)
        ours = {id: name for name, id in self.ids.items()}
        named = [id for id in errors if id in fields and id in ours]
        for id in named:
            self.left_out[ours[id]] = f"Jira refused it: {said(errors[id])}"
            del fields[id]
        if "labels" in errors and "labels" in fields and "labels" not in ours:
            del fields["labels"]  # the marker: the screen for new ones has no labels
            named.append("labels")
        self._whole_score(fields)
        return bool(named)

    async def _move(self, path: str, issue: Any) -> None:
        wanted = str(self.record.change.fields["state"] or "")
        if line(issue, "fields", "status", "name").casefold() == wanted.casefold():
            return
        moves = several(issue, "transitions")
        for each in moves:
            if line(each, "to", "name").casefold() == wanted.casefold():
                try:
                    body = {"transition": {"id": text(each, "id")}} | self._on_behalf()
                    await self.client.post(f"{path}/transitions", body)
                except (Rejected, NotAllowed) as error:
                    self.left_out["state"] = str(error)
                return
        offered = ", ".join(dict.fromkeys(line(each, "to", "name") for each in moves)) or "nothing"
        self.left_out["state"] = (
            f"{text(issue, 'key')} can't go to {said(wanted)} from where it is: its workflow "
            f"offers {offered}."
        )

    async def _link_back(self, path: str) -> None:
        """Keep one link to Hone; the same `globalId` replaces it."""
        if not self.record.backlink:
            return
        link = {"url": self.record.backlink, "title": f"Hone #{self.record.number}"}
        try:
            await self.client.post(
                f"{path}/remotelink", {"globalId": f"hone:{self.record.marker}", "object": link}
            )
        except (Rejected, NotAllowed, Missing):
            return  # where links are turned off, the score stands there all the same
