"""What is written down about a record is the same on both databases, whoever asks at once."""

from __future__ import annotations

import asyncio

import pytest

from bot.trackers.tracker import Rejected
from storage import Store
from storage.records import Sent
from tests.handlers.tracker.followed import Followed
from tests.hone import Hone


@pytest.fixture
def database_url(each_url: str) -> str:
    return each_url


async def test_an_item_is_put_edited_moved_and_refused(hone: Hone) -> None:
    """Every statement of a record runs once, on each."""
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes #builds by Friday")
    followed = Followed(hone)
    await followed.begin()
    await ada.clicks("Put into Sample tracker")
    await ada.says("backlog rename #1 Slow builds")
    followed.tracker.troubles = [Rejected("Summary is too long.")]
    await ada.says("backlog rename PAY-100 Very slow builds")
    row = await followed.row(1)
    assert (row.remote_id, row.base["title"]) == ("100", "Slow builds")
    assert row.refused == {"title": "Summary is too long."}
    await ada.clicks("Try again")
    assert (await followed.row(1)).refused == {}
    (issue,) = followed.tracker.issues.values()
    assert issue.fields["title"] == "Very slow builds"


async def test_two_answers_at_once_are_both_kept(followed: Followed, hone: Hone) -> None:
    """What a writer notes of one field must not undo what another noted of the next."""

    async def settle(name: str) -> None:
        sent = Sent({name: name}, {})

        async def work(store: Store) -> None:
            await store.records.settle(1, 1, sent)

        await hone.database.write(hone.workspace, hone.now, work)

    names = [f"field{n}" for n in range(8)]
    await asyncio.gather(*(settle(name) for name in names))
    base = (await followed.row(1)).base
    assert {name: base.get(name) for name in names} == {name: name for name in names}
