"""Inspect & Adapt: how it went from PI to PI, the packet that is shared, and a problem's causes.

A whole workshop, and what is left of one after two PIs: on_every_adapter/test_themes.py.
"""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from storage.workshops import CauseDot
from tests.hone import WORKSPACE, Hone, Someone, buttons_of

SAID = {
    "checkout": "Waiting for the platform team to open ports #dependencies",
    "search": "Platform team takes a week to open a port #dependencies",
    "mobile": "Ports opened late by the platform team #dependencies",
}


async def three_teams(hone: Hone) -> Someone:
    for channel, words in SAID.items():
        await hone.person(channel, channel=channel).says(f"improve {words}")
    return hone.person("Ann", channel="checkout")


async def begun(hone: Hone) -> Someone:
    """Return Ann, in whose channel a workshop about #dependencies stands."""
    ann = await three_teams(hone)
    await ann.says("retro ia")
    await ann.clicks("Problem-solving workshop", on=ann.whispered)
    await ann.fills({})
    assert ann.errors == {"words": "Choose a problem, or write one."}
    await ann.fills({"problem": "0"})
    return ann


async def test_follow_through_is_shown_from_pi_to_pi(hone: Hone) -> None:
    """One number says how it is; two say whether it gets better."""
    ann = hone.person("Ann", channel="checkout")
    for title, due in (("Pair on reviews", "2026-12-01"), ("Fewer meetings", "2026-12-02")):
        await ann.says("improve")
        await ann.fills({"title": title, "due": due})
    await ann.says("backlog finish #1")
    await hone.wait(weeks=11)
    await ann.says("improve")
    await ann.fills({"title": "Shorter builds", "due": "2027-02-20"})
    await ann.says("backlog finish #3")
    await hone.wait(weeks=5)
    await ann.says("retro ia")
    assert "From PI to PI: 50 % (1 of 2), then 100 % (1 of 1)." in ann.told


async def test_the_packet_is_shared_with_one_press_and_stays_as_it_was(hone: Hone) -> None:
    """What the train agreed on is not changed under its eyes next week."""
    ann = await three_teams(hone)
    await ann.says("retro ia")
    await ann.clicks("Share", on=ann.whispered)
    shared = hone.channel("checkout")[-1]
    assert "Inspect & Adapt: Our train" in shared.text
    assert "Share" not in [button.label for button in buttons_of(shared.card)]
    before = shared.text
    await ann.says("backlog finish #1")
    await hone.person("Wei", channel="web").says("improve We wait for ports, too #dependencies")
    assert shared.text == before


async def test_who_gave_which_dot_is_forgotten_and_the_remedy_needs_a_name_and_a_day(
    hone: Hone,
) -> None:
    """Dots are for the problem, not for whoever is found to have caused it."""
    ann = await begun(hone)
    await ann.clicks("Add a cause")
    await ann.fills({"why0": "Tickets queue"})
    await ann.clicks("Give dots")
    await ann.fills({"causes": ()})
    assert ann.errors == {"causes": "Choose one to 3 causes."}
    await ann.fills({"causes": ("1",)})
    await ann.clicks("Show the biggest")
    async with hone.database.read(WORKSPACE, hone.now) as store:
        assert await store.session.scalar(select(func.count()).select_from(CauseDot)) == 0
    await ann.clicks("Improvement item")
    await ann.fills({"title": "Plan ports two weeks ahead"})
    assert set(ann.errors) == {"owner", "due"}


@pytest.mark.parametrize("label", ["Add a cause", "Give dots", "Show the biggest"])
async def test_a_cause_is_emptied_and_an_old_button_says_so(hone: Hone, label: str) -> None:
    ann = await begun(hone)
    await ann.clicks("Add a cause")
    await ann.fills({"why0": "Tickets queue"})
    await ann.clicks("Change 1")
    await ann.fills({"why0": ""})
    assert "No cause yet." in hone.last("checkout")
    await ann.clicks("Add a cause")
    await ann.fills({"why0": "Tickets queue"})
    old = hone.channel("checkout")[-1].card
    await ann.clicks("Give dots")
    await ann.fills({"causes": first_cause(ann)})
    await ann.clicks("Show the biggest")
    await ann.clicks(label, on=old)
    assert "has gone on meanwhile" in ann.told


def first_cause(person: Someone) -> str:
    assert person.form is not None
    return next(f.options[0].value for f in person.form.fields if hasattr(f, "options"))
