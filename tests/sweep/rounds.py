"""Scenes about what a team does together: votes and retros."""

from __future__ import annotations

from bot.turn import Answers, Click, Submission
from handlers.retro.actions import TurnBack
from handlers.ui.actions import OpenStart
from handlers.wsjf.actions import ShowRank
from tests.hone import Hone, buttons_of
from tests.sweep.workspace import choices, first, improves, plays, standing


async def led_vote(hone: Hone) -> None:
    """A vote is searched for, led with every tool, disputed, voted again and accepted."""
    ada, grace, tomas = hone.person("Ada"), hone.person("Grace"), hone.person("Tomas")
    numbers = [
        await improves(ada, words)
        for words in ("Alarms wake the wrong people", "Dashboards load for minutes")
    ]
    await ada.acts(Click(OpenStart()))
    await ada.fills({"words": "alarms"}, press="Search")
    await ada.fills({"items": str(numbers[0])})
    await ada.clicks("Manage")
    tools = ada.whispered
    await ada.clicks("Remind", on=tools)
    await ada.clicks("Add items", on=tools)
    await ada.fills({"items": str(numbers[1])})
    await ada.clicks("Deadline", on=tools)
    await ada.fills({"closes": "tomorrow 16:00"})
    await ada.clicks("Cancel")
    await ada.clicks("Undo", on=standing(hone, "WSJF"))
    await grace.clicks("Vote")
    await grace.fills({asked.id: "8" for asked in choices(grace)})
    await grace.fills({}, press="Back")
    for person, hand in ((ada, "2 3 5 8"), (grace, "8 5 5 1"), (tomas, "8 3 5 1")):
        await plays(person, hand)
    await ada.clicks("Hand over", on=tools)
    await ada.fills({"person": "grace"})
    await grace.clicks("Reveal")


async def settled_vote(hone: Hone) -> None:
    """The cards are read, one is agreed on, the rest voted on again, and the scores written."""
    ada, grace, tomas = hone.person("Ada"), hone.person("Grace"), hone.person("Tomas")
    await grace.clicks("All cards")
    await grace.clicks("Agree on a card")
    await grace.fills({"card": "5"})
    await grace.clicks("Re-anchor")
    await grace.fills({})
    result = standing(hone, "WSJF result")
    again = next(b.label for b in buttons_of(result) if b.label.startswith("Vote again"))
    await grace.clicks(again, on=result)
    await grace.fills({})
    for person in (ada, grace, tomas):
        await plays(person, "5 5 5 5")
    await grace.clicks("Reveal")
    await grace.clicks("Accept scores")
    await grace.clicks("Undo accepting")
    await grace.clicks("Accept scores")


async def thin_vote(hone: Hone) -> None:
    """Somebody has voted on all there is when an item joins, and nobody else comes in time."""
    ada, grace = hone.person("Ada"), hone.person("Grace")
    one, other = [await improves(ada, words) for words in ("Fonts flicker", "Menus jump about")]
    await ada.says(f"wsjf #{one} in 2 hours")
    await plays(grace, "5 3 2 1")
    await ada.clicks("Manage")
    await ada.clicks("Add items")
    await ada.fills({"items": str(other)})
    await hone.wait(hours=3)
    await ada.clicks("Cancel")


async def ranking(hone: Hone) -> None:
    """The ranking is turned, questioned and copied."""
    ada = hone.person("Ada")
    await ada.says("wsjf rank")
    shown = ada.whispered
    await ada.clicks("What if …", on=shown)
    await ada.fills({"veto": "size"})
    await ada.clicks("Copy as CSV", on=shown)
    await ada.acts(Click(ShowRank(1, False, 0)))  # a long ranking has pages to turn


async def retro_written(hone: Hone) -> None:
    """Notes are written, changed by their authors and grouped anew."""
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await ada.says("retro templates")
    await ada.fills({"name": "Sailboat", "columns": "Wind\nAnchor"})
    await ada.says("retro")
    await ada.fills({})
    await ada.clicks("Cancel")
    await ada.says("retro start sailboat")
    await ada.clicks("Add a note")
    await ada.fills({"c0": "Pairing works", "c1": "Builds take ages\nThe pipeline crawls"})
    await ada.clicks("My notes")
    await ada.fills({})
    await ada.clicks("I'm done")
    await grace.clicks("Add a note")
    await grace.fills({"c1": "Meetings drag on", "unsigned": ("on",)})
    await grace.clicks("Change or remove", on=grace.whispered)
    await grace.fills({})
    await ada.clicks("Reveal")
    await ada.clicks("Reveal all the same", on=ada.whispered)
    await grace.clicks("Add a note")
    await grace.fills({"c0": "Lunch is good"})
    await hone.wait(days=3)
    await grace.clicks("Take over")
    await hone.wait(days=3)
    await ada.clicks("Take over")
    await ada.clicks("Move notes")
    await ada.fills({"notes": choices(ada)[0].options[-1].value, "to": "new"})
    await ada.clicks("Merge groups")
    await ada.fills({"groups": ("2", "3")})
    await ada.clicks("Split a group")
    await ada.fills({"group": "2"})
    await ada.fills({"notes": first(ada, "notes")})


async def retro_decided(hone: Hone) -> None:
    """The team gives its dots and takes one thing on; the other team's retro ends without."""
    ada, tomas = hone.person("Ada"), hone.person("Tomas", channel="payments")
    await ada.clicks("Read all notes")
    await ada.clicks("Start the vote")
    await ada.clicks("Give my dots")
    await ada.fills({"g1": "2"})
    # Only a long retro has a second page to come back from.
    await ada.acts(Submission(TurnBack(3, 1), Answers({"g1": ("1",)})))
    await ada.clicks("Close the vote")
    await ada.clicks("Choose improvements")
    await ada.fills({"groups": "1"})
    await ada.fills({"title1": "Everybody pairs on Mondays"})
    await ada.fills({})
    await tomas.clicks("Start the vote")
    await tomas.clicks("Give my dots")
    await tomas.fills({"g1": "1"})
    await tomas.clicks("Close the vote")
    await tomas.clicks("Finish without")


SCENES = (led_vote, settled_vote, thin_vote, ranking, retro_written, retro_decided)
