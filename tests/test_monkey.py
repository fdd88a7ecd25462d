"""A short run of the monkey; `make monkey` has long ones, with seeds that nobody chose."""

from __future__ import annotations

from structlog.testing import capture_logs

from storage import Database
from tests.hone import Hone
from tests.monkey.playing import Monkey

STEPS = 70


async def test_ten_people_at_random_keys_break_nothing(sqlite_url: str) -> None:
    """What nobody thought of is what random people do first."""
    hone = Hone(Database(sqlite_url))
    monkey = Monkey(hone, seed=15)
    with capture_logs() as monkey.logs:
        await monkey.begin()
        while monkey.steps < STEPS:
            await monkey.step()
        await monkey.look()
    await hone.stop()
    await hone.database.close()
