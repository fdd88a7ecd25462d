"""A person's own page says what waits for them and lets them do it, wherever their team talks."""

from __future__ import annotations

from handlers.wsjf.scale import COLUMNS
from tests.stages.stage import Player, Stage


async def test_what_waits_comes_to_the_page_and_is_done_on_it(
    stage: Stage, ada: Player, grace: Player
) -> None:
    await ada.says("help")  # by now Hone has seen her in the channel
    page = await ada.opens_page()
    assert "Nothing waits for you, Ada." in await page.sees()

    await grace.says("improve Builds take forty minutes @Ada by Friday", ada)
    await grace.says("wsjf start #1 by 16:00")
    seen = await page.sees()
    assert "Votes waiting for you" in seen
    assert "Closes by itself: " in seen
    assert "#1 Builds take forty minutes, captured, due Fri 27 Nov 2026" in seen
    assert "Nothing waits" not in seen

    await page.clicks("Vote")
    await page.fills({f"{column}.1": "5" for column in COLUMNS})
    assert "Your vote is in" in page.told
    assert "Votes waiting for you" not in await page.sees()
    assert f"Finished: {ada.name}" in await grace.sees()

    await page.clicks("Edit")
    await page.fills({"title": "Builds take an hour", "due": None})
    assert "#1 Builds take an hour, captured" in await page.sees()
    await page.clicks("Done")
    assert "Builds take an hour" not in await page.sees()
    assert "accepted" in await grace.sees()


async def test_a_page_asked_for_among_others_is_read_by_one_person(
    stage: Stage, ada: Player, grace: Player
) -> None:
    await grace.says("improve Builds take forty minutes @Ada", ada)
    await ada.says("hone me")  # Slack has a /me of its own
    assert "Your items" in ada.told
    assert "#1 Builds take forty minutes" in ada.told
    assert "Your items" not in await grace.sees()
    await grace.clicks("Done")
    await ada.clicks("Show it as it is now")
    assert "Builds take forty minutes" not in ada.told
