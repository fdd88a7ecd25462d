"""What Hone posts in a thread arrives, and so it does where there are none."""

from __future__ import annotations

import pytest

from tests.stages.stage import Player, Stage

CELLS = ("ubv.1", "tc.1", "rroe.1", "size.1")


async def held_vote(first: Player, *others: Player) -> None:
    """Vote on one item from its start to the reveal."""
    await first.calls("@Hone improve Builds take forty minutes")
    await first.calls("@Hone wsjf #1")
    for person in (first, *others):
        await person.clicks("Vote")
        await person.fills(dict.fromkeys(CELLS, "5"))
    await first.clicks("Reveal")


async def test_a_vote_held_in_a_thread_shows_all_its_cards_there(stage: Stage) -> None:
    """They stand under the vote, which is an answer itself there."""
    team = stage.in_a_thread("Ada", "Grace", "Tomas")
    if not team:
        pytest.skip("nobody writes in threads here")
    await held_vote(*team)
    assert "The cards are on the table" in await team[0].sees()


async def test_a_vote_held_in_a_group_chat_shows_all_its_cards(stage: Stage) -> None:
    """In Teams it has no threads, and neither has a meeting."""
    team = stage.group_chat("Ada", "Grace", "Tomas")
    if not team:
        pytest.skip("there are no such chats here")
    await held_vote(*team)
    assert "The cards are on the table" in await team[0].sees()


async def test_the_digest_and_its_small_print_reach_a_group_chat(stage: Stage) -> None:
    people = stage.group_chat("Ada", "Grace")
    if not people:
        pytest.skip("there are no such chats here")
    ada = people[0]
    await ada.calls("@Hone improve Builds take forty minutes")
    await ada.calls("@Hone digest on Monday 9:00")
    await stage.wait(days=7)
    seen = await ada.sees()
    assert "Backlog health" in seen
    assert "Flow time" in seen, "the small print is missing"
