"""The gallery's rooms for a team's week and a person's day: digest, settings, own page, help."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

from bot.turn import Joined, Named, Opened
from storage import Store
from tests.gallery.specimen import (
    FAR_AND_WIDE,
    HOSTILE,
    LONGEST,
    ZOE,
    Room,
    Specimen,
    form,
    furnish,
    own_page,
    posted,
    told,
)
from tests.hone import WORKSPACE, Hone


async def digest(hone: Hone) -> AsyncIterator[Specimen]:
    ada = hone.person("Ada", zone="Europe/Berlin")
    await ada.says("digest preview")
    yield told("of-an-empty-backlog", ada)
    await furnish(hone)
    await ada.says("digest on")
    await ada.fills({"at": "half past nine-ish"})
    yield form("form-schedule-with-error", ada)
    await ada.fills({"at": "9:00"})
    yield told("scheduled", ada)
    await hone.wait(days=7)
    yield posted("week", hone, -2)
    yield posted("details", hone)
    await ada.clicks("Refine")
    yield form("form-refine", ada)
    await ada.fills({"details": "Anybody can find who owns it."})
    await ada.clicks("Ready anyway", on=ada.whispered)
    await ada.fills({"reason": "The owner told us."})
    yield posted("week-with-an-answer", hone, -2)


async def settings(hone: Hone) -> AsyncIterator[Specimen]:
    ada = hone.person("Ada", zone="Europe/Berlin")
    await ada.says("settings")
    yield form("form", ada)
    await ada.fills({"name": "Checkout", "facilitators": ("ada",), "reveal": "anyone"})
    yield told("saved", ada)


async def mypage(hone: Hone) -> AsyncIterator[Specimen]:
    """Nothing, something of everything, a copy, and what stays when a page has moved."""
    ada, grace = hone.person("Ada"), hone.person("Grace", zone="Asia/Kolkata")
    alone = grace.alone()
    await alone.acts(Opened(empty=True))
    yield own_page("empty", grace)
    await furnish(hone)
    me = Named("grace", "Grace")
    await ada.says("improve Alarms wake the wrong people @Grace by 2026-12-04", me)
    await ada.says("improve Nobody owns the runbook @Grace by tomorrow", me)
    await ada.says("digest on Tuesday 9:00")
    await hone.wait(days=2, hours=2)
    await ada.says("pi setup")
    await ada.fills({"name": "PI 7", "starts": "2026-11-23", "length": "10 weeks"})
    await ada.says("pi confidence")
    await ada.says("retro start by Friday 16:00")
    await ada.says("wsjf start #14 #15 #2 by 16:00")
    await alone.says("coach Builds take forty minutes")
    await alone.chats("Everybody waits for the slowest test")
    yield own_page("full", grace)
    await grace.says("me")
    yield told("copy", grace)
    await alone.says("me")
    await hone.wait(hours=1)
    await alone.says("me")
    chat = hone.channel(alone.place.channel)
    yield Specimen("moved", next(m.card for m in chat if "further down" in m.text))


async def mypage_most(hone: Hone) -> AsyncIterator[Specimen]:
    """More of everything than is shown, with the longest and the worst of titles and names."""
    zoe = hone.person(ZOE, zone="Asia/Kolkata")
    channels = [f"{n} {HOSTILE}"[:80] for n in range(6)]
    titles = [LONGEST, HOSTILE, FAR_AND_WIDE, *(f"{n} {LONGEST[:140]}" for n in range(4, 21))]

    async def write(store: Store) -> None:
        for channel in channels:
            team = (await store.channels.ensure(channel, channel, "UTC")).team_id
            await store.people.join(zoe.who.id, team)
            numbers = [
                (await store.items.add(team, title, by="ada", owner=zoe.who.id)).number
                for title in titles[:5]
            ]
            at = hone.now + timedelta(days=2, hours=len(numbers))
            await store.polls.start(channel, team, "ada", numbers, closes_at=at)
            late = await store.items.add(team, LONGEST, by="ada", owner=zoe.who.id)
            late.due = late.due_asked = hone.now.date()

    await hone.database.write(WORKSPACE, hone.now, write)
    for channel in channels:
        await hone.person("Ada", channel=channel).says("digest on Tuesday 9:00")
    await hone.wait(days=1, hours=1)
    await zoe.alone().acts(Opened(empty=True))
    await hone.settle()
    yield own_page("page", zoe)


async def help(hone: Hone) -> AsyncIterator[Specimen]:
    ada = hone.person("Ada")
    await ada.acts(Joined())
    yield posted("welcome", hone)
    await ada.says("help")
    yield told("every-command", ada)
    await ada.says("help digest")
    yield told("one-command", ada)
    alone = ada.alone()
    await alone.chats("Improv <please>")
    yield told("no-command", alone)


ROOMS: Mapping[str, Room] = {
    "digest": digest,
    "settings": settings,
    "mypage": mypage,
    "mypage-most": mypage_most,
    "help": help,
}
