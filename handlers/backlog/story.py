"""One item with all that happened to it. Only the person who asked sees it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Facts,
    Link,
    Node,
    Span,
    When,
    heading,
    quote,
    subtle,
    text,
)
from handlers.backlog.cards import name_of, score, state
from handlers.phrases import cut, shortened
from handlers.reader.names import day_words
from handlers.rules.limits import DETAILS_MAX_CHARS
from handlers.sources.columns import TOOLS
from handlers.ui.actions import OpenMove, OpenRefine
from handlers.ui.elsewhere import tool_of
from handlers.ui.there import Elsewhere
from storage.items import Item, ItemEvent
from storage.links import Blocker
from storage.states import is_rework
from storage.tracked import Tracked

EVENTS_SHOWN = 15
"""The latest changes of an item that its story tells."""

CRITERIA_SHOWN = 10
CRITERION_SHOWN_CHARS = 150
VALUE_SHOWN_CHARS = 60


@dataclass(frozen=True, slots=True)
class Names:
    """What ids are called: people, and objectives by their titles."""

    people: Mapping[str, str]
    objectives: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Around:
    """An item's neighbours: its parts and pieces, what it waits for, and who waits for it.

    `tracked` is what other tools know of it, `there` what can be done in them.
    """

    related: tuple[Item, ...] = ()
    waits_for: tuple[Blocker, ...] = ()
    awaited_by: tuple[Blocker, ...] = ()
    tracked: tuple[Tracked, ...] = ()
    there: Elsewhere = field(default_factory=Elsewhere)


def item_history(
    item: Item,
    events: Sequence[ItemEvent],
    names: Names,
    zone: str,
    around: Around,
) -> Card:
    """Draw an item with all that happened to it, the latest last."""
    title = f"#{item.number} {shortened(item.title, 130)}"
    nodes: list[Node] = [heading(title)]
    if item.description:
        nodes.append(quote(cut(item.description, DETAILS_MAX_CHARS)))
    nodes.append(Facts(tuple(_facts(item, names))))
    nodes += _criteria(item)
    nodes += [subtle(line) for line in _relations(item, around)]
    if item.link:
        nodes.append(text(Link("The message it came from", item.link)))
    homes = {tracked.key for tracked in around.tracked if tracked.scope_id is not None}
    nodes += [_elsewhere(tracked, homes) for tracked in around.tracked if _is_shown(tracked)]
    nodes += around.there.nodes
    nodes.append(text(Bold("What happened")))
    if len(events) > EVENTS_SHOWN:
        nodes.append(subtle(f"{len(events) - EVENTS_SHOWN} earlier changes are not shown."))
    importer = _importer(around.tracked)
    nodes += [_told(event, names, zone, importer) for event in events[-EVENTS_SHOWN:]]
    nodes.append(Buttons(tuple(_buttons(item)), tuple(around.there.buttons)))
    return Card(f"{title} ({state(item)})", tuple(nodes))


def _is_shown(tracked: Tracked) -> bool:
    """Tell whether people here may know what it is called there."""
    return bool(tracked.key) and tracked.restricted_at is None


def _elsewhere(tracked: Tracked, homes: Collection[str]) -> Node:
    """Tell who the item is in the tool that it comes from, and what only that knows of it.

    `homes` are the keys that it has where it is followed.
    """
    tool, _, place = tracked.source.partition(":")
    name = f"{tracked.key} · {tracked.state}" if tracked.state else tracked.key
    if place and tracked.scope_id is None:
        name = f"{TOOLS.get(tool, tool)} {place} {name}"
    known = ", ".join(f"{what} {words}" for what, words in sorted(tracked.facts.items()))
    if tracked.twin in homes:
        known = f"at home in Jira as {tracked.twin}: its score goes there"
    named = Link(name, tracked.link) if tracked.link else name
    return subtle("Also known as ", named, f" ({known})" if known else "")


def _buttons(item: Item) -> Iterator[Button]:
    n = item.number
    if not item.is_finished:
        yield Button("Refine", OpenRefine(n), opens_form=True, hint=f"Refine #{n}, opens a form")
    yield Button("Move", OpenMove(n), opens_form=True, hint=f"Move #{n}, opens a form")


def _criteria(item: Item) -> Iterator[Node]:
    if item.criteria:
        yield text(Bold("Acceptance criteria"))
    for criterion in item.criteria[:CRITERIA_SHOWN]:
        sign = "✓" if criterion["done"] else "○"
        yield text(f"{sign} {shortened(criterion['text'], CRITERION_SHOWN_CHARS)}")
    if len(item.criteria) > CRITERIA_SHOWN:
        yield subtle(f"{len(item.criteria) - CRITERIA_SHOWN} more stand in its form.")


def _relations(item: Item, around: Around) -> Iterator[str]:
    """Name what it is part of, what came of it, and who waits for whom."""
    parts = [other for other in around.related if other.part_of == item.number]
    pieces = [other for other in around.related if other.split_from == item.number]
    if item.part_of:
        yield f"Part of #{item.part_of}"
    if parts:
        done = sum(part.state == "accepted" for part in parts)
        yield f"Its parts: {_numbers(part.number for part in parts)} ({done} accepted)"
    if item.split_from:
        yield f"Split from #{item.split_from}"
    if pieces:
        yield f"Split into {_numbers(piece.number for piece in pieces)}"
    if around.waits_for:
        yield f"Waits for {'; '.join(shortened(b.words, 60) for b in around.waits_for)}"
    if around.awaited_by:
        yield f"Awaited by {_numbers(link.number for link in around.awaited_by)}"


def _numbers(numbers: Iterable[int]) -> str:
    return ", ".join(f"#{number}" for number in numbers)


def _facts(item: Item, names: Names) -> Iterator[tuple[str, tuple[Span, ...]]]:
    yield "State", (Bold(state(item)),)
    yield "Owner", (name_of(item.owner, names.people) or "nobody yet",)
    if item.due:
        yield "Due", (day_words(item.due),)
    if item.themes:
        yield "Themes", (" ".join(f"#{theme}" for theme in item.themes),)
    yield "WSJF", (score(item),)
    if item.points is not None:
        yield "Points", (str(item.points),)
    if item.kind != "improvement":
        yield "Kind", (item.kind,)
    if objective := names.objectives.get(item.objective_id or 0):
        yield "Objective", (shortened(objective, 120),)
    if item.level == "train":
        yield "Backlog", ("the whole train",)


def people_in(events: Sequence[ItemEvent]) -> list[str | None]:
    """Return everyone whom the events name: who acted, and who owned."""
    owners = [owner for event in events for owner in event.changes.get("owner", ())]
    return [*(event.person for event in events), *owners]


def objectives_in(item: Item, events: Sequence[ItemEvent]) -> list[int]:
    """Return every objective that the item or its events name."""
    named = [id for event in events for id in event.changes.get("objective_id", ())]
    return [id for id in (item.objective_id, *named) if id is not None]


def _importer(tracked: Sequence[Tracked]) -> str:
    """Return who did what came with an item out of another tool."""
    followed = next((row for row in tracked if row.scope_id is not None), None)
    return f"Somebody in {tool_of(followed.source.partition(':')[0])}" if followed else "An import"


def _told(event: ItemEvent, names: Names, zone: str, importer: str) -> Node:
    imported = event.kind in ("imported", "outdone") and event.person is None
    who = name_of(event.person, names.people) or (importer if imported else "Somebody")
    return subtle(When(event.at, zone), f" {who} {', '.join(_deeds(event, names))}")


def _deeds(event: ItemEvent, names: Names) -> Iterator[str]:
    """Tell an event in words, one piece for each thing it changed."""
    match event.kind:
        case "created":
            yield "captured it"
            return
        case "scored":
            score_now = value_words("wsjf", event.changes.get("wsjf", ["", ""])[1])
            yield f"accepted the score: WSJF {score_now}"
            return
        case "agreed":
            yield "let the other tool's value stand"
            return
        case "undone":
            yield "took back the last change"
            return
        case "imported" if event.changes.get("state", ("",))[0] is None:
            yield "captured it"
            return
        case _:
            for field, (before, after) in sorted(event.changes.items()):  # PostgreSQL: no order
                yield from _deed(event, field, before, after, names)


def _deed(event: ItemEvent, field: str, before: Any, after: Any, names: Names) -> Iterator[str]:
    match field:
        case "description":
            yield "edited the details"
        case "criteria":
            yield f"edited the acceptance criteria ({len(before or ())} → {len(after or ())})"
        case "ready_checks" | "metric_from" | "metric_to" | "effect_at" | "external_key":
            return  # part of what is told beside it, or of no interest to people
        case "overrides":
            new = [
                f"{hint}: {why}" for hint, why in after.items() if (before or {}).get(hint) != why
            ]
            yield f"set a hint aside ({shortened('; '.join(new), VALUE_SHOWN_CHARS * 2)})"
        case "owner":
            yield f"gave it to {name_of(after, names.people) or 'nobody'}"
        case "part_of":
            yield f"made it part of #{after}" if after else f"took it out of #{before}"
        case "objective_id":
            title = names.objectives.get(after or before, "an objective")
            yield f"{'linked it to' if after else 'took it from'} “{shortened(title, 60)}”"
        case "dropped_because":
            return  # the state says it already
        case "state" if event.changes.get("dropped_because", ("", ""))[1]:
            yield f"dropped it: {event.changes['dropped_because'][1]}"
        case "state" if is_rework(before, after) and event.kind != "undone":
            yield f"sent it back from {before} to {after}{_because(event)}"
        case "state":
            yield f"moved it from {before} to {after}{_because(event)}"
        case _:
            was, now = value_words(field, before), value_words(field, after)
            because = _because(event) if field in ("due", "check_on") else ""
            yield f"changed {field_words(field)} from {was} to {now}{because}"


def _because(event: ItemEvent) -> str:
    return f": {shortened(event.reason, 200)}" if event.reason else ""


def field_words(name: str) -> str:
    known = {
        "due": "the due date",
        "level": "the backlog",
        "snoozed_until": "the snooze",
        "waits_for": "what it waits for",
        "check_on": "the day to check it",
        "effect": "what came of it",
        "effect_value": "the number it reached",
    }
    return known.get(name, f"the {name}")


def value_words(field: str, value: Any) -> str:
    """A field's value as an event keeps it, in words."""
    match field:
        case _ if value in (None, "", []):
            return "none"
        case "due" | "snoozed_until" | "check_on":
            return day_words(date.fromisoformat(value))
        case "themes":
            return shortened(" ".join(f"#{theme}" for theme in value), VALUE_SHOWN_CHARS)
        case "title":
            return f"“{shortened(value, VALUE_SHOWN_CHARS)}”"
        case "wsjf":
            return f"{value:.1f}"
        case _:
            return shortened(str(value), VALUE_SHOWN_CHARS)
