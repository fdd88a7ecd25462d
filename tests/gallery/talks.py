"""The gallery's rooms for what people talk through: coaching and themes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from bot.turn import Click, Named
from handlers.themes.actions import ReadMarkdown
from storage import Store
from tests.gallery.specimen import (
    FAR_AND_WIDE,
    HOSTILE,
    LONGEST,
    ZOE,
    Room,
    Specimen,
    alone,
    form,
    told,
)
from tests.hone import WORKSPACE, Hone

GRACE = Named("grace", "Grace")


# --- coaching --------------------------------------------------------------------------------


async def coach(hone: Hone) -> AsyncIterator[Specimen]:
    """A grumble becomes a proposal, then a question at a time, then a form with the rest."""
    ada = hone.person("Ada").alone()
    await hone.person("Grace").says("improve We wait for test data all the time")
    await ada.chats("we keep waiting for test data #test-data by Friday")
    yield alone("proposal", ada)
    await ada.clicks("Coach me")
    yield alone("question-alike", ada)
    await ada.chats("Stories wait three days for a copy of production")
    yield alone("answered", ada, -2)
    for answer in ("skip", "Generate the data with a script"):
        await ada.chats(answer)
    yield alone("question-owner", ada)
    await ada.clicks("Me")
    yield alone("question-due", ada)
    for answer in ("skip", "days a story waits", "3 days", "1 day"):
        await ada.chats(answer)
    yield alone("question-check", ada)
    await ada.clicks("All in one form")
    yield form("form", ada)
    await ada.fills({"due": "2026-02-30", "start": "many"})
    yield form("form-with-errors", ada)
    await ada.fills({"due": "2026-12-04", "start": "3 days"})
    yield told("saved", ada)
    yield alone("item", ada)
    await ada.says("coach Stand-ups drag on")
    await ada.clicks("Cancel")
    yield told("cancelled", ada)
    yield alone("over", ada)


async def coach_most(hone: Hone) -> AsyncIterator[Specimen]:
    """The longest and worst of answers, about words that three long items say already."""
    ada = hone.person(ZOE).alone()
    await hone.person("Ada").says("help")

    async def write(store: Store) -> None:
        team = await store.teams.resolve("refinement", "ada")
        for number in range(3):
            await store.items.add(team.id, f"{LONGEST[:2_900]} {HOSTILE}{number}"[:3_000], by="ada")

    await hone.database.write(WORKSPACE, hone.now, write)
    await hone.person(ZOE).says("help")  # so that Hone knows her team
    await ada.says(f"coach {LONGEST}")
    yield alone("question", ada)
    await ada.chats((HOSTILE + LONGEST)[:700])
    yield alone("answered", ada, -2)
    for answer in (FAR_AND_WIDE, (HOSTILE * 5)[:700], "me", "in 2 weeks", (HOSTILE * 2)[:200]):
        await ada.chats(answer)
    for answer in (f"2 {HOSTILE}"[:80], f"1 {LONGEST}"[:80]):
        await ada.chats(answer)
    yield alone("question-check", ada)
    await ada.clicks("All in one form")
    yield form("form", ada)
    await ada.fills({})
    yield told("saved", ada)


# --- themes ----------------------------------------------------------------------------------

SAID = {
    "checkout": "Waiting for the platform team to open ports #dependencies",
    "search": "Platform team takes a week to open a port #dependencies",
    "mobile": "Ports opened late by the platform team #dependencies",
    "billing": "We wait for platform to open ports #dependencies",
}


async def themes(hone: Hone) -> AsyncIterator[Specimen]:
    """Four teams of six name the same dependency, and it becomes the train's."""
    ann = hone.person("Ann", channel="checkout")
    await ann.says("themes")
    yield told("nothing", ann)
    for channel, words in SAID.items():
        unsigned = " --anon" if channel == "billing" else " by tomorrow"
        await hone.person(f"{channel}-bo", channel=channel).says(f"improve {words}{unsigned}")
    await hone.person("Bo", channel="web").says("improve The style guide is out of date")
    await ann.says("themes")
    yield told("systemic", ann)
    await ann.clicks("Propose a train item", on=ann.whispered)
    await ann.fills({"title": "", "due": "2026-02-30"})
    yield form("form-with-errors", ann)
    await ann.fills({"title": "Ports open the same day", "owner": "ann", "due": "2026-12-18"})
    yield posted_in("checkout", "train-item", hone)
    await hone.wait(days=3)
    await ann.says("themes")
    yield told("confirmed", ann)
    await ann.says("retro ia")
    yield told("packet", ann)
    await ann.clicks("As Markdown", on=ann.whispered)
    yield told("markdown", ann)


