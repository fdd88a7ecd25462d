"""A retro of eight with all that happens to one, and the two after it."""

from __future__ import annotations

from datetime import date

from bot.cards import Day, Input
from bot.turn import Click
from handlers.retro.actions import FinishWriting, TakeOver
from tests.conversations.retros import gives, writes
from tests.hone import Hone, Someone


async def over(lead: Someone, note: str, **plan: str) -> None:
    """Take a retro with this one note to its end; `plan` is what is filled in about it."""
    await writes(lead, c0=note)
    for press in ("Reveal", "Start the vote"):
        await lead.clicks(press)
    await gives(lead, note, 1)
    await lead.clicks("Close the vote")
    await lead.clicks("Choose improvements")
    await lead.fills({})
    await lead.fills({f"{field}1": value for field, value in plan.items()})


async def test_eight_people_one_late_one_away_two_unsigned_one_confused(hone: Hone) -> None:
    """Each of them gets to where the others are."""
    names = ("Ada", "Grace", "Tomas", "Kim", "Lin", "Max", "Eve", "Zoe")
    everybody = ada, grace, tomas, kim, lin, max_, eve, zoe = tuple(map(hone.person, names))
    for person in (grace, tomas, kim, lin, max_, eve, zoe):
        await person.says("help")
    await ada.says("retro start")
    await writes(ada, c1="Reviews wait two days")
    await writes(grace, c1="Every review waits two days", c0="Demo on Fridays")
    await writes(tomas, c0="Rotate who leads the stand-up")
    await writes(kim, c1="Blaming people in the open", unsigned=("on",))
    await writes(lin, c1="Nobody asks before deploying", unsigned=("on",))
    for person in (grace, tomas, grace):
        await person.clicks("I'm done")
    assert "You said so already." in grace.told
    assert "6 notes; 2 people are done" in hone.last()
    assert "Zoe" not in hone.last(), "nobody sees who has not written"

    await eve.alone().says("retro add stop: Meetings")
    elsewhere = hone.person("Eve", channel="lunch")
    await elsewhere.says("retro add Meetings")
    assert "One is open in #refinement (it collects notes): go there." in elsewhere.told

    await hone.wait(days=1, hours=1)
    away = hone.last()
    assert "This retro has waited for a day: Ada leads it and may be away." in away
    assert "Anybody of the team can go on: press Take over." in away
    asked = [person for person in everybody if hone.channel(f"dm-{person.who.id}")]
    assert len(asked) == 1, "one person is asked, where they see it"
    chat = hone.last(f"dm-{asked[0].who.id}")
    assert "The retro in refinement has waited for a day: Ada leads it and may be away." in chat
    guest = hone.person("Gus", role="guest")
    await guest.acts(Click(TakeOver(1)))
    assert "Guests cannot lead a retro" in guest.told
    await tomas.clicks("Take over")
    assert "You lead this retro now" in tomas.told
    assert "Tomas leads this retro now." in hone.last()
    assert "[Take over]" not in hone.channel()[0].text
    await zoe.acts(Click(TakeOver(1)))
    assert "Tomas has been here within a day." in zoe.told
    await hone.wait(hours=2)
    await tomas.clicks("Reveal")
    await zoe.clicks("Add a note")
    await zoe.fills({"c1": "Reviews wait for days"})
    assert "– Reviews wait for days (Zoe)" in hone.channel()[0].text, "it finds its group"
    assert "people are done" not in hone.channel()[0].text

    await tomas.clicks("Start the vote")
    for person in (ada, grace, max_, zoe):
        await gives(person, "Reviews wait two days", 2)
    await tomas.clicks("Close the vote")
    await tomas.clicks("Choose improvements")
    await tomas.fills({})
    assert tomas.form is not None
    [title] = [field for field in tomas.form.fields if isinstance(field, Input)][:1]
    [_, check] = [field for field in tomas.form.fields if isinstance(field, Day)]
    assert title.value == "", "a complaint is no experiment"
    assert check.value == date(2026, 12, 22)
    number = title.id.removeprefix("title")
    await tomas.fills({title.id: "Reviews before lunch", f"metric{number}": "days a review waits"})
    assert "Who does it, and by when?" in str(tomas.form)
    await tomas.fills({f"owner{number}": "grace", f"due{number}": "2026-12-08"})
    assert "Saved #1." in tomas.told
    assert "#1 Reviews before lunch" in hone.channel()[0].text


async def test_open_improvements_of_all_earlier_retros_stand_at_the_opening(hone: Hone) -> None:
    """What two retros promised and nobody did is not forgotten by the third."""
    ada = hone.person("Ada")
    for note in ("Write the runbook", "Pair on reviews"):
        await ada.says("retro start")
        await over(ada, note, owner="ada", due="2026-12-04")
        await hone.wait(days=14)
    await ada.says("retro start")
    assert "Since the last retro, 0 of 1 done:" in hone.last()
    assert "#2 Pair on reviews: captured, with Ada" in hone.last()
    assert "Still open from earlier retros:" in hone.last()
    assert "#1 Write the runbook: captured, with Ada" in hone.last()
    await ada.says("mark #1 done")
    assert "Still open from earlier retros:" not in hone.last()


