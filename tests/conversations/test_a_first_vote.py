"""Three people log two improvements, vote blind, and reveal together."""

from __future__ import annotations

import asyncio

from bot.cards import Choice
from bot.turn import Command, Named
from tests.hone import Hone


async def test_from_a_sentence_to_a_ranked_backlog(hone: Hone) -> None:
    ada, grace, tomas = hone.person("Ada"), hone.person("Grace"), hone.person("Tomas")

    await ada.says(
        "improve Estimation runs long #estimation @Grace by Friday", Named("grace", "Grace")
    )
    assert "Saved as #1" in ada.told
    assert "theme #estimation, owner Grace, due Friday 27 November 2026" in ada.told
    assert "#1 Estimation runs long" in hone.last()
    assert "Themes: #estimation" in hone.last()

    await grace.says("improve Nobody knows who owns the staging database")
    assert "Saved as #2" in grace.told

    await ada.says("wsjf #1 #2")
    assert "Nobody has voted yet." in hone.last()

    for person, cards in ((ada, ("5", "1")), (grace, ("8", "1")), (tomas, ("5", "2"))):
        await person.clicks("Vote")
        assert person.form is not None
        assert person.form.title == "Your vote (1 of 4)"
        for column in ("ubv", "tc", "rroe", "size"):
            await person.fills({f"{column}.1": cards[0], f"{column}.2": cards[1]})
        assert "Your vote is in" in person.told
    assert "3 people have voted: everybody I know here." in hone.last()
    assert "Finished: Ada, Grace and Tomas" in hone.last()
    assert "8" not in hone.last(), "a card was shown before the reveal"

    await ada.clicks("Reveal")
    poll, note = hone.channel()[-2:]
    assert "WSJF result: 2 items" in poll.text
    assert "#1 Estimation runs long" in poll.text
    assert note.to.thread == "m3", "the reveal is told in the vote's own thread"
    assert "The cards are on the table." in note.text

    item = hone.channel()[0]
    assert "WSJF" not in item.text, "a score counts once somebody accepts it"
    await ada.clicks("Accept scores")
    assert "WSJF: 3.0" in item.text


async def test_a_vote_can_be_changed_until_the_reveal(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes")
    await ada.says("wsjf #1")
    await ada.clicks("Vote")
    first = {"ubv.1": "3", "tc.1": "3", "rroe.1": "3", "size.1": "3"}
    await ada.fills(first)
    await ada.clicks("Vote")
    assert ada.form is not None
    await ada.fills({"ubv.1": "8"})
    await ada.clicks("Vote")
    assert next(f.chosen for f in ada.form.fields if isinstance(f, Choice)) == ("8",)


async def test_a_second_start_shows_the_open_vote(hone: Hone) -> None:
    """Two people press at the same moment; the team votes once."""
    ada, grace = hone.person("Ada"), hone.person("Grace")
    for title in ("Estimation runs long", "Reviews wait for days", "Builds are slow"):
        await ada.says(f"improve {title}")
    await ada.says("wsjf #1 #2")
    posts = len(hone.channel())
    await grace.says("wsjf #2 #3")
    assert "There is an open vote on #2 already." in grace.told
    assert "To vote on #3 as well, press Manage on it, then Add items." in grace.told
    assert "#1 Estimation runs long" in grace.told
    assert len(hone.channel()) == posts
    await grace.says("wsjf #3")
    assert len(hone.channel()) == posts + 1, "a vote on other items is another vote"


async def test_two_who_start_at_once_start_one_vote(hone: Hone) -> None:
    people = [hone.person(name) for name in ("Ada", "Grace", "Tomas", "Kim")]
    await people[0].says("improve Estimation runs long")
    for person in people:
        await person.says("help")
    await asyncio.gather(*(person.begins(Command("wsjf", "#1")) for person in people))
    await hone.settle()
    assert sum("Nobody has voted yet." in shown.text for shown in hone.channel()) == 1
    assert sum("open vote on #1 already" in person.told for person in people) == 3
