"""Microsoft's own document as judge: what we ask about work items is as it says.

Of answers it says other things than Azure does, such as texts where items stand in a feed; so it
judges requests alone.

Started by `make trackers` with the document and the proxy (Prism) that checks by it. The document
knows work items alone, and their query language only below a team: who we are, projects and queries
go past the proxy.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from prism import judged_by
from yarl import URL

from bot.remote import RemoteItem
from bot.trackers.azure.adapter import Azure
from bot.trackers.http import Answer, Door
from bot.trackers.tracker import Access
from tests.bot.trackers.reading import everything, items_of, record
from tests.fakes.trackers.azure import FakeAzure
from tests.fakes.trackers.board import ADA, GRACE

_OF_A_REQUEST = re.compile(r'\{"location":\["request"[^{}]*\}')
"""What a header says of a request; of a long answer it is cut, behind what it says of that."""

LEFT_OUT = ("examples", "security", "securitydefinitions")


def usable(document: str, folder: str) -> str:
    """Write the document anew without what keeps a proxy from using it.

    Its examples are files of their own elsewhere, and it knows sign-in by OAuth alone. A patch it
    calls a list and an object at once, and whatever that sets an object.
    """

    def kept(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {name: v for name, v in pairs if not name.lower().endswith(LEFT_OUT)}

    told = json.loads(Path(document).read_text(), object_pairs_hook=kept)
    del told["definitions"]["JsonPatchDocument"]["type"]
    told["definitions"]["JsonPatchOperation"]["properties"]["value"] = {}
    copy = Path(folder) / "azure.json"
    copy.write_text(json.dumps(told))
    return str(copy)


async def judge(document: str, prism: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        await judge_by(usable(document, folder), prism)


async def judge_by(document: str, prism: str) -> None:
    async with (
        FakeAzure() as board,
        judged_by(document, prism, board.host, strict=False) as host,
    ):
        door = Watching(lambda: board.now, [host])
        azure = Azure(Access(f"{host}/acme", dict(board.access().given)), door)
        await story(board, azure)
        await door.close()
        assert not door.wrong, door.wrong
        paths = {(method, path.partition("?")[0]) for method, path, _ in board.calls}
        print(f"  {len(board.calls)} requests to {len(paths)} addresses are as Microsoft says")


class Watching(Door):
    """The way out, which gathers what the proxy says of our requests."""

    def __init__(self, clock: Callable[[], datetime], hosts: list[str]) -> None:
        super().__init__(clock, hosts)
        self.wrong: list[str] = []

    async def call(
        self, name: str, method: str, url: URL, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        answer = await super().call(name, method, url, headers, body)
        self.wrong += _OF_A_REQUEST.findall(answer.headers.get("sl-violations", ""))
        return answer


async def story(board: FakeAzure, azure: Azure) -> None:
    """Go through all that the adapter asks about work items."""
    parent = board.add("Checkout")
    for number in range(120):
        board.add(f"Item {number}", owner=ADA, points=3, labels=["money"], parent=parent)
    id = board.add("Refunds", description="People call us.", due=date(2026, 12, 24))
    board.edit(id, blocked_by=[parent], state="Active")
    pages, cursor = await everything(azure, board)
    assert len(items_of(pages)) == 122
    board.edit(id, title="Refunds abroad")
    pages, _ = await everything(azure, board, cursor)
    assert [item.title for item in items_of(pages)] == ["Refunds abroad"]
    assert isinstance(await azure.one(board.scope, str(id)), RemoteItem)
    change = {
        "title": "Refunds at home",
        "owner": board.account(GRACE),
        "due": date(2027, 1, 8),
        "labels": ("+fast",),
        "points": 5,
        "state": "Closed",
        "ubv": 8,
        "tc": 5,
        "rroe": 3,
        "size": 2,
        "wsjf": 8.0,
    }
    back = "https://hone.example/7"
    written = await azure.write(board.scope, record(str(id), change, backlink=back))
    assert not written.left_out, written.left_out
    made = await azure.create(board.scope, record(None, {"title": "Builds"}, body="Cache"))
    assert board.things[int(made.id)].title == "Builds"


if __name__ == "__main__":
    asyncio.run(judge(*sys.argv[1:]))
