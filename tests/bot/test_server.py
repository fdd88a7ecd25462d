"""The door stays open under bad callers and a dead database, and closes politely."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import event, text

from bot.server import BODY_MAX_BYTES, listen, make_app, not_ready
from storage import Database, Unavailable

DEADLINE_S = 0.2


@dataclass(slots=True)
class Door:
    """A server with one route that reads what it is sent, and ways to reach it."""

    app: web.Application
    port: int
    http: aiohttp.ClientSession
    at_work: asyncio.Event
    go_on: asyncio.Event

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def status(self, path: str) -> int:
        async with self.http.get(self.address(path)) as answer:
            return answer.status

    async def raw(self, *pieces: bytes) -> bytes:
        """Send bytes, then be silent; return what came back before the connection closed."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            async with asyncio.timeout(60):
                return await reader.read()
        finally:
            writer.close()


@pytest.fixture
async def door(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Door]:
    monkeypatch.setattr("bot.server.REQUEST_DEADLINE_S", DEADLINE_S)
    at_work, go_on = asyncio.Event(), asyncio.Event()

    async def read(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    async def work(request: web.Request) -> web.Response:
        await request.read()
        at_work.set()
        await go_on.wait()
        return web.Response(text="done")

    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"begun")
        await go_on.wait()
        return response

    routes = [web.post("/read", read), web.post("/work", work), web.get("/stream", stream)]
    app = make_app(database, routes, lambda: datetime.now(UTC), "https://hone.example")
    runner = await listen(app, "127.0.0.1", 0)
    async with aiohttp.ClientSession() as http:
        yield Door(app, runner.addresses[0][1], http, at_work, go_on)
    go_on.set()
    await runner.cleanup()


async def test_a_body_up_to_the_limit_is_taken_and_one_over_it_refused(door: Door) -> None:
    for size, status in ((BODY_MAX_BYTES, 200), (BODY_MAX_BYTES + 1, 413)):
        async with door.http.post(door.address("/read"), data=b"x" * size) as answer:
            assert answer.status == status


async def test_half_a_head_and_then_silence_is_hung_up_on(door: Door) -> None:
    """A thousand such callers would otherwise hold every connection there is."""
    await door.raw(b"POST /read HTTP/1.1\r\nHost: x\r\n")


async def test_no_word_at_all_is_hung_up_on(door: Door) -> None:
    assert await door.raw() == b""


HALF = b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf"


