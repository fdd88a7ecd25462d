"""Improvements lead somewhere: one in focus, each asked about once, and then: did it work?"""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

from bot.turn import Click, Named
from bot.worker import Worker
from handlers.digest.gather import gather
from handlers.digest.health import effect_checked, follow_through
from handlers.followthrough.actions import Done, SaveEffect
from storage.items import Item
from storage.reminders import due_question_at
from tests.hone import START, WORKSPACE, Hone

GRACE = Named("grace", "Grace")


async def captured(hone: Hone) -> None:
    """Reviews wait, owned by Grace in Berlin, due on Friday 27 November."""
    await hone.person("Grace", zone="Europe/Berlin").says("help")
    await hone.person("Ada").says("improve Reviews wait @Grace by Friday", GRACE)


async def test_an_owner_is_asked_once_privately_on_the_next_working_morning(hone: Hone) -> None:
    await captured(hone)
    await hone.wait(days=6, hours=22, minutes=59)  # Monday 7:59 UTC, 8:59 in Berlin
    assert hone.channel("dm-grace") == []
    await hone.wait(minutes=1)
    [question] = hone.channel("dm-grace")
    assert "It was due on Friday 27 November 2026. Did it get done?" in question.text
    assert "[Done] [Later] [Drop]" in question.text
    await hone.wait(days=30)
    assert len(hone.channel("dm-grace")) == 1, "nobody is asked twice about one day"


async def test_done_closes_it_everywhere(hone: Hone) -> None:
    await captured(hone)
    await hone.wait(days=7)
    grace = hone.person("Grace", zone="Europe/Berlin").alone()
    await grace.clicks("Done")
    assert hone.last("dm-grace") == "#1 Reviews wait: due on Friday 27 November 2026. It is done."
    assert "State: accepted" in hone.channel()[0].text


async def test_later_asks_for_the_new_day_and_then_once_more(hone: Hone) -> None:
    await captured(hone)
    await hone.wait(days=7)
    grace = hone.person("Grace", zone="Europe/Berlin").alone()
    for wrong, told in (
        ("", "Write Friday, in 2 weeks, 1 Dec or 2026-12-01."),
        ("2026-02-30", "“2026-02-30” is not a day in the calendar"),
        ("2026-11-30", "is no day to come"),
        ("9999-12-31", "check the year"),
        ("x" * 40_001, "names no single day"),
    ):
        await grace.clicks("Later")
        await grace.fills({"due": wrong})
        assert told in grace.errors["due"]
    await grace.fills({"due": "9 December"})
    assert "The new day is Wednesday 9 December 2026." in hone.last("dm-grace")
    await hone.wait(days=10)
    assert "It was due on Wednesday 9 December 2026." in hone.last("dm-grace")
    assert len(hone.channel("dm-grace")) == 2


async def test_a_drop_needs_its_reason(hone: Hone) -> None:
    await captured(hone)
    await hone.wait(days=7)
    grace = hone.person("Grace", zone="Europe/Berlin").alone()
    await grace.clicks("Drop")
    await grace.fills({})
    assert "Choose one of" in grace.errors["reason"]
    await grace.fills({"reason": "no longer true"})
    assert "It was dropped (no longer true)." in hone.last("dm-grace")


async def test_the_question_is_answered_wherever_the_item_is(hone: Hone) -> None:
    await captured(hone)
    await hone.wait(days=7)
    await hone.person("Ada").clicks("Done")
    assert "It is done." in hone.last("dm-grace")
    grace = hone.person("Grace").alone()
    await grace.acts(Click(Done(1)))
    assert "nothing is left to do" in grace.told


async def test_nobody_is_asked_about_what_is_done_dropped_or_nobodys(hone: Hone) -> None:
    ada = hone.person("Ada")
    await captured(hone)
    await ada.clicks("Done")
    await ada.says("improve Builds are slow by Friday")
    await hone.wait(days=14)
    assert hone.channel("dm-grace") == []
    assert hone.channel("dm-ada") == []


async def test_a_day_moved_away_in_time_is_not_asked_about(hone: Hone) -> None:
    await captured(hone)
    ada = hone.person("Ada")
    await ada.clicks("Assign")
    await ada.fills({"due": "2027-03-26"})
    await hone.wait(days=14)
    assert hone.channel("dm-grace") == []


