"""Whoever states a metric is asked whether it moved: whatever door it came through, and whose."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.turn import Named
from tests.conversations.retros import gives, writes
from tests.hone import Hone

METRIC = "days a review waits"
FROM_TO = f"{METRIC} from 2 days to 4 hours"
GRACE = Named("grace", "Grace")


async def by_capture_form(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve")
    await ada.fills({"title": "Reviews wait", "metric": FROM_TO})


async def by_editing(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve Reviews wait")
    await ada.clicks("Edit")
    await ada.fills({"metric": FROM_TO})


async def by_refining(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve Reviews wait")
    await ada.says("refine #1")
    await ada.fills({"metric": METRIC, "from": "2 days", "to": "4 hours"})


async def by_coaching(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve Reviews wait")
    await ada.says("coach #1")
    await ada.fills({"metric": METRIC, "start": "2 days", "goal": "4 hours", "check": "2026-12-07"})


async def by_retro(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("retro start")
    await writes(ada, c0="Reviews wait")
    for press in ("Reveal", "Start the vote"):
        await ada.clicks(press)
    await gives(ada, "Reviews wait", 1)
    await ada.clicks("Close the vote")
    await ada.clicks("Choose improvements")
    await ada.fills({})
    await ada.fills({"metric1": FROM_TO, "check1": "2026-12-07"})
    await ada.fills({})  # asked about once: nobody owns it


async def by_import(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("backlog import")
    await ada.fills({"rows0": f"title,benefit hypothesis\nReviews wait,{FROM_TO}"})
    await ada.fills({})
    await ada.says("backlog #1")


DOORS = [by_capture_form, by_editing, by_refining, by_coaching, by_retro, by_import]


@pytest.mark.parametrize("states_it", DOORS)
async def test_a_metric_is_a_question_after_shipping_whatever_its_door(
    hone: Hone, states_it: Callable[[Hone], Awaitable[None]]
) -> None:
    """A number nobody comes back to was only decoration."""
    await states_it(hone)
    grace = hone.person("Grace")
    await grace.says("mark #1 done")
    assert hone.channel("dm-grace") == []
    await hone.wait(days=13, hours=23)
    assert hone.channel("dm-grace") == []
    await hone.wait(days=1)
    [question] = hone.channel("dm-grace")
    assert f"{METRIC} from 2 days to 4 hours" in question.text
    assert "Nobody owns it, so I ask you, who finished it." in question.text
    alone = grace.alone()
    await alone.clicks("It moved")
    await alone.fills({"value": "5 hours"})
    assert "it moved: 5 hours." in question.text
    ada = hone.person("Ada")
    await ada.says("backlog #1")
    assert "5 hours" in ada.told


async def test_who_is_asked_owner_then_who_finished_it_then_its_author(hone: Hone) -> None:
    """A question to somebody who is gone is asked of nobody."""
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await grace.says("help")
    for number, owner in ((1, GRACE), (2, None), (3, None)):
        mention = (owner,) if owner else ()
        await ada.says(
            f"improve {'abc'[number - 1] * 9} is broken{' @Grace' * len(mention)}", *mention
        )
        await ada.says(f"coach #{number}")
        await ada.fills({"metric": METRIC, "check": "2026-12-07"})
    tomas = hone.person("Tomas")
    await ada.says("mark #1 done")
    await tomas.says("mark #2 done")
    await tomas.says("mark #3 done")
    await hone.wait(days=15)
    assert "#1 aaaaaaaaa" in hone.last("dm-grace")
    assert "#2 bbbbbbbbb" in hone.last("dm-tomas")
    assert hone.channel("dm-ada") == []

    await ada.says("improve ddddddddd is broken")
    await ada.says("coach #4")
    await ada.fills({"metric": METRIC, "check": "2026-12-21"})
    await tomas.says("mark #4 done")
    await hone.person("Tomas", role="gone").says("help")
    await hone.wait(days=20)
    assert "so I ask you, who captured it." in hone.last("dm-ada")
    await ada.alone().clicks("Cannot tell")
    assert "cannot tell" in hone.last("dm-ada")


@pytest.mark.parametrize(
    ("kind", "days"), [("improvement", 14), ("story", 30), ("enabler", 30), ("feature", 70)]
)
async def test_how_long_it_takes_to_show_depends_on_what_it_is(
    hone: Hone, kind: str, days: int
) -> None:
    """A feature that shipped yesterday has moved nothing yet."""
    ada = hone.person("Ada")
    await ada.says("improve")
    await ada.fills({"title": "Invoices as PDF", "kind": kind, "metric": "support calls"})
    await ada.clicks("Done")
    await hone.wait(days=days - 3)
    assert hone.channel("dm-ada") == []
    await hone.wait(days=6)  # a weekend may lie between
    assert "Did it move?" in hone.last("dm-ada")


async def test_a_team_chooses_how_long_it_waits_and_a_pi_is_as_long_as_planned(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("pi setup")
    await ada.fills({"name": "PI 1", "starts": "2026-11-23", "length": "6 weeks"})
    await ada.says("hone settings")
    await ada.fills({"recheck_improvement": "7"})
    assert "an improvement after 1 week, a story or an enabler after 30 days" in ada.told
    for kind in ("improvement", "feature"):
        await ada.says("improve")
        await ada.fills({"title": f"The {kind} of ours", "kind": kind, "metric": "support calls"})
        await ada.clicks("Done")
    await hone.wait(days=8)
    assert "#1 The improvement of ours" in hone.last("dm-ada")
    await hone.wait(days=33)
    assert len(hone.channel("dm-ada")) == 1
    await hone.wait(days=3)
    assert "#2 The feature of ours" in hone.last("dm-ada")


async def test_putting_it_off_is_remembered_and_the_second_time_needs_a_reason(hone: Hone) -> None:
    """“Later” is the quietest way to drop something."""
    ada, alone = hone.person("Ada"), hone.person("Ada").alone()
    await by_capture_form(hone)
    await ada.clicks("Done")
    await hone.wait(days=15)
    await alone.clicks("Ask me later")
    await alone.fills({"day": "2026-12-14"})
    await hone.wait(days=7)
    assert "Moved once." in hone.last("dm-ada")
    await alone.clicks("Ask me later")
    await alone.fills({"day": "2026-12-21"})
    assert alone.errors == {"why": "Say in a few words what is in the way."}
    await alone.fills({"day": "2026-12-21", "why": "Nobody counts the days"})
    await hone.wait(days=7)
    assert "Moved twice. The last reason: Nobody counts the days." in hone.last("dm-ada")
    await ada.says("backlog #1")
    assert "Nobody counts the days" in ada.told


async def test_what_did_not_move_offers_the_next_experiment(hone: Hone) -> None:
    """A hypothesis that failed is half of the next one."""
    await by_capture_form(hone)
    await hone.person("Ada").clicks("Done")
    await hone.wait(days=15)
    alone = hone.person("Ada").alone()
    await alone.clicks("It did not")
    await alone.fills({"value": "3 days"})
    assert "days a review waits did not move" in alone.told
    await alone.clicks("Next experiment", on=alone.whispered)
    await alone.fills({"title": ""})
    assert "title" in alone.errors
    await alone.fills({"title": "Two reviewers a day on duty", "due": "2026-12-18"})
    assert "Saved as #2. Once it is done, I ask again" in alone.told
    card = hone.last("dm-ada")
    assert "#2 Two reviewers a day on duty" in card
    assert "will change days a review waits from 3 days to 4 hours" in card


async def test_a_feature_without_an_outcome_is_asked_once_and_kindly(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve")
    await ada.fills({"title": "Invoices as PDF", "kind": "feature"})
    assert "which metric changes?" in ada.told
    await ada.clicks("Say what should change", on=ada.whispered)
    await ada.fills({})
    assert "metric" in ada.errors
    await ada.fills({"hope": "Nobody calls us", "metric": "support calls from 40 a week to 10"})
    assert "will change support calls from 40 a week to 10" in ada.told
    assert "What we hope: Nobody calls us" in hone.last()
    await ada.says("improve")
    await ada.fills({"title": "Payment by card", "kind": "feature", "metric": "sales a day"})
    assert "which metric changes?" not in ada.told


async def test_another_hypothesis_is_another_question(hone: Hone) -> None:
    """Whoever changes what should move after the answer wants to know again."""
    ada = hone.person("Ada")
    await by_capture_form(hone)
    await ada.clicks("Done")
    await hone.wait(days=15)
    await ada.alone().clicks("Cannot tell")
    await ada.clicks("Edit")
    await ada.fills({"metric": "days until it ships"})
    hone.now += timedelta(days=1)
    await hone.wait(days=14)
    assert "will change days until it ships" in hone.last("dm-ada")
    assert len(hone.channel("dm-ada")) == 2
