"""A team connects the tracker it works in, follows it, and stops: told with the sample tracker."""

from __future__ import annotations

from datetime import timedelta

from bot.cards import Choice
from bot.remote import Failed
from bot.turn import Click
from bot.wire import Action
from handlers.tracker.actions import (
    OpenChoose,
    OpenEnd,
    OpenMapping,
    OpenMe,
    OpenPeople,
    OpenRenew,
    OpenTwins,
    Pause,
    Resume,
    SetWrites,
    Start,
    Sync,
)
from handlers.tracker.ending import plan_reminder
from storage import Store
from tests.followed import hears
from tests.handlers.tracker.sampled import Sampled, everything_kept
from tests.hone import Hone, Someone

CHAT = "dm-ada"


async def looked_at(hone: Hone, ada: Someone, project: str = "0") -> Someone:
    """Connect the sample and have a project looked at; returns Ada alone with Hone."""
    await ada.says("connect sample")
    await hone.pulls()
    alone = ada.alone()
    await alone.clicks("Choose a project")
    await alone.fills({"scope": project})
    await hone.pulls()
    return alone


async def followed(hone: Hone, ada: Someone) -> Someone:
    alone = await looked_at(hone, ada)
    await alone.clicks("Start")
    await hone.pulls()
    return alone


def asked(person: Someone, label: str) -> Choice:
    """Return what the open form asks under a label."""
    assert person.form is not None, person.told
    choices = (field for field in person.form.fields if isinstance(field, Choice))
    return next(choice for choice in choices if choice.label.startswith(label))


async def backlog(person: Someone) -> str:
    await person.says("backlog")
    return person.told


async def test_a_newcomer_follows_the_sample_within_four_taps(hone: Hone) -> None:
    """The first five minutes decide whether anybody looks a second time."""
    ada = hone.person("Ada")
    alone = await looked_at(hone, ada)
    preview = hone.last(CHAT)
    assert "11 items: 11 new, 0 known already." in preview
    assert "1 restricted item stays out." in preview
    assert "Nothing has been changed." in preview
    assert "PAY-" not in await backlog(ada)
    await alone.clicks("Start")
    await hone.pulls()
    assert "Payments in Sample tracker is followed" in hone.last(CHAT)
    assert "Payments in Sample tracker is followed" in hone.last()
    assert "PAY-4 · In Progress" in await backlog(ada)


async def test_looking_changes_nothing_however_often(hone: Hone) -> None:
    """A preview that half imports is the last one anybody trusts."""
    ada = hone.person("Ada")
    alone = await looked_at(hone, ada)
    for _ in range(2):
        await alone.clicks("Change mapping")
        await alone.fills({})
        await hone.pulls()
        assert "11 items: 11 new, 0 known already." in hone.last(CHAT)
    assert "PAY-" not in await backlog(ada)
    await alone.clicks("Stop")
    await alone.fills({})
    assert "I forgot how I got in there" in alone.told
    assert hone.last(CHAT) == "This is not followed any more."
    await ada.says("tracker")
    assert "follows no tracker yet" in ada.told


async def test_what_a_state_means_is_said_before_the_start(hone: Hone) -> None:
    ada = hone.person("Ada")
    alone = await looked_at(hone, ada)
    await alone.clicks("Change mapping")
    await alone.fills({asked(alone, "State “In Review”").id: "in progress"})
    await hone.pulls()
    await alone.clicks("Start")
    await hone.pulls()
    assert "State in progress, PAY-5 · In Review" in await backlog(ada)


async def test_a_mapping_can_be_changed_while_it_is_followed(hone: Hone) -> None:
    """Somebody adds a column to the board in the middle of the PI."""
    ada = hone.person("Ada")
    alone = await followed(hone, ada)
    await Sampled(hone).add("Wait for the bank", state="Parked at the bank")
    await ada.says("tracker sync")
    await hone.pulls()
    await ada.says("tracker")
    assert "State “Parked at the bank” is new to me: I take it for" in ada.told
    await alone.clicks("Change mapping")
    await alone.fills(
        {
            asked(alone, "State “Parked at the bank”").id: "in progress",
            asked(alone, "State “In Review”").id: "in progress",
        }
    )
    await hone.pulls()
    assert "State in progress, PAY-5 · In Review" in await backlog(ada)
    assert "State in progress, PAY-13 · Parked at the bank" in ada.told
    await ada.says("tracker")
    assert "is new to me" not in ada.told
    await alone.clicks("Change mapping")
    assert asked(alone, "State “In Review”").chosen == ("in progress",), "it is not taken back"


