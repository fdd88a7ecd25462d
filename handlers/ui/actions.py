"""Buttons several features show: each opens what another feature owns of an item."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import Action, action


@action("backlog.move")
@dataclass(frozen=True, slots=True)
class OpenMove(Action):
    """Open the form that moves an item to another state."""

    number: int


@action("refine.open")
@dataclass(frozen=True, slots=True)
class OpenRefine(Action):
    """Open the form that makes an item ready."""

    number: int


@action("coach.item")
@dataclass(frozen=True, slots=True)
class CoachItem(Action):
    """Think an item through in one form."""

    number: int


COACHED = "coached"
"""The step of a draft that coach has taken over."""


@action("coach.draft")
@dataclass(frozen=True, slots=True)
class CoachDraft(Action):
    """Think words through that are not saved yet, question by question."""

    conversation: int


@action("pi.new")
@dataclass(frozen=True, slots=True)
class OpenObjective(Action):
    """Open the form of a new PI objective."""


@action("settings.rhythm")
@dataclass(frozen=True, slots=True)
class OpenRhythm(Action):
    """Open the form that says when a team's iterations begin."""


@action("capture.new")
@dataclass(frozen=True, slots=True)
class OpenNew(Action):
    """Open the empty form, for the message behind `link` if there is one."""

    link: str = ""


@action("wsjf.choose")
@dataclass(frozen=True, slots=True)
class OpenStart(Action):
    """Open the form that chooses items."""


@action("dependency.when")
@dataclass(frozen=True, slots=True)
class OpenPromise(Action):
    """Open the form that says by when an item will be done that another team waits for."""

    number: int


@action("dependency.take")
@dataclass(frozen=True, slots=True)
class OpenTake(Action):
    """Open the form that says which item of a team another team's item `number` waits for.

    A `team_id` of 0 is the team of whoever presses.
    """

    number: int
    team_id: int = 0


@action("dependency.remind")
@dataclass(frozen=True, slots=True)
class RemindTeams(Action):
    """Tell the teams that an item waits for once more, in their channels."""

    number: int


@action("tracker.put")
@dataclass(frozen=True, slots=True)
class PutThere(Action):
    """Put an item into a scope of the tracker its team follows."""

    number: int
    scope_id: int


@action("tracker.put.where")
@dataclass(frozen=True, slots=True)
class OpenPut(Action):
    """Open the form that asks into which scope an item is put."""

    number: int


@action("tracker.put.save")
@dataclass(frozen=True, slots=True)
class SavePut(Action):
    """Put an item into the scope that was chosen."""

    number: int


@action("tracker.leave")
@dataclass(frozen=True, slots=True)
class LeaveHere(Action):
    """Put an item into a scope after all not, while it is not there yet."""

    number: int
    scope_id: int


@action("tracker.move")
@dataclass(frozen=True, slots=True)
class OpenMoveThere(Action):
    """Open the form that moves an item in its tracker, by the steps it may take there now."""

    number: int
    scope_id: int


@action("tracker.move.save")
@dataclass(frozen=True, slots=True)
class SaveMoveThere(Action):
    """Have an item moved in its tracker."""

    number: int
    scope_id: int


@action("tracker.again")
@dataclass(frozen=True, slots=True)
class WriteAgain(Action):
    """Try once more to write what a tracker did not take."""

    number: int
    scope_id: int


@action("capture.outcome")
@dataclass(frozen=True, slots=True)
class OpenOutcome(Action):
    """Ask what a feature should change."""

    number: int


@action("capture.focus")
@dataclass(frozen=True, slots=True)
class MakeFocus(Action):
    """Make the item the one small improvement its team is making now."""

    number: int