def test_nine_in_the_morning_is_local_on_both_sides_of_a_clock_change() -> None:
    """Berlin's clocks go forward on Sunday 28 March 2027; Monday's nine is an hour earlier."""
    now = datetime(2026, 11, 23, tzinfo=UTC)
    item = Item(workspace=WORKSPACE, number=1, team_id=1, title="x", created_at=now, touched_at=now)
    item.owner = "grace"
    asked = {}
    for day in (date(2027, 3, 25), date(2027, 3, 26), date(2027, 3, 28), date(9999, 12, 31)):
        item.due = day
        asked[day] = due_question_at(item, "Europe/Berlin")
    assert asked[date(2027, 3, 25)] == datetime(2027, 3, 26, 8, tzinfo=UTC)
    assert asked[date(2027, 3, 26)] == asked[date(2027, 3, 28)]
    assert asked[date(2027, 3, 28)] == datetime(2027, 3, 29, 7, tzinfo=UTC)
    assert asked[date(9999, 12, 31)] is None


# --- did it work? ----------------------------------------------------------------------------


async def hoped_for(hone: Hone) -> None:
    """Grace's reviews, with a hypothesis to check on Friday 18 December."""
    await captured(hone)
    ada = hone.person("Ada")
    await ada.says("coach #1")
    await ada.fills(
        {"metric": "days a review waits", "start": "2 days", "goal": "4 hours"},
    )
    assert "we will know by Friday 11 December 2026" in hone.channel()[0].text


async def test_whether_it_worked_is_asked_once_and_stands_on_the_card(hone: Hone) -> None:
    await hoped_for(hone)
    await hone.person("Ada").clicks("Done")
    await hone.wait(days=18, hours=1)  # Friday 11 December, ten o'clock
    [question] = hone.channel("dm-grace")
    assert "will change days a review waits from 2 days to 4 hours" in question.text
    grace = hone.person("Grace", zone="Europe/Berlin").alone()
    await grace.clicks("It moved")
    await grace.fills({"value": "a lot"})
    assert "I need a number there" in grace.errors["value"]
    await grace.fills({"value": "9" * 40_001})
    assert "40,001 characters" in grace.errors["value"]
    await grace.fills({"value": "5 hours"})
    assert "#1 Reviews wait: it moved: 5 hours." in hone.last("dm-grace")
    assert "It moved: 5 hours." in hone.channel()[0].text
    await hone.wait(days=60)
    assert len(hone.channel("dm-grace")) == 1


async def test_nobody_is_asked_whether_it_worked_before_it_is_done(hone: Hone) -> None:
    await hoped_for(hone)
    await hone.wait(days=30)
    [due] = hone.channel("dm-grace")
    assert "Did it get done?" in due.text
    await hone.person("Grace", zone="Europe/Berlin").alone().clicks("Done")
    await hone.wait(days=7)
    assert "Did it move?" not in hone.last("dm-grace"), "the day it was hoped for has passed"
    await hone.wait(days=8)
    assert "Did it move?" in hone.last("dm-grace")


async def test_it_cannot_always_be_told(hone: Hone) -> None:
    await hoped_for(hone)
    await hone.person("Ada").clicks("Done")
    await hone.wait(days=19)
    await hone.person("Grace").alone().clicks("Cannot tell")
    assert "Nobody can tell whether it moved." in hone.channel()[0].text


async def test_the_question_can_wait(hone: Hone) -> None:
    await hoped_for(hone)
    await hone.person("Ada").clicks("Done")
    await hone.wait(days=19)
    grace = hone.person("Grace").alone()
    await grace.clicks("Ask me later")
    await grace.fills({"day": "2027-01-11"})
    assert "I ask again on Monday 11 January 2027." in hone.last("dm-grace")
    await hone.wait(days=30)
    assert len(hone.channel("dm-grace")) == 2


async def test_an_answer_that_is_none_and_an_item_of_elsewhere(hone: Hone) -> None:
    await hoped_for(hone)
    grace = hone.person("Grace")
    await grace.acts(Click(SaveEffect(1, "maybe")))
    assert "There is no such answer." in grace.told
    stranger = hone.person("Eve", workspace="test:other")
    for act in (Done(1), SaveEffect(1, "moved"), Done(-1), Done(2**62)):
        await stranger.acts(Click(act))
        assert "There is no item #" in stranger.told


# --- several on one morning ------------------------------------------------------------------


async def owned(hone: Hone, *titles: str) -> None:
    """Give Grace items that are due on Friday 27 November."""
    for title in titles:
        await hone.person("Ada").says(f"improve {title} @Grace by Friday", GRACE)


