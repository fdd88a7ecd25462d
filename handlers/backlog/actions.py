"""What people can do with a list of the backlog."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wire import Action, action


@action("backlog.page")
@dataclass(frozen=True, slots=True)
class TurnPage(Action):
    """Show a page, from 0, of one of the lists of a team: `open`, `mine`, `unowned` or `done`."""

    team_id: int
    listing: str
    page: int
