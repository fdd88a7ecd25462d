"""Everything that can be done with an item that lives in a tracker, too, or shall live there."""

from __future__ import annotations

from datetime import date

from bot.remote import Planned, RemoteItem, RemoteObjective, RemotePI
from bot.trackers.tracker import Rejected
from storage import Store
from tests.handlers.tracker.followed import Followed
from tests.hone import Hone
from tests.sweep.workspace import improves, standing


async def what_lives_there(hone: Hone) -> None:
    followed = Followed(hone)
    await followed.begin()
    ada = hone.person("Ada")
    number = await improves(ada, "Invoices take two approvals")
    await followed.has(number, "70", moves=("In Progress",))
    followed.tracker.troubles = [Rejected("Summary is too long.")]
    await ada.says(f"backlog rename #{number} Invoices take three approvals")
    item = standing(hone, f"#{number} ")
    await ada.clicks("Try again", on=item)
    await ada.clicks("Move in Sample tracker", on=standing(hone, f"#{number} "))
    await ada.fills({})


async def what_both_changed(hone: Hone) -> None:
    followed = Followed(hone)
    ada = hone.person("Ada")
    number = await improves(ada, "Statements arrive late")
    await followed.has(number, "71")
    await followed.scope(writes=False)
    await ada.says(f"backlog rename #{number} Statements arrive a week late")
    title = "Statements are late"
    await followed.tells(
        RemoteItem(source="sample:sample", id="71", key="PAY-71", title=title, version="2")
    )
    await followed.scope(writes=True)
    told = hone.channel("dm-ada")[-1].card
    await ada.says("tracker")
    await ada.clicks("Decide", on=ada.whispered)
    await ada.clicks("Use theirs", on=ada.whispered)
    await ada.alone().clicks("Use mine", on=told)  # after all


async def what_a_plan_says(hone: Hone) -> None:
    followed = Followed(hone)
    ada = hone.person("Ada")
    async with hone.database.read(hone.workspace, hone.now) as store:
        open_pi = await store.objectives.current(1)
    name = open_pi.name if open_pi else "PI 27.1"
    pi = RemotePI("8", name, date(2026, 11, 23), date(2027, 1, 31))
    await followed.scope(plan="program")
    await followed.brings(Planned("program", pi, (RemoteObjective("81", "Refunds in a day", 8),)))
    await ada.says("pi objectives")
    await ada.clicks("Change", on=ada.whispered)
    await ada.fills({"planned": "3"})
    await followed.brings(Planned("program", pi, (RemoteObjective("81", "Refunds in a day", 9),)))
    await followed.scope(plan="")


async def what_is_put_there(hone: Hone) -> None:
    followed = Followed(hone)
    ada = hone.person("Ada")
    number = await improves(ada, "Receipts get lost")
    other = await improves(ada, "Refunds take a week")
    await ada.says(f"backlog rename #{number} Receipts get lost twice a week")
    await ada.clicks("Put into Sample tracker", on=standing(hone, f"#{number} "))
    await followed.site(state="refused")
    await followed.change(_follow_another)
    await ada.says(f"backlog rename #{other} Refunds take a month")
    await ada.clicks("Put into Sample tracker", on=standing(hone, f"#{other} "))
    await ada.fills({})
    await ada.clicks("Leave it here", on=standing(hone, f"#{other} "))


async def _follow_another(store: Store) -> None:
    site = await store.trackers.find(1)
    known = await store.trackers.scope(1)
    assert site is not None
    assert known is not None
    scope = await store.trackers.follow(site, known.team_id, "OPS", "Operations")
    scope.step, scope.due_at = "following", None


SCENES = (what_lives_there, what_both_changed, what_a_plan_says, what_is_put_there)
