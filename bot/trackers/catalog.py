"""Every tracker that is reached by HTTP: what opens it, and what reads its hooks.

A new one is a folder, a line in `kinds.py`, a line here, and a fake for the contract.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    """Return what opens each kind of tracker."""

    def opens(kind: str, access: Access) -> Tracker:
        return TRACKERS[kind](access, door)

    return dict.fromkeys(TRACKERS, opens)
