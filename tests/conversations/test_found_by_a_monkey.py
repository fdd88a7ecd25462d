"""What ten people at random keys came upon; see tests/monkey."""

from __future__ import annotations

from datetime import timedelta
from typing import get_type_hints

import pytest

from bot.cards import Choice, Form, Input
from bot.slack.forms import Origin, modal
from bot.teams.forms import draw_form
from bot.turn import Click, Submission
from bot.wire import name_of
from handlers import FEATURES
from handlers.digest.actions import ReadNow
from tests.forgery import OUR_FAULT, Anything, forged, words
from tests.hone import Hone

DETAILS = "Whoever pushes waits for the slowest of all tests, and so does everybody behind. " * 20


@pytest.mark.parametrize("says", ["Everybody waits", "skip", "back"])
async def test_a_coached_item_that_is_described_meanwhile_is_coached_on(
    hone: Hone, says: str
) -> None:
    """The question that is open may be none of those still to be asked."""
    ada = hone.person("Ada")
    alone = ada.alone()
    await ada.says("improve Builds take forty minutes")
    await alone.says("coach #1")
    if says == "back":
        await alone.chats("Everybody waits")
    await ada.clicks("Edit")
    await ada.fills({"details": DETAILS})
    await alone.chats(says)
    assert "my mistake" not in alone.told
    asked = "This is the first question" if says == "back" else "What small experiment"
    assert asked in alone.told + hone.last("dm-ada")


async def test_a_guest_of_another_team_reads_no_notes(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("retro start")
    await ada.says("retro add Nobody listens")
    await ada.clicks("Reveal")
    card = hone.channel()[0].card
    for role in ("guest", "external"):
        guest = hone.person(f"Gus-{role}", channel="payments", role=role)
        await guest.says("improve Refunds are slow")
        await guest.clicks("Read all notes", on=card)
        assert guest.told == "There are no revealed notes here."
    await ada.clicks("Read all notes", on=card)
    assert "Nobody listens" in ada.told


async def test_a_guest_sees_no_train_by_lifting_or_by_its_digest(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve Pay on account")
    await ada.says("backlog lift #1")
    await ada.fills({"title": "Customers pay as they like"})
    eve = hone.person("Eve", channel="payments", role="external")
    await eve.says("improve Refunds are slow")
    for line in ("backlog lift #3", "digest train", "digest train preview", "digest"):
        await eve.says(line)
        assert "Customers pay as they like" not in eve.told + repr(eve.form), line
    await eve.acts(Click(ReadNow()))
    assert "Customers pay as they like" not in eve.told


async def test_a_guest_reads_no_item_by_waiting_for_it(hone: Hone) -> None:
    """The card of an item tells the title of what it waits for: any number would be readable."""
    await hone.person("Ada").says("improve Customers pay as they like")
    eve = hone.person("Eve", channel="payments", role="external")
    await eve.says("improve Refunds are slow")
    await eve.says("refine #2")
    await eve.fills({"waits_for": "#1"})
    assert eve.errors == {"waits_for": "There is no item #1 here."}
    ada = hone.person("Ada", channel="payments")
    await ada.says("refine #2")
    await ada.fills({"waits_for": "#1"})
    await eve.says("refine #2")
    await eve.fills({"waits_for": "#1"})
    assert not eve.errors, "what a member wrote there stays"


async def test_a_number_no_row_can_have_is_not_found(hone: Hone) -> None:
    """PostgreSQL refuses the whole transaction for a number that its column cannot hold."""
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes")
    numbered = {
        kind
        for feature in FEATURES
        for kind in feature.actions
        if int in get_type_hints(kind).values()
    }
    for kind in sorted(numbered, key=name_of):
        action = forged(kind, 2**31)
        for intent in (Click(action), Submission(action, Anything("1"))):
            hone.now += timedelta(minutes=1)  # nobody is asked to slow down
            assert OUR_FAULT not in words(await ada.begins(intent)), name_of(kind)


def test_an_error_at_a_field_that_is_not_shown_is_told_on_top_in_teams() -> None:
    form = Form("Add", ReadNow(), (Input("title", "Title"),))
    body = draw_form(form, {"owner": "Choose a person.", "": "Not saved."}, "n")["body"]
    assert "Choose a person. Not saved." in str(body[0])


def test_a_choice_of_nothing_is_a_sentence_in_slack() -> None:
    form = Form("Add", ReadNow(), (Choice("which", "Which item?", ()),))
    drawn = modal(form, Origin(channel="C1", nonce="n"))
    assert "there is nothing to choose from" in str(drawn["blocks"])


async def test_an_expired_question_has_no_buttons(hone: Hone) -> None:
    """Each of them would only say that it is over."""
    ada = hone.person("Ada").alone()
    await ada.says("coach Builds take forty minutes")
    await ada.chats("Everybody waits")
    await hone.wait(days=8)
    assert "[" not in hone.last("dm-ada")
