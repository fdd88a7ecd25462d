"""What stands on a person's own page, for whom, and when it changes."""

from __future__ import annotations

from datetime import timedelta

from bot.turn import Named
from handlers.backlog import sample
from handlers.wsjf.ballot import field_id
from handlers.wsjf.scale import COLUMNS
from storage import Store
from tests.handlers.mypage.pages import GRACE, opens_page, page
from tests.hone import WORKSPACE, Hone, Someone, buttons_of


async def presses(person: Someone, label: str) -> None:
    """Press the first button of that label on the page."""
    card = person.hone.channel(f"home:{person.who.id}")[-1].card
    await person.clicks(label, on=card)


def section(shown: str, title: str) -> list[str]:
    """Return the lines of one section."""
    titles = ("Votes waiting for you", "You were asked", "Your items", "Your digest")
    lines = shown.splitlines()
    start = lines.index(title) + 1
    ends = [index for index, line in enumerate(lines) if line in titles and index >= start]
    return lines[start : min(ends, default=len(lines))]


# --- votes -----------------------------------------------------------------------------------


async def test_a_vote_waits_until_all_of_it_is_answered(hone: Hone) -> None:
    ada, grace = hone.person("Ada"), hone.person("Grace", zone="Europe/Berlin")
    await grace.says("help")
    reader = await opens_page(grace)
    assert "Nothing waits for you, Grace." in page(grace)
    await ada.says("improve Builds take forty minutes")
    await ada.says("improve Nobody owns staging")
    await ada.says("wsjf start #1 #2 by 16:00")
    [vote, buttons] = section(page(grace), "Votes waiting for you")
    assert vote.startswith(
        "#1 Builds take forty minutes and #2 Nobody owns staging, in refinement."
    )
    assert "Mon 23 Nov, 17:00 (Europe/Berlin)" in vote, "the deadline stands on her own clock"
    assert buttons == "[Vote]"

    await presses(reader, "Vote")
    await reader.fills({field_id((1, "ubv")): "13", field_id((2, "ubv")): "2"})
    assert "Votes waiting for you" in page(grace)
    assert "13" not in page(grace), "a card shows before the reveal"
    for column in tuple(COLUMNS)[1:]:
        await reader.fills({field_id((1, column)): "13", field_id((2, column)): "2"})
    assert "Votes waiting for you" not in page(grace)


async def test_a_vote_that_closes_waits_for_nobody(hone: Hone) -> None:
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await grace.says("help")
    await opens_page(grace)
    await ada.says("improve Builds take forty minutes")
    await ada.says("wsjf #1")
    assert "Votes waiting for you" in page(grace)
    await ada.clicks("Cancel")
    assert "Votes waiting for you" not in page(grace)
    await ada.clicks("Undo")
    assert "Votes waiting for you" in page(grace)
    await ada.clicks("Manage")
    await ada.clicks("Deadline", on=ada.whispered)
    await ada.fills({"closes": "10:00"})
    assert "Closes by itself" in page(grace)
    await hone.wait(hours=1)
    assert "Votes waiting for you" not in page(grace)


async def test_all_teams_of_a_person_and_no_others_are_on_the_page(hone: Hone) -> None:
    teams = ("checkout", "payments", "search")
    for number, channel in enumerate(teams, start=1):
        lead = hone.person(f"Lead{number}", channel=channel)
        await lead.says(f"improve Something in {channel}")
        await lead.says(f"wsjf #{number}")
    for channel in teams[:2]:
        await hone.person("Grace", channel=channel).says("backlog")
    grace = hone.person("Grace")
    await opens_page(grace)
    shown = page(grace)
    assert "Something in checkout, in checkout." in shown
    assert "Something in payments, in payments." in shown
    assert "search" not in shown


async def test_a_vote_on_the_plan_waits_until_it_has_a_number(hone: Hone) -> None:
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await grace.says("help")
    reader = await opens_page(grace)
    await ada.says("pi setup")
    await ada.fills({"name": "PI 7", "starts": "2026-11-23", "length": "10 weeks"})
    await ada.says("pi confidence")
    assert "Confidence in PI 7: a number from 1 to 5" in page(grace)
    await presses(reader, "Vote")
    await reader.fills({"fist": "2"})
    assert "Confidence" not in page(grace)


