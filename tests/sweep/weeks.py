"""Scenes about a team's weeks: its plan, its digest, what it promised, and its settings."""

from __future__ import annotations

from datetime import timedelta

from bot.turn import Answers, Click, Submission
from handlers.capture.actions import SetTheme
from handlers.objectives.actions import (
    Choose,
    OpenRisk,
    OpenRoam,
    OpenScore,
    OpenSetup,
    StartConfidence,
    TurnPage,
)
from handlers.themes.actions import Propose
from handlers.ui.actions import MakeFocus, OpenRhythm
from tests.hone import Hone
from tests.sweep.workspace import GRACE, first, improves, standing


async def planning(hone: Hone) -> None:
    """What the team plans changes in each way there is."""
    ada = hone.person("Ada")
    await ada.acts(Click(OpenSetup()))
    await ada.fills({"name": "PI Winter"})
    await ada.says("pi")
    line = ada.whispered
    await ada.clicks("Vision and themes", on=line)
    await ada.fills({"vision": "Anyone can buy within a minute", "new.1": "Fast checkout"})
    await ada.clicks("Add an objective", on=line)
    await ada.fills({"title": "Releases without a call", "planned": "5"})
    await ada.clicks("Link items", on=line)
    await ada.fills({"items": "2", "objective": "2"})
    await ada.acts(Click(TurnPage(1, 0)))  # a long line has pages to turn
    await ada.acts(Submission(Choose(), Answers({"objective": ("2",)})))  # of more than are shown
    await ada.fills({"planned": "7"})
    await ada.clicks("Change")
    await ada.fills({"drop": ("on",)})


async def risks(hone: Hone) -> None:
    """Risks are raised and decided, and the team says twice how sure it is."""
    ada = hone.person("Ada")
    await ada.acts(Click(OpenRisk()))
    await ada.fills({"text": "The vendor is late"})
    await ada.acts(Click(OpenRoam(0)))
    await ada.fills({"risk": "1"})
    await ada.fills({"state": "accepted"})
    await ada.acts(Click(StartConfidence()))
    await ada.clicks("Vote")
    await ada.fills({"fist": "3"})
    await ada.clicks("Cancel")
    await ada.says("pi confidence")
    await ada.clicks("Vote")
    await ada.fills({"fist": "5"})
    await ada.clicks("Reveal")


async def scoring(hone: Hone) -> None:
    """The planning interval is rated and closed."""
    ada = hone.person("Ada")
    await ada.acts(Click(OpenScore()))
    await ada.fills({"actual.1": "4"})
    await ada.says("pi close")
    await ada.fills({})


async def digest(hone: Hone) -> None:
    """Asks are answered or put off; a person has a digest of their own."""
    ada = hone.person("Ada")
    await hone.wait(days=7)
    await ada.clicks("Snooze")
    await ada.clicks("Assign")
    await ada.fills({"owner": "ada"})
    await ada.says("me")
    await ada.clicks("Show it as it is now", on=ada.whispered)
    page = ada.whispered
    await ada.clicks("Read it now", on=page)
    await ada.clicks("Get it every week", on=page)
    await ada.fills({})
    await ada.says("me")
    await ada.clicks("Stop the weekly one", on=ada.whispered)


async def follow_through(hone: Hone) -> None:
    """Owners say what became of what was due, and whether it helped."""
    ada, grace = hone.person("Ada"), hone.person("Grace").alone()
    for title in ("Reviews wait", "Tests are flaky", "Docs are old"):
        await improves(ada, f"{title} @Grace by tomorrow", GRACE)
    await hone.wait(days=3)
    await grace.clicks("Done")
    await grace.clicks("Later")
    await grace.fills({"due": "2027-03-01"})
    await grace.clicks("Drop")
    await grace.fills({"reason": "no longer true"})


