"""A team follows a tracker: what is counted, saved and kept up with."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.remote import Batch, Seen
from handlers.digest.telling import as_told
from handlers.tracker.told import read_told
from storage.digests import TEAM
from tests.handlers.tracker.sampled import Sampled, everything_kept
from tests.hone import Hone


@pytest.fixture
async def sample(hone: Hone) -> Sampled:
    """A team with a channel, and Hone let into the sample tracker."""
    sampled = Sampled(hone)
    await hone.person("Ada Park").says("improve Something of our own")
    await sampled.connect()
    return sampled


async def test_a_connection_is_tried_at_once_and_tells_what_can_be_followed(
    sample: Sampled,
) -> None:
    site = await sample.site()
    assert (site.state, site.account_name) == ("open", "Hone")
    assert site.told["scopes"] == [["PAY", "Payments"], ["OPS", "Operations"]]


async def test_a_preview_counts_everything_and_changes_nothing(sample: Sampled) -> None:
    """A team must know what comes before its backlog is three times as long."""
    scope = await sample.scope(await sample.follow(until="shown"))
    told = read_told(scope.told)
    assert (scope.step, scope.due_at) == ("shown", None)
    assert (told.found.new, told.restricted) == (11, 1)
    assert told.abilities.writes("ubv")
    assert list(await sample.numbers()) == ["Something of our own"]


async def test_start_brings_everything_in_with_its_past(sample: Sampled) -> None:
    """Flow and acceptance must be true from the first Monday."""
    scope = await sample.scope(await sample.follow())
    assert scope.step == "following"
    numbers = await sample.numbers()
    assert len(numbers) == 1 + 9
    done = await sample.item(2)
    assert done.state == "accepted"
    assert done.finished_at == sample.hone.now - timedelta(weeks=3.1)
    assert done.points == 5
    assert done.part_of == (await sample.item(1)).number
    assert "Salaries" not in str(numbers)


async def test_an_edit_there_arrives_here_by_a_hook_or_by_the_next_look(sample: Sampled) -> None:
    await sample.follow()
    await sample.edit(6, title="Retry a payment twice", hooked=True)
    await sample.hone.pulls()
    assert (await sample.item(6)).title == "Retry a payment twice"
    await sample.edit(6, title="Retry a payment three times")
    await sample.hone.wait(minutes=20)
    await sample.hone.pulls()
    assert (await sample.item(6)).title == "Retry a payment three times"


async def test_an_items_story_says_where_its_past_is_from(hone: Hone, sample: Sampled) -> None:
    """Nobody here imported anything: the team moved it where it works."""
    await sample.follow()
    ada = hone.person("Ada Park")
    await ada.says("backlog PAY-4")
    assert "Somebody in Sample tracker moved it from captured to in progress" in ada.told


# --- what is not to be shown -----------------------------------------------------------------


async def test_what_becomes_restricted_loses_every_word_here(sample: Sampled) -> None:
    """A title that only a few may read must not stand in a channel, nor in an item's story."""
    hone = sample.hone
    await sample.follow()
    await sample.edit(6, title="Lay off the night shift", labels=["lay-off"], hooked=True)
    await hone.pulls()
    number = (await sample.item(6)).number
    await hone.person("Ada Park").says(f"backlog #{number}")
    await sample.edit(6, restricted=True, hooked=True)
    await hone.pulls()
    assert (await sample.tracked(6)).restricted_at == hone.now
    for words in ("Lay off", "lay-off", "Retry a payment"):
        assert words not in await everything_kept(hone)
    await sample.edit(6, restricted=False, hooked=True)
    await hone.pulls()
    assert (await sample.item(6)).title == "Lay off the night shift"


