"""What people can do with what one team waits for and another one owes."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import Action, View, action, view
from storage.links import Target


@dataclass(frozen=True, slots=True)
class Link(View):
    """Item `number` waits for an `item` or for a team, `for_team`; the other one is 0."""

    number: int
    item: int = 0
    for_team: int = 0

    @property
    def target(self) -> Target:
        return Target(item=self.item or None, team=self.for_team or None)


@view("dependency.waits")
@dataclass(frozen=True, slots=True)
class WaitsView(Link):
    """Another team's item waits: told to the team it waits for."""


@view("dependency.reminder")
@dataclass(frozen=True, slots=True)
class ReminderView(Link):
    """It still waits, said again on a day (ISO)."""

    day: str = ""


@view("dependency.over")
@dataclass(frozen=True, slots=True)
class OverView(Link):
    """What was waited for, or what waited, is finished: told to `team_id`, at the other end."""

    team_id: int = 0


@action("dependency.when.save")
@dataclass(frozen=True, slots=True)
class SavePromise(Action):
    number: int


@action("dependency.take.save")
@dataclass(frozen=True, slots=True)
class SaveTake(Action):
    number: int
    team_id: int