async def test_what_both_know_by_title_comes_in_once_if_the_team_says_so(hone: Hone) -> None:
    """An improvement typed into both tools is voted on twice, and done once."""
    grace, ada = hone.person("Grace"), hone.person("Ada")
    await grace.says("improve Invoices for companies")
    alone = await looked_at(hone, ada)
    assert "1 new one may be here already, by the title: #1 is PAY-10." in hone.last(CHAT)
    await alone.clicks("Same items")
    await alone.fills({"same": ("0",)})
    assert alone.told == "Kept: 1 item of yours."
    assert "You said that of 1." in hone.last(CHAT)
    await alone.clicks("Start")
    await hone.pulls()
    assert (await backlog(ada)).count("Invoices for companies") == 1
    assert "#1 Invoices for companies" in ada.told
    assert "PAY-10" in ada.told


async def test_two_items_are_one_once_somebody_says_so(hone: Hone) -> None:
    grace, ada = hone.person("Grace"), hone.person("Ada")
    await grace.says("improve Companies want an invoice")
    await followed(hone, ada)
    assert "Invoices for companies" in await backlog(ada)
    for line, answer in (
        ("tracker link", "Name one item of yours and its key"),
        ("tracker link #1", "Name one item of yours and its key"),
        ("tracker link #1 #2 PAY-10", "Name one item of yours and its key"),
        ("tracker link #1 PAY-99", "I know no PAY-99 there. refinement follows Payments"),
        ("tracker link #99 PAY-10", "There is no item #99"),
    ):
        await ada.says(line)
        assert answer in ada.told, line
    await ada.says("tracker link #1 pay-10")
    assert "#1 is PAY-10 from now on." in ada.told
    await hone.pulls()
    told = await backlog(ada)
    assert told.count("PAY-10") == 1
    assert "#1 Invoices for companies" in told
    await ada.says("tracker link #1 PAY-10")
    assert ada.told == "#1 is PAY-10 already."
    await ada.says("tracker link #1 PAY-4")
    assert ada.told == "#1 is PAY-10 there already."


async def test_paused_it_is_left_alone_and_resumed_it_catches_up(hone: Hone) -> None:
    ada = hone.person("Ada")
    await followed(hone, ada)
    sample = Sampled(hone)
    await ada.says("tracker pause")
    assert "Nothing is read or written until somebody resumes." in ada.told
    await ada.says("tracker sync")
    assert ada.told == "Payments is paused: resume it first."
    await sample.add("Pay in three clicks")
    await hone.wait(hours=1)
    await hone.pulls()
    assert "Pay in three clicks" not in await backlog(ada)
    await ada.says("tracker resume")
    await hone.pulls()
    assert "Pay in three clicks" in await backlog(ada)


async def test_pressed_twice_or_too_late_nothing_begins_anew(hone: Hone) -> None:
    """Cards stand for months, and two people press at once."""
    ada = hone.person("Ada")
    alone = await looked_at(hone, ada)
    await ada.acts(Click(Start(1)))
    await hone.pulls()
    await ada.acts(Click(Start(1, writes=False)))
    await ada.acts(Click(Resume(1)))
    scope = await Sampled(hone).scope()
    assert (scope.step, scope.writes) == ("following", True)
    await ada.says("tracker disconnect")
    await ada.fills({})
    pressed: list[Action] = [Start(1), Sync(1), Pause(1), Resume(1), SetWrites(1, False)]
    opened: list[Action] = [OpenEnd(1), OpenMapping(1), OpenTwins(1), OpenPeople(1), OpenMe(1)]
    for late in pressed + opened:
        await alone.acts(Click(late))
        assert alone.told == "This is not followed any more.", late
    for gone in (OpenChoose(1, 1), OpenRenew(1)):
        await alone.acts(Click(gone))
        assert alone.told == "This tracker is not connected any more.", gone


