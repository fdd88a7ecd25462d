"""A channel that counts marks, on both databases."""

from __future__ import annotations

import pytest

from storage import Database
from tests.bot.tally import Room


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)
