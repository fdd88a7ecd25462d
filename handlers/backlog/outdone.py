"""Tell somebody that their value gave way to another tool's, and take it again if they say so."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cards import Button, Buttons, Card, Node, says, text
from bot.turn import Mistake, NotFound, Reply, Turn
from handlers.backlog import story
from handlers.backlog.actions import UseMine
from handlers.phrases import shortened
from handlers.rules.guard import changeable
from handlers.sources.merge import plain
from handlers.ui.elsewhere import known_span
from handlers.ui.views import OutdoneView
from storage import Store
from storage.edits import typed
from storage.items import Item, ItemEvent

_TOLD_BY_OTHERS = frozenset({"wsjf", "scored_at"})
"""Fields that follow from others."""


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
    if not _still(item, event):
        return says(f"{name}: what both sides had changed is settled.")
    people = await store.people.named(story_people(event))
    known = (await store.tracked.known_as([item.number])).get(item.number)
    where = (known_span(known),) if known else ("the tool it comes from",)
    nodes: list[Node] = [text(f"{name} was changed in ", *where, ", and you had changed it here:")]
    nodes += [text(line) for line in _lines(event, people)]
    nodes.append(text("Theirs stands, since the work lives there; yours is kept in its story."))
    hint = f"Take yours again for #{item.number}"
    nodes.append(Buttons((Button("Use mine", UseMine(item.number, event.seq), hint=hint),)))
    return Card(f"{name} was changed on both sides.", tuple(nodes))


async def use_mine(turn: Turn, store: Store, act: UseMine) -> Reply:
    """Take the values again that gave way, as far as nobody has changed them since."""
    item = await changeable(turn, store, act.number)
    event = await store.items.event(act.number, act.seq)
    if event is None or event.kind != "outdone":
        raise NotFound("There is nothing to take back here.")
    if not (still := _still(item, event)):
        raise Mistake(f"#{item.number} was changed again meanwhile. Use Edit instead.")
    mine = {name: typed(name, event.changes[name][0]) for name in still}
    await store.items.change(item, mine, by=turn.person.id)
    return None


def story_people(event: ItemEvent) -> list[str]:
    return [person for person in event.changes.get("owner", ()) if person]


def _still(item: Item, event: ItemEvent) -> list[str]:
    """Return the fields that are as the other tool left them."""
    return [n for n, (_, theirs) in event.changes.items() if plain(getattr(item, n)) == theirs]


def _lines(event: ItemEvent, people: dict[str, str]) -> Iterator[str]:
    for name, (mine, theirs) in sorted(event.changes.items()):
        if name in _TOLD_BY_OTHERS:
            continue
        if name == "owner":
            mine, theirs = people.get(mine or "", "nobody"), people.get(theirs or "", "nobody")
            yield f"The owner: theirs {theirs}, yours {mine}."
        elif name == "description":
            yield "The details: both were edited."
        else:
            what = story.field_words(name).removeprefix("the ")
            there, here = story.value_words(name, theirs), story.value_words(name, mine)
            yield f"The {what}: theirs {there}, yours {here}."
