"""From any chat an improvement gets into the tracker, and the chat says what it is called there."""

from __future__ import annotations

from bot.trackers.sites import Sites
from bot.trackers.writer import TrackerWriter
from handlers.tracker.told import Told, written
from storage import Store
from tests.fakes.tracker import FakeTracker
from tests.stages.stage import Player, Stage


async def test_an_improvement_goes_where_the_work_lives(stage: Stage, ada: Player) -> None:
    """Link, button and form are each platform's own; what comes of them is not."""
    tracker = FakeTracker()
    await ada.says("improve Builds take forty minutes")
    sites = Sites({"sample": lambda kind, access: tracker})
    stage.connect(TrackerWriter(stage.router, stage.database, sites, stage.clock))
    await stage.database.write(stage.workspace, stage.clock(), _follow)
    await ada.says("improve Reviews wait for days")
    await ada.clicks("Put into Sample tracker")
    await stage.settle()
    (issue,) = tracker.issues.values()
    assert issue.fields["title"] == "Reviews wait for days"
    seen = await ada.sees()
    assert "PAY-100" in seen
    assert "https://tracker.example/PAY-100" in "".join(stage.shown())
    await ada.says("backlog rename PAY-100 Reviews wait for a week")
    await stage.settle()
    assert issue.fields["title"] == "Reviews wait for a week"


async def _follow(store: Store) -> None:
    item = await store.items.find(1)
    assert item is not None
    site = await store.trackers.connect(
        "sample", "sample", "", "ada", hook="h" * 32, hook_secret=""
    )
    site.state, site.due_at = "open", None
    scope = await store.trackers.follow(site, item.team_id, "PAY", "Payments")
    scope.step, scope.due_at = "following", None
    scope.told = written(Told(abilities=FakeTracker().can))