async def test_who_does_not_lead_changes_nothing_by_old_buttons(hone: Hone) -> None:
    """A card in the channel is pressed by whoever is there."""
    ada = hone.person("Ada")
    alone = await looked_at(hone, ada)
    await ada.says("settings")
    await ada.fills({"facilitators": ("ada",)})
    kim, gil = hone.person("Kim"), hone.person("Gil", role="guest")
    acts: list[Action] = [Start(1), Pause(1), SetWrites(1, False), OpenEnd(1), OpenMapping(1)]
    for act in [*acts, OpenPeople(1)]:
        await kim.acts(Click(act))
        assert kim.told.startswith("Only a facilitator or an admin of refinement can do that"), act
        await gil.acts(Click(act))
        assert gil.told.startswith("The team's tracker is for its members"), act
    await gil.acts(Click(Sync(1)))
    assert gil.told.startswith("The team's tracker is for its members")
    await alone.clicks("Only read")
    await hone.pulls()
    assert "I only read there" in hone.last()


async def test_read_now_does_not_wait(hone: Hone) -> None:
    """Somebody has just written a story there, and wants a vote on it here."""
    ada = hone.person("Ada")
    await followed(hone, ada)
    await Sampled(hone).add("Pay in three clicks")
    await ada.says("tracker sync")
    assert ada.told == "I read Payments now."
    await hone.pulls()
    assert "Pay in three clicks" in await backlog(ada)


async def test_a_misspelt_verb_is_answered_with_the_one_that_works(hone: Hone) -> None:
    """It is no name of a project, though any word may be."""
    ada = hone.person("Ada")
    await followed(hone, ada)
    await ada.says("tracker conflcts")
    assert ada.told == "I don't know conflcts; nearest: tracker conflicts."
    await ada.says("tracker Warehouse")
    assert "follows Payments, not “Warehouse”." in ada.told


async def test_two_projects_are_told_apart_by_name(hone: Hone) -> None:
    ada = hone.person("Ada")
    await followed(hone, ada)
    alone = ada.alone()
    await alone.clicks("Choose another project")
    await alone.fills({"scope": "1"})
    await hone.pulls()
    await ada.says("tracker pause")
    assert ada.told == "Which one? refinement follows Payments and Operations."
    await ada.says("tracker pause mobile")
    assert ada.told == "refinement follows Payments and Operations, not “mobile”."
    await ada.says("tracker pause payments")
    assert "Payments in Sample tracker is paused" in ada.told
    await ada.says("tracker")
    assert "refinement follows Payments and Operations" in ada.whispered.summary


async def test_what_was_read_stays_or_goes_as_they_say(hone: Hone) -> None:
    """What a company takes back it must be able to take back whole, and no more than that."""
    grace, ada = hone.person("Grace"), hone.person("Ada")
    await grace.says("improve Builds take forty minutes")
    await followed(hone, ada)
    await ada.says("tracker disconnect")
    await ada.fills({"read": "keep"})
    assert "Invoices for companies" in await backlog(ada)
    alone = await looked_at(hone, ada)
    assert "11 items: 0 new, 11 known already." in hone.last(CHAT)
    await alone.clicks("Start")
    await hone.pulls()
    await ada.says("tracker link #1 PAY-10")
    await hone.pulls()
    await ada.says("tracker disconnect")
    await ada.fills({"read": "delete"})
    assert "What was read of it is being deleted" in ada.told
    await hone.wait(minutes=1)
    assert "#1 Invoices for companies" in await backlog(ada), "it was written here"
    assert "Alarm when refunds pile up" not in ada.told
    assert "deleted with" not in ada.told, "what is left of them waits for nobody"
    await ada.says("backlog refunds")
    assert "Alarm when refunds pile up" not in ada.told


