"""The sample tracker's projects, workflow and people, and the tickets that stand there at first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from bot.remote import Abilities, FieldHome, Scope
from bot.trackers.values import homes_by_name
from storage import Store

PROJECTS: Mapping[str, Scope] = {
    scope.id: scope for scope in (Scope("PAY", "Payments"), Scope("OPS", "Operations"))
}

WORKFLOW: Mapping[str, tuple[str, ...]] = {
    "To Do": ("In Progress", "Won't Do"),
    "In Progress": ("In Review", "To Do", "Won't Do"),
    "In Review": ("Done", "In Progress"),
    "Done": ("In Progress",),
    "Won't Do": ("To Do",),
}
"""A state → where a ticket may go from it."""

CATEGORIES: Mapping[str, str] = {
    "To Do": "to do",
    "In Progress": "in progress",
    "In Review": "in progress",
    "Done": "done",
    "Won't Do": "done",
}

PEOPLE: Mapping[str, str] = {"ada": "Ada Park", "grace": "Grace Lin", "tomas": "Tomás Ruiz"}
"""Account → name. Somebody of the same name in the workspace is the same person."""

_HOMES = {
    "title": "Title",
    "owner": "Assignee",
    "due": "Due date",
    "labels": "Labels",
    "points": "Story Points",
    "state": "Status",
    "ubv": "Business Value",
    "tc": "Time Criticality",
    "rroe": "Risk Reduction",
    "size": "Job Size",
    "wsjf": "WSJF",
}


NUMBERS: Final[Mapping[str, str]] = {
    _HOMES[column]: column for column in ("ubv", "tc", "rroe", "size", "wsjf")
}
"""The name of a number → the column that holds it."""


def columns_of(called: Mapping[str, str]) -> dict[str, str]:
    """Return Hone's field → the column that it goes to, as people said what it is called."""
    numbers = ((column, name) for name, column in NUMBERS.items())
    return {ours: column for ours, (column, _) in homes_by_name(numbers, called).items()}


def abilities_of(project: str, called: Mapping[str, str]) -> Abilities:
    """Return what can be written; one project lacks a field, as real ones do."""
    columns = columns_of(called)
    homes = {name: FieldHome(there) for name, there in _HOMES.items() if there not in NUMBERS}
    homes |= {name: FieldHome(_HOMES[column]) for name, column in columns.items()}
    if project == "OPS":
        homes |= {
            name: FieldHome(
                home.name,
                "Risk Reduction is not on the edit screen of Operations: an admin there can add "
                "it.",
            )
            for name, home in homes.items()
            if columns.get(name) == "rroe"
        }
    return Abilities(homes, numbers=tuple(NUMBERS))


# --- what stands there at first --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Past:
    """A ticket, and in how many weeks ago it reached each state."""

    title: str
    weeks_ago: float
    reached: tuple[tuple[str, float], ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


_TICKETS: Mapping[str, tuple[_Past, ...]] = {
    "PAY": (
        _Past("Checkout without an account", 7.5, more={"kind": "Epic"}),
        _Past(
            "Pay with a saved card",
            7.0,
            (("In Progress", 5.5), ("In Review", 4.2), ("In Progress", 3.9), ("Done", 3.1)),
            {"points": 5, "owner": "grace", "labels": ["cards"], "parent": 1},
        ),
        _Past(
            "Refunds take two clicks",
            6.4,
            (("In Progress", 3.6), ("In Review", 2.4), ("Done", 1.9)),
            {"points": 3, "owner": "tomas", "labels": ["refunds"]},
        ),
        _Past(
            "Receipts in the customer's language",
            5.1,
            (("In Progress", 1.4),),
            {"points": 8, "owner": "grace", "labels": ["receipts", "i18n"], "parent": 1},
        ),
        _Past(
            "Card form forgets what was typed",
            4.6,
            (("In Progress", 0.9), ("In Review", 0.3)),
            {"points": 2, "owner": "ada", "kind": "Bug", "labels": ["cards"]},
        ),
        _Past("Retry a payment that timed out", 3.2, more={"points": 5, "labels": ["reliability"]}),
        _Past(
            "Show which payments wait for the bank",
            2.7,
            more={"owner": "tomas", "due_in_days": 18, "parent": 1},
        ),
        _Past("Test data without real customers", 2.1, more={"labels": ["test-data"]}),
        _Past("Alarm when refunds pile up", 1.2, more={"points": 2.5, "blocked_by": [3]}),
        _Past("Invoices for companies", 0.8, more={"kind": "Epic"}),
        _Past("Salaries paid to the wrong account", 0.6, more={"restricted": True}),
        _Past("Remember the last payment method", 0.4),
    ),
    "OPS": (
        _Past(
            "Move the ledger to the new cluster",
            6.0,
            (("In Progress", 4.0), ("In Review", 2.0), ("Done", 1.5)),
            {"points": 8, "owner": "ada"},
        ),
        _Past("Backups are restored once a month", 3.0, (("In Progress", 0.5),), {"points": 3}),
        _Past("One dashboard for all payments", 1.0, more={"labels": ["reporting"]}),
    ),
}


async def fill(store: Store) -> None:
    """Write the tickets into a workspace where nobody has tried the sample tracker yet."""
    if await store.tickets.find(1):
        return
    for project, tickets in _TICKETS.items():
        first = None
        for past in tickets:
            fields = _fields(past, store.now)
            for name in ("parent", "blocked_by"):
                if (place := fields.get(name)) and first is not None:
                    fields[name] = (
                        first + place - 1 if name == "parent" else [first + p - 1 for p in place]
                    )
            then = store.now - timedelta(weeks=past.weeks_ago)
            ticket = await store.at(then).tickets.add(project, fields, by="Ada Park")
            first = first or ticket.id
            ticket.changed_at = datetime.fromisoformat(ticket.steps[-1][0])


def _fields(past: _Past, now: datetime) -> dict[str, Any]:
    more = dict(past.more)
    if (days := more.pop("due_in_days", None)) is not None:
        more["due"] = (now + timedelta(days=days)).date()
    reached = (("To Do", past.weeks_ago), *past.reached)
    steps = [[(now - timedelta(weeks=weeks)).isoformat(), state] for state, weeks in reached]
    return {"title": past.title, "state": reached[-1][0], "steps": steps, **more}
