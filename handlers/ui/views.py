"""Views that several features show or refresh: any change of an item redraws its cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.turn import Refresh
from bot.wire import View, view
from storage import Store
from storage.items import Item

UNDO_FOR = timedelta(minutes=10)

SETTLE = "capture.settle"
"""The timer that draws an item's card again once its Undo has run out; the key is its number."""


@view("capture.item")
@dataclass(frozen=True, slots=True)
class ItemView(View):
    """One item's live card; drawn by capture."""

    number: int


@view("capture.draft")
@dataclass(frozen=True, slots=True)
class DraftView(View):
    """A proposal to save what somebody said; drawn by capture."""

    conversation: int


@view("followthrough.morning")
@dataclass(frozen=True, slots=True)
class MorningView(View):
    """What one person is asked on a morning (ISO) about their items; drawn by followthrough."""

    person: str
    morning: str


@view("pi.objective")
@dataclass(frozen=True, slots=True)
class ObjectiveView(View):
    """A PI objective's live card with the items that hang on it; drawn by objectives."""

    objective_id: int


async def redrawn(store: Store, item: Item, channel: str) -> tuple[Refresh, ...]:
    """Return what redraws every card of an item that just changed, now and once Undo runs out."""
    await store.timers.set(SETTLE, str(item.number), store.now + UNDO_FOR, channel)
    views: list[View] = [ItemView(item.number)]
    if item.due_asked or item.check_asked:
        asked = await store.asked.about(item.number)
        views += [MorningView(person, morning.isoformat()) for person, morning in asked]
    if item.objective_id:
        views.append(ObjectiveView(item.objective_id))
    return tuple(map(Refresh, views))
