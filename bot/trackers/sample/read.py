"""A ticket of the sample tracker as any source tells an item."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.remote import RemoteItem, Step
from bot.trackers.sample.projects import CATEGORIES, PEOPLE, WORKFLOW
from bot.trackers.values import without_markers
from storage.tickets import SampleTicket

CARDS = ("ubv", "tc", "rroe", "size")


def item_of(ticket: SampleTicket, source: str, page: str, columns: Mapping[str, str]) -> RemoteItem:
    """Return a ticket with its history.

    `page` is where all of them are shown, if anywhere; `columns` say which number each card is.
    """
    steps = tuple(Step(datetime.fromisoformat(at), state) for at, state in ticket.steps)
    fields: dict[str, Any] = {
        "title": ticket.title,
        "description": ticket.description,
        "due": ticket.due,
        "themes": without_markers(ticket.labels),
        "points": ticket.points,
        **{
            card: value
            for card in CARDS
            if (column := columns.get(card)) and (value := getattr(ticket, column)) is not None
        },
    }
    return RemoteItem(
        source=source,
        id=str(ticket.id),
        key=ticket.key,
        title=ticket.title,
        fields=fields,
        kind=ticket.kind,
        state=ticket.state,
        category=CATEGORIES.get(ticket.state, ""),
        owner=_written(ticket.owner),
        part_of=str(ticket.parent) if ticket.parent else "",
        blocked_by=tuple(str(id) for id in ticket.blocked_by),
        created=ticket.created_at,
        updated=ticket.changed_at,
        finished=steps[-1].at if CATEGORIES.get(ticket.state) == "done" else None,
        steps=steps,
        rank=f"{ticket.id:08}",
        link=link_to(ticket, page),
        version=version_of(ticket),
        moves=WORKFLOW.get(ticket.state, ()),
        by_hone=ticket.by_hone,
        marker=ticket.marker or "",
    )


def link_to(ticket: SampleTicket, page: str) -> str:
    """Return where a ticket is shown, "" where the tickets have no page."""
    return f"{page}#{ticket.key}" if page else ""


def version_of(ticket: SampleTicket) -> str:
    return f"{ticket.version:012}"


def _written(account: str) -> str:
    return f"{PEOPLE.get(account, account)} <{account}>" if account else ""
