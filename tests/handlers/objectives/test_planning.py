"""Planning forms: a wrong answer is told at its field, keeps what was typed, changes nothing."""

from __future__ import annotations

import pytest

from bot.turn import Click, Submission
from handlers.objectives.actions import (
    Close,
    OpenChange,
    OpenFist,
    OpenRoam,
    SaveChange,
    SaveLink,
    SaveScore,
    SaveSetup,
    SaveVision,
    TurnPage,
)
from handlers.objectives.overview import theme_name
from tests.hone import Hone, Someone

NUMBERS = ("", "-1", "11", "2.5", "1e1", "٣", "ten", "1_0")


async def planned(hone: Hone) -> Someone:
    ada = hone.person("Ada")
    await ada.says("pi setup")
    await ada.fills({"name": "PI 1", "starts": "2026-11-23", "length": "10 weeks"})
    await ada.says("pi objective add Fewer calls")
    await ada.fills({"planned": "5"})
    await ada.says("improve Say what a refund costs")
    return ada


# --- the PI ----------------------------------------------------------------------------------


async def test_a_pi_that_cannot_be(hone: Hone, subtests: pytest.Subtests) -> None:
    ada = hone.person("Ada")
    for field, answer, told in (
        ("name", " ", "A PI needs a few words."),
        ("name", "x" * 61, "That is 61 characters; at most 60 fit."),
        ("starts", "", "On which day does it begin?"),
        ("starts", "2026-02-30", "“2026-02-30” is not a day in the calendar"),
        ("starts", "0001-01-01", "“0001-01-01” is not a day I can plan with."),
        ("length", "", "How long is it?"),
        ("length", "a while", "How long is it?"),
        ("length", "0 weeks", "A planning interval takes 1 to 26 weeks"),
        ("length", "27", "A planning interval takes 1 to 26 weeks"),
        ("length", "999 iterations", "A planning interval takes 1 to 26 weeks"),
        ("length", "٣ weeks", "How long is it?"),
    ):
        with subtests.test(field=field, answer=answer[:24]):
            await hone.wait(minutes=1)
            await ada.says("pi setup")
            given = {"name": "PI 1", "starts": "2026-11-23", "length": "10 weeks", field: answer}
            await ada.fills(given)
            assert list(ada.errors) == [field]
            assert ada.errors[field].startswith(told)
            await ada.says("pi")
            assert "No planning interval is set up." in ada.told


@pytest.mark.parametrize(
    ("typed", "weeks"), [("10", 10), ("8 WEEKS", 8), ("5 iterations", 10), ("4 sprints", 8)]
)
async def test_a_length_in_weeks_or_iterations(hone: Hone, typed: str, weeks: int) -> None:
    ada = hone.person("Ada")
    await ada.says("pi setup")
    await ada.fills({"name": "PI 1", "starts": "2026-11-23", "length": typed})
    assert f"week 1 of {weeks}" in ada.told


async def test_a_pi_is_set_up_once_however_many_try(hone: Hone) -> None:
    ada, grace = hone.person("Ada"), hone.person("Grace")
    for person in (ada, grace):
        await person.says("pi setup")
    for person in (ada, grace):
        await person.fills({"name": f"PI of {person.who.name}", "starts": "2026-11-23"})
    assert "changed meanwhile" in grace.told
    await grace.says("pi")
    assert "PI of Ada" in grace.told


async def test_a_setup_is_changed_by_the_same_form(hone: Hone) -> None:
    ada = await planned(hone)
    await ada.says("pi setup")
    await ada.fills({"name": "PI 2"})
    await ada.says("pi")
    assert "PI 2" in ada.told
    assert "Fewer calls" in ada.told


# --- vision and themes -----------------------------------------------------------------------


