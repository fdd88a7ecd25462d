"""What was acknowledged is kept, once, however the servers die: the bench, shortened."""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path

import pytest

from bench.kill_votes import Plan, Room, on_postgresql, on_sqlite
from bench.ledger import Verdict
from bench.replica import living
from tests.examples import IN_CI
from tests.postgres import Postgres

KILL_AFTER = 60
"""Acknowledged acts until the next server dies; 16 more are on their way."""

SHORT = Plan(
    acknowledged=5 * KILL_AFTER if IN_CI else 100, people=40, at_once=16, stops_database=False
)
NOTHING_WRONG = Verdict(lost=0, doubled=0)


class MortalRoom(Room):
    """Here servers die by the number of acts, so that a busy machine gets as far as a quiet one."""

    async def _kill_now_and_then(self) -> None:
        for enough in count(KILL_AFTER, KILL_AFTER):
            while self.ledger.acknowledged < enough:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            (await living(self._replicas)).kill()
            self.kills += 1
            starting = [each for each in self._replicas if not each.alive]
            await asyncio.gather(*(each.start(self._http) for each in starting))


@pytest.fixture(autouse=True)
def _by_the_number_of_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.kill_votes.Room", MortalRoom)


async def test_votes_outlive_the_process_that_acknowledged_them(tmp_path: Path) -> None:
    """A person who was told "your vote is in" must never find out at the reveal that it is not."""
    result = await on_sqlite(SHORT, tmp_path)
    assert result.kills > 0
    assert result.verdict == NOTHING_WRONG


async def test_votes_outlive_a_replica_that_acknowledged_them(
    tmp_path: Path, postgres: Postgres
) -> None:
    """Two replicas share the deliveries of one workspace; either may die in the middle of one."""
    result = await on_postgresql(SHORT, tmp_path, postgres)
    assert result.kills > 0
    assert result.verdict == NOTHING_WRONG
