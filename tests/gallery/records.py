"""The gallery's rooms for items and plans that live in a tracker, too, or shall live there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import date

from bot.remote import Abilities, Planned, RemoteItem, RemoteObjective, RemotePI, Scope
from bot.trackers.tracker import NotAllowed, Rejected
from storage import Store
from tests.gallery.specimen import HOSTILE, LONGEST, Room, Specimen, form, posted, told
from tests.handlers.tracker.followed import Followed, option
from tests.hone import Hone


async def records(hone: Hone) -> AsyncIterator[Specimen]:
    ada = hone.person("Ada", zone="Europe/Berlin")
    await ada.says("improve Builds take forty minutes #builds")
    followed = Followed(hone)
    await followed.begin()
    await followed.has(1, "7", moves=("In Progress", "Done", LONGEST[:200]), state="To Do")
    await ada.says("backlog finish #1")
    yield posted("known", hone)
    followed.tracker.troubles = [Rejected(HOSTILE)]
    await ada.says("backlog rename #1 Builds take an hour")
    yield posted("not-taken", hone)
    await ada.clicks("Move in Sample tracker")
    yield form("form-move", ada)
    await ada.fills({"state": option(ada, "In Progress")})
    await ada.says("backlog #1")
    yield told("story", ada)
    await ada.says("backlog owner #1 me")
    yield told("stays-here", ada)
    await followed.scope(writes=False)
    await ada.says("backlog rename #1 Builds take all morning")
    theirs = RemoteItem(
        source="sample:sample", id="7", key="PAY-7", title=LONGEST[:900], state="Done", version="5"
    )
    await followed.tells(theirs)
    yield posted("outdone", hone, channel="dm-ada")
    await ada.says("tracker conflicts")
    yield told("conflicts", ada)
    await ada.alone().clicks("Use mine")
    yield posted("settled", hone, channel="dm-ada")
    await followed.scope(writes=True)
    await ada.says("improve Receipts get lost")
    await ada.says("wsjf #2")
    await ada.clicks("Cancel")
    await ada.says("backlog rename #2 Receipts get lost twice a week")
    followed.tracker.troubles = [NotAllowed("My account may not create items in Payments.")] * 2
    await ada.says("improve Refunds take a week")
    await ada.clicks("Put into Sample tracker")
    yield told("on-its-way", ada)
    yield posted("not-put", hone)
    await followed.change(_follow_another)
    await ada.says("improve Invoices go out late")
    await ada.clicks("Put into Sample tracker")
    yield form("form-put", ada)
    await followed.site(state="refused")
    await ada.fills({})
    yield posted("waits", hone)
    await followed.has(2, "8", state=LONGEST[:250])
    await ada.says("wsjf #2 #3")
    yield posted("vote", hone)


async def plans(hone: Hone) -> AsyncIterator[Specimen]:
    """A PI and objectives that a tracker has, too: the same, another value, gone there."""
    ada = hone.person("Ada", zone="Europe/Berlin")
    await ada.says("improve Builds take forty minutes #builds")
    followed = Followed(hone)
    await followed.begin()
    can = Abilities(plans=(Scope("program", "the whole program"), Scope("team:1", HOSTILE)))
    await followed.can(can)
    await ada.says("tracker")
    await ada.clicks("Change mapping", on=ada.whispered)
    yield form("form-mapping", ada)
    await followed.scope(plan="program")
    pi = RemotePI("8", "PI 27.1", date(2026, 11, 23), date(2027, 1, 31))
    goal = RemoteObjective("81", "Refunds in a day", 8, committed=False)
    await followed.brings(Planned("program", pi, (goal,)))
    await ada.says("pi objectives")
    yield told("objective", ada)
    await ada.clicks("Change", on=ada.whispered)
    await ada.fills({"planned": "3"})
    theirs = replace(goal, title=LONGEST[:900], planned=9)
    await followed.brings(Planned("program", replace(pi, name=HOSTILE), (theirs,)))
    yield posted("differs", hone, channel="dm-ada")
    await ada.says("pi")
    yield told("line", ada)
    await followed.brings(Planned("program", pi, ()))
    yield posted("gone", hone, channel="dm-ada")
    await ada.says("tracker")
    yield told("tracker", ada)


async def _follow_another(store: Store) -> None:
    site, known = await store.trackers.find(1), await store.trackers.scope(1)
    assert site is not None
    assert known is not None
    scope = await store.trackers.follow(site, known.team_id, "OPS", f"Operations {LONGEST[:200]}")
    scope.step, scope.due_at = "following", None


ROOMS: Mapping[str, Room] = {"records": records, "plans": plans}
