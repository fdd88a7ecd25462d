"""Two people change one thing in two tools: one value stands, and no work is lost silently."""

from __future__ import annotations

import pytest

from tests.handlers.tracker.followed import accepts
from tests.handlers.tracker.sampled import Sampled, following
from tests.hone import Hone


@pytest.fixture
async def sample(hone: Hone) -> Sampled:
    """A team that follows the sample tracker; for now it does not write there."""
    sampled = await following(hone)
    await sampled.changes_scope(1, writes=False)
    return sampled


async def test_theirs_stands_and_whoever_chose_the_other_may_take_it_again(
    sample: Sampled, hone: Hone
) -> None:
    """The tracker is the home of the work; a value of ours that goes must not go silently."""
    ada = hone.person("Ada")
    n = (await sample.item(6)).number
    await ada.says(f"backlog rename #{n} Retry payments kindly")
    await sample.edit(6, title="Retry payments twice", hooked=True)
    await hone.pulls()
    assert (await sample.item(6)).title == "Retry payments twice"
    told = hone.last("dm-ada")
    assert "PAY-6 · " in told
    assert "The title: theirs “Retry payments twice”, yours “Retry payments kindly”." in told
    await ada.says(f"backlog #{n}")
    assert "changed the title from “Retry payments kindly” to “Retry payments twice”" in ada.told
    await sample.changes_scope(1, writes=True)
    await ada.alone().clicks("Use mine")
    assert (await sample.item(6)).title == "Retry payments kindly"
    assert (await sample.ticket(6)).title == "Retry payments kindly"
    assert "is settled" in hone.last("dm-ada")


async def test_what_both_changed_is_counted_and_decided_by_anybody_of_the_team(
    sample: Sampled, hone: Hone
) -> None:
    """Whoever chose the value may be away, and two values of one thing wait for somebody."""
    ada, grace = hone.person("Ada"), hone.person("Grace")
    six, seven = (await sample.item(6)).number, (await sample.item(7)).number
    await ada.says(f"backlog rename #{six} Retry payments kindly")
    await ada.says(f"backlog rename #{seven} Show what waits")
    for ticket in (6, 7):
        await sample.edit(ticket, title=f"Theirs {ticket}", hooked=True)
    await hone.pulls()
    await grace.says("tracker")
    assert "2 items changed on both sides: theirs stands for now." in grace.told
    await grace.clicks("Decide", on=grace.whispered)
    assert "The title: theirs “Theirs 6”, ours “Retry payments kindly”." in grace.told
    assert "PAY-6 · To Do" in grace.told
    await grace.clicks("Use ours", on=grace.whispered)
    assert (await sample.item(6)).title == "Retry payments kindly"
    assert "1 item changed on both sides" in grace.told
    await grace.clicks("Use theirs", on=grace.whispered)
    assert (await sample.item(7)).title == "Theirs 7"
    assert grace.told == "Nothing is left to decide: both sides agree."
    assert "what both sides had changed is settled" in hone.last("dm-ada")
    await grace.says(f"backlog #{seven}")
    assert "Grace let the other tool's value stand" in grace.told
    await grace.says("tracker")
    assert "both sides" not in grace.told
    await sample.edit(7, restricted=True, hooked=True)
    await grace.says("tracker conflicts")
    assert grace.told == "Nothing is left to decide: both sides agree."


async def test_nobody_takes_again_what_was_changed_since(sample: Sampled, hone: Hone) -> None:
    """The button may be pressed days later."""
    ada = hone.person("Ada")
    n = (await sample.item(6)).number
    await ada.says(f"backlog rename #{n} Retry payments kindly")
    await sample.edit(6, title="Retry payments twice", hooked=True)
    await hone.pulls()
    old = hone.channel("dm-ada")[-1].card
    await hone.person("Grace").says(f"backlog rename #{n} Pay once")
    await ada.alone().clicks("Use mine", on=old)
    assert (await sample.item(6)).title == "Pay once"


async def test_a_field_that_only_one_side_changed_is_nobodys_conflict(
    sample: Sampled, hone: Hone
) -> None:
    """Most edits are of different fields; a question about each would be ignored soon."""
    ada = hone.person("Ada")
    n = (await sample.item(6)).number
    await ada.says(f"backlog due #{n} Friday")
    await sample.edit(6, title="Retry payments twice", hooked=True)
    await hone.pulls()
    item = await sample.item(6)
    assert item.title == "Retry payments twice"
    assert item.due is not None
    assert hone.channel("dm-ada") == []


async def test_the_teams_score_is_not_overruled_by_an_edit_of_a_field(
    sample: Sampled, hone: Hone
) -> None:
    """What was voted is the team's; who changes a card there is not fought with, either."""
    await sample.changes_scope(1, writes=True)
    n = (await sample.item(6)).number
    await accepts(hone, n)
    assert (await sample.ticket(6)).ubv == 5
    await hone.pulls()
    await hone.wait(minutes=5)
    await sample.edit(6, ubv=13, hooked=True)
    await hone.pulls()
    assert ((await sample.item(6)).ubv, (await sample.ticket(6)).ubv) == (5, 13)
    await hone.person("Ada").says(f"backlog rename #{n} Retry payments kindly")
    assert (await sample.ticket(6)).ubv == 13, "what somebody decided there is not written over"
    refused = (await sample.tracked(6)).refused
    assert refused == {"ubv": "it was set to 13 there after the vote; the team's is 5"}
    await accepts(hone, n)
    assert (await sample.ticket(6)).ubv == 5, "a new vote is, though it came out the same"
    await hone.pulls()
    assert (await sample.tracked(6)).refused == {}


async def test_cards_of_a_score_nobody_voted_on_here_come_from_there(
    sample: Sampled, hone: Hone
) -> None:
    """A team that scored in its tracker before keeps what it has."""
    await sample.edit(6, ubv=8, tc=5, rroe=3, size=2, hooked=True)
    await hone.pulls()
    assert (await sample.item(6)).wsjf == 8.0
    await sample.edit(6, ubv=13, hooked=True)
    await hone.pulls()
    assert (await sample.item(6)).wsjf == 10.5


async def test_points_that_stand_here_are_written_there(sample: Sampled, hone: Hone) -> None:
    """Of estimates the newer one counts, whichever side it is on."""
    await sample.changes_scope(1, writes=True, step="paused")
    ada = hone.person("Ada")
    n = (await sample.item(6)).number
    await sample.edit(6, points=3)
    await hone.wait(minutes=5)
    await ada.says(f"refine #{n}")
    await ada.fills({"points": "8"})
    await sample.changes_scope(1, step="following")
    await hone.wait(minutes=20)
    await hone.pulls()
    await hone.settle()
    assert ((await sample.item(6)).points, (await sample.ticket(6)).points) == (8, 8)
