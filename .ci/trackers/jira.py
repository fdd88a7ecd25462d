"""Atlassian's own document as judge: each request and each answer has to be as it says.

Started by `make trackers` with the document and the proxy (Prism) that checks by it. The adapter
goes through the proxy to the fake of the tests; what either side sends that the document does not
know ends it.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import date

from prism import judged_by

from bot.remote import RemoteItem
from bot.trackers.http import Door
from bot.trackers.jira.adapter import Jira
from bot.trackers.tracker import Access
from tests.bot.trackers.reading import everything, items_of, record
from tests.fakes.trackers.board import ADA, GRACE
from tests.fakes.trackers.jira import FakeJira


async def judge(document: str, prism: str) -> None:
    async with FakeJira() as board, judged_by(document, prism, board.host) as host:
        door = Door(lambda: board.now, [host])
        jira = Jira(Access(host, dict(board.access().given)), door)
        await story(board, jira)
        await door.close()
        paths = {(method, path.partition("?")[0]) for method, path, _ in board.calls}
        print(
            f"  {len(board.calls)} calls to {len(paths)} addresses are as Atlassian's document says"
        )


async def story(board: FakeJira, jira: Jira) -> None:
    """Go through all that the adapter asks of Jira's platform API."""
    await jira.account()
    parent = board.add("Checkout")
    for number in range(120):
        board.add(f"Item {number}", owner=ADA, points=3, labels=["money"], parent=parent)
    board.tick(3_600)
    id = board.add("Refunds", description="People call us.", due=date(2026, 12, 24))
    board.edit(id, blocked_by=[parent], state="In Progress")
    pages, cursor = await everything(jira, board)
    assert len(items_of(pages)) == 122
    board.edit(id, title="Refunds abroad")
    pages, _ = await everything(jira, board, cursor)
    assert [item.title for item in items_of(pages)] == ["Refunds abroad"]
    assert isinstance(await jira.one(board.scope, str(id)), RemoteItem)
    await jira.ids(board.scope, "")
    assert (await jira.abilities(board.scope)).writes("ubv")
    change = {
        "title": "Refunds at home",
        "owner": GRACE,
        "due": date(2027, 1, 8),
        "labels": ("+fast",),
        "points": 5,
        "state": "Done",
        "ubv": 8,
        "tc": 5,
        "rroe": 3,
        "size": 2,
        "wsjf": 8.0,
    }
    written = await jira.write(
        board.scope, record(str(id), change, backlink="https://hone.example/7")
    )
    assert not written.left_out, written.left_out
    made = await jira.create(board.scope, record(None, {"title": "Builds"}, body="Cache"))
    found = await jira.find(board.scope, "hone-1a2b3c4d-7")
    assert found is not None
    assert found.id == made.id


if __name__ == "__main__":
    asyncio.run(judge(*sys.argv[1:]))
