"""What a Jira to test against says of its issues: their fields, screens and histories."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.fakes.trackers.board import Board, Json, Thing

ZONE = "America/New_York"
"""Of our account: its queries are read in it."""

CUSTOM = {
    "points": ("customfield_10016", "Story point estimate"),
    "ubv": ("customfield_10031", "Business Value"),
    "tc": ("customfield_10032", "Time Criticality"),
    "rroe": ("customfield_10033", "RR-OE"),
    "size": ("customfield_10034", "Job Size"),
    "wsjf": ("customfield_10035", "WSJF"),
}
SYSTEM = {
    "title": "summary",
    "owner": "assignee",
    "due": "duedate",
    "labels": "labels",
    "description": "description",
}
TYPES = [
    {"id": "10001", "name": "Story", "subtask": False},
    {"id": "10002", "name": "Epic", "subtask": False},
    {"id": "10003", "name": "Sub-task", "subtask": True},
]
CATEGORIES = {"To Do": "new", "In Progress": "indeterminate", "Done": "done"}
READABLE = {
    *("summary", "description", "issuetype", "status", "resolution", "assignee", "duedate"),
    *("labels", "parent", "issuelinks", "created", "updated", "resolutiondate", "security"),
    *("project", "priority", "customfield_10019", "customfield_10020"),
    *(id for id, _ in CUSTOM.values()),
}


class JiraShapes(Board):
    """Issues as Jira's JSON has them; `cloud` tells which of its two sorts."""

    cloud = True

    def __init__(self) -> None:
        super().__init__()
        self.project = ("PAY", "Payments")
        """The key and the name of the project that is followed."""
        self.types: dict[int, str] = {}
        """What an issue is; one that is not named is a Story."""
        self.deleted_fields: set[str] = set()
        """Hone's names of fields that an admin deleted."""

    def user(self, account: str) -> Json:
        told = {"displayName": self.people[account]}
        if self.cloud:
            return told | {"accountId": account, "accountType": "atlassian"}
        return told | {"name": account, "key": f"JIRAUSER{len(account)}"}

    def issue(self, thing: Thing, asked: list[str]) -> Json:
        assert set(asked) <= READABLE, set(asked) - READABLE
        fields = self._all_fields(thing)
        project = self.project[0] if thing.scope == self.scope else "WEB"
        return {
            "id": str(thing.id),
            "key": f"{project}-{thing.id}",
            "fields": {name: fields[name] for name in asked},
        }

    def _all_fields(self, thing: Thing) -> Json:
        words: Any = thing.description or None
        if self.cloud and words:
            content = [{"type": "paragraph", "content": [{"type": "text", "text": words}]}]
            words = {"type": "doc", "version": 1, "content": content}
        parent = self.things.get(thing.parent or 0)
        fields: Json = dict.fromkeys(READABLE)
        fields |= {
            "summary": thing.title,
            "description": words,
            "issuetype": {"id": "10001", "name": self.types.get(thing.id, "Story")},
            "status": {
                "name": thing.state,
                "statusCategory": {
                    "key": CATEGORIES.get(thing.state, "indeterminate"),
                    "name": thing.state,
                },
            },
            "resolution": {"name": "Done"} if thing.finished else None,
            "assignee": self.user(thing.owner) if thing.owner else None,
            "duedate": thing.due.isoformat() if thing.due else None,
            "labels": thing.labels,
            "issuelinks": [
                {
                    "type": {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"},
                    "inwardIssue": {"id": str(id), "key": f"PAY-{id}"},
                }
                for id in thing.blocked_by
            ],
            "created": self.time(thing.created),
            "updated": self.time(thing.updated),
            "resolutiondate": self.time(thing.finished) if thing.finished else None,
            "security": {"id": "1", "name": "Board only"} if thing.restricted else None,
            "project": {"id": thing.scope.partition(":")[2]},
            "priority": {"name": "High"},
            "customfield_10019": f"0|i{thing.id:05}:",
            "customfield_10020": [{"name": "Sprint 1"}, {"name": "Sprint 2"}],
        }
        if parent:
            fields["parent"] = {"id": str(parent.id), "key": f"PAY-{parent.id}"}
        fields |= {CUSTOM[name][0]: value for name, value in thing.numbers.items()}
        return fields | {CUSTOM["points"][0]: thing.points}

    def time(self, at: datetime) -> str:
        return f"{at.astimezone(ZoneInfo(ZONE)):%Y-%m-%dT%H:%M:%S.000%z}"

    def histories(self, thing: Thing) -> list[Json]:
        return [
            {
                "id": str(number),
                "author": self.user(each.who),
                "created": self.time(each.at),
                "items": [
                    {
                        "field": "status" if each.name == "state" else each.name,
                        "fieldId": "status" if each.name == "state" else each.name,
                        "fromString": str(each.before),
                        "toString": str(each.after),
                    }
                ],
            }
            for number, each in enumerate(thing.history)
        ]

    def screen(self) -> dict[str, Json]:
        """Return the fields that can be edited, by their ids."""
        kinds = {id: (id.title(), "string", ours) for ours, id in SYSTEM.items()}
        kinds |= {id: (name, "number", ours) for ours, (id, name) in CUSTOM.items()}
        return {
            id: {
                "key": id,
                "name": name,
                "operations": ["set"],
                "required": False,
                "schema": {"type": kind},
            }
            for id, (name, kind, ours) in kinds.items()
            if ours not in self.off_screen | self.deleted_fields
        }

    def transitions(self, thing: Thing) -> list[Json]:
        if thing.id in self.stuck:
            return []
        return [
            {"id": str(number), "name": f"To {state}", "to": {"name": state}}
            for number, state in enumerate(self.states)
            if state != thing.state
        ]
