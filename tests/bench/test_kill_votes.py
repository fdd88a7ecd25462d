"""What was acknowledged is kept, once, however the servers die: the bench, shortened."""

from __future__ import annotations

from pathlib import Path

from bench.kill_votes import Plan, on_postgresql, on_sqlite
from bench.ledger import Verdict
from tests.postgres import own_server

SHORT = Plan(acknowledged=150, people=40, at_once=16, kill_every_s=1.0, stops_database=False)
NOTHING_WRONG = Verdict(lost=0, doubled=0)


async def test_votes_outlive_the_process_that_acknowledged_them(tmp_path: Path) -> None:
    """A person who was told "your vote is in" must never find out at the reveal that it is not."""
    result = await on_sqlite(SHORT, tmp_path)
    assert result.kills > 0
    assert result.verdict == NOTHING_WRONG


async def test_votes_outlive_a_replica_that_acknowledged_them(tmp_path: Path) -> None:
    """Two replicas share the deliveries of one workspace; either may die in the middle of one."""
    with own_server(durable=True) as server:
        result = await on_postgresql(SHORT, tmp_path, server)
    assert result.kills > 0
    assert result.verdict == NOTHING_WRONG
