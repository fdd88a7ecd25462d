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