# --- questions -------------------------------------------------------------------------------


async def test_a_question_that_came_stays_on_the_page_until_it_is_answered(hone: Hone) -> None:
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await grace.says("help")
    reader = await opens_page(grace)
    await ada.says("improve Builds take forty minutes @Grace by tomorrow", GRACE)
    assert section(page(grace), "Your items")[0] == (
        "#1 Builds take forty minutes, captured, due Tue 24 Nov 2026"
    )
    await hone.wait(days=2, hours=1)
    asked = section(page(grace), "You were asked")
    assert asked[0].startswith("#1 Builds take forty minutes was due on Tuesday 24 November 2026.")
    assert asked[1] == "[Done] [Later] [Drop]"
    assert "Your items" not in page(grace), "one thing stands in one place"
    await presses(reader, "Later")
    await reader.fills({"due": "2026-12-04"})
    assert "You were asked" not in page(grace)
    assert "due Fri 4 Dec 2026" in page(grace)


async def test_whether_it_worked_is_asked_on_the_page_too(hone: Hone) -> None:
    grace = hone.person("Grace")
    reader = await opens_page(grace)
    await grace.says("improve Builds take forty minutes @Grace", GRACE)
    await grace.says("coach #1")
    await grace.fills({"metric": "Build time", "check": "2026-11-25"})
    await presses(reader, "Done")
    await hone.wait(days=3)
    assert "you wanted Build time to change. Did it move?" in page(grace)
    await presses(reader, "It moved")
    await reader.fills({"value": "12 minutes"})
    assert "You were asked" not in page(grace)


async def test_a_conversation_half_way_can_be_gone_on_with(hone: Hone) -> None:
    grace = hone.person("Grace")
    reader = await opens_page(grace)
    await reader.says("coach Builds take forty minutes")
    await reader.chats("Everybody waits for the slowest test of all")
    asked = section(page(grace), "You were asked")[0]
    assert "Coaching: Builds take forty minutes, question 2 of" in asked
    assert "slowest test" not in page(grace)
    await presses(reader, "Go on")
    assert reader.form is not None
    await reader.fills({})
    assert "Coaching" not in page(grace)


async def test_a_retro_leads_to_its_channel_and_says_nothing_of_notes(hone: Hone) -> None:
    """A note written from a private page would leave an answer there that says who wrote when."""
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await grace.says("help")
    reader = await opens_page(grace)
    await ada.says("retro start anonymous by Friday 16:00")
    assert "The retro in refinement collects notes until Fri 27 Nov, 16:00" in page(grace)
    before = page(grace)
    await grace.clicks("Add a note")
    await grace.fills({"c0": "Nobody reads the runbook"})
    await hone.wait(minutes=1)
    assert page(grace) == before, "her page betrays that she wrote"

    await ada.clicks("Reveal")
    await ada.clicks("Reveal all the same")
    assert "retro" not in page(grace)
    await ada.clicks("Start the vote")
    assert "you have 3 dots to give" in page(grace)
    await presses(reader, "Give my dots")
    assert reader.form is not None
    [dots] = [field.id for field in reader.form.fields if hasattr(field, "id")]
    await reader.fills({dots: "2"})
    assert "retro" not in page(grace)


# --- items -----------------------------------------------------------------------------------


async def test_items_stand_by_due_date_and_the_rest_is_counted(hone: Hone) -> None:
    grace = hone.person("Grace")
    for title, due in (("Someday", ""), ("Last", "by 4 Dec"), ("First", "by tomorrow")):
        await grace.says(f"improve {title} of all @Grace {due}", GRACE)
    for number in range(5):
        await grace.says(f"improve Thing {'x' * number} number{number} @Grace", GRACE)
        if grace.form:
            await grace.fills({})
    await opens_page(grace)
    items = section(page(grace), "Your items")
    assert [line.split(",")[0] for line in items[:6:2]] == [
        "#3 First of all",
        "#2 Last of all",
        "#1 Someday of all",
    ]
    assert items[-1] == "+ 2 more. See them all: backlog mine"