async def test_an_improvement_without_owner_or_day_is_asked_about_once(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("retro start")
    await over(ada, "Pair on reviews", owner="ada")
    assert "What nobody owns seldom happens" in str(ada.form)
    await ada.fills({})
    assert "Saved #1." in ada.told


async def test_the_facts_open_a_retro_that_wants_them(hone: Hone) -> None:
    """What the items say is where the talk begins; later changes do not move it."""
    ada = hone.person("Ada")
    await ada.says("retro start with facts")
    assert "Nothing was sent back, nothing is under way" in hone.last()
    await ada.clicks("Cancel")
    await ada.says("hone settings")
    await ada.fills({"iteration_weeks": "2", "iteration_first": "2026-11-23"})
    for title in ("Pay on account", "Pay by card"):
        await ada.says(f"improve {title}")
    for number in (1, 2):
        for state in ("ready", "planned", "in progress"):
            await ada.says(f"backlog move #{number} {state}")
    await ada.says("backlog move #1 in review")
    await hone.wait(hours=30)
    await ada.says("backlog move #1")
    await ada.fills({"state": "refining"})
    await ada.fills({"reason": "unclear criteria"})
    await ada.says("retro")
    await ada.fills({"facts": ("on",), "time": "for 20 minutes"})
    card = hone.last()
    assert "Sent back: #1 Pay on account." in card
    assert "Longest under way: #2 Pay by card, for 1 day." in card
    assert "This iteration began with 0 items planned; on top came #1 and #2." in card
    await ada.says("mark #2 done")
    assert "Longest under way: #2" in hone.last()
    await writes(ada, c0="Pair on reviews")
    await hone.wait(minutes=20)
    assert "The notes are on the table" in hone.last()


async def test_nobody_says_who_has_written_in_an_anonymous_retro(hone: Hone) -> None:
    """A name beside the time of a note would point at it."""
    ada = hone.person("Ada")
    await ada.says("retro start anonymous")
    assert "[I'm done]" not in hone.last()
    await ada.acts(Click(FinishWriting(1)))
    assert "nobody says who has written" in ada.told


async def test_few_anonymous_votes_say_why_they_show_nothing(hone: Hone) -> None:
    people = [hone.person(name) for name in ("Ada", "Grace", "Tomas", "Kim", "Lin")]
    ada = people[0]
    for person in people[1:]:
        await person.says("help")
    await ada.says("retro start anonymous")
    for number, person in enumerate(people):
        await writes(person, c0=f"{'abcde'[number] * 6} is broken")
    await ada.clicks("Reveal")
    await ada.clicks("Start the vote")
    for person in people[:2]:
        await gives(person, "aaaaaa is broken", 2)
    assert "how many is told from 5 on, since fewer could be told apart." in hone.channel()[0].text
    await ada.clicks("Close the vote")
    card = hone.channel()[0].text
    assert "In an anonymous retro numbers could tell who gave which" in card
    assert "4 dots" not in card


async def test_what_the_backlog_has_already_is_joined_not_doubled(hone: Hone) -> None:
    """Two items for one trouble have two owners, half the votes each, and no history."""
    ada, eve = hone.person("Ada"), hone.person("Eve", channel="search")
    await ada.says("improve Reviews wait two days")
    await eve.says("improve Reviews wait for two days")
    await hone.wait(weeks=11)
    await ada.says("retro start")
    await ada.says("retro add stop: Reviews wait two days #reviews")
    assert "The backlog has it: #1. Another team has this: search #2." in ada.told
    await writes(ada, c0="Pair on Mondays")
    for press in ("Reveal", "Start the vote", "Give my dots"):
        await ada.clicks(press)
    await ada.fills({"g1": "1", "g2": "2"})
    await ada.clicks("Close the vote")
    await ada.clicks("Choose improvements")
    await ada.fills({})
    offer = "We have something like it. Add your voice there?"
    assert str(ada.form).count(offer) == 1
    await ada.fills({"join2": "2", "title1": "Pair on Mondays"})
    assert "What nobody owns seldom happens" in str(ada.form)
    assert ada.errors["join2"] == "That item is closed meanwhile. Choose again."
    await ada.fills({"join2": "1", "title1": "Review waits two days less"})
    assert str(ada.form).count(offer) == 2, "what one will try is compared, too"
    plan = {"join2": "1", "join1": "new", "title1": "Pair on Mondays"}
    await ada.fills({**plan, "owner2": "ada", "metric2": "days a review waits from 2 to 1"})
    assert "Saved #3. Added to #1. The next retro opens with them." in ada.told

    card = next(shown.text for shown in hone.channel() if "#1 Reviews" in shown.text)
    assert "Ada: Reviews wait two days" in card
    assert "days a review waits" in card, "what it did not have is filled in"
    for name in ("search", "mobile"):
        await hone.person(name, channel=name).says(f"improve {name} is behind #reviews")
    await ada.says("themes")
    told = "#reviews is systemic: 3 of 3 teams: mobile, refinement, search."
    assert told in ada.told, "an item from before the PI says nothing of this one; its retro does"
    await ada.says("retro start")
    assert "#1 Reviews wait two days: captured, with Ada" in hone.last()
