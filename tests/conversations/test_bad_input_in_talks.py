"""Coaching, retros, themes and follow-through take no nonsense, at any question and any stage.

As everywhere: one plain sentence, the words kept, nothing written. tests/conversations/
test_bad_input.py asks the same of all that can be asked at any time.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.cards import Input
from bot.turn import Click, Named, Submission
from bot.wire import name_of
from handlers import coach, followthrough, retro, themes
from handlers.followthrough.actions import SaveEffect, SaveRecheck
from storage import Database
from storage.items import Item
from tests.forgery import MARK, OUR_FAULT, Anything, acts_slowly, forged, words
from tests.gallery.specimen import HOSTILE
from tests.hone import WORKSPACE, Hone, Someone, shown_answers

FEATURES = (coach.FEATURE, followthrough.FEATURE, retro.feature({}), themes.FEATURE)
ENDING = ("Cancel", "CloseVote", "Done", "Finish", "Reveal", "StartVote")
ACTIONS = sorted(
    {act for each in FEATURES for act in each.actions},
    key=lambda act: (act.__name__ in ENDING, act.__name__),  # what ends a stage comes last
)

STRANGER = "U-of-another-workspace"
"""Somebody whom a forged form may name, and whom nobody here has met."""

GRACE = Named("grace", "Grace")


pytestmark = pytest.mark.usefixtures("nothing_typed_is_logged")


@pytest.fixture
async def hone(sqlite_url: str) -> AsyncIterator[Hone]:
    """On one kind of database: what is tried here are words, and rules that need none."""
    running = Hone(Database(sqlite_url))
    yield running
    await running.stop()
    await running.database.close()


async def owners(hone: Hone) -> set[str | None]:
    async with hone.database.read(WORKSPACE, hone.now) as store:
        return set(await store.session.scalars(select(col(Item.owner))))


# --- the same nonsense, everywhere, at every stage -------------------------------------------


async def collecting(hone: Hone, ada: Someone) -> None:
    await ada.says("retro start")
    await ada.clicks("Add a note")
    await ada.fills({"c0": "Pair on reviews\nPair on a review", "c1": "Merging alone"})


async def grouping(hone: Hone, ada: Someone) -> None:
    await collecting(hone, ada)
    await ada.clicks("Reveal")


async def voting(hone: Hone, ada: Someone) -> None:
    await grouping(hone, ada)
    await ada.clicks("Start the vote")


async def counted(hone: Hone, ada: Someone) -> None:
    await voting(hone, ada)
    await ada.clicks("Give my dots")
    await ada.fills({"g1": "1"})
    await ada.clicks("Close the vote")


async def asked(hone: Hone, ada: Someone) -> None:
    """An owner is asked whether it got done, and whether it worked; and is being coached."""
    await ada.says("improve Reviews wait @Ada by tomorrow", Named("ada", "Ada"))
    await ada.says("coach #1")
    await ada.fills({"metric": "days a review waits", "check": "2026-11-24"})
    await hone.wait(days=3)
    await ada.alone().says("coach Builds take forty minutes")


@pytest.mark.parametrize("stage", [collecting, grouping, voting, counted, asked])
async def test_no_answer_at_any_stage_is_our_mistake(hone: Hone, stage: Callable[..., Any]) -> None:
    """Every form and button there is, sent when it fits and when it does not.

    What takes nonsense without looking at it is sent no other.
    """
    ada = hone.person("Ada")
    await stage(hone, ada)
    ada = ada.alone() if stage is asked else ada
    for kind in ACTIONS:
        for garbage in ("", "2026-02-30", MARK * 6_000, HOSTILE + MARK):
            answers = Anything(garbage)
            outcome = await acts_slowly(ada, Submission(forged(kind, 1), answers))
            assert OUR_FAULT not in words(outcome), f"{name_of(kind)} with {garbage[:20]}"
            if not answers.were_read:
                break
        outcome = await acts_slowly(ada, Click(forged(kind, 1)))
        assert OUR_FAULT not in words(outcome), name_of(kind)


# --- a person of another workspace -----------------------------------------------------------


async def test_nobody_of_elsewhere_becomes_an_owner(hone: Hone) -> None:
    """A platform's own picker offers members only; a forged form may name anybody."""
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes")
    await ada.clicks("Assign")
    await ada.fills({"owner": STRANGER})
    assert ada.errors == {"owner": "Choose a person from the list."}
    await counted(hone, ada)
    await ada.clicks("Choose improvements")
    await ada.fills({})
    await ada.fills({"owner1": STRANGER, "title1": f"{MARK} pairs"})
    assert set(ada.errors) == {"owner1"}
    assert ada.form is not None
    assert shown_answers(ada.form)["title1"] == (f"{MARK} pairs",)
    assert await owners(hone) == {None}