async def test_what_others_do_to_an_item_shows_on_its_owners_page(hone: Hone) -> None:
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await opens_page(grace)
    await ada.says("improve Builds take forty minutes @Grace", GRACE)
    assert "#1 Builds take forty minutes, captured" in page(grace)
    await ada.says("backlog move #1")
    await ada.fills({"state": "refining"})
    assert "#1 Builds take forty minutes, refining" in page(grace)
    await ada.clicks("Assign")
    await ada.fills({"owner": "ada"})
    assert "Builds" not in page(grace), "it is somebody else's by now"


# --- digest ----------------------------------------------------------------------------------


async def test_the_last_digest_stands_there_and_can_come_every_week(hone: Hone) -> None:
    people = {"ada": "Ada", "grace": "Grace", "tomas": "Tomas"}

    async def furnish(store: Store) -> None:
        await sample.furnish(store, "refinement", people, "UTC")

    await hone.database.write(WORKSPACE, hone.now, furnish)
    ada, grace = hone.person("Ada"), hone.person("Grace")
    reader = await opens_page(grace)
    assert "None has come yet." in section(page(grace), "Your digest")
    await ada.says("digest on Tuesday 9:00")
    await hone.wait(days=1, hours=1)
    verdict, numbers, buttons = section(page(grace), "Your digest")
    assert verdict.startswith("refinement, week 48: ")
    assert numbers.count(" · ") == 2
    assert buttons == "[Read it now] [Get it every week]"

    await presses(reader, "Get it every week")
    await reader.fills({"weekday": "Wednesday", "at": "9:00", "zone": "UTC"})
    assert "[Stop the weekly one]" in page(grace)
    await hone.wait(days=1)
    assert section(page(grace), "Your digest")[0].startswith("Yours, week 48: ")
    await presses(reader, "Stop the weekly one")
    assert "No more weekly digests" in reader.told
    assert "[Get it every week]" in page(grace)
    assert "Tuesdays" not in reader.told, "the team's own digest goes on"
    await presses(reader, "Read it now")
    assert "Backlog health, week 48" in reader.told


# --- for whom --------------------------------------------------------------------------------


async def test_a_guest_sees_only_what_guests_may(hone: Hone) -> None:
    ada, gil = hone.person("Ada"), hone.person("Gil", role="guest")
    other = hone.person("Gil", channel="payments", role="guest")
    await other.says("help")
    await hone.person("Bo", channel="payments").says("retro start")
    await gil.says("help")
    await ada.says("improve Builds take forty minutes @Gil", Named("gil", "Gil"))
    await ada.says("wsjf #1")
    await ada.says("digest on Monday 9:00")
    await opens_page(gil)
    shown = page(gil)
    assert "#1 Builds take forty minutes, captured\n[Edit] [Done]" in shown, "it is theirs"
    assert shown.count("[") == 2, "each other button would only refuse"
    assert "retro" not in shown, "guests see only the team they are with"
    await ada.says("settings")
    await ada.fills({"guests_vote": "on"})
    assert "[Vote]" in page(gil)


async def test_nobody_can_ask_for_somebody_elses_page(hone: Hone) -> None:
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await ada.says("improve Builds take forty minutes @Ada", Named("ada", "Ada"))
    await ada.says("me")
    assert "Builds take forty minutes" in ada.told
    assert "As it was on Mon 23 Nov, 09:00" in ada.told, "a copy says that it is one"
    assert not hone.channel("home:ada"), "a copy is not kept"
    await grace.clicks("Show it as it is now", on=ada.whispered)
    assert "Builds take forty minutes" not in grace.told


# --- how it reads ----------------------------------------------------------------------------


async def test_every_button_of_a_page_is_told_apart(hone: Hone) -> None:
    """Read aloud, five times Edit say nothing."""
    grace = hone.person("Grace")
    for title in ("Builds take forty minutes", "Nobody owns staging"):
        await grace.says(f"improve {title} @Grace", GRACE)
    await opens_page(grace)
    hints = [button.hint for button in buttons_of(hone.channel("home:grace")[-1].card)]
    assert all(hints)
    assert len(set(hints)) == len(hints)


async def test_a_late_item_says_so(hone: Hone) -> None:
    grace = hone.person("Grace")
    await grace.says("improve Builds take forty minutes @Grace by Friday", GRACE)
    hone.now += timedelta(days=5)
    await opens_page(grace)
    assert "due Fri 27 Nov 2026, late" in page(grace)