@pytest.mark.parametrize("title", ["Lay off the whole night shift before the holidays", "in"])
async def test_a_digest_that_stands_loses_the_words_too_and_can_still_be_read(
    sample: Sampled, title: str
) -> None:
    """It quotes only how a title begins; and a title may be a word that a digest is made of."""
    hone = sample.hone
    await sample.follow()
    for id in (5, 6):
        await sample.edit(id, title=title, state="To Do", hooked=True)
    await hone.pulls()
    ada = hone.person("Ada Park")
    await ada.says("digest on Monday 9:00")
    await hone.wait(days=7)
    numbers = [(await sample.item(id)).number for id in (5, 6)]
    assert any(f"#{number} {title[:11]}" in hone.last() for number in numbers)

    for id in (5, 6):
        await sample.edit(id, title="Something harmless", hooked=True)
        await hone.pulls()
        await sample.edit(id, restricted=True, hooked=True)
    await hone.pulls()
    await hone.wait(minutes=2)
    assert "Lay off" not in await everything_kept(hone)
    assert "Lay off" not in hone.last()
    async with hone.database.read(hone.workspace, hone.now) as store:
        (row,) = await store.digests.latest("refinement", TEAM)
    assert as_told(row) is not None


async def test_what_is_deleted_there_is_dropped_and_comes_back_with_it(sample: Sampled) -> None:
    await sample.follow()
    await sample.edit(5, deleted=True)
    await sample.hone.wait(minutes=20)
    await sample.hone.pulls()
    item = await sample.item(5)
    assert (item.state, item.dropped_because) == ("dropped", "gone from PAY in Sample tracker")
    await sample.edit(5, deleted=False)
    await sample.hone.wait(minutes=20)
    await sample.hone.pulls()
    assert (await sample.item(5)).state == "in review"


async def test_what_a_page_forgot_is_found_at_night(sample: Sampled) -> None:
    """A search there lags: whatever it left out must not be missing for ever."""
    await sample.follow()
    id = await sample.add("Nobody told me of this one")
    await sample.edit(7, deleted=True)
    scope = await sample.scope()
    await sample.changes_scope(1, cursor="1000000")
    await sample.hone.wait(hours=2)
    await sample.hone.pulls()
    assert "Nobody told me of this one" not in await sample.numbers()
    assert scope.swept_at is not None
    await sample.hone.wait(hours=24)
    await sample.hone.pulls()
    assert (await sample.item(id)).title == "Nobody told me of this one"
    assert (await sample.item(7)).state == "dropped"


# --- two teams -------------------------------------------------------------------------------


async def test_an_item_moves_team_with_its_project(sample: Sampled) -> None:
    """Its votes, words and history go where its work is done."""
    hone = sample.hone
    await hone.person("Grace Lin", channel="ops").says("improve Ops has a team")
    await sample.follow("PAY", "refinement")
    await sample.follow("OPS", "ops")
    before = await sample.item(6)
    await sample.edit(6, project="OPS", hooked=True)
    await hone.pulls()
    after = await sample.item(6)
    assert after.number == before.number
    assert after.team_id != before.team_id
    assert after.state == before.state
    assert (await sample.tracked(6)).key == "OPS-4"
    assert "Retry a payment that timed out" not in await sample.numbers("refinement")
    assert "Retry a payment that timed out" in await sample.numbers("ops")


async def test_a_move_is_found_without_a_hook_and_drops_nothing(sample: Sampled) -> None:
    hone = sample.hone
    await sample.follow("PAY", "refinement")
    await sample.follow("OPS", "ops")
    await sample.edit(6, project="OPS")
    await hone.wait(minutes=20)
    await hone.pulls()
    assert (await sample.item(6)).title in await sample.numbers("ops")
    assert (await sample.item(6)).state == "captured"


# --- what went wrong -------------------------------------------------------------------------


async def test_a_file_of_what_is_followed_doubles_nothing(sample: Sampled) -> None:
    """Somebody will import last week's export all the same."""
    await sample.follow()
    number = (await sample.item(6)).number
    ada = sample.hone.person("Ada Park")
    await ada.says("backlog import")
    await ada.fills({"rows0": "key,title,state\nPAY-6,An old title,in progress"})
    assert "Nothing to import" in ada.told or "is read from its tracker" in ada.told
    item = await sample.item(6)
    assert (item.number, item.title) == (number, "Retry a payment that timed out")


