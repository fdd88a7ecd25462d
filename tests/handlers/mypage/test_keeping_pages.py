"""Which pages are kept, where they stand, and when they are drawn anew."""

from __future__ import annotations

import pytest

from bot.turn import Opened
from bot.wire import encode
from handlers.mypage.actions import Redraw
from tests.handlers.mypage.pages import GRACE, opens_page, page, times_drawn
from tests.hone import Hone


async def test_only_pages_that_were_opened_are_kept(hone: Hone) -> None:
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await grace.says("help")
    await ada.says("improve Builds take forty minutes @Grace", GRACE)
    await ada.says("wsjf #1")
    assert not hone.channel("home:grace")
    await opens_page(grace)
    assert "Votes waiting for you" in page(grace)


async def test_a_page_that_would_look_the_same_is_not_sent_again(hone: Hone) -> None:
    """Platforms count what is published; reading is the most that people do."""
    grace = hone.person("Grace")
    await opens_page(grace)
    for line in ("backlog", "help", "wsjf rank"):
        await grace.says(line)
    assert times_drawn(grace) == 1
    await grace.alone().acts(Opened())
    assert times_drawn(grace) == 1
    await grace.alone().acts(Opened(empty=True))
    assert times_drawn(grace) == 2, "the platform lost it"


async def test_in_a_chat_one_page_is_kept_and_moves_down_when_asked_for_again(hone: Hone) -> None:
    grace = hone.person("Grace").alone()
    await grace.says("me")
    assert "Nothing waits for you" in hone.last("dm-grace")
    await hone.wait(minutes=1)
    await grace.says("me")
    assert "stands just above" in grace.told
    assert len(hone.channel("dm-grace")) == 1
    await hone.wait(hours=1)
    await grace.chats("my page")
    before, now = hone.channel("dm-grace")
    assert before.text == "Your page stands further down now."
    await hone.person("Ada").says("improve Builds take forty minutes @Grace", GRACE)
    assert "Builds take forty minutes" in now.text
    assert len(before.cards) == 2, "the old place is still drawn"


@pytest.mark.parametrize("sentence", ["me and Tomas wait for every build", "Me again: it is slow"])
async def test_a_sentence_that_begins_with_the_command_is_a_sentence(
    hone: Hone, sentence: str
) -> None:
    grace = hone.person("Grace").alone()
    await grace.chats(sentence)
    assert "Shall I save this?" in hone.last("dm-grace")


async def test_news_of_a_large_team_goes_out_bit_by_bit(
    hone: Hone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few hundred pages at once would hold up what people do meanwhile."""
    monkeypatch.setattr("bot.redrawing.REDRAWN_AT_ONCE", 2)
    people = [hone.person(name) for name in ("Bo", "Cy", "Di", "Ed", "Fay")]
    for person in people:
        await person.says("help")
        await opens_page(person)
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes")
    await ada.says("wsjf #1")

    def informed() -> int:
        return sum("Votes waiting for you" in page(person) for person in people)

    assert informed() == 2
    await hone.wait(seconds=30)
    assert informed() == 4
    await hone.wait(seconds=30)
    assert informed() == 5


async def test_a_copys_button_names_nobody() -> None:
    assert encode(Redraw()) == '["me.again"]'
