"""Every tracker of the contract, each at work with people in it."""

from __future__ import annotations

from tests.fakes.trackers.agility import FakeAgility
from tests.fakes.trackers.align import FakeAlign
from tests.fakes.trackers.azure import FakeAzure
from tests.fakes.trackers.board import Board
from tests.fakes.trackers.github import FakeGitHub
from tests.fakes.trackers.gitlab import FakeGitLab
from tests.fakes.trackers.jira import FakeJira, FakeJiraDataCenter
from tests.fakes.trackers.linear import FakeLinear
from tests.fakes.trackers.rally import FakeRally
from tests.fakes.trackers.redmine import FakeRedmine
from tests.fakes.trackers.sample import FakeSample

WORLDS: dict[str, type[Board]] = {
    "jira": FakeJira,
    "jira data center": FakeJiraDataCenter,
    "azure": FakeAzure,
    "redmine": FakeRedmine,
    "rally": FakeRally,
    "agility": FakeAgility,
    "align": FakeAlign,
    "github": FakeGitHub,
    "gitlab": FakeGitLab,
    "linear": FakeLinear,
}
"""Those that are reached by HTTP."""

CONTRACT: dict[str, type[Board]] = {"sample": FakeSample, **WORLDS}
