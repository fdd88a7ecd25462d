"""What goes wrong in retros: two at once, too late, too long, from elsewhere, by a guest."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.cards import Choice, Input
from bot.turn import Answers, Click, Submission
from bot.worker import Worker
from handlers.retro.actions import (
    Choose,
    GiveDots,
    Improve,
    OpenNotes,
    OpenOwn,
    OpenUnsigned,
    ReadNotes,
    Reveal,
    SaveNotes,
    SaveOwn,
    SaveUnsigned,
    Split,
)
from tests.hone import Hone, Someone


async def writes(person: Someone, **answers: str | tuple[str, ...]) -> None:
    await person.clicks("Add a note")
    await person.fills(answers)


async def counted(hone: Hone) -> Someone:
    """Take a retro to where improvements are chosen."""
    ada = hone.person("Ada")
    await ada.says("retro start")
    await writes(ada, c0="Pair on reviews\nWrite runbooks", c1="Meetings without an agenda")
    for press in ("Reveal", "Start the vote", "Give my dots"):
        await ada.clicks(press)
    await ada.fills({"g1": "2", "g2": "1"})
    await ada.clicks("Close the vote")
    return ada


# --- two at once -----------------------------------------------------------------------------


async def test_two_people_start_a_retro_at_once(hone: Hone) -> None:
    """A channel has one retro: the second is shown the first."""
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await asyncio.gather(ada.says("retro start"), grace.says("retro start 4Ls"))
    assert ("A retro is open here already" in ada.told) != (
        "A retro is open here already" in grace.told
    )
    assert len(hone.channel()) == 1


@pytest.mark.parametrize("press", ["Reveal", "Start the vote", "Close the vote"])
async def test_two_facilitators_press_at_once(hone: Hone, press: str) -> None:
    """One press counts; the other is told, and nothing is done twice."""
    ada, boss = hone.person("Ada"), hone.person("Boss", role="admin")
    await ada.says("retro start")
    await writes(ada, c0="Pair on reviews")
    for before in ("Reveal", "Start the vote", "Close the vote"):
        if before == press:
            break
        await ada.clicks(before)
    if press == "Close the vote":
        await ada.clicks("Give my dots")
        await ada.fills({"g1": "1"})
    await asyncio.gather(ada.clicks(press), boss.clicks(press))
    told = [each for each in (ada.told, boss.told) if "This retro" in each]
    assert len(told) == 1
    steps = [shown.text for shown in hone.channel() if "Retro:" not in shown.text]
    assert len(steps) == len(set(steps))


# --- time ------------------------------------------------------------------------------------


async def test_a_deadline_reveals_by_itself_also_after_a_restart(hone: Hone) -> None:
    """An absent facilitator holds nobody up, and no deploy loses a deadline."""
    ada = hone.person("Ada", zone="Asia/Tokyo")
    await ada.says("retro start by tomorrow 18:00")
    assert "Tue 24 Nov, 18:00 (Asia/Tokyo)" in hone.last()
    await writes(ada, c0="Pair on reviews")
    await hone.wait(hours=18)
    assert "There is still time to add a note" in hone.last()
    await hone.wait(hours=1)
    assert len(hone.channel()) == 2, "nobody is reminded twice"

    hone.worker = Worker(hone.router, hone.database, hone.outbox, lambda: hone.now)
    await hone.wait(hours=12)
    assert "1 note in 1 group" in hone.channel()[0].text
    assert "The notes are on the table" in hone.last()


async def test_a_retro_nobody_wrote_in_ends_at_its_deadline(hone: Hone) -> None:
    """An empty reveal would be a post about nothing."""
    await hone.person("Ada").says("retro start by 16:00")
    await hone.wait(days=1)
    assert "was cancelled" in hone.last()


async def test_notes_that_come_after_the_reveal_join_the_others_until_the_vote(hone: Hone) -> None:
    """Who opened the form in time, or thinks of something now, is not left out."""
    ada, grace, kim = hone.person("Ada"), hone.person("Grace"), hone.person("Kim")
    await ada.says("retro start")
    await writes(ada, c0="Pair on reviews")
    await grace.clicks("Add a note")
    await kim.clicks("Add a note")
    await ada.clicks("My notes")
    await ada.clicks("Reveal")
    await grace.fills({"c1": "Meetings without an agenda"})
    assert "Added 1 note to those on the table." in grace.told
    await kim.fills({"c0": "Pair on all reviews", "unsigned": ("on",)})
    assert "who adds it now may be guessed" in kim.errors[""]
    await kim.acts(Submission(SaveNotes(1, False), Answers({"c0": ("Pair on all reviews",)})))
    assert "3 notes in 2 groups." in hone.channel()[0].text
    for act in (OpenOwn(1), OpenUnsigned(1, "guess", 9_999_999_999)):
        await grace.acts(Click(act))
        assert "This retro has been revealed." in grace.told
    await grace.says("retro add stop: Late meetings")
    assert "on the table at once" in grace.told

    await grace.clicks("Add a note")
    await ada.clicks("Start the vote")
    await grace.fills({"c0": "Too late"})
    assert "is being voted on, so these words were not added" in grace.errors[""]
    assert grace.form is not None
    assert any(isinstance(f, Input) and f.value == "Too late" for f in grace.form.fields)
    await grace.says("retro add Too late")
    assert "Not added: this retro is being voted on." in grace.told
    assert "Give my dots" in grace.told
    assert "Too late" not in hone.channel()[0].text


async def test_an_unsigned_note_after_the_reveal_comes_once_its_author_was_told(hone: Hone) -> None:
    """It appears while everybody looks, so its author decides knowing that."""
    ada, kim = hone.person("Ada"), hone.person("Kim")
    await ada.says("retro start")
    await writes(ada, c0="Pair on reviews")
    await kim.clicks("Add a note")
    await ada.clicks("Reveal")
    await kim.fills({"c1": "Blaming people", "unsigned": ("on",)})
    assert "may be guessed" in kim.errors[""]
    await kim.fills({})
    assert "Added 1 note to those on the table." in kim.told
    card = hone.channel()[0].text
    assert "Blaming people" in card
    assert "Blaming people (Kim)" not in card


async def test_dots_after_the_close_do_not_count(hone: Hone) -> None:
    """The result stands as it was announced."""
    ada = hone.person("Ada")
    await ada.says("retro start")
    await writes(ada, c0="Pair on reviews\nWrite runbooks")
    for press in ("Reveal", "Start the vote", "Give my dots"):
        await ada.clicks(press)
    late = hone.person("Late")
    await late.clicks("Give my dots")
    await ada.fills({"g1": "1"})
    await ada.clicks("Close the vote")
    await late.fills({"g2": "3"})
    assert "these dots do not count" in late.errors[""]


# --- what is wrong ---------------------------------------------------------------------------


async def test_wrong_notes_are_named_at_their_field(hone: Hone) -> None:
    """Empty, too long, too many: the form stays open with every word."""
    ada = hone.person("Ada")
    await ada.says("retro start")
    for answers, field in (
        ({"c0": ""}, "c0"),
        ({"c1": "x" * 40_001}, "c1"),
        ({"c2": "\n".join(f"note {n}" for n in range(21))}, ""),
    ):
        await ada.clicks("Add a note")
        await ada.fills(answers)
        assert set(ada.errors) == {field}
    assert "no notes yet" in hone.last()


async def test_wrong_dots_are_refused(hone: Hone) -> None:
    """More dots than one has, or anything but a number."""
    ada = hone.person("Ada")
    await ada.says("retro start")
    await writes(ada, c0="Pair on reviews\nWrite runbooks")
    for press in ("Reveal", "Start the vote", "Give my dots"):
        await ada.clicks(press)
    await ada.fills({"g1": "3", "g2": "1"})
    assert ada.errors == {"": "That makes 4 dots; you have 3."}
    for wrong in ("-1", "4", "2.5", "NaN", "٣", "1_0"):
        await ada.acts(Submission(GiveDots(1, 0), Answers({"g1": (wrong,)})))
        assert ada.errors == {"g1": "Choose 0 to 3 dots."}
    assert "Nobody has voted yet" in hone.channel()[0].text


async def test_wrong_improvements_are_named_at_their_field(hone: Hone) -> None:
    """A form with three improvements is long: what was right in it stays."""
    ada = await counted(hone)
    await ada.clicks("Choose improvements")
    await ada.fills({"groups": ()})
    assert set(ada.errors) == {"groups"}
    await ada.fills({"groups": ("1",)})
    wrong = {"title1": "", "metric1": "x" * 40_001, "due1": "2026-02-30", "check1": "soon"}
    await ada.fills(wrong)
    assert set(ada.errors) == set(wrong)
    await ada.fills({"title1": "Pair", "metric1": "", "due1": "2026-12-01", "check1": ""})
    assert "Saved #1." in ada.told


async def test_a_start_form_says_what_is_wrong(hone: Hone) -> None:
    """Each field on its own, and a past deadline is no deadline."""
    ada = hone.person("Ada")
    await ada.says("retro")
    for answers, field in (
        ({"template": "nonsense"}, "template"),
        ({"time": "late"}, "time"),
        ({"time": "08:00"}, "time"),
        ({"day": "2026-02-30"}, "day"),
        ({"day": "9999-12-31"}, "day"),
        ({"dots": "0"}, "dots"),
    ):
        await ada.says("retro")
        await ada.fills(answers)
        assert set(ada.errors) == {field}, answers
    assert hone.channel() == []


async def test_guests_take_part_only_where_the_team_lets_them(hone: Hone) -> None:
    """The same rule as for votes."""
    ada, guest = hone.person("Ada"), hone.person("Gus", role="guest")
    await guest.says("retro start")
    assert "Guests cannot start a retro" in guest.told
    await ada.says("retro start")
    await guest.clicks("Add a note")
    assert "Guests cannot take part here" in guest.told
    await guest.acts(Submission(SaveNotes(1, False), Answers({"c0": ("Hi",), "unsigned": ("on",)})))
    assert "Guests cannot take part here" in guest.told
    await guest.clicks("Reveal")
    assert "Only Ada" in guest.told


async def test_another_workspaces_retro_does_not_exist(hone: Hone) -> None:
    """The same words for a foreign id, a missing one and an impossible one."""
    ada = await counted(hone)
    assert ada.told is not None
    mallory = hone.person("Mallory", workspace="test:other")
    for number in (1, 99, -1, 2**62):
        hone.now += timedelta(minutes=1)  # beyond thirty acts a minute nobody is answered
        for act in (OpenNotes(number), Reveal(number), ReadNotes(number, 0), OpenOwn(number)):
            await mallory.acts(Click(act))
            assert mallory.told == "There is no such retro here."
        for sent in (
            SaveNotes(number, True),
            SaveOwn(number),
            SaveUnsigned(number, "x", 9_999_999_999),
            GiveDots(number, 0),
            Choose(number),
            Improve(number, "1"),
            Split(number, 1),
        ):
            await mallory.acts(Submission(sent, Answers({"c0": ("x",)})))
            assert mallory.told == "There is no such retro here.", sent


async def test_forged_actions_of_one_s_own_retro(hone: Hone) -> None:
    """A form cannot choose whether names are kept, nor improve groups that are not there."""
    ada = hone.person("Ada")
    await ada.says("retro start anonymous")
    await ada.acts(Submission(SaveNotes(1, False), Answers({"c0": ("Named after all",)})))
    assert "This form is out of date" in ada.told
    await ada.acts(Click(ReadNotes(1, 0)))
    assert "There are no revealed notes here." in ada.told
    ada2 = hone.person("Ada", channel="other")
    ada2.hone.now = hone.now
    await ada2.says("retro start")
    await writes(ada2, c0="Pair")
    for press in ("Reveal", "Start the vote", "Give my dots"):
        await ada2.clicks(press)
    await ada2.fills({"g1": "1"})
    await ada2.clicks("Close the vote")
    for groups in ("9", "1,2,3,4", "", "x", "1;drop"):
        await ada2.acts(Submission(Improve(2, groups), Answers({"title1": ("x",)})))
        assert "There is no such group here." in ada2.told


# --- groups and templates --------------------------------------------------------------------


async def test_the_facilitator_merges_and_splits(hone: Hone) -> None:
    """Likeness is a first guess; people know better."""
    ada = hone.person("Ada")
    await ada.says("retro start")
    await writes(ada, c1="Builds take ages\nThe pipeline crawls\nMeetings drag on")
    await ada.clicks("Reveal")
    await ada.clicks("Merge groups")
    await ada.fills({"groups": ("1",)})
    assert set(ada.errors) == {"groups"}
    await ada.fills({"groups": ("1", "2", "3"), "title": "Everything is slow"})
    assert "3 notes in 1 group." in hone.channel()[0].text
    assert "Everything is slow" in hone.channel()[0].text
    await ada.clicks("Split a group")
    await ada.fills({"group": "1"})
    assert ada.form is not None
    choice = next(f for f in ada.form.fields if isinstance(f, Choice))
    everything = tuple(option.value for option in choice.options)
    await ada.fills({"notes": everything})
    assert set(ada.errors) == {"notes"}
    meetings = next(o.value for o in choice.options if "Meetings" in o.label)
    await ada.fills({"notes": (meetings,)})
    assert "3 notes in 2 groups." in hone.channel()[0].text


async def test_notes_move_between_groups_by_one_menu(hone: Hone) -> None:
    """To another group, or into one of their own; a group without notes is gone."""
    ada = hone.person("Ada")
    await ada.says("retro start")
    await writes(ada, c1="Builds take ages\nThe pipeline crawls\nMeetings drag on")
    await ada.clicks("Reveal")
    await ada.clicks("Move notes")
    assert ada.form is not None
    notes, to = (f for f in ada.form.fields if isinstance(f, Choice))
    note = {option.label: option.value for option in notes.options}
    group = {option.label: option.value for option in to.options}
    await ada.fills({"notes": (), "to": "99"})
    assert set(ada.errors) == {"notes", "to"}
    await ada.fills(
        {"notes": (note["The pipeline crawls"],), "to": group["Stop: Builds take ages"]}
    )
    card = hone.channel()[0].text
    assert "3 notes in 2 groups." in card
    assert "– The pipeline crawls (Ada)" in card
    await ada.clicks("Move notes")
    await ada.fills({"notes": (note["Builds take ages"],), "to": "new"})
    card = hone.channel()[0].text
    assert "3 notes in 3 groups." in card
    assert "• The pipeline crawls (Ada)" in card


async def test_a_team_keeps_its_own_templates(hone: Hone) -> None:
    """Saved under the same name it is replaced, without columns it is gone."""
    ada = hone.person("Ada")
    await ada.says("retro templates")
    await ada.fills({"name": "Sailboat", "columns": "Wind\nAnchor"})
    assert "Saved “Sailboat”: Wind, Anchor." in ada.told
    await ada.says("retro start sailboat")
    assert "Columns: Wind · Anchor" in hone.last()
    await ada.says("retro templates")
    await ada.fills({"name": "Sailboat", "columns": ""})
    assert "is gone" in ada.told


async def test_own_notes_can_be_changed_and_removed_until_the_reveal(hone: Hone) -> None:
    """Second thoughts are the better ones."""
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await ada.says("retro start")
    await writes(ada, c0="One\nTwo")
    await grace.clicks("My notes")
    assert "You have no notes with your name here" in grace.told
    await ada.clicks("My notes")
    assert ada.form is not None
    one, two = (f for f in ada.form.fields if isinstance(f, Input))
    stays, goes = (one, two) if one.value == "One" else (two, one)
    await ada.fills({stays.id: "One, but better", goes.id: ""})
    assert "1 note" in hone.last()
    await ada.clicks("Reveal")
    assert "One, but better (Ada)" in hone.channel()[0].text


async def test_a_retro_in_a_private_chat_or_beside_an_open_one(hone: Hone) -> None:
    """It happens where the team talks, and `retro` shows the one that is open."""
    ada = hone.person("Ada")
    await ada.alone().says("retro start")
    await ada.says("retro start")
    await ada.says("retro")
    assert "Retro: Start, stop, continue" in ada.told
    await ada.says("retro strat")
    assert "nearest: retro start" in ada.told
    alone = ada.alone()
    await alone.says("retro start")
    assert "use retro in the team's channel" in alone.told
