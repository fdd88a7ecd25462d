"""Stories of a team that follows a tracker."""

from __future__ import annotations

import pytest

from tests.handlers.tracker.followed import Followed
from tests.hone import Hone


@pytest.fixture
async def followed(hone: Hone) -> Followed:
    """A team with one item, #1, that is PAY-7 in its tracker."""
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes")
    followed = Followed(hone)
    await followed.begin()
    await followed.has(1, "7")
    return followed
