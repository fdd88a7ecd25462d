"""One team's item waits for another team's: that team is told, answers, and both hear the end."""

from __future__ import annotations

from tests.stages.stage import Player, Stage


async def test_a_dependency_is_seen_from_both_ends(stage: Stage, ada: Player) -> None:
    grace = stage.person("Grace", "search")
    await grace.says("improve Serve <test> data on request")
    await ada.says("improve Test the ranking under load")
    await ada.says("refine #2")
    await ada.fills({"waits_for": "#1"})
    await stage.wait(minutes=1)
    assert "waits for #1 Serve <test> data on request, to go on with #2 Test" in await grace.sees()

    await grace.clicks("Say when")
    await grace.fills({"due": "2027-01-08"})
    await stage.wait(days=27)
    await ada.says("backlog deps")
    assert "08 Jan" in ada.told
    assert "27" in ada.told
    await grace.says("backlog finish #1")
    await stage.wait(minutes=1)
    assert "#1 Serve <test> data on request is done: #2" in await ada.sees()
