"""What people can do in a retro, as typed values that travel through a platform."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import Action, View, action, view


@view("retro.step")
@dataclass(frozen=True, slots=True)
class StepView(View):
    """What the retro's thread is told: `soon`, `revealed`, `counted`, `away` or `taken`.

    `alone`: what one person is told of it in their chat with Hone.
    """

    retro_id: int
    step: str
    alone: bool = False


@view("retro.notes")
@dataclass(frozen=True, slots=True)
class NotesView(View):
    """A page, from 0, of all revealed notes, for one person alone."""

    retro_id: int
    page: int


# --- start -----------------------------------------------------------------------------------


@action("retro.start")
@dataclass(frozen=True, slots=True)
class Start(Action):
    """Start the retro that the form describes."""


@action("retro.template")
@dataclass(frozen=True, slots=True)
class SaveTemplate(Action):
    """Keep one of the team's own templates."""


# --- write -----------------------------------------------------------------------------------


@action("retro.write")
@dataclass(frozen=True, slots=True)
class OpenNotes(Action):
    retro_id: int


@action("retro.written")
@dataclass(frozen=True, slots=True)
class SaveNotes(Action):
    """Add the notes of the form. `anonymous` says what the retro promises, and never chooses it.

    `late`: its author was told that the others are on the table already.
    """

    retro_id: int
    anonymous: bool
    late: bool = False


@action("retro.done_writing")
@dataclass(frozen=True, slots=True)
class FinishWriting(Action):
    """Say that one has written all one wants to."""

    retro_id: int


@action("retro.own")
@dataclass(frozen=True, slots=True)
class OpenOwn(Action):
    retro_id: int


@action("retro.own.save")
@dataclass(frozen=True, slots=True)
class SaveOwn(Action):
    retro_id: int


@action("retro.unsigned")
@dataclass(frozen=True, slots=True)
class OpenUnsigned(Action):
    """Change notes without a name; only the card that was shown to their author holds this."""

    retro_id: int
    secret: str
    until: int


@action("retro.unsigned.save")
@dataclass(frozen=True, slots=True)
class SaveUnsigned(Action):
    retro_id: int
    secret: str
    until: int


# --- lead ------------------------------------------------------------------------------------


@action("retro.reveal")
@dataclass(frozen=True, slots=True)
class Reveal(Action):
    """Reveal all notes; `sure` once it was said that their authors may be guessed."""

    retro_id: int
    sure: bool = False


@action("retro.cancel")
@dataclass(frozen=True, slots=True)
class Cancel(Action):
    retro_id: int


@action("retro.take_over")
@dataclass(frozen=True, slots=True)
class TakeOver(Action):
    """Lead the retro from now on, since whoever leads it has been away."""

    retro_id: int


@action("retro.sort")
@dataclass(frozen=True, slots=True)
class OpenSort(Action):
    """Ask which notes go to which group."""

    retro_id: int


@action("retro.sorted")
@dataclass(frozen=True, slots=True)
class SortNotes(Action):
    retro_id: int


@action("retro.merge")
@dataclass(frozen=True, slots=True)
class OpenMerge(Action):
    retro_id: int


@action("retro.merged")
@dataclass(frozen=True, slots=True)
class Merge(Action):
    retro_id: int


@action("retro.split")
@dataclass(frozen=True, slots=True)
class OpenSplit(Action):
    retro_id: int


@action("retro.split.group")
@dataclass(frozen=True, slots=True)
class ChooseSplit(Action):
    """Take the group that was chosen, and ask which of its notes to move out."""

    retro_id: int


@action("retro.split.done")
@dataclass(frozen=True, slots=True)
class Split(Action):
    retro_id: int
    group: int


@action("retro.vote.open")
@dataclass(frozen=True, slots=True)
class StartVote(Action):
    retro_id: int


@action("retro.vote.close")
@dataclass(frozen=True, slots=True)
class CloseVote(Action):
    retro_id: int


@action("retro.choose")
@dataclass(frozen=True, slots=True)
class OpenChoice(Action):
    retro_id: int


@action("retro.chosen")
@dataclass(frozen=True, slots=True)
class Choose(Action):
    retro_id: int


@action("retro.improve")
@dataclass(frozen=True, slots=True)
class Improve(Action):
    """Make items of these groups, written as `3,1,7`.

    `asked`: it was asked about owners and days that are missing.
    """

    retro_id: int
    groups: str
    asked: bool = False


@action("retro.finish")
@dataclass(frozen=True, slots=True)
class Finish(Action):
    """End the retro without an improvement."""

    retro_id: int


# --- vote and read ---------------------------------------------------------------------------


@action("retro.vote")
@dataclass(frozen=True, slots=True)
class OpenDots(Action):
    retro_id: int


@action("retro.dots")
@dataclass(frozen=True, slots=True)
class GiveDots(Action):
    """Keep the dots of one page, from 0, and go on to the next."""

    retro_id: int
    page: int


@action("retro.dots.back")
@dataclass(frozen=True, slots=True)
class TurnBack(Action):
    """Keep the dots of one page and go back to the one before."""

    retro_id: int
    page: int


@action("retro.read")
@dataclass(frozen=True, slots=True)
class ReadNotes(Action):
    """Show a page of all notes; `turning` tells a page turned from the first one asked for."""

    retro_id: int
    page: int
    turning: bool = False
