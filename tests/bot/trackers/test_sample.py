"""What the sample tracker has beside the contract of all: tickets to begin with, and a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.records import Change, Record
from bot.remote import RemoteItem
from bot.trackers.sample.adapter import SampleTracker
from bot.trackers.tracker import Lost, Missing, Silent
from storage import Database, Store, Unavailable
from storage.tickets import SampleTicket

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WORKSPACE = "test:acme"


class People:
    """Those who work in the tracker, and Hone's way into it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.tracker = SampleTracker(database, WORKSPACE, lambda: self.now, "http://room/tickets")

    async def add(self, title: str, project: str = "PAY", **fields: Any) -> str:
        given = {"title": title, "state": "To Do", **fields}
        ticket = await self._writes(lambda s: s.tickets.add(project, given, by="Ada Park"))
        return str(ticket.id)

    async def edit(self, id: str, **fields: Any) -> None:
        async def change(store: Store) -> None:
            ticket = await store.tickets.find(int(id), lock=True)
            assert ticket is not None
            await store.tickets.change(ticket, fields, by="Ada Park")

        await self._writes(change)

    async def ticket(self, id: str) -> SampleTicket:
        async with self.database.read(WORKSPACE, self.now) as store:
            ticket = await store.tickets.find(int(id))
        assert ticket is not None
        return ticket

    async def one(self, id: str, project: str = "PAY") -> RemoteItem:
        found = await self.tracker.one(project, id)
        assert isinstance(found, RemoteItem)
        return found

    async def _writes(self, work: Any) -> Any:
        self.now += timedelta(seconds=1)
        return await self.database.write(WORKSPACE, self.now, work)


@pytest.fixture
def people(database: Database) -> People:
    return People(database)


def record(id: str | None = None, *, marker: str = "", **fields: Any) -> Record:
    return Record("#1", (), number=1, id=id, marker=marker, change=Change(fields), by="Ada")


async def test_it_is_filled_when_it_is_connected_and_once(people: People) -> None:
    for _ in range(2):
        assert (await people.tracker.account()).name == "Hone"
    assert len((await people.tracker.ids("PAY", "")).ids) == 11
    assert [scope.id for scope in await people.tracker.scopes()] == ["PAY", "OPS"]


async def test_everything_is_read_however_many_pages_it_takes(people: People) -> None:
    made = {await people.add(f"Ticket {number}") for number in range(130)}
    await people.add("Of another project", "OPS")
    first = await people.tracker.page("PAY", "", NOW)
    await people.edit(first.items[0].id, title="Changed meanwhile")
    rest = await people.tracker.page("PAY", first.cursor, NOW)
    assert (first.more, rest.more) == (True, False)
    found = {item.id: item.title for item in (*first.items, *rest.items)}
    assert found.keys() == made
    assert "Changed meanwhile" in found.values()
    assert not (await people.tracker.page("PAY", rest.cursor, NOW)).items


async def test_what_is_hidden_or_gone_is_only_counted(people: People) -> None:
    hidden, gone = await people.add("Layoffs"), await people.add("Refunds")
    moved = await people.add("Payouts")
    cursor = (await people.tracker.page("PAY", "", NOW)).cursor
    await people.edit(hidden, restricted=True)
    await people.edit(gone, deleted=True)
    await people.edit(moved, project="OPS")
    page = await people.tracker.page("PAY", cursor, NOW)
    assert (page.items, page.restricted, page.gone) == ((), (hidden,), (gone,))
    assert await people.tracker.one("PAY", hidden) == Lost(restricted=True)
    assert await people.tracker.one("PAY", gone) == Lost()
    assert await people.tracker.one("PAY", moved) == Lost()
    assert (await people.one(moved, "OPS")).key == "OPS-1"
    assert not (await people.tracker.ids("PAY", "")).ids


async def test_creating_twice_is_as_once(people: People) -> None:
    """The answer to the first may have been lost."""
    assert await people.tracker.find("PAY", "mark") is None
    first = await people.tracker.create("PAY", record(marker="mark", title="Builds"))
    again = await people.tracker.create("PAY", record(marker="mark", title="Builds"))
    found = await people.tracker.find("PAY", "mark")
    assert first == again == found
    assert (await people.one(first.id)).by_hone


async def test_a_score_is_written_whole_or_not_at_all(people: People) -> None:
    score: dict[str, Any] = {"ubv": 8, "tc": 5, "rroe": 3, "size": 2, "wsjf": 8.0}
    id, lacking = await people.add("Refunds"), await people.add("Ledger", "OPS")
    assert (await people.tracker.write("PAY", record(id, **score))).left_out == {}
    left_out = (await people.tracker.write("OPS", record(lacking, **score))).left_out
    assert left_out is not None
    assert left_out.keys() == score.keys()
    assert (await people.ticket(id)).wsjf == 8.0
    assert (await people.ticket(lacking)).ubv is None


async def test_a_ticket_that_is_hidden_takes_nothing(people: People) -> None:
    id = await people.add("Layoffs", restricted=True)
    with pytest.raises(Missing):
        await people.tracker.write("PAY", record(id, title="Ours"))


async def test_a_database_that_is_down_is_a_tracker_that_is_silent(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object) -> None:
        raise Unavailable("busy")

    monkeypatch.setattr(people.database, "write", busy)
    with pytest.raises(Silent):
        await people.tracker.account()
