"""The digest says so when its numbers lag behind the tracker."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage import Store
from tests import followed
from tests.hone import Hone


@pytest.mark.parametrize(
    ("step", "hours", "says"),
    [("following", 2, False), ("following", 30, True), ("paused", 30, True), ("shown", 30, False)],
)
async def test_the_digest_says_what_it_may_not_know(
    hone: Hone, step: str, hours: int, says: bool
) -> None:
    """Else a Product Owner asks why the three stories finished yesterday are not in it."""
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes")
    await ada.says("connect sample")
    await followed.lets_in(hone, "Payments")
    alone = ada.alone()
    await alone.clicks("Choose a project")
    await alone.fills({"scope": "0"})

    async def read(store: Store) -> None:
        scope = await store.trackers.scope(1)
        assert scope is not None
        scope.step, scope.read_at = step, store.now - timedelta(hours=hours)

    await hone.database.write(hone.workspace, hone.now, read)
    await ada.says("digest")
    sentence = "Payments in Sample tracker was last read on Sun 22 Nov 2026: what changed there"
    assert (sentence in ada.told) is says
    for line in ("digest on Monday 9:00", "digest train"):
        await ada.says(line)
    assert (sentence in ada.told) is says
