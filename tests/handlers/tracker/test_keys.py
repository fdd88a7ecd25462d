"""People who live in a tracker call items by its keys: so may they here, wherever a number goes."""

from __future__ import annotations

import pytest

from storage.keys import keys_in, with_numbers
from tests.handlers.tracker.followed import Followed
from tests.hone import Hone


@pytest.mark.parametrize("key", ["PAY-7", "pay-7"])
async def test_an_item_is_shown_by_its_key(followed: Followed, hone: Hone, key: str) -> None:
    ada = hone.person("Ada")
    await ada.says(f"backlog {key}")
    assert "#1 Builds take forty minutes" in ada.told
    assert "PAY-7 · To Do (https://tracker.example/PAY-7)" in ada.told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("backlog rename PAY-7 As slow as PAY-7 was", "#1 is called “As slow as PAY-7 was” now."),
        ("backlog finish PAY-7", "Done: #1."),
        ("backlog owner PAY-7 me", "#1"),
        ("refine PAY-70", "Name one item"),
        ("backlog PAY-70", "No item has “PAY-70”."),
    ],
)
async def test_a_verb_takes_a_key_for_the_number(
    followed: Followed, hone: Hone, line: str, told: str
) -> None:
    """A title that follows stays as it was typed, keys and all."""
    ada = hone.person("Ada")
    await ada.says(line)
    assert told in ada.told


async def test_a_vote_begins_on_keys_and_numbers(followed: Followed, hone: Hone) -> None:
    """A POPM copies them out of the tracker's board, as they come."""
    ada = hone.person("Ada")
    await ada.says("improve Reviews wait for days")
    await followed.has(2, "8")
    await ada.says("improve Test data is missing")
    await ada.says("wsjf PAY-7, PAY-8 and #3 by 16:00")
    assert "WSJF vote: 3 items" in hone.last()


async def test_plain_words_name_items_by_key(followed: Followed, hone: Hone) -> None:
    """Who owns PAY-7 is as plain as who owns #1; a thought with a key in it stays a thought."""
    ada = hone.person("Ada").alone()
    await ada.chats("who owns PAY-7?")
    assert "#1 Builds take forty minutes belongs to nobody yet" in ada.told
    await ada.chats("PAY-7 is done")
    assert (await followed.item(1)).state == "accepted"
    await ada.chats("we keep reopening PAY-7 because the criteria are unclear")
    assert "we keep reopening PAY-7" in hone.last("dm-ada")


async def test_a_key_of_another_workspace_means_nothing_here(
    followed: Followed, hone: Hone
) -> None:
    """Keys are guessable; what they would show is not for other companies."""
    eve = hone.person("Eve", workspace="test:other")
    await eve.says("backlog PAY-7")
    assert "No item has “PAY-7”." in eve.told


def test_only_words_that_can_be_keys_are_looked_up() -> None:
    """A number alone is ours, and what follows the items may be somebody's title."""
    assert keys_in("PAY-31, us123 acme/web#7 42 #3 login", leading=False) == [
        "PAY-31",
        "us123",
        "acme/web#7",
    ]
    assert keys_in("#3 PAY-31 like PAY-32", leading=True) == ["PAY-31"]
    assert with_numbers("“PAY-1” and\n PAY-2", {"PAY-1": 7}, leading=False) == "“#7” and\n PAY-2"
