"""Agility's own SDK as judge of our fake: what it sends is understood, what it asks is answered.

What Hone's adapter then reads of the SDK's work is what the SDK wrote.
"""

from __future__ import annotations

import asyncio
import os
import sys

from bot.remote import RemoteItem
from bot.trackers.http import Door
from tests.fakes.trackers.agility import FakeAgility
from tests.fakes.trackers.board import MONDAY


async def judge(script: str, modules: str) -> None:
    async with FakeAgility() as board:
        port = board.host.rpartition(":")[2]
        sdk = await asyncio.create_subprocess_exec(
            *("node", script, port, board.token), env={**os.environ, "NODE_PATH": modules}
        )
        if await sdk.wait():
            raise SystemExit("the SDK does not work against the fake")
        (id,) = board.things
        door = Door(lambda: MONDAY, [board.host])
        item = await board.tracker(door).one(board.scope, f"Story:{id}")
        await door.close()
        assert isinstance(item, RemoteItem)
        assert (item.title, item.state, item.owner) == (
            "Refunds abroad",
            "Closed",
            "Ada Park <Member:20>",
        )
        print("  and the adapter reads what the SDK wrote")


if __name__ == "__main__":
    asyncio.run(judge(*sys.argv[1:]))
