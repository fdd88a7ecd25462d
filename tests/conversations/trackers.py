"""A team that connects its tracker and works beside it, whichever tracker it is."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import cast

from bot.trackers.catalog import opened_through
from bot.trackers.http import Door
from bot.trackers.kinds import KINDS
from bot.trackers.tracker import Opens
from tests.fakes.trackers.board import Board
from tests.hone import Hone, Someone

CARDS = {"ubv": "8", "tc": "5", "rroe": "3", "size": "2"}


def way_to(hone: Hone, *boards: Board) -> Door:
    """Return Hone's way to trackers where work goes on since an hour."""
    for board in boards:
        board.now = hone.now - timedelta(hours=1)
    opened = Door(lambda: hone.now, [board.host for board in boards])
    cast("dict[str, Opens]", hone.sites.opens).update(opened_through(opened))
    return opened


async def connects(hone: Hone, ada: Someone, board: Board) -> None:
    """Fill the form with what this tracker asks for."""
    await ada.says(f"connect {KINDS[board.kind].name}")
    assert ada.form is not None
    access = board.access()
    given = {"site": access.site}
    for asked in KINDS[board.kind].asks:
        if value := access.given.get(asked.id):
            given[f"secret_{asked.id}" if asked.secret else asked.id] = value
    shown = {field.id for field in ada.form.fields if hasattr(field, "id")}
    await ada.fills({name: value for name, value in given.items() if name in shown})
    assert not ada.errors, ada.errors
    await hone.pulls()


async def follows(hone: Hone, ada: Someone, board: Board) -> None:
    """Choose the project, read the preview, and start."""
    async with hone.database.read(hone.workspace, hone.now) as store:
        site = next(each for each in await store.trackers.all() if board.host in each.site)
    assert site.state == "open", site.why
    chosen = [id for id, _ in site.told["scopes"]].index(board.scope)
    alone = ada.alone()
    await alone.clicks(f"Choose a {KINDS[board.kind].scope}")
    await alone.fills({"scope": str(chosen)})
    await hone.pulls()
    assert site.told["scopes"][chosen][1] in hone.last(f"dm-{ada.who.id}")
    await alone.clicks("Start")
    await hone.pulls()


async def number_of(ada: Someone, title: str) -> str:
    await ada.says("backlog")
    found = re.search(rf"#(\d+) {title}", ada.told)
    assert found, ada.told
    return found[1]


async def vote(hone: Hone, ada: Someone, number: str) -> None:
    """Have the team vote on an item, up to where Ada may accept its score."""
    await ada.says(f"wsjf #{number}")
    for person in (ada, hone.person("Grace"), hone.person("Tomas")):
        await person.clicks("Vote")
        for column, card in CARDS.items():
            await person.fills({f"{column}.{number}": card})
    await ada.clicks("Reveal")
