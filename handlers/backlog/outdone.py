"""Where a value here gave way to another tool's: tell who chose it, and let people decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.cards import Bold, Button, Buttons, Card, Divider, Node, heading, says, subtle, text
from bot.turn import Mistake, NotFound, Reply, Show, Turn
from handlers.backlog import story
from handlers.backlog.actions import Decide, UseMine
from handlers.phrases import counted, shortened
from handlers.rules.access import Permission
from handlers.rules.guard import changeable, require
from handlers.sources.conflicts import AGREED, OUTDONE, Fields, conflicts_in, undecided
from handlers.sources.merge import plain
from handlers.ui.elsewhere import known_ending, known_span
from handlers.ui.views import ConflictsView, OutdoneView
from storage import Store
from storage.edits import typed
from storage.items import Item, ItemEvent

SHOWN_MAX: Final = 8
"""Items of a list of conflicts; the next ones follow as these are decided."""

_TOLD_BY_OTHERS = frozenset({"wsjf", "scored_at"})
"""Fields that follow from others."""

# --- for whoever chose the value --------------------------------------------------------------


async def draw(store: Store, shown: OutdoneView) -> Card:
    """Draw what gave way to what; once somebody has decided, or it must not be shown, only that."""
    item = await store.items.find(shown.number)
    event = await store.items.event(shown.number, shown.seq) if item else None
    if item is None or event is None:
        return says("This is settled.")
    name = f"#{item.number} {shortened(item.title)}"
    rows = (await store.tracked.of_items([item.number])).get(item.number, [])
    if any(row.restricted_at for row in rows):
        return says(f"#{item.number} is not shown here any more.")
    if not undecided(item, await store.items.history(item.number)).keys() & event.changes.keys():
        return says(f"{name}: what both sides had changed is settled.")
    known = (await store.tracked.known_as([item.number])).get(item.number)
    where = (known_span(known),) if known else ("the tool it comes from",)
    fields = {name: (ours, theirs) for name, (ours, theirs) in event.changes.items()}
    nodes: list[Node] = [text(f"{name} was changed in ", *where, ", and you had changed it here:")]
    nodes += [text(line) for line in await _lines(store, fields, "yours")]
    nodes.append(text("Theirs stands, since the work lives there; yours is kept in its story."))
    hint = f"Take yours again for #{item.number}"
    nodes.append(Buttons((Button("Use mine", UseMine(item.number, event.seq), hint=hint),)))
    return Card(f"{name} was changed on both sides.", tuple(nodes))


async def use_mine(turn: Turn, store: Store, act: UseMine) -> Reply:
    """Take the values again that gave way, as far as nobody has changed them since."""
    item = await changeable(turn, store, act.number)
    event = await store.items.event(act.number, act.seq)
    if event is None or event.kind != OUTDONE:
        raise NotFound("There is nothing to take back here.")
    if not (still := _still(item, event)):
        raise Mistake(f"#{item.number} was changed again meanwhile. Use Edit instead.")
    await _take(turn, store, item, {name: event.changes[name][0] for name in still})
    return None


async def _take(turn: Turn, store: Store, item: Item, ours: Mapping[str, Any]) -> None:
    values = {name: typed(name, value) for name, value in ours.items()}
    await store.items.change(item, values, by=turn.person.id)


def _still(item: Item, event: ItemEvent) -> list[str]:
    """Return the fields that are as the other tool left them."""
    return [n for n, (_, theirs) in event.changes.items() if plain(getattr(item, n)) == theirs]


# --- for the team -----------------------------------------------------------------------------


async def draw_conflicts(store: Store, shown: ConflictsView) -> Card:
    """Draw what nobody has decided yet of something that is followed."""
    found = await conflicts_in(store, shown.scope_id)
    if not found:
        return says("Nothing is left to decide: both sides agree.")
    known = await store.tracked.known_as([item.number for item, _ in found])
    title = f"{counted(len(found), 'item')} changed on both sides"
    nodes: list[Node] = [heading(title)]
    nodes.append(text("Theirs stands until somebody decides; ours is kept in the item's story."))
    for item, fields in found[:SHOWN_MAX]:
        n = item.number
        name = Bold(f"#{n} {shortened(item.title)}")
        nodes += [Divider(), text(name, *known_ending(known.get(n)))]
        nodes += [text(line) for line in await _lines(store, fields, "ours")]
        ours = Button("Use ours", Decide(shown.scope_id, n, True), hint=f"Use ours for #{n}")
        theirs = Button("Use theirs", Decide(shown.scope_id, n, False), hint=f"Keep theirs of #{n}")
        nodes.append(Buttons((ours, theirs)))
    if len(found) > SHOWN_MAX:
        nodes.append(subtle(f"{len(found) - SHOWN_MAX} more follow as you decide these."))
    return Card(title, tuple(nodes))


async def decide(turn: Turn, store: Store, act: Decide) -> Reply:
    """Take ours again, or let theirs stand; the list goes on with what is left."""
    require(turn, Permission.SEE_TRACKER)
    item = await changeable(turn, store, act.number)
    fields = undecided(item, await store.items.history(item.number))
    if fields and act.ours:
        await _take(turn, store, item, {name: ours for name, (ours, _) in fields.items()})
    elif fields:
        await store.items.note(item, AGREED, {}, by=turn.person.id)
    return Show(ConflictsView(act.scope_id), replaces=True)


# --- how it is told ---------------------------------------------------------------------------


async def _lines(store: Store, fields: Fields, whose: str) -> list[str]:
    """Return a line for each field with both values; `whose` is what those from here are called."""
    owners = [person for person in fields.get("owner", ()) if person]
    return list(_each(fields, whose, await store.people.named(owners)))


def _each(fields: Fields, whose: str, people: Mapping[str, str]) -> Iterator[str]:
    for name, (ours, theirs) in sorted(fields.items()):
        if name in _TOLD_BY_OTHERS:
            continue
        if name == "owner":
            here, there = people.get(ours or "", "nobody"), people.get(theirs or "", "nobody")
            yield f"The owner: theirs {there}, {whose} {here}."
        elif name == "description":
            yield "The details: both were edited."
        else:
            what = story.field_words(name).removeprefix("the ")
            here, there = story.value_words(name, ours), story.value_words(name, theirs)
            yield f"The {what}: theirs {there}, {whose} {here}."
