"""Every tracker that is reached by HTTP: what opens it, and what reads its hooks.

A new one is a folder, a line in `kinds.py`, a line here, and a fake for the contract.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bot.trackers.http import Door
from bot.trackers.jira import verify as jira_hooks
from bot.trackers.jira.adapter import Jira
from bot.trackers.rally.adapter import Rally
from bot.trackers.redmine.adapter import Redmine
from bot.trackers.tracker import Access, Opens, ReadHook, Tracker

TRACKERS: Final[Mapping[str, Callable[[Access, Door], Tracker]]] = {
    "jira": Jira,
    "redmine": Redmine,
    "rally": Rally,
}

HOOKS: Final[Mapping[str, ReadHook]] = {"jira": jira_hooks.hinted}
"""How to read what a tracker sends when something changes; those that are missing are polled."""


def opened_through(door: Door) -> dict[str, Opens]:
    """Return what opens each kind of tracker."""

    def opens(kind: str, access: Access) -> Tracker:
        return TRACKERS[kind](access, door)

    return dict.fromkeys(TRACKERS, opens)
