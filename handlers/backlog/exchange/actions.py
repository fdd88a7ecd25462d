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


@action("backlog.import.open")
@dataclass(frozen=True, slots=True)
class OpenIntake(Action):
    """Open what is asked next about a file that is here."""

    intake_id: int


@action("backlog.import.leave")
@dataclass(frozen=True, slots=True)
class LeaveIntake(Action):
    """Leave a file out that nobody has agreed to."""

    intake_id: int


@action("backlog.import.notes")
@dataclass(frozen=True, slots=True)
class ShowNotes(Action):
    """Show all that was said about a file, beginning with a page from 0."""

    intake_id: int
    page: int = 0


@action("backlog.import.columns")
@dataclass(frozen=True, slots=True)
class ChooseColumns(Action):
    """Say which column holds what, where none is called title; then look again."""

    intake_id: int


@action("backlog.import.words")
@dataclass(frozen=True, slots=True)
class ExplainWords(Action):
    """Say what a tool's words mean; then look again. `round` tells which look asked."""

    intake_id: int
    round: int = 0


@action("backlog.import.guess")
@dataclass(frozen=True, slots=True)
class GuessRest(Action):
    """Say what some words mean, and take the guesses for the rest."""

    intake_id: int
    round: int = 0


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
