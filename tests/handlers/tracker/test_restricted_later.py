"""What a tracker hides later leaves the cards that stay as they are, and what is called by it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.twins import twin
from handlers.capture.cards import draw_item
from handlers.sources.losing import delete_words, let_go
from storage import Store
from storage.states import REWORK_REASONS
from storage.tracked import Tracked
from tests.handlers.tracker.followed import Followed
from tests.handlers.tracker.sampled import Sampled, everything_kept, following
from tests.hone import Hone

SECRET = "Lay off the night shift"


@pytest.fixture
async def sample(hone: Hone) -> Sampled:
    """A team that follows a tracker, whose ticket 6 is to be restricted."""
    sampled = await following(hone)
    await sampled.edit(6, title=SECRET, hooked=True)
    await hone.pulls()
    return sampled


async def restricted(sample: Sampled) -> str:
    """Restrict the ticket; return all that is shown then."""
    await sample.edit(6, restricted=True, hooked=True)
    await sample.hone.pulls()
    await sample.hone.wait(minutes=2)
    return "\n".join(message.text for message in sample.hone.platform.messages.values())


async def is_the_trains(sample: Sampled, theme: str = "#shifts") -> int:
    """Make what the ticket is here the train's; return its number."""
    number = (await sample.item(6)).number

    async def confirm(store: Store) -> None:
        team = await store.teams.resolve("refinement", "ada")
        await store.themes.confirm(team.train_id, theme, number, 3, 4)

    await sample.hone.database.write(sample.hone.workspace, sample.hone.now, confirm)
    return number


async def card_of(sample: Sampled, number: int) -> str:
    async with sample.hone.database.read(sample.hone.workspace, sample.hone.now) as store:
        item = await store.items.find(number)
        assert item is not None
        return twin(await draw_item(store, item, None))


async def test_a_shared_packet_loses_the_words(sample: Sampled, hone: Hone) -> None:
    """It was drawn once and for all, in a channel that everybody reads."""
    number = await is_the_trains(sample)
    ada = hone.person("Ada")
    await ada.says("retro ia")
    await ada.clicks("Share", on=ada.whispered)
    assert f"#{number} {SECRET}" in hone.last()
    shown = await restricted(sample)
    assert f"#{number} PAY-6: restricted" in shown
    assert SECRET not in shown


async def test_a_second_item_leaves_the_packet_that_was_drawn_anew(
    sample: Sampled, hone: Hone
) -> None:
    await is_the_trains(sample)
    ada = hone.person("Ada")
    await ada.says("retro ia")
    await ada.clicks("Share", on=ada.whispered)
    ticket = await sample.add("Close the Hamburg site")
    await hone.wait(minutes=20)
    await hone.pulls()
    other = (await sample.item(ticket)).number

    async def confirm(store: Store) -> None:
        team = await store.teams.resolve("refinement", "ada")
        await store.themes.confirm(team.train_id, "#sites", other, 3, 4)

    await hone.database.write(hone.workspace, hone.now, confirm)
    assert "Hamburg" in await restricted(sample)
    await sample.edit(ticket, restricted=True, hooked=True)
    await hone.pulls()
    await hone.wait(minutes=2)
    assert "Hamburg" not in "\n".join(m.text for m in hone.platform.messages.values())


async def test_a_packet_of_an_older_version_loses_the_words(sample: Sampled, hone: Hone) -> None:
    """It noted nothing of what it shows, and so is drawn anew with whatever is hidden."""
    number = await is_the_trains(sample)
    ada = hone.person("Ada")
    await ada.says("retro ia")
    await ada.clicks("Share", on=ada.whispered)
    async with hone.database.engine.begin() as connection:
        packets = "view LIKE '%themes.packet%'"
        noted = "UPDATE post_subjects SET subject = 'words:*' WHERE subject"
        await connection.execute(text(f"{noted} = 'words:item:{number}'"))
        await connection.execute(text(f"UPDATE posts SET shows = '-' WHERE {packets}"))
    shown = await restricted(sample)
    assert f"#{number} PAY-6: restricted" in shown
    assert SECRET not in shown