async def test_a_theme_that_is_emptied_is_retired_and_its_objectives_hang_loose(
    hone: Hone,
) -> None:
    ada = await planned(hone)
    await ada.says("pi vision")
    await ada.fills({"vision": "All in a minute", "new.1": "Speed", "new.2": "Trust"})
    await ada.says("pi objectives")
    await ada.clicks("Change")
    await ada.fills({"theme": "1"})
    assert "Theme: Speed" in hone.channel()[0].text
    await ada.says("pi vision")
    await ada.fills({"theme.1": ""})
    await ada.says("pi")
    assert "Objectives without a theme: Fewer calls." in ada.told
    assert "Themes without an objective: Trust." in ada.told
    assert "Speed" not in ada.told


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Speed: two clicks from cart to thanks.", "Speed"),
        ("Trust people. They know.", "Trust people"),
        ("One line\nand another", "One line"),
        ("Ends with a stop.", "Ends with a stop"),
        ("Version 2.0 of us", "Version 2.0 of us"),
    ],
)
def test_a_theme_is_called_by_its_first_words(words: str, name: str) -> None:
    assert theme_name(words) == name


@pytest.mark.parametrize(("field", "most"), [("vision", 1_000), ("new.1", 300)])
async def test_too_many_words(hone: Hone, field: str, most: int) -> None:
    ada = hone.person("Ada")
    await ada.says("pi vision")
    await ada.fills({field: "x" * (most + 1), "new.2": "Kept"})
    assert ada.errors == {field: f"That is {most + 1:,} characters; at most {most:,} fit."}
    await ada.fills({field: "x" * most})
    assert "Saved." in ada.told


# --- objectives ------------------------------------------------------------------------------


async def test_a_planned_value_is_a_number_from_0_to_10(
    hone: Hone, subtests: pytest.Subtests
) -> None:
    ada = await planned(hone)
    for place, number in enumerate(NUMBERS):
        with subtests.test(number=number):
            await ada.says(f"pi objective add Answer no. {place}")
            await ada.fills({"planned": number})
            assert ada.errors == {"planned": "A business value is a whole number from 0 to 10."}
            await ada.fills({"planned": "10"})
            assert f"Answer no. {place}" in hone.last()


async def test_an_actual_value_is_a_number_from_0_to_10(
    hone: Hone, subtests: pytest.Subtests
) -> None:
    ada = await planned(hone)
    for number in NUMBERS[1:]:
        with subtests.test(number=number):
            await ada.says("pi score")
            await ada.fills({"actual.1": number})
            assert ada.errors == {"actual.1": "A business value is a whole number from 0 to 10."}


async def test_an_objective_without_words_or_with_too_many(hone: Hone) -> None:
    ada = await planned(hone)
    await ada.says("pi objective")
    await ada.fills({"title": "", "planned": "1"})
    assert ada.errors == {"title": "An objective needs a few words."}
    await ada.fills({"title": "x" * 201})
    assert ada.errors == {"title": "That is 201 characters; at most 200 fit."}
    await ada.says("pi objective add " + "x" * 201)
    assert "That is 201 characters; an objective has at most 200." in ada.told


async def test_before_a_pi_is_set_up_the_way_there_is_named(hone: Hone) -> None:
    ada = hone.person("Ada")
    lines = ("objective add x", "objectives", "link", "risk x", "risks", "score", "confidence")
    for line in (*lines, "close"):
        await ada.says(f"pi {line}")
        assert "Set one up with pi setup." in ada.told


