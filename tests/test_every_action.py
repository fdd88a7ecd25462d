"""Every kind of card stands in one workspace, and everything that can be pressed is pressed once.

The driver draws all cards again then: an action that changes what some card shows, without that
card hearing of it, fails here whichever two features are involved. A new action needs its line in
a scene of `tests/sweep`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.wire import View, name_of
from handlers import FEATURES
from storage import Database
from tests.hone import posts_of
from tests.sweep import items, records, rounds, trackers, weeks
from tests.sweep.workspace import Swept, furnish

SCENES = (
    *items.SCENES,
    *rounds.SCENES,
    *weeks.SCENES,
    *trackers.SCENES,
    *records.SCENES,
)

NEVER_POSTED = {"retro.notes", "refine.item", "themes.markdown", "tracker.conflicts"}
"""Views that one person is shown once, and that no post keeps."""


@pytest.fixture
async def swept(sqlite_url: str, lasting: None) -> AsyncIterator[Swept]:
    """Hone on one kind of database: what differs between them is covered elsewhere."""
    database = Database(sqlite_url)
    running = Swept(database)
    yield running
    await running.stop()
    await database.close()


async def test_everything_is_pressed_once_and_no_card_is_stale(swept: Swept) -> None:
    await furnish(swept)
    for scene in SCENES:
        swept.now += timedelta(minutes=2)  # nobody is that fast, and is asked to slow down
        await scene(swept)
    views: set[type[View]] = {view for feature in FEATURES for view in feature.views}
    missing = {name_of(view) for view in views} - await posts_of(swept) - NEVER_POSTED
    assert not missing, f"no card of {missing} stands"
    actions = {name_of(action) for feature in FEATURES for action in feature.actions}
    unpressed = actions - swept.router.pressed
    assert not unpressed, f"no scene presses {sorted(unpressed)}"
