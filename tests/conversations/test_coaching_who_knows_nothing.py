"""Somebody who knows no answer is helped to one small experiment, and may go back after it."""

from __future__ import annotations

import pytest

from bot.turn import Named
from handlers.coach.questions import read_answer
from handlers.reader.asked import Asked
from handlers.reader.lost import is_lost
from handlers.reader.moments import Unreadable
from tests.conversations.coached import asked, at, coached, open_card
from tests.hone import START, Hone


@pytest.mark.parametrize(
    ("said", "lost"),
    [
        ("?", True),
        ("i dont know", True),
        ("I don’t know yet.", True),
        ("Hm, no idea", True),
        ("n/a", True),
        ("what do you mean?", True),
        ("Builds don't know their version", False),
        ("Nobody knows who owns staging", False),
        ("Not sure we need reviews at all", False),
    ],
)
def test_who_does_not_know_is_told_from_who_talks_about_not_knowing(said: str, lost: bool) -> None:
    assert is_lost(said) is lost


@pytest.mark.parametrize(
    ("step", "said", "kept"),
    [
        ("due", "idk maybe friday", "2026-11-27"),
        ("check", "i think in 4 weeks", "2026-12-21"),
        ("owner", "hmm, me?", "ada"),
        ("start", "I don't know, maybe 95 min", "95 min"),
        ("goal", "perhaps about 40 min", "about 40 min"),
    ],
)
def test_who_is_not_sure_has_answered_all_the_same(step: str, said: str, kept: str) -> None:
    """The hedge would stand in a sentence that others read."""
    ada = Named("ada", "Ada")
    assert read_answer(step, said, Asked(START), me=ada) == kept


@pytest.mark.parametrize("said", ["yes", "No.", "ok", "42"])
def test_a_yes_is_no_metric(said: str) -> None:
    with pytest.raises(Unreadable, match="days a review waits"):
        read_answer("metric", said, Asked(START), me=Named("ada", "Ada"))


async def test_not_knowing_gets_an_example_and_a_second_try(hone: Hone) -> None:
    """To believe that “i dont know” will change something helps nobody."""
    grace = hone.person("Grace")
    await grace.says("improve Reviews wait")
    await grace.says("coach #1")
    await grace.fills({"experiment": "Review before lunch", "metric": "days a review waits"})
    ada = await at(hone, "What small experiment would you try?")
    await ada.chats("i dont know")
    assert asked(ada) == "What small experiment would you try?"
    card = hone.last("dm-ada")
    assert "For example: for #1 you wrote “Review before lunch”." in card
    await ada.chats("?")
    assert "Then we leave that open" in ada.told
    assert asked(ada) == "Who owns it?"


async def test_who_knows_nothing_at_all_still_ends_with_a_sentence_that_reads_well(
    hone: Hone,
) -> None:
    ada = await coached(hone)
    for _ in range(30):
        if "Saved in #1" in ada.told:
            break
        await ada.chats("no idea")
    assert "Saved in #1." in ada.told
    assert "idea" not in ada.told
    assert "We believe" not in ada.told


async def test_a_number_is_no_metric(hone: Hone) -> None:
    ada = await at(hone, "Which metric do we hope will move?")
    await ada.chats("42")
    assert "What does it count?" in ada.told
    await ada.chats("days a review waits?")
    assert asked(ada) == "Where does it stand now?"


async def test_back_works_after_the_last_answer_too(hone: Hone) -> None:
    """The last answer is the one people think about most."""
    ada = await at(hone, "When shall I ask whether it worked?")
    await ada.chats("1 Feb")
    assert "Saved in #1." in ada.told
    await ada.chats("back")
    assert asked(ada) == "When shall I ask whether it worked?"
    assert "So far: Monday 1 February 2027. Skip keeps it." in hone.last("dm-ada")
    await ada.chats("15 Feb")
    assert "we will know by Monday 15 February 2027" in ada.told
    await hone.wait(minutes=30)
    await ada.chats("back")
    assert "Saved" not in ada.told


async def test_it_ends_in_one_experiment_for_this_iteration(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("hone settings")
    await ada.fills({"iteration_weeks": "2", "iteration_first": "2026-11-23"})
    ada = await at(hone, "What small experiment would you try?")
    await ada.chats("A shared data set, loaded every night")
    await ada.chats("me")
    await ada.clicks("This iteration", on=open_card(ada))
    await ada.chats("days a story waits for data")
    for _ in range(3):
        await ada.chats("skip")
    told = ada.told
    assert "We believe that “A shared data set, loaded every night” will change days" in told
    await ada.clicks("Make it our focus", on=ada.whispered)
    await ada.says("backlog #1")
    assert "Sun 6 Dec" in ada.told or "6 December" in ada.told


async def test_in_a_form_not_knowing_is_told_at_its_field(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve Reviews wait")
    await ada.says("coach #1")
    await ada.fills({"experiment": "dunno", "metric": "7"})
    assert "leave it empty. For example: " in ada.errors["experiment"]
    assert "What does it count?" in ada.errors["metric"]
