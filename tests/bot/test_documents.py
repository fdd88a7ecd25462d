"""A file is fetched whole, in time and from named hosts, or a sentence says why not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import cast

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.documents import Attached, fetch, host_of, is_table
from bot.slack.client import SlackApi


async def _slow(_: web.Request) -> web.Response:
    await asyncio.sleep(30)
    return web.Response()


async def _long(request: web.Request) -> web.StreamResponse:
    """Say nothing of how long it is."""
    answer = web.StreamResponse()
    await answer.prepare(request)
    for _ in range(5):
        await answer.write(b"x" * 1_000)
    return answer


async def _gone(_: web.Request) -> web.Response:
    return web.Response(status=404)


async def _page(_: web.Request) -> web.Response:
    return web.Response(text="<p>Sign in", content_type="text/html")


async def _round(_: web.Request) -> web.Response:
    raise web.HTTPFound("/round")


async def _moved(_: web.Request) -> web.Response:
    raise web.HTTPFound("/here")


async def _here(_: web.Request) -> web.Response:
    return web.Response(text="title\nPay")


@pytest.fixture
async def site() -> AsyncIterator[str]:
    app = web.Application()
    for answer in (_slow, _long, _gone, _page, _round, _moved, _here):
        app.router.add_get(f"/{answer.__name__.removeprefix('_')}", answer)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.mark.parametrize(
    ("path", "content", "trouble"),
    [
        ("/here", b"title\nPay", ""),
        ("/moved", b"title\nPay", ""),
        ("/slow", b"", "“a.csv” did not arrive in time. Send it again."),
        ("/long", b"", "“a.csv” has more than 0 MB."),
        ("/gone", b"", "I was not let at “a.csv”."),
        ("/page", b"", "I was not let at “a.csv”."),
        ("/round", b"", "I was not let at “a.csv”."),
    ],
)
async def test_a_file_comes_whole_or_not_at_all(
    site: str, monkeypatch: pytest.MonkeyPatch, path: str, content: bytes, trouble: str
) -> None:
    monkeypatch.setattr("bot.documents.DOCUMENT_MAX_BYTES", 2_000)
    async with aiohttp.ClientSession() as http:
        file = Attached("a.csv", site + path)
        found = await fetch(http, file, lambda url: url.startswith(site), within_s=0.3)
    assert found.content == content
    assert found.trouble.startswith(trouble)
    assert bool(found.trouble) == bool(trouble)


async def test_what_is_announced_as_too_large_is_not_asked_for() -> None:
    async with aiohttp.ClientSession() as http:
        file = Attached("a.csv", "https://evil.example", size=99_000_000)
        assert "has more than 32 MB" in (await fetch(http, file, lambda _: True)).trouble


class Nowhere:
    """A session that must not be asked."""

    def get(self, url: str, **_: object) -> None:
        raise AssertionError(f"{url} was asked, and the token went along")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x",
        "http://files.slack.com/x",
        "https://files.slack.com.evil.example/x",
        "https://files.slack.com@evil.example/x",
        "https://slack.com.evil.example/api/x",
    ],
)
async def test_slacks_token_goes_to_slack_alone(url: str) -> None:
    api = SlackApi(cast(aiohttp.ClientSession, Nowhere()), "xoxb-1", "https://slack.com/api/")
    assert "I was not let at" in (await api.fetch(Attached("a.csv", url), 1)).trouble


def test_only_a_plain_https_address_has_a_host() -> None:
    assert host_of("https://files.slack.com/x?y=1") == "files.slack.com"
    for url in (
        "http://a.b/",
        "https://a.b:443/",
        "https://u@a.b/",
        "https://a.b\\@c.d",
        "",
        "//a.b",
    ):
        assert host_of(url) is None, url


def test_a_table_is_known_by_its_ending() -> None:
    assert is_table("Export 1.CSV")
    assert not is_table("csv.png")
