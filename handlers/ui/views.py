"""Views that several features show; each is drawn by the feature that its name begins with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.wire import View, view

UNDO_FOR = timedelta(minutes=10)


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


@view("themes.news")
@dataclass(frozen=True, slots=True)
class TrainNewsView(View):
    """An item became the whole train's, told to one of its teams; drawn by themes."""

    number: int
    team_id: int


@view("retro.retro")
@dataclass(frozen=True, slots=True)
class RetroView(View):
    """The retro's live card, from its start to its record; drawn by retro."""

    retro_id: int


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


@view("tracker.record")
@dataclass(frozen=True, slots=True)
class RecordView(View):
    """An item as it should stand in a scope of a tracker; drawn by tracker."""

    number: int
    scope_id: int


@view("tracker.conflicts")
@dataclass(frozen=True, slots=True)
class ConflictsView(View):
    """What both sides changed of a scope's items and nobody has decided; drawn by backlog."""

    scope_id: int


@view("backlog.outdone")
@dataclass(frozen=True, slots=True)
class OutdoneView(View):
    """Values of a person that gave way to another tool's, in the event `seq`; drawn by backlog."""

    number: int
    seq: int
