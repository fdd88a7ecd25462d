"""What people can do with a team's settings."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import Action, action


@action("settings.save")
@dataclass(frozen=True, slots=True)
class Save(Action):
    """Save the form that was opened on this team."""

    team_id: int


@action("settings.rhythm.save")
@dataclass(frozen=True, slots=True)
class SaveRhythm(Action):
    """Save when a team's iterations begin and how long they take."""

    team_id: int
