"""A person's own page as it is posted, and what can be done with a copy of it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import Action, View, action, view


@view("me.page")
@dataclass(frozen=True, slots=True)
class PageView(View):
    """Somebody's own page. A copy that is shown once, where others talk, is not `live`."""

    person: str
    live: bool = True


@view("me.moved")
@dataclass(frozen=True, slots=True)
class MovedView(View):
    """What stays where a page stood before it was asked for again further down."""

    person: str


@action("me.again")
@dataclass(frozen=True, slots=True)
class Redraw(Action):
    """Show the page as it is by now, in place of a copy."""
