"""A Jira Data Center of others' making (PyPI `jira820`) as judge of our queries and of its shapes.

It evaluates JQL by itself, so a page that skips issues is seen. What it does not know is put right
on the way or left out: it searches by GET alone and names projects by their keys; it knows an issue
by its key alone, so single issues, histories and writes are not judged; nor are rights and screens.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from prism import free_port, listening
from yarl import URL

from bot.remote import RemoteItem
from bot.trackers.http import Answer, Door
from bot.trackers.jira.adapter import Jira
from bot.trackers.tracker import Access

PAGES_MAX = 20


class Around(Door):
    """The way there, past what it does not know."""

    async def call(
        self, name: str, method: str, url: URL, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        if not url.path.endswith("/search"):
            return await super().call(name, method, url, headers, body)
        asked = json.loads(body or b"{}")
        asked["jql"] = asked["jql"].replace("project = 10000", "project = JIRA820")
        query = {k: ",".join(v) if isinstance(v, list) else str(v) for k, v in asked.items()}
        return await super().call(name, "GET", url.with_query(query), headers, None)


async def judge(python: str) -> None:
    port = free_port()
    server = await asyncio.create_subprocess_exec(
        *(python, "-m", "jira820"),
        env={**os.environ, "JIRA820_PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    host = f"127.0.0.1:{port}"
    door = Around(lambda: datetime.now(UTC), [host])
    try:
        await listening(port)
        await story(Jira(Access(host, {"token": "any"}), door))
    finally:
        await door.close()
        server.terminate()
        await server.wait()


async def story(jira: Jira) -> None:
    """Read a project and its boards page by page."""
    assert (await jira.account()).id
    project, *boards = await jira.scopes()
    items = await whole(jira, project.id)
    ids, cursor = set[str](), ""
    while True:
        some = await jira.ids(project.id, cursor)
        ids |= some.ids
        if not (cursor := some.cursor):
            break
    assert {item.id for item in items} == ids
    assert all(item.title and item.state and item.created and item.updated for item in items)
    assert any(item.owner and item.fields["points"] and item.fields["due"] for item in items)
    print(f"  {len(ids)} issues by our queries, page by page: none slipped through")
    for board in boards:
        assert {item.id for item in await whole(jira, board.id)} <= ids
    print(f"  and those of {len(boards)} boards")


async def whole(jira: Jira, scope: str) -> list[RemoteItem]:
    items: list[RemoteItem] = []
    cursor = ""
    for _ in range(PAGES_MAX):
        page = await jira.page(scope, cursor, datetime.now(UTC))
        items += page.items
        cursor = page.cursor
        if not page.more:
            return items
    raise AssertionError("it never ends")


if __name__ == "__main__":
    asyncio.run(judge(*sys.argv[1:]))
