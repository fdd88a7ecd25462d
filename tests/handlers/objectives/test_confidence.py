"""The confidence vote: hidden until one reveal, counted once a person, nothing after the close."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.turn import Answers, Click, Submission, Turn
from bot.twins import twin
from handlers.objectives.actions import CastFist, OpenFist, RevealFists
from storage.confidence import REVEALED
from tests.hone import WORKSPACE, Hone, Someone

TRACES = ("4 of 5", "average", "doubt", "4.0")


async def asked(hone: Hone) -> Someone:
    ada = hone.person("Ada")
    await ada.says("pi setup")
    await ada.fills({"name": "PI 1", "starts": "2026-11-23"})
    await ada.says("pi confidence")
    return ada


async def votes(person: Someone, fist: str) -> None:
    await person.clicks("Vote")
    assert person.form is not None, person.told
    await person.fills({"fist": fist})


async def test_nothing_shows_a_number_before_the_reveal(hone: Hone) -> None:
    ada = await asked(hone)
    grace = hone.person("Grace")
    await votes(ada, "4")
    assert "Your vote is in." in ada.told
    shown = [twin(card) for message in hone.channel() for card in message.cards]
    await grace.says("pi")
    assert "Confidence: voting now." in grace.told
    await grace.clicks("Vote")
    assert grace.form is not None
    assert "chosen=('4',)" not in repr(grace.form), "nobody else's number stands in one's ballot"
    for text in (*shown, grace.told):
        assert not [trace for trace in TRACES if trace in text]
    async with hone.database.read(WORKSPACE, hone.now) as store:
        vote = await store.confidence.find(1)
        assert vote is not None
        assert await store.confidence.fists(vote) == ()


async def test_ones_own_number_can_be_changed_until_the_reveal(hone: Hone) -> None:
    ada = await asked(hone)
    await votes(ada, "1")
    await ada.clicks("Vote")
    assert "chosen=('1',)" in repr(ada.form)
    await ada.fills({"fist": "5"})
    await ada.clicks("Reveal")
    assert "5.0 of 5 (1 vote)" in hone.channel()[0].text


async def test_an_older_number_that_arrives_late_does_not_count(hone: Hone) -> None:
    """Platforms deliver again, and not in order."""
    ada = await asked(hone)
    await votes(ada, "5")
    late = Turn(
        WORKSPACE,
        ada.place,
        ada.who,
        Submission(CastFist(1), Answers({"fist": ("1",)})),
        hone.now,
        "late",
        hone.now - timedelta(seconds=5),
    )
    await hone.router.handle(late)
    await ada.clicks("Reveal")
    assert "5.0 of 5 (1 vote)" in hone.channel()[0].text


async def test_a_number_that_is_none_of_the_five(hone: Hone, subtests: pytest.Subtests) -> None:
    ada = await asked(hone)
    for fist in ("", "0", "6", "-1", "2.5", "NaN", "٣", "1_0"):
        with subtests.test(fist=fist):
            await ada.clicks("Vote")
            await ada.fills({"fist": fist})
            assert ada.errors == {"fist": "Choose a number from 1 to 5."}
            assert "Nobody has voted yet." in hone.last()


async def test_after_the_close_a_number_is_kept_in_the_form_and_not_counted(hone: Hone) -> None:
    ada = await asked(hone)
    grace = hone.person("Grace")
    await votes(ada, "4")
    await grace.clicks("Vote")
    await ada.clicks("Reveal")
    await grace.fills({"fist": "1"})
    assert "has been revealed, so your number was not counted" in grace.errors[""]
    assert "(1 vote)" in hone.channel()[0].text
    await grace.acts(Click(OpenFist(1)))
    assert "This vote has been revealed." in grace.told


async def test_a_cancelled_vote_shows_no_number(hone: Hone) -> None:
    ada = await asked(hone)
    await votes(ada, "2")
    await ada.clicks("Cancel")
    assert "This vote was cancelled. No numbers were shown." in hone.last()
    async with hone.database.read(WORKSPACE, hone.now) as store:
        vote = await store.confidence.find(1)
        assert vote is not None
        assert await store.confidence.fists(vote) == ()


async def test_who_may_reveal(hone: Hone) -> None:
    ada = await asked(hone)
    await ada.says("hone settings")
    await ada.fills({"facilitators": ("ada",)})
    grace = hone.person("Grace")
    await votes(grace, "3")
    await grace.clicks("Reveal")
    assert "Only a facilitator or an admin" in grace.told
    await ada.clicks("Reveal")
    assert "3.0 of 5 (1 vote)" in hone.channel()[0].text


async def test_nothing_is_revealed_before_anybody_voted(hone: Hone) -> None:
    ada = await asked(hone)
    await ada.clicks("Reveal")
    assert "Nobody has voted yet, so there is nothing to reveal." in ada.told


async def test_a_second_vote_tells_what_the_first_came_to(hone: Hone) -> None:
    ada = await asked(hone)
    await votes(ada, "2")
    await ada.clicks("Reveal")
    assert "below 3: better change the plan first" in hone.channel()[0].text
    await ada.says("pi confidence")
    await votes(ada, "4")
    await ada.clicks("Reveal")
    card = next(m for m in hone.channel() if "4.0 of 5" in m.text)
    assert "The vote before came to 2.0 of 5 (1 vote)." in card.text


async def test_several_reveals_at_once_are_one(hone: Hone) -> None:
    """Two who press together must not post the result twice."""
    ada = await asked(hone)
    await votes(ada, "4")
    people = [ada, hone.person("Grace"), hone.person("Tomas"), hone.person("Zoe")]
    turns = [_turn(hone, person, Click(RevealFists(1)), n) for n, person in enumerate(people)]
    await asyncio.gather(*(hone.router.handle(turn) for turn in turns))
    await hone.settle()
    notes = [m for m in hone.channel() if "The votes are on the table" in m.text]
    assert len(notes) == 1


async def test_a_vote_that_races_the_reveal_counts_or_is_refused_never_half(hone: Hone) -> None:
    ada = await asked(hone)
    await votes(ada, "4")
    grace = hone.person("Grace")
    cast = Submission(CastFist(1), Answers({"fist": ("1",)}))
    outcomes = await asyncio.gather(
        hone.router.handle(_turn(hone, grace, cast, 1)),
        hone.router.handle(_turn(hone, ada, Click(RevealFists(1)), 2)),
    )
    async with hone.database.read(WORKSPACE, hone.now) as store:
        vote = await store.confidence.find(1)
        assert vote is not None
        assert vote.state == REVEALED
        fists = await store.confidence.fists(vote)
    refused = outcomes[0].ask is not None
    assert fists == ((4,) if refused else (1, 4))


async def test_two_who_start_at_once_start_one_vote(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("pi setup")
    await ada.fills({"name": "PI 1", "starts": "2026-11-23"})
    people = [ada, hone.person("Grace"), hone.person("Tomas")]
    await asyncio.gather(*(person.says("pi confidence") for person in people))
    await hone.settle()
    async with hone.database.read(WORKSPACE, hone.now) as store:
        assert await store.confidence.find(2) is None


def _turn(hone: Hone, person: Someone, intent: Click | Submission, n: int) -> Turn:
    return Turn(WORKSPACE, person.place, person.who, intent, hone.now, f"race-{n}", hone.now)
