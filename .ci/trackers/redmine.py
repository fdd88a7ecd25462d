"""A real Redmine as judge: what nobody here wrote must agree with the adapter.

Started by `make trackers` with the address and the keys that `redmine.rb` printed; it acts there as
Ada does, reads and writes as Hone does, and says what it saw. The first thing that is otherwise
than promised ends it with an AssertionError.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import aiohttp

from bot.records import Change, Record
from bot.remote import RemoteItem
from bot.trackers.http import Door
from bot.trackers.redmine.adapter import Redmine
from bot.trackers.tracker import Access, Lost, Missing, SignedOut

MANY = 60
MARKER = f"hone-{secrets.token_hex(4)}-7"


class Ada:
    """Somebody at work in Redmine."""

    def __init__(self, http: aiohttp.ClientSession, root: str, key: str) -> None:
        self._http = http
        self._root = root
        self._headers = {"X-Redmine-API-Key": key}

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        url = f"{self._root}{path}"
        async with self._http.request(method, url, json=body, headers=self._headers) as answer:
            assert answer.status < 300, (method, path, answer.status, await answer.text())
            raw = await answer.text()
            return json.loads(raw) if raw.strip() else None

    async def adds(self, project: int, subject: str, **more: Any) -> str:
        issue = {"project_id": project, "subject": subject, **more}
        made = await self.call("POST", "/issues.json", {"issue": issue})
        return str(made["issue"]["id"])

    async def edits(self, id: str, **more: Any) -> None:
        await self.call("PUT", f"/issues/{id}.json", {"issue": more})

    async def sees(self, id: str) -> Any:
        return (await self.call("GET", f"/issues/{id}.json?include=journals"))["issue"]


def record(id: str | None, change: Mapping[str, Any], **more: Any) -> Record:
    told: dict[str, Any] = {"marker": MARKER, "by": "Ada, via Hone", **more}
    return Record("#7", (), id=id, change=Change(change), number=7, **told)


async def read_all(tracker: Redmine, scope: str, cursor: str = "") -> tuple[list[RemoteItem], str]:
    found: list[RemoteItem] = []
    for _ in range(1_000):
        page = await tracker.page(scope, cursor, datetime.now(UTC))
        found += page.items
        cursor = page.cursor
        if not page.more:
            return found, cursor
    raise AssertionError("reading never ends")


async def judge(host: str, told: Mapping[str, Any]) -> None:
    door = Door(lambda: datetime.now(UTC), [host])
    async with aiohttp.ClientSession() as http:
        ada = Ada(http, f"http://{host}", told["ada"])
        hone = Redmine(Access(host, {"token": told["hone"]}), door)
        shy = Redmine(Access(host, {"token": told["shy"]}), door)
        await _gets_in(hone, Redmine(Access(host, {"token": "wrong"}), door), told)
        project = told["projects"][0]
        await _reads(ada, hone, project, told)
        await _writes(ada, hone, shy, project, told)
        await _loses(ada, hone, project, told["projects"][1])
    await door.close()


def saw(words: str) -> None:
    print(f"  {words}")


async def _gets_in(hone: Redmine, wrong: Redmine, told: Mapping[str, Any]) -> None:
    account = await hone.account()
    assert (account.id, account.name) == (str(told["people"]["hone"]), "Hone Bot"), account
    assert [scope.name for scope in await hone.scopes()] == ["Payments", "Webshop"]
    try:
        await wrong.account()
    except SignedOut:
        saw("in by its key, out by a wrong one")
    else:
        raise AssertionError("a wrong key was accepted")
    try:
        await hone.page("99", "", datetime.now(UTC))
    except Missing:
        saw("a project that is not there is missing")
    else:
        raise AssertionError("a missing project was read")


async def _reads(ada: Ada, hone: Redmine, project: int, told: Mapping[str, Any]) -> None:
    scope = str(project)
    made = [await ada.adds(project, f"Item {number}") for number in range(MANY)]
    first = await hone.page(scope, "", datetime.now(UTC))
    for id in made[:10]:
        await ada.edits(id, subject=f"Changed {id}")
    rest, cursor = await read_all(hone, scope, first.cursor)
    titles = {item.id: item.title for item in (*first.items, *rest)}
    assert set(made) <= set(titles)
    assert all(titles[id] == f"Changed {id}" for id in made[:10])
    saw(f"{len(titles)} issues page by page, ten of them changed meanwhile: none slipped through")
    again, cursor = await read_all(hone, scope, cursor)
    assert not again, [item.title for item in again]
    parent, child = made[1], made[0]
    await ada.edits(
        child,
        description="People call us.",
        due_date="2026-12-24",
        assigned_to_id=told["people"]["ada"],
        parent_issue_id=int(parent),
        status_id=2,
        custom_fields=[{"id": number, "value": str(number)} for number in (1, 2, 3, 5)]
        + [{"id": 4, "value": "8"}],
    )
    await ada.call(
        "POST",
        f"/issues/{made[2]}/relations.json",
        {"relation": {"issue_to_id": int(child), "relation_type": "blocks"}},
    )
    changed, cursor = await read_all(hone, scope, cursor)
    item = next(each for each in changed if each.id == child)
    one = await hone.one(scope, child)
    assert isinstance(one, RemoteItem)
    assert item.owner == f"Ada Park <{told['people']['ada']}>", item.owner
    assert item.fields["due"] == date(2026, 12, 24)
    assert item.fields["description"] == "People call us."
    assert item.fields["points"] == 1, item.fields
    assert [item.fields[name] for name in ("ubv", "tc", "rroe", "size")] == [2, 3, 8, 5]
    assert one.blocked_by == (made[2],), one.blocked_by
    assert item.part_of == parent
    assert [step.state for step in item.steps] == ["In Progress"], item.steps
    assert "Resolved" in item.moves
    saw("owner, due, points, cards, parent, blocker, history and moves are as Ada set them")
    hidden = await ada.adds(project, "Layoffs", is_private=True)
    page_items, cursor = await read_all(hone, scope, cursor)
    assert "Layoffs" not in {each.title for each in page_items}
    assert isinstance(await hone.one(scope, hidden), Lost)
    saw("a private issue is not told")


async def _writes(
    ada: Ada, hone: Redmine, shy: Redmine, project: int, told: Mapping[str, Any]
) -> None:
    scope = str(project)
    abilities = await hone.abilities(scope)
    assert all(abilities.writes(name) for name in ("title", "points", "ubv", "size", "wsjf"))
    id = await ada.adds(project, "Refunds")
    change = {
        "title": "Refunds abroad",
        "due": date(2027, 1, 8),
        "owner": str(told["people"]["ada"]),
        "points": 2.5,
        "state": "In Progress",
        "ubv": 8,
        "tc": 5,
        "rroe": 3,
        "size": 2,
        "wsjf": 8.0,
    }
    written = await hone.write(scope, record(id, change))
    assert not written.left_out, written.left_out
    seen = await ada.sees(id)
    values = {each["name"]: each["value"] for each in seen["custom_fields"]}
    assert (seen["subject"], seen["due_date"]) == ("Refunds abroad", "2027-01-08")
    assert seen["status"]["name"] == "In Progress"
    assert float(values["Story Points"]) == 2.5
    assert [float(values[name]) for name in ("Business Value", "Job Size")] == [8, 2]
    assert seen["journals"][-1]["notes"] == "Ada, via Hone"
    await hone.write(scope, record(id, change))
    assert len((await ada.sees(id))["journals"]) == len(seen["journals"])
    saw("fields, state and score arrive, in Ada's name; twice is as once")
    item = await hone.one(scope, id)
    assert isinstance(item, RemoteItem)
    assert item.by_hone
    assert item.fields["ubv"] == 8
    refused = await hone.write(scope, record(id, {"state": "Shipped", "owner": "999999"}))
    assert set(refused.left_out or ()) == {"state", "owner"}, refused.left_out
    refused = await shy.write(scope, record(id, {"title": "Mine"}))
    assert set(refused.left_out or ()) == {"title"}, refused.left_out
    assert (await ada.sees(id))["subject"] == "Refunds abroad"
    saw("an unknown state, an unknown owner and a role without the right are told by their fields")
    assert await hone.find(scope, MARKER) is None
    new = record(None, {"title": "Builds take forty minutes", "points": 3}, body="<b>Cache</b>")
    made = await hone.create(scope, new)
    found = await hone.find(scope, MARKER)
    assert found is not None
    assert found.id == made.id
    item = await hone.one(scope, made.id)
    assert isinstance(item, RemoteItem)
    assert (item.marker, item.fields["points"]) == (MARKER, 3)
    assert "<b>Cache</b>" in item.fields["description"]
    saw("what is put there is found by its marker, with its points")


async def _loses(ada: Ada, hone: Redmine, project: int, other: int) -> None:
    scope = str(project)
    gone, moved = await ada.adds(project, "Gone"), await ada.adds(project, "Moved")
    await ada.call("DELETE", f"/issues/{gone}.json")
    await ada.edits(moved, project_id=other)
    assert await hone.one(scope, gone) == Lost()
    assert await hone.one(scope, moved) == Lost()
    ids: set[str] = set()
    cursor = ""
    while True:
        some = await hone.ids(scope, cursor)
        ids |= some.ids
        if not (cursor := some.cursor):
            break
    assert len(ids) >= MANY
    assert ids.isdisjoint({gone, moved})
    saw(f"what was deleted or moved is lost; the sweep names the other {len(ids)}")


def main() -> None:
    """Judge the Redmine at `host:port`, with the keys in a file."""
    host, keys = sys.argv[1:]
    with open(keys, encoding="utf-8") as file:
        told = json.load(file)
    asyncio.run(judge(host, told))


if __name__ == "__main__":
    main()