async def test_what_goes_leaves_no_word_of_the_tracker(hone: Hone) -> None:
    """What an account could read is the company's: its titles, its names, its workflow's words."""
    ada = hone.person("Ada")
    sample = Sampled(hone)
    await followed(hone, ada)
    await sample.edit(8, state="Quarantine", labels=["hush"], title="Ledger of the merger")
    await ada.says("tracker sync")
    await hone.pulls()
    await ada.says("tracker")
    await ada.clicks("Change mapping", on=ada.whispered)
    await ada.fills({asked(ada, "State “Quarantine”").id: "refining"})
    await hone.pulls()
    await hone.wait(minutes=1)
    words = ("Ledger of the merger", "Quarantine", "quarantine", "hush", "Tomás Ruiz", "tomas")
    kept = await everything_kept(hone)
    assert all(word in kept for word in words)
    await ada.says("tracker disconnect")
    await ada.fills({"read": "delete"})
    await hone.wait(minutes=1)
    kept = await everything_kept(hone)
    assert not [word for word in words if word in kept]


async def test_who_is_who_is_asked_for_others_and_once_for_oneself(hone: Hone) -> None:
    """Somebody whose name is written otherwise there owns nothing here."""
    ada = hone.person("Ada")
    tom = hone.person("Tom")
    await tom.says("backlog")
    await followed(hone, ada)
    await tom.says("me")
    assert "Sample tracker: which of its people are you?" in tom.told
    await tom.clicks("Choose", on=tom.whispered)
    offered = {option.label: option.value for option in asked(tom, "Which of these").options}
    await tom.fills({"who": offered["Tomás Ruiz"]})
    assert tom.told == "Kept. 2 items of Payments became yours by that."
    await tom.says("me")
    assert "which of its people" not in tom.told
    await ada.says("me")
    assert "which of its people" not in ada.told


async def test_one_who_is_not_there_is_not_asked_again(hone: Hone) -> None:
    ada, kim = hone.person("Ada"), hone.person("Kim")
    await kim.says("backlog")
    await followed(hone, ada)
    page = kim.alone()
    await page.says("me")
    await page.clicks("Choose")
    await page.fills({"who": "-"})
    assert page.told == "Kept: I don't ask you again."
    assert "which of its people" not in hone.last("dm-kim")


async def test_a_lead_says_for_all_who_they_are(hone: Hone) -> None:
    ada, kim = hone.person("Ada"), hone.person("Kim")
    await kim.says("backlog")
    await followed(hone, ada)
    await ada.says("tracker people")
    await ada.fills({asked(ada, "Tomás Ruiz").id: "kim"})
    assert ada.told == "Kept. 2 items got an owner by that."
    assert "Owner Kim" in await backlog(ada)
    await ada.says("tracker people")
    assert not asked(ada, "Tomás Ruiz").optional, "nobody asks to be told less"
    await ada.says("tracker hook")
    assert ada.told == "Sample tracker tells me at once already: there is nothing to set up."


async def test_a_token_that_ends_is_told_two_weeks_before(hone: Hone) -> None:
    """A token that ends on a holiday stops the scores of forty teams."""
    ada = hone.person("Ada")
    await followed(hone, ada)

    async def ends(store: Store) -> None:
        site = await store.trackers.find(1)
        assert site is not None
        site.until = store.now + timedelta(days=30)
        await plan_reminder(store, site)

    await hone.database.write(hone.workspace, hone.now, ends)
    await hone.wait(days=15)
    assert "ends soon" not in hone.last(CHAT)
    await hone.wait(days=2)
    assert "The token for Sample tracker ends soon" in hone.last(CHAT)
    assert "Wed 23 Dec" in hone.last(CHAT)


async def test_who_connected_hears_when_hone_is_let_in_no_more(hone: Hone) -> None:
    """Else it is found out at the review, by the numbers."""
    signed_out = Failed("signed out", "Sample tracker no longer accepts our token.")
    ada = hone.person("Ada")
    await followed(hone, ada)
    await hears(hone, signed_out, scope=1)
    assert "Sample tracker no longer lets me in" in hone.last(CHAT)
    assert "Votes go on" in hone.last(CHAT)
    await ada.says("tracker")
    assert "Sample tracker no longer accepts our token." in ada.told
    await ada.says("tracker sync")
    assert ada.told == "Sample tracker no longer accepts our token."
    count = len(hone.channel(CHAT))
    await hears(hone, signed_out, scope=1)
    assert len(hone.channel(CHAT)) == count
