"""How an owner answers the two questions: did it get done, and did it work."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import Action, action


@action("followthrough.done")
@dataclass(frozen=True, slots=True)
class Done(Action):
    number: int


@action("followthrough.later")
@dataclass(frozen=True, slots=True)
class OpenLater(Action):
    """Ask for the new day."""

    number: int


@action("followthrough.moved")
@dataclass(frozen=True, slots=True)
class SaveLater(Action):
    number: int


@action("followthrough.drop")
@dataclass(frozen=True, slots=True)
class OpenDrop(Action):
    """Ask for the reason."""

    number: int


@action("followthrough.dropped")
@dataclass(frozen=True, slots=True)
class SaveDrop(Action):
    number: int


@action("followthrough.what_came")
@dataclass(frozen=True, slots=True)
class OpenEffect(Action):
    """Ask for the number that goes with the answer; `effect` is one of EFFECTS."""

    number: int
    effect: str


@action("followthrough.effect_saved")
@dataclass(frozen=True, slots=True)
class SaveEffect(Action):
    """Keep what came of the hypothesis; a press alone brings no number."""

    number: int
    effect: str


@action("followthrough.recheck")
@dataclass(frozen=True, slots=True)
class OpenRecheck(Action):
    """Ask on which day to ask again."""

    number: int


@action("followthrough.recheck_saved")
@dataclass(frozen=True, slots=True)
class SaveRecheck(Action):
    number: int


@action("followthrough.next")
@dataclass(frozen=True, slots=True)
class OpenNext(Action):
    """Ask for the next experiment, since this item's metric did not move."""

    number: int


@action("followthrough.next_saved")
@dataclass(frozen=True, slots=True)
class SaveNext(Action):
    number: int
