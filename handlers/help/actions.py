"""What help leaves in a channel."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import View, view


@view("help.welcome")
@dataclass(frozen=True, slots=True)
class WelcomeView(View):
    """The first words in a channel, to which `person` added Hone, or to them `alone`."""

    person: str
    alone: bool = False