async def test_all_questions_of_a_morning_stand_in_one_message(hone: Hone) -> None:
    """Three messages at nine o'clock are two too many; each answer shows where it was asked."""
    await captured(hone)
    ada = hone.person("Ada")
    await ada.says("coach #1")
    await ada.fills({"metric": "days a review waits", "check": "2026-11-30"})
    await ada.clicks("Done")
    await owned(hone, "Builds take forty minutes", "Nobody owns staging")
    await hone.wait(days=7)  # Monday 30 November
    [message] = hone.channel("dm-grace")
    assert message.text.startswith("3 questions about what you own")
    assert "#2 Builds take forty minutes" in message.text
    assert "#1 Reviews wait" in message.text
    assert "Did it move?" in message.text

    grace = hone.person("Grace", zone="Europe/Berlin").alone()
    await grace.clicks("Later")
    await grace.fills({"due": "9 December"})
    assert message.text.startswith("2 questions")
    assert "#2 Builds take forty minutes: due on Friday 27 November 2026. The new day" in (
        message.text
    )
    await grace.clicks("Cannot tell")
    await grace.clicks("Done")
    assert message.text.startswith("All 3 questions are answered")
    assert "[" not in message.text
    assert len(hone.channel("dm-grace")) == 1
    await hone.wait(days=10)
    assert len(hone.channel("dm-grace")) == 2, "a new day is a new question"


async def test_questions_that_two_replicas_ring_at_once_are_one_message(
    hone: Hone, database_url: str
) -> None:
    """Each takes some of the timers; the owner sees one message with all of them."""
    await captured(hone)
    await owned(hone, "Builds take forty minutes", "Nobody owns staging")
    hone.now += timedelta(days=7)
    other = Worker(hone.router, hone.database, hone.outbox, lambda: hone.now)
    await asyncio.gather(hone.worker.ring_due(), other.ring_due())
    await hone.settle()
    [message] = hone.channel("dm-grace")
    assert message.text.startswith("3 questions")


async def test_more_questions_than_a_card_holds_follow_as_these_are_answered(hone: Hone) -> None:
    await captured(hone)
    await owned(hone, *(f"{'abcdefghij'[n] * 9} is broken" for n in range(9)))
    await hone.wait(days=7)
    [message] = hone.channel("dm-grace")
    assert message.text.startswith("10 questions")
    assert "2 more follow as you answer these." in message.text
    assert "#10 " not in message.text
    grace = hone.person("Grace").alone()
    for _ in range(10):
        hone.now += timedelta(seconds=5)
        await grace.clicks("Done")
    assert message.text.startswith("All 10 questions are answered")
    assert message.text.count("It is done.") == 10


async def test_who_no_longer_owns_it_is_not_asked_any_more(hone: Hone) -> None:
    await captured(hone)
    await hone.wait(days=7)
    ada = hone.person("Ada")
    await ada.clicks("Assign")
    await ada.fills({"owner": "ada"})
    assert "It has another owner now." in hone.last("dm-grace")
    await hone.wait(days=7)
    assert hone.channel("dm-ada") == [], "one day, one question"


# --- one small improvement -------------------------------------------------------------------


async def test_a_team_has_one_focus_at_a_time(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve Reviews wait")
    await hone.wait(minutes=11)
    await ada.clicks("Make it our focus")
    assert "Our focus: the one small improvement we make now." in hone.channel()[0].text
    await ada.says("improve Builds take forty minutes")
    await hone.wait(minutes=11)
    await ada.clicks("Make it our focus")
    first, was, second, _ = hone.channel()
    assert "This was our focus: #1 Reviews wait: captured." in was.text
    assert "Our focus:" not in first.text
    assert "Our focus:" in second.text


async def test_guests_do_not_choose_the_focus(hone: Hone) -> None:
    await hone.person("Ada").says("improve Reviews wait")
    await hone.wait(minutes=11)
    guest = hone.person("Gus", role="guest")
    await guest.clicks("Make it our focus")
    assert "Guests cannot choose" in guest.told


# --- the numbers of any week -----------------------------------------------------------------


async def test_a_past_week_counts_with_the_days_it_had_then(hone: Hone) -> None:
    """Moving a due date does not make last week's follow-through look better."""
    await hoped_for(hone)
    await hone.wait(days=7)
    last_week = hone.now
    await hone.wait(hours=1)
    grace = hone.person("Grace").alone()
    await grace.clicks("Later")
    await grace.fills({"due": "2026-12-04"})
    await hone.wait(days=1)
    await hone.person("Ada").clicks("Done")
    await hone.wait(days=11)
    await grace.clicks("It did not")
    await grace.fills({"value": "2 days"})

    async with hone.database.read(WORKSPACE, hone.now) as store:
        records = await gather(store, await store.teams.resolve("refinement", "ada"))
    backlog, then = records.backlog(), records.backlog(last_week)
    assert follow_through(backlog.items, backlog.today).counts == (1, 1)
    assert follow_through(then.items, then.today).counts == (0, 1)
    assert effect_checked(backlog.items).counts == (1, 1)
    assert then.items[0].hypothesis
    assert then.items[0].rechecked_at is None
    before = records.backlog(START)
    assert before.items[0].due == date(2026, 11, 27)