async def test_the_talk_that_an_item_came_of_is_over(sample: Sampled, hone: Hone) -> None:
    """What was answered there became what the item says."""
    number = (await sample.item(6)).number
    ada = hone.person("Ada").alone()
    await ada.says(f"coach #{number}")
    await ada.chats("fewer night shifts")
    while "Saved in" not in ada.told:
        await ada.chats("skip")
    talk = hone.channel(ada.place.channel)
    assert any("fewer night shifts" in message.text for message in talk)
    assert "fewer night shifts" not in await restricted(sample)


async def test_what_others_said_of_it_is_not_shown(sample: Sampled, hone: Hone) -> None:
    """Their words say the same; they are kept, and come back with the item."""
    number = (await sample.item(6)).number

    async def say(store: Store) -> None:
        await store.voices.add(number, "grace", "The night shift goes in March")
        item = await store.items.locked(number)
        assert item is not None
        await store.items.change(
            item, {"overrides": {"small": "the night shift is one team"}}, by="grace"
        )

    await hone.database.write(hone.workspace, hone.now, say)
    await sample.changes_item(number, state="in review")
    ada = hone.person("Ada")
    await ada.says(f"backlog move #{number} in progress")
    reason = REWORK_REASONS[0]
    await ada.fills({"state": "in progress", "reason": reason, "words": "the night shift objects"})
    assert f"{reason}: the night shift objects" in await everything_kept(hone)
    assert "goes in March" in await card_of(sample, number)
    await restricted(sample)
    card = await card_of(sample, number)
    assert "2 voices. Also raised by" in card
    assert "goes in March" not in card
    assert "is one team" not in await everything_kept(hone)
    assert "objects" not in await everything_kept(hone)
    assert reason in await everything_kept(hone)


async def test_a_workshop_on_it_has_another_name(sample: Sampled, hone: Hone) -> None:
    """The problem was chosen from a list, so it bears the item's title, as its theme does."""
    await is_the_trains(sample, SECRET)
    ada = hone.person("Ada")
    await ada.says("retro ia")
    await ada.clicks("Problem-solving workshop", on=ada.whispered)
    await ada.fills({"problem": "0"})
    assert SECRET in hone.last()
    assert SECRET not in await restricted(sample)
    assert SECRET not in await everything_kept(hone)


async def in_jira_too(store: Store) -> Tracked:
    """Let #1 be known in Jira, besides the tracker that its team follows."""
    item = await store.items.find(1)
    assert item is not None
    row = Tracked(
        workspace=store.workspace,
        source="jira:acme.atlassian.net",
        remote_id="31",
        team_id=item.team_id,
        number=1,
        key="JIRA-31",
        base={"title": item.title},
        seen_at=store.now,
    )
    await store.tracked.keep([row])
    return row


async def test_what_one_tracker_hides_is_not_written_over_in_another(
    followed: Followed, hone: Hone
) -> None:
    """There it is nobody's decision: the item keeps its title and all that it says."""
    await hone.person("Ada").says("backlog rename #1 Builds take an hour")
    await hone.wait(minutes=1)
    written = dict(followed.tracker.issues["7"].fields)
    assert written["title"] == "Builds take an hour"

    async def restrict(store: Store) -> None:
        await let_go(store, [], [await in_jira_too(store)], "Jira", "Payments")

    await followed.change(restrict)
    await hone.wait(minutes=5)
    assert (await followed.item(1)).title == "JIRA-31: restricted in Jira"
    assert followed.tracker.issues["7"].fields == written
    await hone.person("Ada").says("backlog due #1 Friday")
    await hone.wait(minutes=5)
    assert followed.tracker.issues["7"].fields == written


async def test_what_is_deleted_with_one_tracker_lives_on_in_another(
    followed: Followed, hone: Hone
) -> None:
    """A team that leaves Jira behind deletes what came from there, and not its other tracker."""
    await hone.person("Ada").says("backlog rename #1 Builds take an hour")
    await hone.wait(minutes=1)
    written = dict(followed.tracker.issues["7"].fields)

    async def delete(store: Store) -> None:
        row = await in_jira_too(store)
        (first, *_) = await store.items.history(1)
        first.kind = "imported"
        await delete_words(store, [row], "Jira")

    await followed.change(delete)
    await hone.wait(minutes=5)
    assert (await followed.item(1)).title == "Builds take an hour"
    assert followed.tracker.issues["7"].fields == written
