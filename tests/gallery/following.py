"""The gallery's rooms for follow-through: what is asked on a morning, and what is answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

from bot.turn import Named
from storage import Store
from tests.gallery.specimen import (
    FAR_AND_WIDE,
    HOSTILE,
    LONGEST,
    Room,
    Specimen,
    alone,
    form,
    posted,
    told,
)
from tests.hone import WORKSPACE, Hone

GRACE = Named("grace", "Grace")


async def follow(hone: Hone) -> AsyncIterator[Specimen]:
    """What an owner is asked on a morning: one thing, then several, and what they answer."""
    ada, grace = hone.person("Ada"), hone.person("Grace").alone()
    await hone.person("Grace").says("help")
    await ada.says("improve Reviews wait @Grace by tomorrow", GRACE)
    await hone.wait(days=2)
    yield alone("due", grace)
    await grace.clicks("Later")
    await grace.fills({"due": "2026-11-01"})
    yield form("form-later-with-error", grace)
    await grace.fills({"due": "2026-12-04"})
    yield alone("due-answered", grace)
    await ada.says("coach #1")
    metric = {"metric": "days a review waits", "start": "2 days", "goal": "4 hours"}
    await ada.fills({**metric, "experiment": "Review before lunch", "check": "2026-12-07"})
    await ada.clicks("Done")
    for title in ("Builds take forty minutes", "Nobody owns staging"):
        await ada.says(f"improve {title} @Grace by 4 Dec", GRACE)
    await hone.wait(days=12)
    yield alone("several", grace)
    await grace.clicks("Drop")
    await grace.fills({})
    yield form("form-drop-with-error", grace)
    await grace.fills({"reason": "no longer true"})
    await grace.clicks("It moved")
    await grace.fills({"value": "a lot"})
    yield form("form-effect-with-error", grace)
    await grace.clicks("Ask me later")
    yield form("form-recheck", grace)
    await grace.clicks("It moved")
    await grace.fills({"value": "5 hours"})
    yield alone("several-answered", grace)
    await grace.clicks("Done")
    yield alone("all-answered", grace)


async def follow_on(hone: Hone) -> AsyncIterator[Specimen]:
    """It was put off twice, nobody owns it, and then it did not move: what is tried next."""
    ada, grace = hone.person("Ada"), hone.person("Grace").alone()
    await ada.says("improve")
    hoped = {"metric": "days a review waits from 2 days to 4 hours"}
    await ada.fills({"title": "Reviews wait", **hoped})
    await hone.person("Grace").says("mark #1 done")
    await hone.wait(days=15)
    await grace.clicks("Ask me later")
    await grace.fills({"day": "2026-12-14"})
    await hone.wait(days=7)
    await grace.clicks("Ask me later")
    await grace.fills({"day": "2026-12-21"})
    yield form("form-recheck-with-error", grace)
    await grace.fills({"day": "2026-12-21", "why": "Nobody counts the days"})
    await hone.wait(days=7)
    yield alone("put-off-twice", grace)
    await grace.clicks("It did not")
    await grace.fills({"value": "3 days"})
    yield told("not-moved", grace)
    await grace.clicks("Next experiment", on=grace.whispered)
    yield form("form-next", grace)


async def follow_most(hone: Hone) -> AsyncIterator[Specimen]:
    """Twenty questions on one morning, about the longest and the worst of items."""
    await hone.person("Grace").says("help")
    today = hone.now.date()

    async def write(store: Store) -> None:
        team = await store.teams.resolve("refinement", "grace")
        for number in range(20):
            title = f"{number} {HOSTILE} {FAR_AND_WIDE} {LONGEST}"[:3_000]
            item = await store.items.add(team.id, title, by="grace", owner="grace", due=today)
            hoped = {
                "experiment": (HOSTILE * 5)[:700],
                "metric": f"{HOSTILE} {FAR_AND_WIDE}"[:200],
                "metric_from": f"1 {LONGEST[:78]}",
                "metric_to": f"2 {LONGEST[:78]}",
                "check_on": today + timedelta(days=1),
            }
            if number % 2:
                await store.items.change(item, {**hoped, "state": "accepted"}, by="grace")

    await hone.database.write(WORKSPACE, hone.now, write)
    await hone.wait(days=1)
    grace = hone.person("Grace").alone()
    yield alone("several", grace)
    for press in ("Done",) * 10 + ("Cannot tell",) * 4:
        hone.now += timedelta(seconds=5)
        await grace.clicks(press)
    yield alone("several-answered", grace)


async def focus(hone: Hone) -> AsyncIterator[Specimen]:
    """What the team improves now; then what came of it, and what comes next."""
    ada = hone.person("Ada")
    for title in ("Estimate in hours no more", "Two people prepare stories"):
        await ada.says(f"improve {title}")
    await hone.wait(minutes=11)
    await ada.clicks("Make it our focus", on=hone.channel()[0].card)
    yield posted("now", hone)
    await hone.wait(days=14)
    yield posted("ended", hone)
    await ada.clicks("Done")
    yield posted("done", hone)


ROOMS: Mapping[str, Room] = {
    "follow": follow,
    "follow-on": follow_on,
    "follow-most": follow_most,
    "focus": focus,
}
