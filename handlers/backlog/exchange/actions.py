"""What people can do with a backlog that comes in or goes out, and the card of one coming in."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import Action, View, action, view


@view("backlog.intake.card")
@dataclass(frozen=True, slots=True)
class IntakeView(View):
    """How far a file is on its way in."""

    intake_id: int


@action("backlog.import")
@dataclass(frozen=True, slots=True)
class ImportRows(Action):
    """Look at what was pasted; with columns that were chosen for what nothing said."""

    team_id: int


@action("backlog.import.words")
@dataclass(frozen=True, slots=True)
class ExplainWords(Action):
    """Say what a tool's words mean; then look again."""

    intake_id: int


@action("backlog.import.begin")
@dataclass(frozen=True, slots=True)
class BeginImport(Action):
    """Bring in what was looked at."""

    intake_id: int


@action("backlog.export")
@dataclass(frozen=True, slots=True)
class TurnExport(Action):
    """Show a part of the export, from 0."""

    team_id: int
    page: int


@action("backlog.exported")
@dataclass(frozen=True, slots=True)
class CloseExport(Action):
    """Close the export: nothing in it is read."""
