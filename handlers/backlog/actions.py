"""What people can do with a list of the backlog, and with an item as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import Action, action


@action("backlog.page")
@dataclass(frozen=True, slots=True)
class TurnPage(Action):
    """Show a page, from 0, of one of the lists of a team, such as `open` or `mine`."""

    team_id: int
    listing: str
    page: int


@action("backlog.moved")
@dataclass(frozen=True, slots=True)
class SaveMove(Action):
    """Move an item as the form says, which was opened while the item was in this state."""

    number: int
    state: str


@action("backlog.split")
@dataclass(frozen=True, slots=True)
class OpenSplit(Action):
    """Ask for the titles of an item's parts."""

    number: int


@action("backlog.split.save")
@dataclass(frozen=True, slots=True)
class SaveSplit(Action):
    number: int


@action("backlog.lift")
@dataclass(frozen=True, slots=True)
class OpenLift(Action):
    """Ask which item of the whole train this one is part of, and `more` of them: `2,3`."""

    number: int
    more: str = ""


@action("backlog.lift.save")
@dataclass(frozen=True, slots=True)
class SaveLift(Action):
    number: int
    more: str = ""


@action("backlog.decide")
@dataclass(frozen=True, slots=True)
class Decide(Action):
    """Settle what both sides changed of an item: with `ours` its values here are taken again.

    It is pressed in the list of a scope's conflicts.
    """

    scope_id: int
    number: int
    ours: bool


@action("backlog.mine")
@dataclass(frozen=True, slots=True)
class UseMine(Action):
    """Take the values again that gave way to another tool's, in the event `seq`."""

    number: int
    seq: int
