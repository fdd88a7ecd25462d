"""A tracker is whole when people can name it, Hone can open it and the contract knows it."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.trackers.catalog import HOOKS, TRACKERS, opened_through
from bot.trackers.http import Door
from bot.trackers.kinds import KINDS
from bot.trackers.tracker import Access
from tests.bot.trackers.worlds import WORLDS

IN_PROCESS = {"sample"}


def test_what_people_can_connect_is_what_hone_can_open() -> None:
    assert set(TRACKERS) == set(KINDS) - IN_PROCESS
    assert set(HOOKS) <= set(TRACKERS)
    assert {world.kind for world in WORLDS.values()} >= set(TRACKERS)


async def test_each_is_opened_by_what_its_form_asks_for() -> None:
    """A form that forgets to ask for something would be found by the first person who fills it."""
    door = Door(lambda: datetime(2026, 11, 30, tzinfo=UTC), ["127.0.0.1:1"])
    for kind, opens in opened_through(door).items():
        given = {asked.id: "x" for asked in KINDS[kind].asks}
        tracker = opens(kind, Access("127.0.0.1:1", given))
        assert tracker.kind == kind
        assert tracker.source.startswith(f"{kind}:")


def test_every_hook_asks_for_its_secret() -> None:
    """Without it nothing that is sent can be checked, and everything would be refused."""
    for kind in HOOKS:
        assert "hook_secret" in [asked.id for asked in KINDS[kind].asks]
