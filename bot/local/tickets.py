"""The sample tracker's page in the local room: tickets as their own people see and change them.

It stands beside the room as a tracker stands beside a chat. What is changed here is told to Hone as
a tracker would tell it: by a call that names the ticket, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from bot.local.guard import guarded
from bot.local.html import Html, tag
from bot.local.inbound import under_one_deadline
from bot.local.room import WORKSPACE
from bot.text import clean
from bot.trackers.sample.projects import PEOPLE, PROJECTS, WORKFLOW, fill
from storage import Database, Store, Unavailable
from storage.tickets import SampleTicket

PATH: Final = "/tickets"
TITLE_MAX_CHARS: Final = 250
POINTS_MAX: Final = 1_000
SCRIPT = Path(__file__).parent / "page" / "tickets.js"


class WrongTicket(Exception):
    """What was sent is no ticket, or no change of one; its text is a sentence."""


class TicketsPage:
    """Shows and changes the tickets of the local room's workspace."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(PATH, guarded(under_one_deadline(self._show))),
            web.get("/local/tickets.js", guarded(self._script)),
            web.post("/local/ticket", guarded(under_one_deadline(self._change))),
        ]

    async def _script(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(SCRIPT)

    async def _show(self, _: web.Request) -> web.StreamResponse:
        """Show all tickets; whoever comes first finds some there already."""
        now = self._clock()
        try:
            await self._database.write(WORKSPACE, now, fill)
            async with self._database.read(WORKSPACE, now) as store:
                tickets = await store.tickets.all()
        except Unavailable:
            return web.Response(status=503, text="The database does not answer. Please try again.")
        return web.Response(text=page(tickets), content_type="text/html")

    async def _change(self, request: web.Request) -> web.StreamResponse:
        """Write a new ticket, or change a known one; answers with a sentence if it cannot."""
        try:
            sent = await request.json()
            await self._database.write(WORKSPACE, self._clock(), lambda store: _write(store, sent))
        except (ValueError, WrongTicket) as error:
            told = str(error) if isinstance(error, WrongTicket) else "That could not be read."
            return web.json_response({"notice": told})
        except Unavailable:
            return web.json_response({"notice": "Not saved: the database does not answer."})
        return web.json_response({})


async def _write(store: Store, sent: Any) -> None:
    if not isinstance(sent, dict):
        raise WrongTicket("That is no ticket.")
    fields = fields_of(sent)
    if "id" not in sent:
        if "title" not in fields or sent.get("project") not in PROJECTS:
            raise WrongTicket("A ticket needs a title and a project.")
        state = next(iter(WORKFLOW))
        ticket = await store.tickets.add(sent["project"], {"state": state, **fields}, by="people")
    else:
        found = await store.tickets.find(sent["id"], lock=True) if _is_id(sent["id"]) else None
        if found is None:
            raise WrongTicket("There is no such ticket.")
        ticket = found
        state = fields.get("state", ticket.state)
        if state not in (ticket.state, *WORKFLOW.get(ticket.state, ())):
            raise WrongTicket(f"A ticket cannot go from {ticket.state} to {state}.")
        await store.tickets.change(ticket, fields, by="people")
    for site in await store.trackers.all():
        if site.kind == "sample":
            await store.trackers.hooked(site.hook, [str(ticket.id)])


def _is_id(id: object) -> bool:
    return isinstance(id, int) and not isinstance(id, bool)


def fields_of(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that a page sends, checked; raises WrongTicket."""
    fields: dict[str, Any] = {}
    if "title" in sent:
        fields["title"] = " ".join(clean(str(sent["title"])).split())
        if not 0 < len(fields["title"]) <= TITLE_MAX_CHARS:
            raise WrongTicket(f"A title has 1 to {TITLE_MAX_CHARS} characters.")
    if "points" in sent:
        fields["points"] = _points(str(sent["points"]))
    for name, known in (("state", WORKFLOW), ("owner", {"": "", **PEOPLE}), ("project", PROJECTS)):
        if name in sent and (name != "project" or "id" in sent):
            if sent[name] not in known:
                raise WrongTicket(f"There is no such {name}.")
            fields[name] = sent[name]
    fields |= {name: bool(sent[name]) for name in ("restricted", "deleted") if name in sent}
    return fields


def _points(written: str) -> float | None:
    if not written.strip():
        return None
    try:
        points = float(written)
    except ValueError:
        points = -1
    if not 0 <= points <= POINTS_MAX:
        raise WrongTicket(f"Points are a number from 0 to {POINTS_MAX:,}.")
    return points


# --- the page --------------------------------------------------------------------------------


def page(tickets: Sequence[SampleTicket]) -> str:
    """Return the document."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", "Sample tracker"),
        tag("link", rel="icon", href="/local/icon.svg", type="image/svg+xml"),
        tag("link", rel="stylesheet", href="/local/room.css"),
        tag("script", src="/local/tickets.js", type="module"),
    )
    shown = sorted((t for t in tickets if not t.deleted), key=lambda ticket: ticket.id)
    body = tag(
        "body",
        tag(
            "main",
            tag("h1", "Sample tracker"),
            tag(
                "p",
                "A tracker as other companies have one, and its people. Follow it from the ",
                tag("a", "local room", href="/"),
                ": ",
                tag("code", "/hone connect sample"),
                ". Whatever you change here is there within seconds.",
            ),
            tag("p", id="notice", role="alert", hidden=True),
            _new(),
            *(_project(id, scope.name, shown) for id, scope in PROJECTS.items()),
        ),
        class_="tickets",
    )
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}"


