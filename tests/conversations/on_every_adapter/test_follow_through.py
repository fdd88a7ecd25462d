"""On one morning an owner is asked all that is due, in one message, and answers where it stands."""

from __future__ import annotations

from tests.stages.stage import Player, Stage


async def test_a_morning_is_one_message_and_each_answer_shows_in_it(
    stage: Stage, ada: Player, grace: Player
) -> None:
    await grace.says("help")
    for title in ("Reviews wait two days", "Builds take forty minutes", "Nobody owns staging"):
        await ada.says(f"improve {title} @{grace.called} by Friday", grace)
    chat = grace.alone()
    await stage.wait(days=7, hours=6)  # nine o'clock in New York, too
    seen = await chat.sees()
    assert seen.count("3 questions about what you own") == 1
    for number in (1, 2, 3):
        assert f"#{number} " in seen

    await chat.clicks("Later")
    await chat.fills({"due": "2026-11-01"})
    assert "is no day to come" in chat.form
    await chat.fills({"due": "2026-12-09"})
    await chat.clicks("Drop")
    await chat.fills({"reason": "no longer true"})
    seen = await chat.sees()
    assert "1 question about what you own" in seen
    assert "The new day is Wednesday 9 December 2026." in seen
    assert "It was dropped (no longer true)." in seen
    await chat.clicks("Done")
    assert "All 3 questions are answered" in await chat.sees()
    await stage.wait(days=2)
    assert "about what you own" not in await chat.sees(), "nobody is reminded twice"


async def test_a_metric_nobody_owns_is_asked_about_and_leads_to_the_next_experiment(
    stage: Stage, ada: Player, grace: Player
) -> None:
    """A number that nobody comes back to was only decoration."""
    await ada.says("improve")
    hoped = "days a review waits from 2 days to 4 hours"
    await ada.fills({"title": "Reviews wait two days", "metric": hoped})
    await grace.says("backlog finish #1")
    chat = grace.alone()
    await stage.wait(days=14, hours=6)
    assert "Nobody owns it, so I ask you, who finished it." in await chat.sees()
    await chat.clicks("It did not")
    await chat.fills({"value": "3 days"})
    assert "days a review waits did not move" in chat.told
    await chat.clicks("Next experiment")
    await chat.fills({"title": "Two reviewers on duty", "due": "2026-12-18"})
    assert "Saved as #2." in chat.told
    assert "from 3 days to 4 hours" in await chat.sees()
