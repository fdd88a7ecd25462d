"""Three iterations with one small improvement each: long estimations become short ones."""

from __future__ import annotations

from bot.turn import Named
from tests.hone import Hone, Someone


async def focused(hone: Hone) -> Someone:
    """A team that iterates every two weeks, with three improvements; the first is its focus."""
    ada = hone.person("Ada")
    await ada.says("hone settings")
    await ada.fills({"iteration_weeks": "2", "iteration_first": "2026-11-23"})
    for title in (
        "Estimate in hours no more",
        "Two people prepare stories",
        "Stop after twenty minutes",
    ):
        await ada.says(f"improve {title}")
    await hone.wait(minutes=11)
    await ada.clicks("Make it our focus", on=hone.channel()[0].card)
    return ada


async def test_the_end_of_an_iteration_asks_what_came_of_it_and_offers_the_next(hone: Hone) -> None:
    """A focus nobody comes back to is a wish."""
    ada = await focused(hone)
    await ada.says("retro start")
    assert "Our focus: #1 Estimate in hours no more: captured" in hone.last()
    await ada.clicks("Cancel")
    await hone.wait(days=13, hours=10)
    assert "what came of our focus?" not in hone.last()
    await hone.wait(hours=8)
    asked = hone.last()
    assert "The iteration is over: what came of our focus?" in asked
    assert "#1 Estimate in hours no more: captured. No harm done" in asked
    assert "One more done." not in asked, "a miss is not counted"
    await ada.clicks("Done")
    assert "#1 Estimate in hours no more: done." in hone.last()
    assert "One more done." in hone.last()
    await ada.clicks("Take #2")
    assert "Now: #2 Two people prepare stories." in hone.last()

    await ada.says("mark #2 done")
    await hone.wait(days=14)
    assert "2 iterations in a row with an improvement." in hone.last()
    await ada.clicks("Take #3")
    await hone.wait(days=14)
    third = hone.last()
    assert "#3 Stop after twenty minutes: captured." in third
    await ada.clicks("Go on with it")
    await ada.says("mark #3 done")
    await hone.wait(days=14)
    assert "#3 Stop after twenty minutes: done." in hone.last()
    assert "4 iterations in a row" in hone.last()


async def test_guests_do_not_choose_at_the_end_either_and_a_dropped_focus_is_not_asked_about(
    hone: Hone,
) -> None:
    ada = await focused(hone)
    await hone.wait(days=14)
    guest = hone.person("Gus", role="guest")
    await guest.clicks("Take #2")
    assert "Guests cannot choose" in guest.told
    await ada.clicks("Take #2")
    await ada.says("backlog drop #2")
    await ada.fills({"reason": "no longer true"})
    posts = len(hone.channel())
    await hone.wait(days=28)
    assert len(hone.channel()) == posts


async def test_the_focus_stands_first_on_its_owners_page(hone: Hone) -> None:
    ada = await focused(hone)
    for number in (1, 2):
        await ada.says(f"backlog owner #{number} @Ada", Named("ada", "Ada"))
    await ada.says("backlog due #2 tomorrow")
    await ada.says("me")
    page = ada.told
    assert "Our focus: #1 Estimate in hours no more" in page
    assert page.index("#1 Estimate") < page.index("#2 Two people")
