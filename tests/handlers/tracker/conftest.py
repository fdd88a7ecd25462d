"""Stories of a team that follows a tracker."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.tracker import FakeTracker
from tests.fakes.trackers.vendor import FakeVendor
from tests.handlers.tracker.followed import Followed
from tests.hone import Hone
from tests.signing_in import Browser, browsing_at, registered


@pytest.fixture
async def followed(hone: Hone) -> Followed:
    """A team with one item, #1, that is PAY-7 in its tracker."""
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes")
    followed = Followed(hone)
    await followed.begin()
    await followed.has(1, "7")
    return followed


@pytest.fixture(params=["jira"])
async def vendor(request: pytest.FixtureRequest, hone: Hone) -> AsyncIterator[FakeVendor]:
    """A vendor that Hone is registered with; its tracker answers to any token."""
    async with FakeVendor(request.param, lambda: hone.now) as started:
        registered(hone, started)
        hone.opens[request.param] = lambda kind, access: FakeTracker(kind, f"{kind}:{access.site}")
        yield started


@pytest.fixture
async def browser(hone: Hone) -> AsyncIterator[Browser]:
    async with browsing_at(hone) as opened:
        yield opened