async def test_half_a_body_and_then_silence_is_hung_up_on(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    assert b"200" not in await door.raw(HALF)
    assert not caplog.records, "it is no mistake of ours, and a thousand of them fill a disk"


async def test_whoever_sends_half_of_something_takes_nobodys_place(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody can send a thousand halves, and need not even sign them."""
    monkeypatch.setattr("bot.server.REQUEST_DEADLINE_S", 60.0)
    monkeypatch.setattr("bot.server.IN_FLIGHT_MAX", 1)
    monkeypatch.setattr("bot.server.HALF_HERE_MAX", 3)
    oldest = asyncio.create_task(door.raw(HALF))
    await asyncio.sleep(0.05)
    halves = [asyncio.create_task(door.raw(HALF)) for _ in range(3)]
    assert b"200" not in await oldest, "whoever takes longest makes room"
    assert await _text(door, "/read") == "1"
    assert await door.status("/healthz") == 200
    for half in halves:
        half.cancel()
    await asyncio.gather(*halves, return_exceptions=True)


async def test_a_stream_takes_nobodys_place(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes on for hours; what counts is how many wait for their answer to begin."""
    monkeypatch.setattr("bot.server.IN_FLIGHT_MAX", 1)
    async with door.http.get(door.address("/stream")) as stream:
        assert await stream.content.readexactly(5) == b"begun"
        assert await _text(door, "/read") == "1"


async def test_probes_are_answered_however_much_there_is_to_do(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks restarts what does not answer, and with it all that was under way."""
    monkeypatch.setattr("bot.server.IN_FLIGHT_MAX", 1)
    busy = asyncio.create_task(_text(door, "/work"))
    await door.at_work.wait()
    assert [await door.status(path) for path in ("/healthz", "/readyz", "/metrics")] == [200] * 3
    door.go_on.set()
    await busy


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:3978", 200),
        ("10.1.2.3", 200),
        ("[::1]:3978", 200),
        ("localhost", 200),
        ("hone:3978", 200),
        ("hone.team.svc.cluster.local", 200),
        ("hone.example", 200),
        ("evil.example", 403),
        ("hone.example.evil.example", 403),
        ("[", 403),
        ("", 403),
    ],
)
async def test_no_page_of_elsewhere_reads_the_figures(door: Door, host: str, status: int) -> None:
    """A page may have its own name lead here; an address, or a private name, it has none."""
    for path in ("/metrics", "/readyz", "/healthz"):
        async with door.http.get(door.address(path), headers={"Host": host}) as answer:
            assert answer.status == status


async def test_nobody_reads_what_hone_is_made_of(door: Door) -> None:
    """Whoever looks for faults of a version looks for its name first."""
    for path in ("/healthz", "/nowhere"):
        async with door.http.get(door.address(path)) as answer:
            assert not answer.headers.get("Server")
    assert b"aiohttp" not in await door.raw(b"no HTTP at all\r\n\r\n")


async def test_a_slow_answer_is_not_a_slow_caller(door: Door) -> None:
    """The deadline is for sending; what was received whole is finished."""
    answering = asyncio.create_task(_text(door, "/work"))
    await door.at_work.wait()
    await asyncio.sleep(DEADLINE_S * 2)
    door.go_on.set()
    assert await answering == "done"


async def _text(door: Door, path: str) -> str:
    async with door.http.post(door.address(path), data=b"x") as answer:
        return await answer.text()


async def test_too_many_at_once_are_asked_to_come_back(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.server.IN_FLIGHT_MAX", 1)
    busy = asyncio.create_task(_text(door, "/work"))
    await door.at_work.wait()
    async with door.http.post(door.address("/read"), data=b"x") as answer:
        assert answer.status == 503
        assert answer.headers["Retry-After"]
    door.go_on.set()
    assert await busy == "done"
    assert await _text(door, "/read") == "1", "its place was not given back"


async def test_a_healthy_server_says_so(door: Door) -> None:
    assert [await door.status(path) for path in ("/healthz", "/readyz", "/metrics")] == [200] * 3
    assert await door.status("/nowhere") == 404


async def test_a_database_that_is_away_makes_it_unready_but_alive(
    door: Door, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Restarting Hone does not mend a database; sending it no requests spares people the wait."""

    def connect(*_: object) -> object:
        raise OSError("gone")

    monkeypatch.setattr(type(database.engine), "connect", connect)
    assert await door.status("/healthz") == 200
    assert await door.status("/readyz") == 503


async def test_a_database_that_takes_no_writes_makes_it_unready(
    door: Door, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, or a server that only copies another: it answers, and saves nothing."""

    async def full(*_: object) -> None:
        raise Unavailable("disk full")

    monkeypatch.setattr(database, "write", full)
    assert await door.status("/readyz") == 503


async def test_asking_often_whether_it_is_ready_writes_seldom(
    door: Door, database: Database
) -> None:
    commits = 0

    def count(_: object) -> None:
        nonlocal commits
        commits += 1

    event.listen(database.engine.sync_engine, "commit", count)
    await asyncio.gather(*(door.status("/readyz") for _ in range(20)))
    event.remove(database.engine.sync_engine, "commit", count)
    assert 1 <= commits <= 2


async def test_a_database_of_another_version_makes_it_unready(
    door: Door, database: Database
) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    async with door.http.get(door.address("/readyz")) as answer:
        assert answer.status == 503
        assert "migrate" in await answer.text()


async def test_a_server_that_stops_says_so_first(door: Door) -> None:
    """A load balancer that looks now sends its next request elsewhere."""
    not_ready(door.app)
    assert await door.status("/readyz") == 503
    assert await door.status("/healthz") == 200
    assert await _text(door, "/read") == "1", "who comes all the same is still served"
