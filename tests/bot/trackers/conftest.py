"""A tracker at work, and Hone's way into it; no database but the sample tracker's own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.trackers.http import Door
from bot.trackers.tracker import Tracker
from tests.bot.trackers.worlds import CONTRACT
from tests.fakes.trackers.board import Board


@pytest.fixture(params=list(CONTRACT))
async def board(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Board]:
    """A world of the contract; the sample's waits for its disk however busy this machine is."""
    monkeypatch.setattr("storage.patience.PATIENCE_S", 60.0)
    async with CONTRACT[request.param]() as started:
        yield started


@pytest.fixture
async def door(board: Board) -> AsyncIterator[Door]:
    opened = Door(lambda: board.now, [board.host])
    yield opened
    await opened.close()


@pytest.fixture
def tracker(board: Board, door: Door) -> Tracker:
    return board.tracker(door)