async def effects(hone: Hone) -> None:
    """What somebody hoped for is looked at a week after it was done."""
    ada, grace = hone.person("Ada"), hone.person("Grace").alone()
    for title in ("Mails pile up", "Chats never end", "Calls come at noon"):
        number = await improves(ada, f"{title} @Grace", GRACE)
        await ada.clicks("Coach me", on=standing(hone, f"#{number} "))
        check = (hone.now + timedelta(days=7)).date().isoformat()
        await ada.fills({"metric": "hours", "start": "9", "goal": "5", "check": check})
        await ada.clicks("Done", on=standing(hone, f"#{number} "))
    await hone.wait(days=9)
    await grace.clicks("Ask me later")
    await grace.fills({"day": "2027-03-01"})
    await grace.clicks("It moved")
    await grace.fills({"value": "5"})
    await grace.clicks("It did not")
    await grace.fills({"value": "9"})
    await grace.clicks("Next experiment", on=grace.whispered)
    await grace.fills({"title": "The phone is off at noon"})


async def themes(hone: Hone) -> None:
    """What several teams say becomes the train's."""
    for channel in ("checkout", "search", "mobile"):
        bo = hone.person(f"{channel}-bo", channel=channel)
        await improves(bo, f"{channel} waits for open ports #dependencies by tomorrow")
    ada = hone.person("Ada")
    await ada.acts(Click(Propose("#dependencies")))
    await ada.fills({"title": "Ports open the same day", "owner": "ada", "due": "2027-03-18"})
    bo = hone.person("mobile-bo", channel="mobile")
    await bo.clicks("Add our voice")
    await bo.fills({"words": "Our ports take a week"})
    await ada.says("retro ia")
    await ada.clicks("As Markdown", on=ada.whispered)
    await ada.says("retro ia")
    await ada.clicks("Share", on=ada.whispered)
    await ada.clicks("Problem-solving workshop")
    await ada.fills({"problem": first(ada, "problem")})
    await ada.clicks("Add a cause")
    await ada.fills({"why0": "Tickets queue", "why1": "One person opens ports"})
    await ada.clicks("Give dots")
    await ada.fills({"causes": "1"})
    await ada.clicks("Show the biggest")
    await ada.clicks("Improvement item")
    await ada.fills({"title": "Two people open ports", "owner": "ada", "due": "2027-04-01"})


async def topics(hone: Hone) -> None:
    """A topic of one's own is added, an item gets it, and then another theme, and none."""
    ada = hone.person("Ada")
    await ada.says("themes add Licences")
    said = "\n".join(f"The licence of tool {number} has run out" for number in range(5))
    await ada.fills({"said": said})
    await ada.clicks("Change", on=ada.whispered)
    await ada.fills({"title": "Licences run out"})
    await ada.says("backlog theme #1")
    await ada.fills({"theme": "own-1"})
    await ada.clicks("Change", on=ada.whispered)
    await ada.fills({"theme": "-"})
    await ada.acts(Click(SetTheme(1)))  # offered with a suggestion
    await ada.says("themes topics")
    await ada.clicks("Remove", on=ada.whispered)


async def settings(hone: Hone) -> None:
    """The team names itself and its iterations."""
    ada = hone.person("Ada")
    await ada.says("settings")
    await ada.fills({"name": "Shop"})
    await ada.acts(Click(OpenRhythm()))  # a digest hints at it, in some weeks
    await ada.fills({"iteration_weeks": "2", "iteration_first": "2026-11-23"})


async def focus(hone: Hone) -> None:
    """One thing at a time, and what came of it at the iteration's end."""
    ada = hone.person("Ada")
    number = await improves(ada, "Estimates take the whole morning")
    await improves(ada, "Chairs squeak")
    await ada.acts(Click(MakeFocus(number)))
    await hone.wait(days=15)
    await ada.clicks("Go on with it")
    await ada.clicks("Set it aside")


SCENES = (
    planning,
    risks,
    scoring,
    digest,
    follow_through,
    effects,
    themes,
    topics,
    settings,
    focus,
)
