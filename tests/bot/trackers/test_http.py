"""What a person types must not open the company's network, nor may an answer harm Hone."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.trackers.http import ANSWER_MAX_BYTES, CALLS_A_HOST_MAX, Client, Door, is_public, said
from bot.trackers.tracker import (
    BadAddress,
    Missing,
    NotAllowed,
    NotNow,
    Rejected,
    SignedOut,
    Silent,
    TrackerError,
    Unreadable,
)

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
CLOUDS = ("api.tracker.example", ".tracker.example")


class Resolves(AbstractResolver):
    """Names that all lead to one address."""

    def __init__(self, address: str) -> None:
        self._address = address

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host, host=self._address, port=port, family=family, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        pass


AT_WORK: list[web.Request] = []
"""Requests that are being answered just now."""


async def answer(request: web.Request) -> web.StreamResponse:
    """Answer as the path says: a status, with headers, or something that is no answer."""
    match request.path.split("/")[1:]:
        case ["large"]:
            return web.Response(body=b'"' + b"x" * ANSWER_MAX_BYTES + b'"')
        case ["bomb"]:
            packed = gzip.compress(b'"' + b"x" * ANSWER_MAX_BYTES + b'"')
            return web.Response(body=packed, headers={"Content-Encoding": "gzip"})
        case ["slow"]:
            AT_WORK.append(request)
            most = len(AT_WORK)
            await asyncio.sleep(0.02)
            AT_WORK.remove(request)
            return web.json_response(most)
        case ["never"]:
            await asyncio.sleep(60)
            return web.json_response({})
        case ["html"]:
            return web.Response(text="<html>Sign in</html>", content_type="text/html")
        case ["on"]:
            raise web.HTTPFound("http://127.0.0.1/inside")
        case ["wait", status, waits]:
            return web.Response(status=int(status), headers={"Retry-After": waits} if waits else {})
        case ["nothing"]:
            return web.Response(status=204)
        case ["status", status]:
            return web.json_response({"message": "<b>No</b>\n such thing"}, status=int(status))
        case _:
            return web.json_response({"path": request.path_qs, "said": await request.text()})


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)  # one of its answers never comes
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host = f"127.0.0.1:{runner.addresses[0][1]}"
    door = Door(lambda: NOW, [host])
    yield Client(door, "Tracker", door.root(host), {})
    await door.close()
    await runner.cleanup()


# --- where Hone goes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "site",
    [
        "evil.example",
        "tracker.example.evil.example",
        "eviltracker.example",
        "169.254.169.254",
        "localhost",
        "127.0.0.1:8080",
        "10.0.0.7",
        "api.tracker.example:8443",
        "api.tracker.example@evil.example",
        "evil.example#.tracker.example",
        "[::1]",
        "",
        "/path",
    ],
)
def test_nothing_a_person_types_names_a_host_of_its_own(site: str) -> None:
    """A token form would otherwise be a way to ask anything inside the network."""
    with pytest.raises(BadAddress, match="HONE_TRACKER_HOSTS"):
        Door(lambda: NOW, ["jira.acme.example"]).root(site, CLOUDS)


@pytest.mark.parametrize(
    ("site", "root"),
    [
        ("acme.tracker.example", "https://acme.tracker.example"),
        ("api.tracker.example", "https://api.tracker.example"),
        ("jira.acme.example/jira", "https://jira.acme.example/jira"),
        ("10.0.0.7:8443", "https://10.0.0.7:8443"),
        ("127.0.0.1:3000", "http://127.0.0.1:3000"),
    ],
)
def test_clouds_and_named_hosts_are_asked(site: str, root: str) -> None:
    """Only on this very machine is a connection without TLS nobody else's to read."""
    door = Door(lambda: NOW, ["Jira.acme.example", "10.0.0.7:8443", "127.0.0.1:3000"])
    assert door.root(site, CLOUDS) == root


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1"),
        *("::1", "fe80::1", "fd00::1", "fec0::1", "ff02::1"),
        "::ffff:10.0.0.1",
        "::10.0.0.1",
        "64:ff9b::10.0.0.1",  # by a translator: https://www.rfc-editor.org/rfc/rfc6052
        "64:ff9b:1::10.0.0.1",
        "2002:a00:1::",  # 6to4 of 10.0.0.1
        "2001:0:808:808::f5ff:fffe",  # Teredo of 10.0.0.1
    ],
)
async def test_a_vendors_name_that_leads_inside_is_refused(address: str) -> None:
    """Whoever can bend a name (DNS rebinding) still gets no request into the network."""
    door = Door(lambda: NOW, ["jira.acme.example"], Resolves(address))
    client = Client(door, "Tracker", door.root("acme.tracker.example", CLOUDS), {})
    with pytest.raises(BadAddress, match="private network"):
        await client.get("/anything")
    await door.close()


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8"])
def test_the_internets_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("name", [".tracker.example", "a..tracker.example", f"{'a' * 64}"])
async def test_what_is_no_name_is_not_found(name: str) -> None:
    """A slip in an address is the person's to mend, and no fault of ours."""
    door = Door(lambda: NOW)
    client = Client(door, "Tracker", door.root(f"{name}.tracker.example", CLOUDS), {})
    with pytest.raises(Silent, match="check the address"):
        await client.get("/anything")
    await door.close()


