"""The scene about a tracker: connected, chosen, started, changed, paused, ended."""

from __future__ import annotations

from datetime import timedelta

from bot.turn import Answers, Click, Submission
from handlers.tracker.actions import Connect, OpenMe, OpenRenew, SaveMe, SignInAgain
from handlers.tracker.ending import plan_reminder
from storage import Store
from tests import followed
from tests.fakes.tracker import FakeTracker
from tests.fakes.trackers.vendor import FakeVendor
from tests.hone import Hone
from tests.signing_in import browsing_at, link_on, registered


async def tracker(hone: Hone) -> None:
    """A team connects the tracker it works in, looks, follows it, and has enough of it."""
    ada = hone.person("Ada")
    alone = ada.alone()
    await ada.says("connect")
    await ada.clicks("Sample tracker", on=ada.whispered)
    # The sample asks for nothing; what asks is sent as its form would send it.
    await ada.acts(Submission(Connect("sample", 1), Answers({})))
    await followed.lets_in(hone, "Payments", "Web shop")
    await alone.clicks("Choose a project")
    await alone.fills({"scope": "0"})
    await followed.tells(hone, "shown", change=followed.something_of_all)
    await alone.clicks("Same items")
    await alone.fills({"same": ("0",)})
    await alone.clicks("Change mapping")
    await alone.fills({})
    await followed.tells(hone, "shown", change=followed.something_of_all)
    await alone.clicks("Start")
    await followed.tells(hone, "following")
    await ada.says("tracker")
    for label in ("Read now", "Only read", "Write, too", "Pause", "Resume"):
        await ada.says("tracker")
        await ada.clicks(label, on=ada.whispered)
    await _knows_a_stranger(hone)
    await ada.says("tracker")
    await ada.clicks("People", on=ada.whispered)
    await ada.fills({})
    await hone.person("Grace").says("me")
    await hone.person("Grace").acts(Click(OpenMe(1)))
    await hone.person("Grace").acts(Submission(SaveMe(1), Answers({"who": ("-",)})))
    await alone.clicks("Choose another project")
    await alone.fills({"scope": "1"})
    await alone.clicks("Stop")
    await alone.fills({})
    await _ends_soon(hone)
    await alone.acts(Click(OpenRenew(1)))


async def signing_in(hone: Hone) -> None:
    """Somebody signs in on the tracker's own page, at two sites, and again."""
    async with FakeVendor("jira", lambda: hone.now) as vendor, browsing_at(hone) as browser:
        registered(hone, vendor)
        vendor.sites = [("acme", "Acme"), ("beta", "Beta")]
        hone.opens["jira"] = lambda kind, access: FakeTracker(kind, f"{kind}:{access.site}")
        ada = hone.person("Ada")
        alone = ada.alone()
        await ada.says("connect jira")
        await alone.clicks("Enter a token instead")
        await hone.wait(minutes=11)
        await alone.clicks("New link")
        await browser.signs_in(vendor, link_on(hone.channel("dm-ada")[-1].card))
        await hone.settle()
        await alone.clicks("Choose one")
        await alone.fills({"site": "0"})
        await hone.pulls()
        async with hone.database.read(hone.workspace, hone.now) as store:
            (jira,) = [site.id for site in await store.trackers.all() if site.kind == "jira"]
        await alone.acts(Click(SignInAgain(jira)))
        hone.opens.pop("jira")


async def _knows_a_stranger(hone: Hone) -> None:
    async def know(store: Store) -> None:
        await store.trackers.know(1, "zed", "Zed Quux", None, "name")

    await hone.database.write(hone.workspace, hone.now, know)


async def _ends_soon(hone: Hone) -> None:
    async def until(store: Store) -> None:
        site = await store.trackers.find(1)
        assert site is not None
        site.until = store.now + timedelta(days=10)
        await plan_reminder(store, site)

    await hone.database.write(hone.workspace, hone.now, until)
    await hone.wait(minutes=1)


SCENES = (tracker, signing_in)
