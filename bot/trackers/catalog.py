"""Every tracker that is reached by HTTP: what opens it, and what reads its hooks.

A new one is a folder, a line in `kinds.py`, a line here, and a fake for the contract.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.trackers.agility import verify as agility_hooks
from bot.trackers.agility.adapter import Agility
from bot.trackers.align.adapter import Align
from bot.trackers.azure import verify as azure_hooks
from bot.trackers.azure.adapter import Azure
from bot.trackers.github import verify as github_hooks
from bot.trackers.github.adapter import GitHub
from bot.trackers.gitlab import verify as gitlab_hooks
from bot.trackers.gitlab.adapter import GitLab
from bot.trackers.http import Door
from bot.trackers.jira import verify as jira_hooks
from bot.trackers.jira.adapter import Jira
from bot.trackers.linear import verify as linear_hooks
from bot.trackers.linear.adapter import Linear
from bot.trackers.rally.adapter import Rally
from bot.trackers.redmine.adapter import Redmine
from bot.trackers.tracker import Access, Opens, ReadHook, Tracker

TRACKERS: Final[Mapping[str, Callable[[Access, Door], Tracker]]] = {
    "jira": Jira,
    "redmine": Redmine,
    "rally": Rally,
    "agility": Agility,
    "align": Align,
    "azure": Azure,
    "github": GitHub,
    "gitlab": GitLab,
    "linear": Linear,
}

OPEN_FOR: Final = timedelta(minutes=15)
OPEN_MAX: Final = 500

HOOKS: Final[Mapping[str, ReadHook]] = {
    "jira": jira_hooks.hinted,
    "agility": agility_hooks.hinted,
    "azure": azure_hooks.hinted,
    "github": github_hooks.hinted,
    "gitlab": gitlab_hooks.hinted,
    "linear": linear_hooks.hinted,
}
"""How to read what a tracker sends when something changes; those that are missing are polled."""


def opened_through(door: Door) -> dict[str, Opens]:
    """Return what opens each kind of tracker.

    A site stays open for a while: it knows its fields, its states and its short-lived tokens, which
    would be half of all calls if each look asked for them anew. Another token is another opening.
    """
    opened: dict[tuple[object, ...], tuple[datetime, Tracker]] = {}

    def opens(kind: str, access: Access) -> Tracker:
        key = (kind, access.site, access.workspace, *sorted(access.given.items()))
        now = door.clock()
        until, tracker = opened.get(key, (now, None))
        if tracker is None or not now < until <= now + OPEN_FOR:
            if len(opened) >= OPEN_MAX:
                opened.clear()
            tracker = TRACKERS[kind](access, door)
            opened[key] = now + OPEN_FOR, tracker
        return tracker

    return dict.fromkeys(TRACKERS, opens)
