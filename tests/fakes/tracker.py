"""A tracker of a few lines: keeps what it is told, and fails as its test says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.records import Record
from bot.remote import Abilities, Account, FieldHome, RemoteItem, Scope
from bot.trackers.tracker import Ids, Lost, Missing, Outdated, Page, Rejected, Silent, Written

EVERYTHING = Abilities(
    {
        name: FieldHome(words)
        for name, words in {
            "title": "Summary",
            "owner": "Assignee",
            "due": "Due date",
            "labels": "Labels",
            "points": "Story points",
            "state": "Status",
            "ubv": "Business Value",
            "tc": "Time Criticality",
            "rroe": "Risk Reduction",
            "size": "Job Size",
            "wsjf": "WSJF",
        }.items()
    }
)


@dataclass
class Issue:
    key: str
    fields: dict[str, Any] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    marker: str = ""
    version: int = 1
    body: str = ""
    by: str = ""


@dataclass
class FakeTracker:
    """Raises the next of `troubles` instead of answering; a Silent one takes effect first.

    `refuses` are fields it will not take, with its words. With a `lock` it checks versions.
    `finds` is whether its search knows what was created just now.
    """

    kind: str = "sample"
    source: str = "sample:sample"
    signs: str = "its history"
    leads_back: str = "a link"
    issues: dict[str, Issue] = field(default_factory=dict)
    can: Abilities = EVERYTHING
    troubles: list[Exception] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    moves: dict[str, tuple[str, ...]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    lock: bool = False
    finds: bool = True

    async def account(self) -> Account:
        return Account("hone", "Hone")

    async def scopes(self) -> tuple[Scope, ...]:
        return (Scope("PAY", "Payments"),)

    async def abilities(self, scope: str) -> Abilities:
        return self.can

    async def page(self, scope: str, cursor: str, now: datetime) -> Page:
        return Page((), cursor)

    async def one(self, scope: str, id: str) -> RemoteItem | Lost:
        return Lost()

    async def ids(self, scope: str, cursor: str) -> Ids:
        return Ids(frozenset(self.issues))

    async def find(self, scope: str, marker: str) -> Written | None:
        self._call("find")
        known = [id for id, issue in self.issues.items() if issue.marker == marker]
        return self._written(known[0], {}) if known and self.finds else None

    async def create(self, scope: str, record: Record) -> Written:
        self._silent("create", raise_it=False)
        id = str(100 + len(self.issues))
        self.issues[id] = Issue(f"PAY-{id}", marker=record.marker, body=record.body, by=record.by)
        left_out = self._take(self.issues[id], record)
        self._silent("create")
        return self._written(id, left_out)

    async def write(self, scope: str, record: Record) -> Written:
        self._silent("write", raise_it=False)
        assert record.id is not None
        if record.id not in self.issues:
            raise Missing("PAY has no such item any more.")
        issue = self.issues[record.id]
        if self.lock and record.version != str(issue.version):
            raise Outdated("It was changed meanwhile.")
        left_out = self._take(issue, record)
        self._silent("write")
        return self._written(record.id, left_out)

    def _take(self, issue: Issue, record: Record) -> dict[str, str]:
        change = record.change.fields
        left_out = {name: why for name, why in self.refuses.items() if name in change}
        for name, value in change.items():
            if name in left_out:
                continue
            if name == "labels":
                assert isinstance(value, tuple)
                added = [label[1:] for label in value if label[0] == "+"]
                gone = {label[1:] for label in value if label[0] == "-"}
                issue.labels = [each for each in issue.labels if each not in gone] + added
            elif name == "state" and value not in self.moves.get(issue.fields["state"], (value,)):
                raise Rejected(f"PAY cannot move from {issue.fields['state']} to {value}.")
            else:
                issue.fields[name] = value
        issue.version += 1
        issue.by = record.by
        return left_out

    def _written(self, id: str, left_out: Mapping[str, str]) -> Written:
        issue = self.issues[id]
        url = f"https://tracker.example/{issue.key}"
        return Written(id, issue.key, url, str(issue.version), left_out)

    def _call(self, name: str) -> None:
        self.calls.append(name)
        if self.troubles:
            raise self.troubles.pop(0)

    def _silent(self, name: str, *, raise_it: bool = True) -> None:
        """Fail before anything was done; a Silent answer gets lost behind it."""
        if not raise_it:
            self.calls.append(name)
        if self.troubles and isinstance(self.troubles[0], Silent) == raise_it:
            raise self.troubles.pop(0)
