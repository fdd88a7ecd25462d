"""Everything that can be done with an item that lives in a tracker, too."""

from __future__ import annotations

from tests.handlers.tracker.followed import Followed
from tests.hone import Hone
from tests.sweep.workspace import improves


async def an_item_lives_there(hone: Hone) -> None:
    followed = Followed(hone)
    await followed.begin()
    ada = hone.person("Ada")
    number = await improves(ada, "Invoices take two approvals")
    await followed.has(number, "70")
    await ada.says(f"backlog rename #{number} Invoices take three approvals")


SCENES = (an_item_lives_there,)
