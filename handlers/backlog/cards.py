"""Lists of the backlog, and one item with its story. Only the person who asked sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Code,
    Facts,
    Link,
    Node,
    Span,
    Table,
    When,
    heading,
    quote,
    says,
    subtle,
    text,
)
from handlers.backlog.actions import TurnPage
from storage.backlog import Ranked
from storage.items import Item, ItemEvent
from storage.teams import Team

PAGE_ITEMS = 10
FOUND_MAX = 20
"""Items a search shows. It has no pages: what people typed never travels inside a button."""

DONE_DAYS = 30
EVENTS_SHOWN = 15
"""The latest changes of an item that its story tells."""

DETAILS_SHOWN_CHARS = 600
VALUE_SHOWN_CHARS = 60


# --- lists -----------------------------------------------------------------------------------


def listing(
    team: Team,
    name: str,
    rows: Sequence[Ranked],
    people: Mapping[str, str],
    total: int,
    unscored: int,
    page: int,
) -> Card:
    """Draw a page, from 0, of the list `open`, `mine`, `unowned` or `done`."""
    title = f"Backlog of {shortened(team.name, 60)}"
    count = _count_words(name, total, unscored)
    nodes: list[Node] = [heading(title), text(count), _table(rows, people)]
    last = (total - 1) // PAGE_ITEMS
    if last:
        nodes.append(_turning(team.id, name, page, last))
    return Card(f"{title}: {count}", tuple(nodes))


def _count_words(name: str, total: int, unscored: int) -> str:
    match name:
        case "mine":
            return f"{total} open and yours."
        case "unowned":
            return f"{total} open without an owner."
        case "done":
            return f"{total} done in the last {DONE_DAYS} days."
        case _:
            return f"{total} open{f', {unscored} not voted yet' if unscored else ''}."


def _table(rows: Sequence[Ranked], people: Mapping[str, str]) -> Table:
    return Table(
        ("Rank", "Item", "WSJF", "Owner", "State"),
        tuple(_row(ranked, people) for ranked in rows),
        right=frozenset({0, 2}),
    )


def _row(ranked: Ranked, people: Mapping[str, str]) -> tuple[str, ...]:
    item = ranked.item
    return (
        str(ranked.rank) if ranked.rank else "–",
        f"#{item.number} {shortened(item.title)}",
        _score(item),
        _name(item.owner, people),
        _state(item),
    )


def _turning(team_id: int, name: str, page: int, last: int) -> Buttons:
    buttons = []
    if page > 0:
        hint = f"Page {page} of {last + 1}"
        buttons.append(Button("Previous", TurnPage(team_id, name, page - 1), hint=hint))
    if page < last:
        hint = f"Page {page + 2} of {last + 1}"
        buttons.append(Button("Next", TurnPage(team_id, name, page + 1), hint=hint))
    return Buttons(tuple(buttons))


def nothing(team: Team, name: str) -> Card:
    """Say that a list is empty, and what to do next."""
    match name:
        case "mine":
            return says(
                "You own no open item. See which ones nobody owns: ", Code("backlog unowned")
            )
        case "unowned":
            return says("Every open item has an owner.")
        case "done":
            return says(
                f"Nothing was done in the last {DONE_DAYS} days. "
                "Press Done on an item's card when it is."
            )
        case _:
            return says(
                f"The backlog of {shortened(team.name, 60)} is empty. Log the first improvement: ",
                Code("improve Estimation runs long"),
            )


def found(words: str, rows: Sequence[Ranked], people: Mapping[str, str], total: int) -> Card:
    """Draw what a search found."""
    count = f"{total} {'title has' if total == 1 else 'titles have'} “{shortened(words, 60)}”."
    nodes: list[Node] = [text(count), _table(rows, people)]
    if total > len(rows):
        nodes.append(subtle(f"These are the first {len(rows)}. One more word narrows it down."))
    return Card(count, tuple(nodes))


def nothing_found(words: str) -> Card:
    return says(
        f"No title has “{shortened(words, 60)}”. Try fewer words, or see everything: ",
        Code("backlog"),
    )


# --- one item --------------------------------------------------------------------------------


def item_history(
    item: Item, events: Sequence[ItemEvent], people: Mapping[str, str], zone: str
) -> Card:
    """Draw an item with all that happened to it, the latest last."""
    title = f"#{item.number} {shortened(item.title, 130)}"
    nodes: list[Node] = [heading(title)]
    if item.description:
        nodes.append(quote(shortened(item.description, DETAILS_SHOWN_CHARS)))
    nodes.append(Facts(tuple(_facts(item, people))))
    if item.link:
        nodes.append(text(Link("The message it came from", item.link)))
    nodes.append(text(Bold("What happened")))
    if len(events) > EVENTS_SHOWN:
        nodes.append(subtle(f"{len(events) - EVENTS_SHOWN} earlier changes are not shown."))
    nodes += [_told(event, people, zone) for event in events[-EVENTS_SHOWN:]]
    return Card(f"{title} ({_state(item)})", tuple(nodes))


def _facts(item: Item, people: Mapping[str, str]) -> Iterator[tuple[str, tuple[Span, ...]]]:
    yield "State", (Bold(_state(item)),)
    yield "Owner", (_name(item.owner, people) or "nobody yet",)
    if item.due:
        yield "Due", (_day(item.due),)
    if item.themes:
        yield "Themes", (" ".join(f"#{theme}" for theme in item.themes),)
    yield "WSJF", (_score(item),)
    if item.kind != "improvement":
        yield "Kind", (item.kind,)
    if item.level == "train":
        yield "Backlog", ("the whole train",)


def people_in(events: Sequence[ItemEvent]) -> list[str | None]:
    """Return everyone whom the events name: who acted, and who owned."""
    owners = [owner for event in events for owner in event.changes.get("owner", ())]
    return [*(event.person for event in events), *owners]


def _told(event: ItemEvent, people: Mapping[str, str], zone: str) -> Node:
    who = _name(event.person, people) or "Somebody"
    return subtle(When(event.at, zone), f" {who} {', '.join(_deeds(event, people))}")


def _deeds(event: ItemEvent, people: Mapping[str, str]) -> Iterator[str]:
    """Tell an event in words, one piece for each thing it changed."""
    if event.kind == "created":
        yield "captured it"
        return
    if event.kind == "scored":
        yield f"revealed the vote: WSJF {_value('wsjf', event.changes.get('wsjf', ['', ''])[1])}"
        return
    if event.kind == "undone":
        yield "took back the last change"
        return
    for field, (before, after) in sorted(event.changes.items()):  # PostgreSQL keeps no order
        match field:
            case "description":
                yield "edited the details"
            case "owner":
                yield f"gave it to {_name(after, people) or 'nobody'}"
            case "dropped_because":
                continue  # the state says it already
            case "state" if event.changes.get("dropped_because", ("", ""))[1]:
                yield f"dropped it: {event.changes['dropped_because'][1]}"
            case "state":
                yield f"moved it from {before} to {after}"
            case _:
                was, now = _value(field, before), _value(field, after)
                yield f"changed {_field(field)} from {was} to {now}"


def _field(name: str) -> str:
    known = {"due": "the due date", "level": "the backlog", "snoozed_until": "the snooze"}
    return known.get(name, f"the {name}")


def _value(field: str, value: Any) -> str:
    """A field's value as an event keeps it, in words."""
    match field:
        case _ if value in (None, "", []):
            return "none"
        case "due" | "snoozed_until":
            return _day(date.fromisoformat(value))
        case "themes":
            return shortened(" ".join(f"#{theme}" for theme in value), VALUE_SHOWN_CHARS)
        case "title":
            return f"“{shortened(value, VALUE_SHOWN_CHARS)}”"
        case "wsjf":
            return f"{value:.1f}"
        case _:
            return shortened(str(value), VALUE_SHOWN_CHARS)


# --- words -----------------------------------------------------------------------------------


def _name(person: str | None, people: Mapping[str, str]) -> str:
    return people.get(person, "someone") if person else ""


def _score(item: Item) -> str:
    return "not voted" if item.wsjf is None else f"{item.wsjf:.1f}"


def _state(item: Item) -> str:
    if item.state == "dropped" and item.dropped_because:
        return f"dropped: {item.dropped_because}"
    return item.state


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def shortened(words: str, limit: int = 100) -> str:
    line = " ".join(words.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