async def workshop(hone: Hone) -> AsyncIterator[Specimen]:
    """A problem is solved: whys, dots, the biggest cause, an item; at first with ugly words."""
    ann = hone.person("Ann", channel="checkout")
    await ann.says("improve Ports open late")
    await ann.says("retro ia")
    await ann.clicks("Problem-solving workshop", on=ann.whispered)
    yield form("form-start", ann)
    await ann.fills({"words": f"Half of our stories wait {HOSTILE}"[:300]})
    await ann.clicks("Add a cause")
    yield form("form-whys", ann)
    await ann.fills(
        {"why0": HOSTILE[:200], "why1": "Tickets queue", "why2": "One person opens ports"}
    )
    await ann.clicks("Add a cause")
    await ann.fills({"why0": "We ask late"})
    await ann.clicks("Give dots")
    yield form("form-dots", ann)
    await ann.fills({"causes": "1"})
    yield posted_in("checkout", "looking", hone)
    await ann.clicks("Show the biggest")
    yield posted_in("checkout", "chosen", hone)
    await ann.clicks("Improvement item")
    await ann.fills({"title": "Two people open ports"})
    yield form("form-item-with-errors", ann)


async def own_topics(hone: Hone) -> AsyncIterator[Specimen]:
    """A theme is suggested for an item and chosen; topics of one's own are written and listed."""
    ann, bo = hone.person("Ann"), hone.person("Bo", channel="search")
    await bo.says("improve Builds take forty minutes #builds")
    await bo.says("improve Nightly tests of the shop are red on Mondays #flaky")
    await ann.says("improve Our builds take twenty minutes")
    yield told("suggested", ann)
    await ann.clicks("Another …", on=ann.whispered)
    yield form("form-theme", ann)
    await ann.fills({"tag": "#speed"})
    yield told("chosen", ann)
    await ann.says("improve The nightly tests of the api are never red")
    yield told("offered", ann)
    await ann.says("themes add")
    await ann.fills({"title": "", "said": "Licences run out"})
    yield form("form-with-errors", ann)
    await ann.fills({"title": "Licences", "said": "\n".join(f"Seat {n} is gone" for n in range(5))})
    yield told("saved", ann)
    await ann.says("themes topics")
    yield told("list", ann)


def posted_in(channel: str, name: str, hone: Hone) -> Specimen:
    return Specimen(name, hone.channel(channel)[-1].card)


async def themes_most(hone: Hone) -> AsyncIterator[Specimen]:
    """Thirty teams with the worst of names and words, which all name the same eight themes."""
    ann = hone.person("Ann", channel="c0")
    await ann.says("help")

    async def write(store: Store) -> None:
        for number in range(30):
            channel = await store.channels.ensure(f"c{number}", f"{number} {HOSTILE}"[:80], "UTC")
            for theme in "abcdefgh":
                words = f"{theme * 9} {number} {HOSTILE} {FAR_AND_WIDE}"
                await store.items.add(channel.team_id, words, by="ann", themes=[theme * 40])

    await hone.database.write(WORKSPACE, hone.now, write)
    await ann.says("themes")
    yield told("systemic", ann)
    offer = ann.whispered
    await ann.clicks("Propose a train item", on=offer)
    yield form("form", ann)
    await ann.fills({"title": (HOSTILE * 3)[:300]})
    await ann.says("retro ia")
    yield told("packet", ann)
    await ann.clicks("As Markdown", on=ann.whispered)
    yield told("markdown", ann)
    await ann.acts(Click(ReadMarkdown(99, True)))
    yield told("markdown-last", ann)


ROOMS: Mapping[str, Room] = {
    "coach": coach,
    "coach-most": coach_most,
    "themes": themes,
    "topics": own_topics,
    "workshop": workshop,
    "themes-most": themes_most,
}
