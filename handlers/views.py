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


@view("followthrough.due")
@dataclass(frozen=True, slots=True)
class DueView(View):
    """The question whether an item got done by its day (ISO); drawn by followthrough."""

    number: int
    due: str


@view("followthrough.effect")
@dataclass(frozen=True, slots=True)
class EffectView(View):
    """The question whether an item's metric moved, asked for a day (ISO); by followthrough."""

    number: int
    day: str


@view("pi.objective")
@dataclass(frozen=True, slots=True)
class ObjectiveView(View):
    """A PI objective's live card with the items that hang on it; drawn by objectives."""

    objective_id: int


async def redrawn(store: Store, item: Item, channel: str) -> tuple[Refresh, ...]:
    """Return what redraws every card of an item that just changed, now and once Undo runs out."""
    await store.timers.set(SETTLE, str(item.number), store.now + UNDO_FOR, channel)
    views: list[View] = [ItemView(item.number)]
    if item.due_asked:
        views.append(DueView(item.number, item.due_asked.isoformat()))
    if item.check_asked:
        views.append(EffectView(item.number, item.check_asked.isoformat()))
    if item.objective_id:
        views.append(ObjectiveView(item.objective_id))
    return tuple(map(Refresh, views))
