"""Points, what an item waits for, and what was just meant are said in words, too."""

from __future__ import annotations

import pytest

from tests.conversations.items import item, two_items
from tests.hone import Hone, Someone


@pytest.fixture
async def ada(hone: Hone) -> Someone:
    """Ada in the team's channel, which has two items; Grace was there, too."""
    return await two_items(hone)


# --- points ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "points"),
    [
        ("#1 is 5 points", 5),
        ("#1 sp:5", 5),
        ("estimate #1 5", 5),
        ("set #1 to 3 SP", 3),
        ("#1 1,5 points", 1.5),
        ("#1 ½ point", 0.5),
        ("backlog points #1 8", 8),
        ("8 points for #1", 8),
    ],
)
async def test_points_are_set_in_words(hone: Hone, ada: Someone, said: str, points: float) -> None:
    await ada.chats(said)
    assert (await item(hone)).points == points
    assert ada.told.startswith("#1 has ")


async def test_points_are_asked_taken_back_and_refused(hone: Hone, ada: Someone) -> None:
    await ada.chats("#1 is 5 points")
    await ada.chats("how many points is #1?")
    assert ada.told == "#1 Estimation runs long has 5 points."
    await ada.chats("#1 8 points?")
    assert (await item(hone)).points == 5, "a question changes nothing"
    await ada.chats("undo")
    assert (await item(hone)).points is None
    await ada.chats("#1 is 99999 points")
    assert "“99999 points” are no points. Points are a number" in ada.told
    await ada.chats("#1 is an 8")
    assert "backlog points #1 5" in ada.told, "a card of a vote is a number, too"
    assert (await item(hone)).points is None


async def test_guests_set_no_points_and_no_waits(hone: Hone, ada: Someone) -> None:
    eve = hone.person("Eve", channel="elsewhere", role="guest")
    for said in ("#1 is 5 points", "#1 waits for #2", "how many points is #1"):
        await eve.chats(said)
        assert "There is no item #1 here" in eve.told or "Guests can change only" in eve.told
    assert (await item(hone)).points is None


async def test_a_finished_item_gets_no_points(ada: Someone) -> None:
    await ada.chats("close #1")
    await ada.chats("#1 is 5 points")
    assert ada.told == "#1 is accepted already: nothing is left to refine."


# --- what an item waits for ------------------------------------------------------------------


async def test_another_teams_item_is_waited_for_and_told(hone: Hone, ada: Someone) -> None:
    """Who is waited for should hear it from Hone, not at the end of the sprint."""
    sam = hone.person("Sam", channel="search")
    await sam.says("improve The index is stale")
    await ada.chats("#1 waits for search's #3")
    assert ada.told.startswith("#1 waits for #3 The index is stale now.")
    await hone.wait(minutes=1)
    assert "Estimation runs long" in hone.last("search")
    await ada.chats("what does #1 wait for?")
    assert ada.told == "#1 Estimation runs long waits for #3 The index is stale."


async def test_waits_are_added_and_ended(ada: Someone) -> None:
    await ada.chats("#1 is blocked by legal")
    await ada.chats("#2 blocks #1")
    assert ada.told.startswith("#1 waits for legal and #2 Reviews wait for days now.")
    await ada.chats("#1 no longer waits for #2")
    assert ada.told.startswith("#1 waits for legal now.")
    await ada.chats("#1 is not blocked by #2")
    assert ada.told == "#1 does not wait for #2."
    await ada.chats("unblock #1")
    assert ada.told.startswith("#1 waits for nothing now.")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("#1 waits for #1", "#1 cannot wait for itself."),
        ("#1 waits for #77", "There is no item #77 here."),
        ("backlog waits #1 #", "“#” is no item's number"),
        ("#1 is blocked", "To say what an item waits for"),
    ],
)
async def test_what_cannot_be_waited_for_is_said(ada: Someone, said: str, answer: str) -> None:
    await ada.chats(said)
    assert answer in ada.told


# --- it, and what was meant ------------------------------------------------------------------


async def test_it_is_the_item_one_changed_last(hone: Hone, ada: Someone) -> None:
    await hone.wait(minutes=1)
    await ada.chats("#1 is due Friday")
    await ada.chats("assign it to Grace")
    await ada.chats("make it Monday")
    found = await item(hone)
    assert (found.owner, str(found.due)) == ("grace", "2026-11-23")
    await ada.chats("who owns it?")
    assert "#1 Estimation runs long belongs to Grace." in ada.told
    await ada.chats("it's done")
    assert (await item(hone)).state == "accepted"


async def test_after_ten_minutes_it_is_nobodys_guess(hone: Hone, ada: Someone) -> None:
    await ada.chats("#1 is due Friday")
    await hone.wait(minutes=11)
    await ada.chats("mark it done")
    assert ada.told.startswith("Which item? Name it by its number")
    assert (await item(hone)).state == "captured"


async def test_a_change_goes_to_the_item_that_was_meant(hone: Hone, ada: Someone) -> None:
    await hone.wait(minutes=1)
    await ada.chats("close #1")
    await ada.chats("no, I meant #2")
    assert ada.told == "#1 is as it was before, and #2 was changed instead."
    assert ((await item(hone)).state, (await item(hone, 2)).state) == ("captured", "accepted")


async def test_undo_takes_back_the_change_and_no_capture_of_the_same_moment(
    hone: Hone, ada: Someone
) -> None:
    """Whoever undoes a change must not lose what they wrote before it."""
    await ada.chats("close #1")
    await ada.chats("undo that")
    assert ada.told == "Taken back: #1 is as it was before."
    assert (await item(hone, 2)).state == "captured"


async def test_a_question_about_two_owners_makes_nobody_one(hone: Hone, ada: Someone) -> None:
    await ada.chats("who owns #1 and #2?")
    assert ada.told.count("belongs to nobody yet") == 2


# --- lists -----------------------------------------------------------------------------------


async def test_a_backlog_is_searched_as_people_ask(hone: Hone, ada: Someone) -> None:
    await ada.chats("assign #1 to Grace")
    for line in ("items of Grace", "owner grace", "grace's items", "“runs long”", "1, 2"):
        await ada.says(f"backlog {line}")
        assert "#1 Estimation runs long" in ada.told, line
    await ada.says("backlog reveiws")
    assert ada.told == "No item has “reveiws”. Did you mean backlog reviews?"
    await ada.says("backlog no due date")
    assert ada.told.startswith("2 open items fit “no due date”.")
    await ada.chats("close #2")
    await ada.says("backlog closed")
    assert "#2 Reviews wait for days" in ada.told
    await ada.chats("backlog > 8 points")
    assert ada.told.startswith("No open item fits “> 8 points”.")


async def test_a_command_and_its_item_may_stand_close(hone: Hone, ada: Someone) -> None:
    await ada.chats("wsjf#1")
    assert "WSJF vote: #1 Estimation runs long" in hone.last()
