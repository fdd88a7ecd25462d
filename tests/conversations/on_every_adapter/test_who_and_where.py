"""Channels and people are renamed, come and go; what Hone says of them follows their platform."""

from __future__ import annotations

import pytest

from tests.stages.stage import Player, Stage


async def test_a_team_nobody_named_is_called_as_its_channel_from_the_first_minute(
    ada: Player,
) -> None:
    """Being invited comes first, and tells the channel's id alone."""
    await ada.adds_hone()
    await ada.says("backlog")
    first = ada.told
    assert "backlog of dev" in first.lower() or "backlog of refinement" in first.lower(), first

    await ada.renames_channel("payments")
    await ada.says("backlog")
    assert "The backlog of payments is empty" in ada.told


async def test_cards_that_name_the_team_follow_and_a_name_that_was_given_stays(
    stage: Stage, ada: Player
) -> None:
    await ada.says("improve Builds take forty minutes")
    page = await ada.opens_page()
    await ada.says("wsjf #1")
    await ada.renames_channel("payments")
    await stage.wait(minutes=5)
    assert "in payments" in await page.sees()

    await ada.says("hone settings")
    await ada.fills({"name": "The Payments Crew"})
    await ada.renames_channel("billing")
    await ada.says("backlog")
    assert "Backlog of The Payments Crew" in ada.told


async def test_a_chat_without_a_name_is_called_after_its_people(stage: Stage) -> None:
    people = stage.group_chat("Ada", "Grace", "Tomas")
    if not people:
        pytest.skip("there are no such chats here")
    ada = people[0]
    await ada.calls("@Hone backlog")
    assert "backlog of ada, grace and tomas" in ada.told.lower()


async def test_who_left_the_channel_is_not_waited_for_and_does_not_vote(
    stage: Stage, ada: Player, grace: Player, tomas: Player
) -> None:
    """What they voted before stays."""
    for person in (grace, tomas):
        await person.says("help")
    await ada.says("improve Builds take forty minutes")
    await ada.says("wsjf #1")
    await tomas.clicks("Vote")
    await tomas.fills(dict.fromkeys(("ubv.1", "tc.1", "rroe.1", "size.1"), "5"))
    page = await tomas.opens_page()
    await tomas.clicks("Vote")
    await tomas.leaves()
    await grace.leaves()
    await tomas.fills({"ubv.1": "20"})
    assert "You have left the channel" in tomas.form + tomas.told
    assert "No votes" in await page.sees() or "Votes waiting" not in await page.sees()
    seen = await ada.sees()
    assert "1 person has voted" in seen
    assert f"Waiting for {grace.name}" not in seen

    await grace.comes_back()
    await grace.clicks("Vote")
    assert "#1 Builds take forty minutes" in grace.form
