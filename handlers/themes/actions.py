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