async def test_a_named_host_may_be_inside() -> None:
    """That is what the operator named it for."""
    door = Door(lambda: NOW, ["jira.acme.example:1"], Resolves("127.0.0.1"))
    client = Client(door, "Jira", door.root("jira.acme.example:1"), {})
    with pytest.raises(Silent, match="Jira does not answer"):
        await client.get("/anything")
    await door.close()


# --- what comes back -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "error", "sentence"),
    [
        ("/on", BadAddress, "Tracker sends us on to another address"),
        ("/large", Unreadable, "more than 8 MiB"),
        ("/bomb", Unreadable, "more than 8 MiB"),
        ("/html", Unreadable, "a page instead of data"),
        ("/status/401", SignedOut, "does not accept our token"),
        ("/status/403", NotAllowed, "no right to this in Tracker: No such thing"),
        ("/status/404", Missing, "does not have this"),
        ("/status/400", Rejected, "Tracker refused it: No such thing"),
        ("/status/500", Silent, "out of order"),
    ],
)
async def test_each_trouble_is_one_plain_sentence(
    client: Client, path: str, error: type[TrackerError], sentence: str
) -> None:
    with pytest.raises(error, match=sentence) as raised:
        await client.get(path)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("path", "seconds"),
    [
        ("/wait/429/7", 7),
        ("/wait/429/", 60),
        ("/wait/429/soon", 60),
        ("/wait/429/-5", 1),
        ("/wait/429/99999", 7200),
        ("/wait/429/1e99", 60),
        ("/wait/503/20", 20),
        ("/wait/429/Mon, 30 Nov 2026 09:05:00 GMT", 300),
        ("/wait/429/Mon, 30 Nov 2020 09:05:00 GMT", 1),
        ("/wait/429/Mon, 30 Nov 2026 09:05:00 +99999999999999999", 60),
    ],
)
async def test_limits_say_when_to_go_on(client: Client, path: str, seconds: int) -> None:
    """With or without Retry-After, by a date or by seconds: we never hammer, nor wait for ever."""
    with pytest.raises(NotNow) as raised:
        await client.get(path)
    assert raised.value.until == NOW + timedelta(seconds=seconds)


async def test_a_tracker_is_not_crowded(client: Client) -> None:
    """Rally takes twelve calls at once of an account, and people's own tools make some."""
    most = await asyncio.gather(*(client.get("/slow") for _ in range(20)))
    assert 1 < max(most) <= CALLS_A_HOST_MAX


async def test_a_tracker_that_never_answers_is_left(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for it holds a lease that others need."""
    monkeypatch.setattr("bot.trackers.http.CALL_TIMEOUT_S", 0.1)
    with pytest.raises(Silent, match="Tracker does not answer"):
        await client.get("/never")


async def test_questions_arrive_as_they_were_meant(client: Client) -> None:
    told = await client.post("/a%2Fb", {"x": 1}, jql="a = b & c")
    assert told == {"path": "/a%2Fb?jql=a+%3D+b+%26+c", "said": '{"x":1}'}
    assert await client.get("/nothing") is None


def test_the_words_of_a_tracker_are_one_short_line() -> None:
    assert said("<p>Field\nis <b>not</b></p> on the screen") == "Field is not on the screen"
    assert len(said("x" * 5_000)) == 201
