"""Three iterations with one small improvement each: long estimations become short ones."""

from __future__ import annotations

from bot.platform import Throttled, Unsure
from storage import Store
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


def pinned(hone: Hone) -> list[str]:
    return [shown.card.summary for shown in hone.channel() if shown.pinned]


async def test_the_end_of_an_iteration_asks_what_came_of_it_and_offers_the_next(hone: Hone) -> None:
    """A focus nobody comes back to is a wish."""
    ada = await focused(hone)
    channel = hone.channel()
    chosen = channel[-1]
    assert "Our focus for this iteration\n#1 Estimate in hours no more" in chosen.text
    assert "On Mon 7 Dec I ask what came of it." in chosen.text
    assert [shown.pinned for shown in channel[-2:]] == [False, True]
    await ada.says("retro start")
    assert "Our focus: #1 Estimate in hours no more: captured" in hone.last()
    await ada.clicks("Cancel")
    await hone.wait(days=13, hours=10)
    assert "what came of our focus?" not in hone.last()
    await hone.wait(hours=8)
    asked = hone.last()
    assert "This was our focus: #1 Estimate in hours no more: captured." in chosen.text
    assert not any(shown.pinned for shown in channel), "what is over stands in nobody's way"
    assert "The iteration is over: what came of our focus?" in asked
    assert "#1 Estimate in hours no more: captured. No harm done" in asked
    assert "One more done." not in asked, "a miss is not counted"
    ended = hone.channel()[-1]
    await ada.clicks("Done", on=ended.card)
    assert "#1 Estimate in hours no more: done." in hone.last()
    assert "One more done." in hone.last()
    await ada.clicks("Take #2")
    assert "Now: #2 Two people prepare stories." in ended.text

    await ada.says("mark #2 done")
    assert "Done." in hone.last()
    await hone.wait(days=14)
    assert "2 iterations in a row with an improvement." in hone.last()
    await ada.clicks("Take #3")
    await hone.wait(days=14)
    third = hone.last()
    assert "#3 Stop after twenty minutes: captured." in third
    await ada.clicks("Go on with it")
    assert "2 iterations in a row" not in hone.last(), "the last one is not done yet"
    await ada.says("mark #3 done")
    await hone.wait(days=14)
    assert "#3 Stop after twenty minutes: done." in hone.last()
    assert "4 iterations in a row" in hone.last()


async def test_a_focus_that_an_older_hone_kept_after_its_end_can_be_chosen_again(
    hone: Hone,
) -> None:
    """It did not put aside what it had asked about: nobody had chosen it for another iteration."""
    ada = await focused(hone)
    await hone.wait(days=14)

    async def as_before(store: Store) -> None:
        await store.teams.set_focus(1, 1)

    await hone.database.write(hone.workspace, hone.now, as_before)
    await hone.settle()
    asked = hone.channel()[-1]
    assert "Now:" not in asked.text
    await ada.clicks("Go on with it", on=asked.card)
    assert "Now: #1 Estimate in hours no more, for one more iteration." in asked.text
    assert pinned(hone) == ["Our focus: #1 Estimate in hours no more"]


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


async def test_the_focus_stands_on_top_for_everybody_and_is_set_aside_again(hone: Hone) -> None:
    """What only its owner sees is one person's task, and not what a team improves."""
    await hone.person("Grace").says("help")
    page = hone.person("Grace").alone()
    await page.says("me")
    ada = await focused(hone)
    await hone.wait(minutes=1)
    focus = "What we improve now\n#1 Estimate in hours no more: captured"
    assert focus in hone.last("dm-grace"), "her page heard of it by itself"
    assert hone.last("dm-grace").index(focus) < hone.last("dm-grace").index("Nothing waits for you")
    await ada.says("digest")
    _, focus = ada.told.splitlines()[:2]
    assert focus == "Our focus: #1 Estimate in hours no more: captured"
    await ada.says("coach #1")
    await ada.clicks("Set it aside")
    assert "This was our focus: #1" in hone.last()
    await ada.says("digest")
    assert "Our focus" not in ada.told
    await hone.wait(days=14)
    assert "what came of our focus?" not in hone.last()


async def test_long_estimations_become_short_ones_and_the_digest_says_by_how_much(
    hone: Hone,
) -> None:
    """A small change that shows in a number is what all of this is for."""
    ada = hone.person("Ada")
    await ada.says("improve Estimation takes hours")
    await ada.says("coach #1")
    hoped = {"metric": "minutes an estimation takes", "start": "95 min", "goal": "45 min"}
    tried = {"experiment": "Stop after twenty minutes", "owner": "ada"}
    await ada.fills({**hoped, **tried})
    await ada.clicks("Make it our focus", on=ada.whispered)
    assert "#1 Estimation takes hours" in hone.last()
    await ada.clicks("Done", on=hone.channel()[-1].card)
    await hone.wait(days=30)
    chat = ada.alone()
    await chat.clicks("It moved")
    await chat.fills({"value": "40"})
    await ada.says("digest")
    assert "Win: #1 worked. Minutes an estimation takes: 95 → 40 min. Thank you, Ada." in ada.told
    assert "#1 Estimation takes hours: done, and its number moved." in hone.last()


async def test_a_pin_that_fails_posts_nothing_twice_and_is_tried_with_the_next_change(
    hone: Hone,
) -> None:
    hone.platform.pin_failures.append(Unsure("no answer"))
    ada = await focused(hone)
    assert sum("for this iteration" in shown.text for shown in hone.channel()) == 1
    assert pinned(hone) == []
    await ada.says("backlog move #1 ready")
    assert pinned(hone) == ["Our focus: #1 Estimate in hours no more"]
    hone.platform.pin_failures.append(Throttled(30))
    hone.looks_each_time = False  # what waits for the platform is not noted as sent yet
    await ada.clicks("Set it aside")
    assert len(pinned(hone)) == 1
    await hone.wait(seconds=31)
    assert pinned(hone) == [], "what is over is not left pinned for ever"
