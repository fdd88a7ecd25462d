"""The sample tracker's page: what a newcomer plays with while Hone follows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.local.room import WORKSPACE
from bot.local.tickets import TicketsPage, WrongTicket, _write, page
from bot.trackers.sample.projects import fill
from storage import Database, Store
from storage.trackers import TrackerHint

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def _filled(database: Database) -> None:
    async def work(store: Store) -> None:
        await fill(store)
        site = await store.trackers.connect(
            "sample", "sample", "", "ada", hook="h" * 32, hook_secret=""
        )
        site.state = "open"

    await database.write(WORKSPACE, NOW, work)


async def test_what_is_changed_there_is_told_to_hone_by_id_alone(database: Database) -> None:
    """As a real tracker's webhook is: a hint to look, and nothing to believe."""
    await _filled(database)

    async def change(store: Store) -> str:
        await _write(store, {"id": 6, "title": " Retry  twice ", "points": "2.5", "owner": "ada"})
        hint = await store.session.get(TrackerHint, (WORKSPACE, 1, "6"))
        assert hint is not None
        ticket = await store.tickets.find(6)
        assert ticket is not None
        return f"{ticket.title}/{ticket.points}/{ticket.owner}/{ticket.by_hone}"

    assert await database.write(WORKSPACE, NOW, change) == "Retry twice/2.5/ada/False"


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ([], "no ticket"),
        ({"title": "New"}, "title and a project"),
        ({"title": "", "project": "PAY"}, "1 to 250"),
        ({"id": 999, "title": "x"}, "no such ticket"),
        ({"id": "6", "title": "x"}, "no such ticket"),
        ({"id": 6, "state": "Done"}, "cannot go from To Do to Done"),
        ({"id": 6, "points": "many"}, "number from 0"),
        ({"id": 6, "owner": "nemo"}, "no such owner"),
    ],
)
async def test_what_makes_no_ticket_is_one_sentence(
    database: Database, sent: object, why: str
) -> None:
    await _filled(database)
    with pytest.raises(WrongTicket, match=why):
        await database.write(WORKSPACE, NOW, lambda store: _write(store, sent))


async def test_titles_are_text_on_the_page(database: Database) -> None:
    await _filled(database)

    async def write(store: Store) -> str:
        await _write(store, {"title": "<script>alert(1)</script>", "project": "OPS"})
        return page(await store.tickets.all())

    shown = await database.write(WORKSPACE, NOW, write)
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown
    assert 'id="PAY-6"' in shown


def test_other_websites_are_kept_out(database_url: str) -> None:
    """Each route is guarded like the room itself."""
    routes = TicketsPage(Database(database_url), lambda: NOW).routes()
    assert {route.path for route in routes} == {"/tickets", "/local/tickets.js", "/local/ticket"}
    assert all("guarded" in route.handler.__qualname__ for route in routes)