async def test_a_train_item_has_no_owner_of_elsewhere(hone: Hone) -> None:
    people = [hone.person(name, channel=name) for name in ("checkout", "search", "mobile")]
    for person in people:
        await person.says("improve We wait for open ports #ports")
    person = people[0]
    await person.says("themes")
    await person.clicks("Propose a train item", on=person.whispered)
    await person.fills({"owner": STRANGER})
    assert set(person.errors) == {"owner"}
    assert await owners(hone) == {None}


# --- answered already on another device ------------------------------------------------------


async def hoped_for(hone: Hone) -> Someone:
    """Grace, asked alone whether her reviews got faster."""
    grace = hone.person("Grace")
    await grace.says("help")
    await grace.says("improve Reviews wait @Grace by tomorrow", GRACE)
    await grace.says("coach #1")
    await grace.fills({"metric": "days a review waits", "check": "2026-11-25"})
    await grace.clicks("Done")
    await hone.wait(days=2)
    return grace.alone()


async def test_what_was_answered_on_the_phone_stands(hone: Hone) -> None:
    """The form that was open on the desk must not turn the answer over."""
    desk = await hoped_for(hone)
    phone = hone.person("Grace").alone()
    await desk.clicks("It did not")
    await phone.clicks("It moved")
    await phone.fills({"value": "4 hours"})
    await desk.fills({"value": "2 days"})
    assert "#1 is answered already: it moved: 4 hours." in desk.told
    await desk.acts(Click(SaveEffect(1, "cannot tell")))
    assert "answered already" in desk.told
    await desk.acts(Submission(SaveRecheck(1), Anything("2027-01-11")))
    assert "answered already" in desk.told
    assert "it moved: 4 hours" in hone.last("dm-grace")


async def test_a_form_of_a_conversation_that_ended_elsewhere_keeps_its_words(hone: Hone) -> None:
    phone, desk = hone.person("Ada").alone(), hone.person("Ada").alone()
    await desk.says("coach Reviews wait")
    await desk.clicks("All in one form")
    await phone.clicks("Cancel")
    outcome = await desk.fills({"now": MARK})
    assert "This conversation is over." in desk.told
    assert outcome.refused, "the form closed, and what was typed is gone"


async def test_a_day_to_ask_again_is_one_to_come(hone: Hone) -> None:
    grace = await hoped_for(hone)
    for wrong, told in (
        ("", "Write Friday, in 2 weeks, 1 Dec or 2026-12-01."),
        ("2026-02-30", "is not a day in the calendar"),
        ("2026-11-25", "is no day to come"),
        ("x" * 40_001, "names no single day"),
    ):
        await grace.clicks("Ask me later")
        await grace.fills({"day": wrong})
        assert told in grace.errors["day"]
    await grace.fills({"day": "2027-03-28"})  # in Berlin it has no half past two
    assert "I ask again on Sunday 28 March 2027." in hone.last("dm-grace")


# --- a retro's smaller forms -----------------------------------------------------------------


async def test_names_of_templates_and_groups_have_limits(hone: Hone) -> None:
    ada = hone.person("Ada")
    for name, columns, wrong in (
        ("", "Wind\nAnchor", {"name"}),
        ("x" * 40_001, "Wind\nAnchor", {"name"}),
        ("🙂", "Wind\nAnchor", {"name"}),
        ("Sailboat", "", {"columns"}),
        ("Sailboat", "Wind", {"columns"}),
        ("Sailboat", f"Wind\n{'x' * 40_001}", {"columns"}),
        ("Sailboat", "\n".join("abcdefg"), {"columns"}),
    ):
        await ada.says("retro templates")
        await ada.fills({"name": name, "columns": columns})
        assert set(ada.errors) == wrong
        assert ada.form is not None
        assert any(isinstance(f, Input) and f.value == columns for f in ada.form.fields)
        hone.now += timedelta(seconds=5)
    await grouping(hone, ada)
    await ada.clicks("Merge groups")
    await ada.fills({"groups": ("1", "2"), "title": "x" * 40_001})
    assert set(ada.errors) == {"title"}
