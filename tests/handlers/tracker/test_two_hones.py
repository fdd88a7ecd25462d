"""Two Hones follow one project, such as a pilot beside the one that everybody uses."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.trackers.tracker import Silent
from storage import Database
from storage.tickets import SampleTicket
from tests.handlers.tracker.sampled import Sampled
from tests.handlers.tracker.troubled import Troubled
from tests.hone import Hone


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def test_two_hones_of_one_project_do_not_fight(
    hone: Hone, migrated_sqlite: Path, tmp_path: Path
) -> None:
    """What one writes is an edit like anybody's to the other: it is read, and not written back."""
    shutil.copy(migrated_sqlite, tmp_path / "pilot.db")
    database = Database(f"sqlite:///{tmp_path / 'pilot.db'}")
    pilot = Hone(database, "test:pilot")
    ours, theirs = Sampled(hone), Sampled(pilot)
    theirs.tracker = ours.tracker
    trouble = Troubled(ours.tracker)
    for each in (hone, pilot):
        each.opens["sample"] = lambda kind, access: trouble  # type: ignore[assignment, return-value]
    ada, kim = hone.person("Ada"), pilot.person("Kim")
    await ada.says("improve Builds take forty minutes")
    await kim.says("improve Deploys fail on Fridays")
    for sampled in (ours, theirs):
        await sampled.connect()
        await sampled.follow()

    async def pass_(*, hours: float) -> None:
        for _ in range(2):
            for each in (hone, pilot):
                await each.wait(hours=hours / 2)
                await each.pulls()

    await ada.says("backlog rename PAY-6 Retry twice")
    await pass_(hours=1)
    assert (await theirs.item(6)).title == "Retry twice"
    await kim.says("backlog rename PAY-6 Retry three times")
    await pass_(hours=1)
    assert (await ours.item(6)).title == "Retry three times"
    assert not [*hone.channel("dm-ada"), *pilot.channel("dm-kim")], "nobody is told of a conflict"

    for person in (ada, kim):
        trouble.after["create"].append(Silent("no answer"))
        await person.clicks("Put into Sample tracker")
        await pass_(hours=1)
    tickets = await _tickets(hone)
    for title in ("Builds take forty minutes", "Deploys fail on Fridays"):
        assert [ticket.title for ticket in tickets].count(title) == 1
        for sampled in (ours, theirs):
            assert await _open_with(sampled, title) == 1

    await pass_(hours=24)
    assert [t.version for t in await _tickets(hone)] == [t.version for t in tickets]
    await pilot.stop()
    await database.close()


async def _tickets(hone: Hone) -> Sequence[SampleTicket]:
    async with hone.database.read(hone.workspace, hone.now) as store:
        return await store.tickets.all()


async def _open_with(sampled: Sampled, title: str) -> int:
    """Return how many open items of a team have a title."""
    async with sampled.hone.database.read(sampled.hone.workspace, sampled.hone.now) as store:
        team = await store.teams.resolve("refinement", "ada")
        return sum(item.title == title for item in await store.items.of_team(team.id))
