"""What people can do to make an item ready."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import Action, View, action, view


@view("refine.item")
@dataclass(frozen=True, slots=True)
class RefineView(View):
    """An item with its hints, and what it lacks to be ready. Shown to one person at a time."""

    number: int


@action("refine.save")
@dataclass(frozen=True, slots=True)
class SaveRefined(Action):
    number: int


@action("refine.ready")
@dataclass(frozen=True, slots=True)
class MarkReady(Action):
    """Call the item ready, if it has what the team asks for."""

    number: int


@action("refine.anyway")
@dataclass(frozen=True, slots=True)
class OpenAnyway(Action):
    """Ask why the item is ready although something is missing."""

    number: int


@action("refine.anyway.save")
@dataclass(frozen=True, slots=True)
class SaveAnyway(Action):
    number: int


@action("refine.override")
@dataclass(frozen=True, slots=True)
class OpenOverride(Action):
    """Ask which hint does not count here, and why."""

    number: int


@action("refine.override.save")
@dataclass(frozen=True, slots=True)
class SaveOverride(Action):
    number: int


@action("refine.next")
@dataclass(frozen=True, slots=True)
class OpenNext(Action):
    """Open the form of the next item that is not ready."""


@action("refine.definition")
@dataclass(frozen=True, slots=True)
class OpenDefinition(Action):
    """Open the form of the team's Definition of Ready."""


@action("refine.definition.save")
@dataclass(frozen=True, slots=True)
class SaveDefinition(Action):
    team_id: int
