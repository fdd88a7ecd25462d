"""An emulator of others' making (npm `emulate`) as judge of GitHub's calls and Linear's queries.

It keeps what is written and gives it back, so a score, a label or a state that does not arrive is
seen. What it does not know is answered or cut out here, on the way, and named at the end:

- GitHub: it has no GraphQL. Which repository a node is in is answered from what it lists itself;
  parents, projects' fields and issue fields of an organisation are not judged.
- Linear: its issues have no estimate, order, trash, parent, attachments, relations and history, and
  it takes no id of ours for a new one and cannot filter by a team's id or by time. The fields are
  cut out of what is asked; creating, pages, ids and the attachment with the score are not judged.
  By Linear's own schema all of them are.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from prism import free_port, listening
from yarl import URL

from bot.remote import RemoteItem
from bot.trackers.github.adapter import GitHub
from bot.trackers.github.read import CLOSED
from bot.trackers.http import Answer, Door
from bot.trackers.linear.adapter import Linear
from bot.trackers.tracker import Access, Lost
from tests.bot.trackers.reading import MARKER, record

SEED = """
tokens:
  s3cret: {login: ada, scopes: [repo, user]}
github:
  users:
    - {login: ada, name: Ada Park, email: ada@acme.example}
    - {login: grace, name: Grace Wu, email: grace@acme.example}
  repos:
    - {owner: ada, name: payments, auto_init: true}
linear:
  organization: {name: Acme, url_key: acme}
  users:
    - {email: ada@acme.example, name: Ada Park, admin: true}
  teams:
    - key: PAY
      name: Payments
      states:
        - {name: Todo, type: unstarted}
        - {name: In Progress, type: started}
        - {name: Done, type: completed}
  issues:
    - {team: PAY, title: Refunds take weeks, state: Todo}
  tokens:
    - {token: lin_test, user: ada@acme.example, scopes: [read, write]}
"""
REPOSITORY = "ada/payments"
HEADERS = {"Authorization": "Bearer lin_test", "Content-Type": "application/json"}
ASKED = b'{"query": "{ issues(first: 50) { nodes { id title } } }"}'

_UNKNOWN_IN_LINEAR = re.compile(
    r"\b(estimate|sortOrder|trashed)\b"
    r"|\b(parent|attachments|relations|inverseRelations|history)\b[^\n]*"
)


@asynccontextmanager
async def emulating(node: str, emulate: str) -> AsyncIterator[tuple[str, str]]:
    """Start the emulator; give the `host:port` of its GitHub and of its Linear."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        seed = Path(folder) / "seed.yaml"
        seed.write_text(SEED)
        process = await asyncio.create_subprocess_exec(
            *(node, emulate, "start", "--service", "github,linear"),
            *("--port", str(port), "--seed", str(seed)),
            stdout=subprocess.DEVNULL,
        )
        try:
            await listening(port)
            await listening(port + 1)
            yield f"127.0.0.1:{port}", f"127.0.0.1:{port + 1}"
        finally:
            process.terminate()
            await process.wait()


