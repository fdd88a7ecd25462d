"""What people can do with themes across teams."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import Action, View, action, view


@action("themes.propose")
@dataclass(frozen=True, slots=True)
class Propose(Action):
    """Open the form that makes a pattern the train's. `key` is `#tag`, or `~` and a report."""

    key: str


@action("themes.confirm")
@dataclass(frozen=True, slots=True)
class ConfirmItem(Action):
    """Save the train's item: a person has read the evidence and agrees."""

    key: str


@action("themes.topic")
@dataclass(frozen=True, slots=True)
class OpenTopic(Action):
    """Open the form of one of the workspace's own topics; 0 is a new one."""

    topic_id: int = 0


@action("themes.topic_save")
@dataclass(frozen=True, slots=True)
class SaveTopic(Action):
    topic_id: int = 0


@action("themes.topic_remove")
@dataclass(frozen=True, slots=True)
class RemoveTopic(Action):
    topic_id: int


@action("themes.voice")
@dataclass(frozen=True, slots=True)
class OpenVoice(Action):
    """Open the form in which a team says how it meets what became the train's item."""

    number: int


@action("themes.voice_save")
@dataclass(frozen=True, slots=True)
class SaveVoice(Action):
    number: int


@view("themes.markdown")
@dataclass(frozen=True, slots=True)
class MarkdownView(View):
    """A page, from 0, of a train's packet as Markdown."""

    train_id: int
    page: int


@action("themes.page")
@dataclass(frozen=True, slots=True)
class ReadMarkdown(Action):
    """Show a page of the packet; `turning` tells a page turned from the first one asked for."""

    page: int
    turning: bool = False


@action("workshop.open")
@dataclass(frozen=True, slots=True)
class OpenWorkshop(Action):
    """Ask which problem to solve."""


@action("workshop.start")
@dataclass(frozen=True, slots=True)
class StartWorkshop(Action):
    """Begin the workshop."""


@action("workshop.cause")
@dataclass(frozen=True, slots=True)
class OpenCause(Action):
    """Ask why, up to five times; `no` changes a cause that is there."""

    workshop_id: int
    no: int = 0


@action("workshop.cause_save")
@dataclass(frozen=True, slots=True)
class SaveCause(Action):
    workshop_id: int
    no: int = 0


@action("workshop.dots")
@dataclass(frozen=True, slots=True)
class OpenDots(Action):
    """Ask where the dots go."""

    workshop_id: int


@action("workshop.dots_save")
@dataclass(frozen=True, slots=True)
class GiveDots(Action):
    workshop_id: int


@action("workshop.biggest")
@dataclass(frozen=True, slots=True)
class ShowBiggest(Action):
    """Close the dots and show the biggest cause."""

    workshop_id: int


@action("workshop.remedy")
@dataclass(frozen=True, slots=True)
class OpenRemedy(Action):
    """Ask what is done about the biggest cause."""

    workshop_id: int


@action("workshop.remedy_save")
@dataclass(frozen=True, slots=True)
class SaveRemedy(Action):
    workshop_id: int


@action("themes.share")
@dataclass(frozen=True, slots=True)
class SharePacket(Action):
    """Show the packet to the channel."""


@view("workshop.board")
@dataclass(frozen=True, slots=True)
class WorkshopView(View):
    """A problem-solving workshop's live card."""

    workshop_id: int


@view("themes.packet")
@dataclass(frozen=True, slots=True)
class PacketView(View):
    """A train's packet for Inspect & Adapt as it was on a day (ISO)."""

    train_id: int
    day: str
