"""Somebody wants to stay unnamed, and spells it as phones, editors and hurries do."""

from __future__ import annotations

import pytest
from sqlmodel import select

from storage.items import Item, ItemEvent
from storage.people import PersonRow
from tests.hone import Hone

COMPLAINT = "My manager shouts in meetings"


async def names_kept(hone: Hone) -> set[str | None]:
    """Return whom the database names: as an author, as somebody who acted, or as known at all."""
    async with hone.database.read(hone.workspace, hone.now) as store:
        items = await store.session.scalars(select(Item.created_by))
        events = await store.session.scalars(select(ItemEvent.person))
        people = await store.session.scalars(select(PersonRow.id))
        return {*items, *events, *people} - {None}


@pytest.mark.parametrize(
    "option",
    [
        "--anon",
        "––anon",
        "\u2212\u2212anon",
        "-anon",
        "—anon",
        "“--anon”",
        "'--anon'",
        "-- anon",
        "—anonymous",
    ],
)
async def test_no_spelling_of_the_option_signs_a_complaint(hone: Hone, option: str) -> None:
    ada = hone.person("Ada")
    await ada.says(f"improve {COMPLAINT} {option} #meetings")
    card = hone.last()
    assert COMPLAINT in card
    assert "Ada" not in card
    assert "anon" not in card
    assert "#meetings" in card
    assert await names_kept(hone) == set()


@pytest.mark.parametrize("option", ["--annon", "“anon”", "anon", "(anonymous)", "--\u0430nonymous"])
async def test_what_looks_like_the_option_is_asked_about(hone: Hone, option: str) -> None:
    ada = hone.person("Ada")
    await ada.says(f"improve {COMPLAINT} {option}")
    assert "Nothing was saved" in ada.told
    assert "--anon" in ada.told
    assert hone.channel() == []
    assert await names_kept(hone) == set()


async def test_a_form_signs_nothing_that_asks_to_stay_unnamed(hone: Hone) -> None:
    """It would publish the name of whoever pressed Save."""
    ada = hone.person("Ada")
    await ada.says("improve")
    await ada.fills({"title": f"{COMPLAINT} ––anon"})
    assert "Nothing was saved" in ada.errors["title"]
    assert hone.channel() == []


@pytest.mark.parametrize("words", ["coach {} ––anon", "coach {} --annon"])
async def test_coaching_signs_nothing_that_asks_to_stay_unnamed(hone: Hone, words: str) -> None:
    ada = hone.person("Ada")
    await ada.says(words.format(COMPLAINT))
    assert "Nothing was saved" in ada.told
    assert hone.channel() == []


@pytest.mark.parametrize(
    "option", ["anonymous", "—anonymous", "—anon", "––anon", "--annon", "-- anon"]
)
async def test_a_retro_reads_the_same_option(hone: Hone, option: str) -> None:
    ada = hone.person("Ada")
    await ada.says(f"retro start 4Ls {option}")
    await ada.clicks("Add a note")
    assert ada.form is not None
    await ada.fills({"c0": "Nobody listens"})
    assert "without your name" in ada.told


async def test_a_signed_note_that_asks_to_stay_unnamed_waits(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("retro start 4Ls")
    await ada.says(f"retro add {COMPLAINT} –anon")
    assert "Nothing was saved" in ada.told
    await ada.clicks("Add a note")
    await ada.fills({"c0": f"{COMPLAINT} –anon"})
    assert "Without my name" in ada.errors["c0"]
    await ada.fills({"unsigned": ("on",)})
    assert "without your name" in ada.told


async def test_a_pasted_mail_does_not_sign_what_stays_unnamed(hone: Hone) -> None:
    """Who pastes a letter looks at its middle, not at the name below it."""
    ada = hone.person("Ada")
    await ada.says("improve Hi all,\nReviews are used to blame people.\nThanks,\nAda --anon")
    assert "Reviews are used to blame people" in hone.last()
    assert "Ada" not in hone.last()
