"""Wherever an item stands, people see what it is called where they work, and get there at once."""

from __future__ import annotations

from datetime import timedelta

from tests.handlers.tracker.followed import Followed
from tests.hone import Hone

LINKED = "PAY-7 · To Do (https://tracker.example/PAY-7)"


async def test_cards_and_pages_say_the_key_and_the_state_with_the_link(
    followed: Followed, hone: Hone
) -> None:
    """Without the link people search; without the state they open the tracker only to look."""
    ada = hone.person("Ada")
    await ada.says("backlog finish #1")
    assert LINKED in hone.last(), "the item's card"
    await ada.says("backlog #1")
    assert LINKED in ada.told, "its story"
    await ada.says("backlog move #1 refining")
    await ada.fills({"reason": "other"})
    await ada.says("backlog owner #1 me")
    await ada.says("refine #1")
    await ada.fills({})
    assert LINKED in ada.told + hone.last(), "what it lacks to be ready"
    await ada.alone().says("me")
    assert LINKED in hone.last("dm-ada"), "her own page"
    for line in ("backlog", "backlog Builds"):
        await ada.says(line)
        assert "PAY-7 · To Do" in ada.told, line


async def test_planning_and_retros_say_it_too(followed: Followed, hone: Hone) -> None:
    """An objective is read beside the board, and a retro asks what became of its improvements."""
    ada = hone.person("Ada")
    await ada.says("improve Reviews wait for days")
    await ada.says("refine #2")
    await ada.fills({"waits_for": "#1"})
    await ada.says("backlog deps")
    assert "PAY-7 · To Do" in ada.told
    await ada.says("pi setup")
    await ada.fills({"name": "PI 1", "starts": "2026-11-23", "length": "10 weeks"})
    await ada.says("pi objective add Fewer waits")
    await ada.fills({"planned": "5"})
    await ada.says("pi link #1")
    await ada.fills({"objective": "1"})
    assert LINKED in hone.last()
    await ada.says("retro start")
    await ada.clicks("Add a note")
    await ada.fills({"c0": "Pair on reviews"})
    for press in ("Reveal", "Start the vote", "Give my dots"):
        await ada.clicks(press)
    await ada.fills({"g1": "2"})
    for press in ("Close the vote", "Choose improvements"):
        await ada.clicks(press)
    await ada.fills({})
    await ada.fills({"owner1": "ada", "due1": "2026-12-04"})
    await followed.has(3, "9")
    await ada.says("retro start")
    assert "PAY-9 · To Do (https://tracker.example/PAY-9)" in hone.last(), "what became of it"


async def test_a_vote_and_its_result_name_items_as_the_board_does(
    followed: Followed, hone: Hone
) -> None:
    """A vote is often held with the tracker's board beside it."""
    ada = hone.person("Ada")
    await ada.says("wsjf #1")
    assert LINKED in hone.last()
    await ada.clicks("Vote")
    assert "PAY-7 Builds take forty minutes" in str(ada.form)
    await ada.clicks("Cancel")
    await ada.says("improve Reviews wait for days")
    await ada.says("wsjf #1 #2")
    assert LINKED in hone.last()


async def test_exports_say_where_the_work_is(followed: Followed, hone: Hone) -> None:
    """A spreadsheet of the backlog is laid beside the tracker's."""
    ada = hone.person("Ada")
    await ada.says("backlog export")
    assert "PAY-7" in str(ada.form)
    assert "https://tracker.example/PAY-7" in str(ada.form)
    assert "To Do" in str(ada.form)


async def test_a_question_in_the_morning_has_the_link(followed: Followed, hone: Hone) -> None:
    """It is answered by looking there."""
    ada = hone.person("Ada")
    await ada.says("backlog owner #1 me")
    await ada.says("backlog due #1 tomorrow")
    await hone.wait(days=2, hours=1)
    assert LINKED in hone.last("dm-ada")


async def test_what_is_restricted_there_is_not_named_here(followed: Followed, hone: Hone) -> None:
    """A key and a state are enough to know too much."""
    ada = hone.person("Ada")

    async def restrict(store: object) -> None:
        row = await store.records.of(1, 1)  # type: ignore[attr-defined]
        row.restricted_at = hone.now - timedelta(minutes=1)

    await followed.change(restrict)
    await ada.says("backlog #1")
    assert "PAY-7" not in ada.told
    await ada.says("backlog PAY-7")
    assert "No item has" in ada.told
    assert "PAY-7" not in hone.last()
