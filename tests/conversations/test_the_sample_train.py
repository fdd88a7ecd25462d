"""What a newcomer finds in the local room: a train with a past, and a pattern about to show."""

from __future__ import annotations

from bot.learner import Learner
from handlers.backlog import sample, sample_train
from handlers.likeness.semantic import Semantic
from storage import Store
from tests.hone import Hone

CHANNELS = ("checkout-refinement", "payments-team", "search-team", "mobile-team")
PEOPLE = {"ada": "Ada", "grace": "Grace", "tomas": "Tomas"}


async def furnished(hone: Hone) -> None:
    async def write(store: Store) -> None:
        for _ in range(2):  # a second start finds it there
            await sample.furnish(store, CHANNELS[0], PEOPLE, "UTC")
            await sample_train.furnish_train(store, CHANNELS, list(PEOPLE), "UTC")

    await hone.database.write(hone.workspace, hone.now, write)
    await hone.settle()


async def test_one_more_report_makes_the_pattern_systemic(hone: Hone) -> None:
    """Within five minutes a newcomer sees what nobody else has."""
    await furnished(hone)
    tomas = hone.person("Tomas", channel="mobile-team")
    await tomas.says("themes")
    assert "#dependencies is one to watch: 2 of 4 teams: checkout-refinement, search-team" in (
        tomas.told
    )
    assert "One calendar of releases for all teams: done" not in tomas.told
    await tomas.says("improve Halfway through a story we notice that we need payments #dependency")
    assert f"Saved as #{len(sample_train.ALL) + 2}" in tomas.told, "the README says so"
    await tomas.says("themes")
    assert "#dependencies is systemic: 3 of 4 teams" in tomas.told


async def test_the_language_model_hears_a_fourth_team_that_perhaps_means_the_same(
    hone: Hone,
) -> None:
    """Whose words are half about something else is asked, and never counted unasked."""
    hone.database.meaning = Semantic()
    await furnished(hone)
    learner = Learner(hone.database, hone.database.meaning, lambda: hone.now)
    while await learner.learn():
        pass
    tomas = hone.person("Tomas", channel="mobile-team")
    await tomas.says("improve Halfway through the sprint we notice that we need payments first")
    assert "Three other teams have this" in tomas.told, "the README says so"
    assert "Theme: #dependencies (suggested)" in tomas.told
    await tomas.clicks("Right", on=tomas.whispered)
    await tomas.says("themes")
    assert "#dependencies is systemic: 3 of 4 teams" in tomas.told
    assert "3 teams surely, 1 perhaps." in tomas.told
    assert (
        "payments-team: #19 We find out too late which teams need our test accounts" in tomas.told
    )


async def test_its_plan_its_waits_and_what_was_learnt_are_there(hone: Hone) -> None:
    """An empty room shows forms; a lived-in one shows what they are good for."""
    await furnished(hone)
    ada = hone.person("Ada", channel="checkout-refinement")
    await ada.says("backlog deps train")
    assert "2 open dependencies between teams" in ada.told
    assert "Test data is refreshed by hand" in ada.told
    assert "Days 27" in ada.told
    await ada.says("retro ia")
    assert "It moved: releases that collide 1 a month" in ada.told
    assert "From PI to PI:" in ada.told
    await ada.says("pi")
    assert "Two clicks from cart to order" in ada.told
    assert sample_train.VISION in ada.told
    await hone.person("Grace", channel="payments-team").says("digest")


async def test_two_retros_led_to_something_and_the_next_one_begins_there(hone: Hone) -> None:
    """A loop that is closed once is seen; one that is described is believed or not."""
    await furnished(hone)
    retro, waited_for = hone.channel("payments-team")
    assert "5 notes, 4 groups, 1 improvement" in retro.text
    assert "4 dots → #18" in retro.text
    assert "Awaited by #7, #28" in waited_for.text
    ada = hone.person("Ada", channel="checkout-refinement")
    await ada.says("retro start")
    opened = hone.last("checkout-refinement")
    assert "Since the last retro, 1 of 2 done:" in opened
    assert "#10 Retro actions are forgotten by Thursday: done" in opened
    assert "#11 Feature flags are never removed: captured, with Tomas" in opened


async def test_a_room_with_work_of_its_own_is_left_alone(hone: Hone) -> None:
    """Nobody wants strangers' items among theirs."""
    ada = hone.person("Ada", channel="checkout-refinement")
    await ada.says("improve Our own trouble")
    await furnished(hone)
    await ada.says("backlog train")
    assert "1 open, 1 not voted yet." in ada.told
