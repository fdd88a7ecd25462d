"""Atlassian's own document as judge: each request and each answer has to be as it says.

Started by `make trackers` with the document and the proxy (Prism) that checks by it. The adapter
goes through the proxy to the fake of the tests; what either side sends that the document does not
know ends it.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from datetime import date

from bot.remote import RemoteItem
from bot.trackers.http import Door
from bot.trackers.jira.adapter import Jira
from bot.trackers.tracker import Access
from tests.bot.trackers.reading import everything, items_of, record
from tests.fakes.trackers.board import ADA, GRACE
from tests.fakes.trackers.jira import FakeJira

STARTS_S = 60.0


async def judge(document: str, prism: str) -> None:
    async with FakeJira() as board:
        port = free_port()
        proxy = await asyncio.create_subprocess_exec(
            *(prism, "proxy", document, f"http://{board.host}"),
            *("--errors", "--port", str(port), "--host", "127.0.0.1"),
            stdout=asyncio.subprocess.DEVNULL,
        )
        host = f"127.0.0.1:{port}"
        try:
            await listening(port)
            door = Door(lambda: board.now, [host])
            jira = Jira(Access(host, dict(board.access().given)), door)
            await story(board, jira)
            await door.close()
        finally:
            proxy.terminate()
            await proxy.wait()
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


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def listening(port: int) -> None:
    async with asyncio.timeout(STARTS_S):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.5)
            else:
                writer.close()
                return


if __name__ == "__main__":
    asyncio.run(judge(*sys.argv[1:]))