async def test_an_older_reading_changes_nothing(sample: Sampled) -> None:
    """Two replicas read one item; the slower answer is the older one."""
    await sample.follow()
    old = await sample.tracker.one("PAY", "6")
    await sample.edit(6, title="Retry a payment twice", hooked=True)
    await sample.hone.pulls()
    await sample.told(Seen((old,)), 1)  # type: ignore[arg-type]
    assert (await sample.item(6)).title == "Retry a payment twice"


async def test_a_page_that_another_replica_read_on_from_changes_nothing(sample: Sampled) -> None:
    await sample.follow()
    old = await sample.tracker.page("PAY", "", sample.hone.now)
    await sample.edit(6, title="Retry a payment twice")
    await sample.hone.wait(minutes=20)
    await sample.hone.pulls()
    before = await sample.scope()
    await sample.told(Batch(old.items, "", old.cursor), 1)
    assert (await sample.scope()).cursor == before.cursor


@pytest.mark.parametrize("hours", [-1, 1])
async def test_clocks_an_hour_apart_make_up_no_history(sample: Sampled, hours: int) -> None:
    """A state that was reached in an hour's time must not count as rework afterwards."""
    await sample.follow()
    theirs = sample.hone.now + timedelta(hours=hours)
    for state in ("In Progress", "In Review", "Done"):
        theirs += timedelta(minutes=1)
        await sample.edit(6, at=theirs, state=state, hooked=True)
        await sample.hone.wait(minutes=1)
        await sample.hone.pulls()
    await sample.hone.wait(hours=3)
    await sample.edit(6, title="Done at last", hooked=True)
    await sample.hone.pulls()
    states = [e.changes["state"][1] for e in await sample.events(6) if "state" in e.changes]
    assert states == ["captured", "in progress", "in review", "accepted"]
    finished = (await sample.item(6)).finished_at
    assert finished is not None
    assert finished <= sample.hone.now


async def test_an_edit_there_keeps_an_item_fresh_and_ours_does_not(sample: Sampled) -> None:
    """Else every item that is followed reads stale, or none ever does."""
    await sample.follow()
    touched = (await sample.item(6)).touched_at
    await sample.hone.wait(hours=5)
    await sample.edit(6, by_hone=True, points=8, hooked=True)
    await sample.hone.pulls()
    assert (await sample.item(6)).touched_at == touched
    await sample.edit(6, points=5, hooked=True)
    await sample.hone.pulls()
    assert (await sample.item(6)).touched_at == sample.hone.now


async def test_what_was_written_and_never_confirmed_is_no_edit_of_theirs(sample: Sampled) -> None:
    """The answer was lost, Ada went on editing: her later words must not be taken for older."""
    await sample.follow()
    item = await sample.item(6)
    await sample.changes_tracked(6, sent={"title": "Retry twice"})
    await sample.changes_item(item.number, title="Retry three times")
    await sample.edit(6, by_hone=True, title="Retry twice", hooked=True)
    await sample.hone.pulls()
    row = await sample.tracked(6)
    assert (await sample.item(6)).title == "Retry three times"
    assert (row.base["title"], row.sent) == ("Retry twice", {})


async def test_an_owner_is_found_once_somebody_says_who_they_are(sample: Sampled) -> None:
    await sample.follow()
    assert (await sample.item(4)).owner is None
    people = await sample.people()
    assert {(row.account, row.name, row.person) for row in people} == {
        ("ada", "Ada Park", "ada park"),
        ("grace", "Grace Lin", None),
        ("tomas", "Tomás Ruiz", None),
    }
    await sample.hone.person("Lin").says("help")
    assert await sample.knows("grace", "lin") == 2
    assert (await sample.item(4)).owner == "lin"