def _new() -> Html:
    return tag(
        "form",
        tag("label", "New ticket ", tag("input", name="title", required=True, maxlength=250)),
        tag("label", "Project ", _choice("project", {i: s.name for i, s in PROJECTS.items()}, "")),
        tag("button", "Create", type="submit"),
        id="new",
    )


def _project(id: str, name: str, tickets: list[SampleTicket]) -> Html:
    rows = [_row(ticket) for ticket in tickets if ticket.project == id]
    if not rows:
        return tag("section", tag("h2", name), tag("p", "No tickets yet."))
    heads = ("Key", "Title", "Status", "Points", "Assignee", "Scores", "Last change", "Actions")
    return tag(
        "section",
        tag("h2", name),
        tag(
            "table",
            tag("thead", tag("tr", *(tag("th", each, scope="col") for each in heads))),
            tag("tbody", *rows),
        ),
    )


def _row(ticket: SampleTicket) -> Html:
    key = ticket.key
    states = {state: state for state in (ticket.state, *WORKFLOW.get(ticket.state, ()))}
    points = "" if ticket.points is None else f"{ticket.points:g}"
    others = [scope for id, scope in PROJECTS.items() if id != ticket.project]
    restrict = "Unrestrict" if ticket.restricted else "Restrict"
    return tag(
        "tr",
        tag("th", key, scope="row"),
        tag("td", _field("title", ticket.title, f"Title of {key}")),
        tag("td", _choice("state", states, ticket.state, f"Status of {key}")),
        tag("td", _field("points", points, f"Points of {key}", size=4)),
        tag("td", _choice("owner", {"": "nobody", **PEOPLE}, ticket.owner, f"Assignee of {key}")),
        tag("td", _scores(ticket)),
        tag("td", ticket.changed_by),
        tag(
            "td",
            _button(restrict, key, restricted=0 if ticket.restricted else 1),
            *(_button(f"Move to {scope.name}", key, project=scope.id) for scope in others),
            _button("Delete", key, deleted=1),
        ),
        id=key,
        data_id=ticket.id,
    )


def _scores(ticket: SampleTicket) -> str:
    cards = (ticket.ubv, ticket.tc, ticket.rroe, ticket.size)
    if None in cards:
        return "–"
    value = "" if ticket.wsjf is None else f" = {ticket.wsjf:.1f}"
    return f"({ticket.ubv} + {ticket.tc} + {ticket.rroe}) / {ticket.size}{value}"


def _field(name: str, value: str, label: str, size: int = 32) -> Html:
    return tag("input", name=name, value=value, aria_label=label, size=size)


def _choice(name: str, options: Mapping[str, str], chosen: str, label: str | None = None) -> Html:
    return tag(
        "select",
        *(tag("option", text, value=id, selected=id == chosen) for id, text in options.items()),
        name=name,
        aria_label=label,
    )


def _button(label: str, key: str, **sets: str | int) -> Html:
    """Return a button that sets one field of the ticket it stands with."""
    ((name, value),) = sets.items()
    return tag(
        "button",
        label,
        type="button",
        aria_label=f"{label}: {key}",
        data_name=name,
        data_value=value,
    )