async def test_an_unknown_word_names_the_nearest(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("pi objectivs")
    assert "nearest: pi objectives" in ada.told


async def test_a_team_keeps_to_twenty_objectives(hone: Hone) -> None:
    ada = await planned(hone)
    for number in range(2, 21):
        await ada.says(f"pi objective add Number {number}")
        await ada.fills({"planned": "1"})
        await hone.wait(minutes=1)  # thirty actions a minute are plenty
    await ada.says("pi objective add One more")
    await ada.fills({"planned": "1"})
    assert "at most 20 objectives" in ada.told
    await ada.says("pi")
    assert "page 1 of 2" in ada.told
    await ada.clicks("Next", on=ada.whispered)
    assert "page 2 of 2" in ada.told
    assert "Number 20" in ada.told
    await ada.says("pi objectives")
    assert ada.form is not None, "too many to show at once: one is chosen first"
    await ada.fills({"objective": "7"})
    await ada.fills({"title": "The seventh"})
    await ada.says("pi")
    assert "The seventh" in ada.told


# --- linking ---------------------------------------------------------------------------------


async def test_linking_what_is_not_there(hone: Hone) -> None:
    ada = await planned(hone)
    await ada.says("pi link #99")
    assert "refinement has no open item #99." in ada.told
    await ada.says("pi link all")
    assert "I don't know “all”." in ada.told
    await ada.says("pi link")
    await ada.fills({"items": ("99",), "objective": "1"})
    assert ada.errors == {"items": "Choose at least one of the items listed."}
    await ada.fills({"items": ("1",), "objective": "77"})
    assert ada.errors == {"objective": "Choose one of the objectives listed."}
    await ada.fills({"objective": "1"})
    assert "1 item now on: Fewer calls" in ada.told


async def test_an_item_is_taken_off_again(hone: Hone) -> None:
    ada = await planned(hone)
    await ada.says("pi link #1")
    await ada.fills({"objective": "1"})
    await ada.says("pi link #1")
    await ada.fills({"objective": "none"})
    assert "1 item now without an objective." in ada.told
    card = next(m for m in hone.channel() if "Objective: Fewer calls" in m.text)
    assert "No item hangs on it yet." in card.text


# --- outcomes --------------------------------------------------------------------------------


async def test_features_that_name_no_metric_are_named_kindly(hone: Hone) -> None:
    ada = await planned(hone)
    await ada.says("improve Pay by invoice")
    await ada.clicks("Edit")
    await ada.fills({"kind": "feature"})
    await ada.says("pi")
    assert "Which metric changes when we ship this?: One sentence would help" in ada.told
    assert "[Say what #2 changes]" in ada.told


# --- risks -----------------------------------------------------------------------------------


async def test_a_risk_in_a_form_and_what_is_wrong_with_it(hone: Hone) -> None:
    ada = await planned(hone)
    await ada.says("pi risks")
    assert "No risk is raised in PI 1." in ada.told
    await ada.says("pi risk")
    await ada.fills({"text": ""})
    assert ada.errors == {"text": "A risk needs a few words."}
    await ada.fills({"text": "x" * 301})
    assert ada.errors == {"text": "That is 301 characters; at most 300 fit."}
    await ada.fills({"text": "The vendor may be late"})
    assert "Decision: Not decided yet" in hone.last()
    await ada.says("pi risks")
    await ada.clicks("Decide about a risk", on=ada.whispered)
    await ada.fills({"risk": "9"})
    assert ada.errors == {"risk": "Choose one of the risks listed."}
    await ada.fills({"risk": "1"})
    await ada.fills({"state": "wished away"})
    assert ada.errors == {"state": "Choose what was decided."}
    await ada.fills({"state": "mitigated", "owner": ("p" * 201,)})
    assert ada.errors == {"owner": "Choose a person from the list."}
    await ada.fills({"state": "accepted", "owner": (), "plan": "x" * 501})
    assert ada.errors == {"plan": "That is 501 characters; at most 500 fit."}
    await ada.fills({"plan": ""})
    assert "Decision: Accepted" in hone.last()


# --- what is not there, or not any more ------------------------------------------------------

FOREIGN = (0, -1, 999, 2**31, 2**53)


async def test_what_is_not_there_is_not_found(hone: Hone, subtests: pytest.Subtests) -> None:
    ada = await planned(hone)
    for id in FOREIGN:
        with subtests.test(id=id):
            await hone.wait(minutes=1)
            intents: tuple[Click | Submission, ...] = (
                Click(OpenChange(id)),
                Submission(SaveChange(id)),
                Submission(SaveLink(id)),
                Submission(SaveScore(1, id)),
                Click(TurnPage(id, 0)),
                Click(OpenFist(id)),
                Submission(SaveVision(id)),
                Submission(SaveSetup(id, 0)),
                Submission(Close(id)),
                *([Click(OpenRoam(id))] if id else []),
            )
            for intent in intents:
                await ada.acts(intent)
                assert ada.told.startswith("There is no such"), intent


async def test_a_closed_pi_stays_as_it_was(hone: Hone) -> None:
    ada = await planned(hone)
    await ada.says("pi close")
    await ada.fills({})
    intents: tuple[Click | Submission, ...] = (
        Click(OpenChange(1)),
        Submission(SaveChange(1)),
        Submission(SaveScore(1, 1)),
        Submission(Close(1)),
    )
    for intent in intents:
        await ada.acts(intent)
        assert "PI 1 is closed: its plan stays as it was." in ada.told
    objective = next(m for m in hone.channel() if "Objective: Fewer calls" in m.text)
    assert "[Change]" not in objective.text
