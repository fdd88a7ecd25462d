"""What people can do with a backlog that comes in or goes out."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import Action, action


@action("backlog.import")
@dataclass(frozen=True, slots=True)
class ImportRows(Action):
    """Import what was pasted. `checked` names the text whose effect was shown; else show it."""

    team_id: int
    checked: str = ""


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
