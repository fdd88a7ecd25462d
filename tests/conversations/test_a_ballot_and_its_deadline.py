"""Filling in a ballot by columns, and until when it counts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.turn import Submission
from handlers.wsjf.actions import CastVote
from tests.conversations.refining import COLUMNS, poll, room, votes_alone
from tests.hone import Hone

# --- ballots ---------------------------------------------------------------------------------


async def test_a_first_time_voter_is_told_the_scale_once(hone: Hone) -> None:
    (ada,) = await room(hone, "Ada")
    await ada.says("wsjf #1")
    await ada.clicks("Vote")
    assert ada.form is not None
    assert "Your first vote?" in str(ada.form.fields)
    await ada.fills({f"{column}.1": "3" for column in COLUMNS})
    await ada.clicks("Reveal")
    await ada.says("wsjf #2")
    await ada.clicks("Vote")
    assert "Your first vote?" not in str(ada.form.fields)


async def test_a_ballot_left_halfway_opens_where_it_was_left(hone: Hone) -> None:
    (ada,) = await room(hone, "Ada")
    await ada.says("wsjf #1 #2")
    await ada.clicks("Vote")
    await ada.fills({"ubv.1": "8", "ubv.2": "1"})
    await ada.fills({"tc.1": "13", "tc.2": ()}, press="Back")
    assert ada.form is not None
    assert ada.form.title == "Your vote (1 of 4)"
    await ada.clicks("Vote")
    assert ada.form.title == "Your vote (2 of 4)"
    assert "You have finished 1 of 4 columns." in str(ada.form.fields)
    assert "('13',)" in str(ada.form.fields), "the card played on the way back is kept"


async def test_items_join_until_the_reveal_and_nothing_filled_in_is_lost(hone: Hone) -> None:
    """A form for one item is still open when a second item joins: its cards count."""
    ada, grace = await room(hone, "Ada", "Grace")
    await ada.says("wsjf #1")
    await grace.clicks("Vote")
    await ada.clicks("Manage")
    await ada.clicks("Add items", on=ada.whispered)
    await ada.fills({"items": ("3",)})
    assert "WSJF vote: 2 items" in poll(hone)
    await grace.fills({f"{column}.1": "5" for column in COLUMNS})
    assert list(grace.errors) == ["ubv.3"]
    for column in COLUMNS:
        assert grace.form is not None
        await grace.fills({f"{column}.3": "1"})
    assert "Your vote is in" in grace.told
    await ada.clicks("Reveal")
    await ada.clicks("Manage", on=hone.channel()[-2].cards[0])
    assert "has been revealed already" in ada.told


async def test_a_late_ballot_is_kept_on_screen_and_says_why_it_does_not_count(hone: Hone) -> None:
    ada, grace = await room(hone, "Ada", "Grace")
    await ada.says("wsjf #1")
    await votes_alone(ada)
    await grace.clicks("Vote")
    await ada.clicks("Reveal")
    await grace.fills({f"{column}.1": "20" for column in COLUMNS})
    assert "has been revealed, so these cards were not counted" in grace.errors[""]
    assert "('20',)" in str(grace.form)
    await ada.clicks("Vote again")
    await ada.fills({"columns": COLUMNS})
    await grace.fills({})
    assert "moved on to a new round" in grace.errors[""], "an old form never votes in a new round"
    assert "Nobody has voted yet." in poll(hone)


# --- deadlines -------------------------------------------------------------------------------


async def test_a_vote_closes_by_itself_and_nobody_absent_blocks_it(hone: Hone) -> None:
    ada, grace, tomas, uma = await room(hone, "Ada", "Grace", "Tomas", "Uma")
    await ada.says("wsjf #1 by 9:30")
    for person in (ada, tomas, uma):
        await votes_alone(person)
    await hone.wait(minutes=29)
    assert "WSJF vote" in poll(hone)
    await hone.wait(minutes=1)
    assert "WSJF result" in poll(hone)
    await grace.acts(Submission(CastVote(1, 1, 0)))
    assert "has been revealed" in grace.errors[""]


async def test_a_deadline_holds_even_while_its_timer_is_late(hone: Hone) -> None:
    """After a restart timers ring late; a card played in between must not count."""
    ada, grace = await room(hone, "Ada", "Grace")
    await ada.says("wsjf #1 by 9:30")
    await votes_alone(ada)
    await grace.clicks("Vote")
    hone.now = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
    await grace.fills({f"{column}.1": "20" for column in COLUMNS})
    assert "its deadline has passed, so these cards were not counted" in grace.errors[""]
    assert "20" not in hone.last()


async def test_a_deadline_nobody_met_ends_the_vote_without_cards(hone: Hone) -> None:
    (ada,) = await room(hone, "Ada")
    await ada.says("wsjf #1 by 9:30")
    await hone.wait(hours=1)
    assert "The deadline passed before anybody voted" in poll(hone)
    await ada.clicks("Undo")
    assert "Nobody has voted yet." in poll(hone)
    assert "Closes by itself" not in poll(hone)


async def test_a_deadline_that_is_none_is_refused_in_words(
    hone: Hone, subtests: pytest.Subtests
) -> None:
    (ada,) = await room(hone, "Ada")
    for words in ("25:00", "8:59", "someday", "2026-02-30 16:00", "in 90 days"):
        with subtests.test(words=words):
            await ada.says("wsjf")
            await ada.fills({"items": ("1",), "closes": words})
            assert list(ada.errors) == ["closes"]
            assert words in str(ada.form)
            assert len(hone.channel()) == 3


async def test_the_leader_moves_and_lifts_the_deadline(hone: Hone) -> None:
    (ada,) = await room(hone, "Ada")
    await ada.says("wsjf #1 by 9:30")
    await ada.clicks("Manage")
    await ada.clicks("Deadline", on=ada.whispered)
    assert "2026-11-23 09:30" in str(ada.form)
    await ada.fills({"closes": "tomorrow 10:00"})
    assert "Tue 24 Nov, 10:00" in poll(hone)
    await ada.clicks("Manage")
    await ada.clicks("Deadline", on=ada.whispered)
    await ada.fills({"closes": ()})
    await hone.wait(days=3)
    assert "Nobody has voted yet." in poll(hone)