class Around(Door):
    """The way to the emulator, past what it does not know."""

    def __init__(self, clock: Callable[[], datetime], hosts: list[str]) -> None:
        super().__init__(clock, hosts)
        self.calls: set[tuple[str, str]] = set()

    async def call(
        self, name: str, method: str, url: URL, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        if name == "Linear":
            asked = json.loads(body or b"{}")
            asked["query"] = _UNKNOWN_IN_LINEAR.sub("", asked["query"])
            self.calls.add((method, asked["query"].split("(")[0].strip()))
            return await super().call(name, method, url, headers, json.dumps(asked).encode())
        if url.path.endswith("/graphql"):
            variables = json.loads(body or b"{}")["variables"]
            return Answer(200, {}, await self._nodes(url, headers, variables))
        real = url.with_path(url.path.removeprefix("/api/v3")).with_query(url.query)
        answer = await super().call(name, method, real, headers, body)
        self.calls.add((method, re.sub(r"\d+", "…", real.path)))
        return answer

    async def _nodes(self, url: URL, headers: Mapping[str, str], asked: Any) -> Any:
        """Answer which repository a node is in; of all else there is nothing."""
        if "id" not in asked:
            return {"data": {"nodes": []}}
        path = f"/repos/{REPOSITORY}/issues"
        issues = url.with_path(path).with_query({"state": "all", "per_page": "100"})
        told = (await super().call("GitHub", "GET", issues, headers, None)).data
        found = next((each for each in told if each["node_id"] == asked["id"]), None)
        node = found and {
            "number": found["number"],
            "repository": {"nameWithOwner": REPOSITORY},
        }
        return {"data": {"node": node}}


async def judge(node: str, emulate: str) -> None:
    async with emulating(node, emulate) as (at_github, at_linear):
        door = Around(lambda: datetime.now(UTC), [at_github, at_linear])
        await github_story(GitHub(Access(at_github, {"token": "s3cret"}), door))
        print(f"  GitHub: {len(door.calls)} sorts of calls were answered and kept")
        door.calls.clear()
        await linear_story(door, at_linear)
        print(f"  Linear: {len(door.calls)} of our queries, without what it does not know")
        await door.close()


async def github_story(github: GitHub) -> None:
    """Go through all that the adapter asks of GitHub's REST API for a person's repository."""
    now = datetime.now(UTC)
    assert (await github.account()).id == "ada"
    assert REPOSITORY in [scope.id for scope in await github.scopes()]
    assert (await github.abilities(REPOSITORY)).writes("title")
    made = await github.create(
        REPOSITORY, record(None, {"title": "Refunds take weeks"}, body="People call us.")
    )
    assert made == await github.find(REPOSITORY, MARKER)
    change = {"title": "Refunds abroad", "owner": "grace", "labels": ("+fast",)}
    written = await github.write(REPOSITORY, record(made.id, change))
    assert not written.left_out, written.left_out
    there = await github.one(REPOSITORY, made.id)
    assert isinstance(there, RemoteItem)
    assert there.title == "Refunds abroad"
    assert there.owner is not None
    assert "grace" in there.owner
    written = await github.write(REPOSITORY, record(made.id, {"state": CLOSED}))
    assert not written.left_out, written.left_out
    closed = await github.one(REPOSITORY, made.id)
    assert isinstance(closed, RemoteItem)
    assert closed.finished is not None
    page = await github.page(REPOSITORY, "", now)
    assert [each.title for each in page.items] == ["Refunds abroad"]
    assert (await github.ids(REPOSITORY, "")).ids == {made.id}
    assert isinstance(await github.one(REPOSITORY, "nobody"), Lost)


async def linear_story(door: Around, host: str) -> None:
    """Go through what the emulator knows of what the adapter asks of Linear."""
    linear = Linear(Access(f"{host}/acme", {"token": "lin_test"}), door)
    assert (await linear.account()).name == "Ada Park"
    team = next(scope.id for scope in await linear.scopes() if scope.name == "Payments")
    assert (await linear.abilities(team)).writes("title")
    told = await Door.call(door, "Linear", "POST", URL(f"http://{host}/graphql"), HEADERS, ASKED)
    issue = next(e["id"] for e in told.data["data"]["issues"]["nodes"] if "Refunds" in e["title"])
    change = {"title": "Refunds abroad", "state": "In Progress", "due": date(2027, 1, 8)}
    written = await linear.write(team, record(issue, {**change, "labels": ("+fast",)}))
    assert not written.left_out, written.left_out
    there = await linear.one(team, issue)
    assert isinstance(there, RemoteItem)
    assert there.title == "Refunds abroad"
    assert there.state == "In Progress"


if __name__ == "__main__":
    asyncio.run(judge(*sys.argv[1:]))
