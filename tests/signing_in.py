"""A person signs in on a vendor's page, in a browser: Hone's own page, the vendor's, and back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from bot.cards import Buttons, Card, LinkButton
from bot.router import Router
from bot.trackers.sign_in.keeper import TokenKeeper
from bot.trackers.sign_in.page import COOKIE, SignInPage
from bot.trackers.sign_in.vendors import CALLBACK
from storage.sign_ins import SignIn
from storage.trackers import TrackerSite
from tests.fakes.trackers.vendor import FakeVendor
from tests.hone import Hone, Someone


@dataclass(slots=True)
class Browser:
    """One browser: it follows Hone's links and keeps Hone's cookie."""

    http: aiohttp.ClientSession
    root: str
    cookie: str = ""

    async def opens(self, link: str) -> tuple[int, str]:
        """Look at the page behind a link."""
        async with self.http.get(self.root + urlsplit(link).path) as answer:
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] == "same-origin", "else pages have no name"
            return answer.status, await answer.text()

    async def is_sent_on(self, link: str, said: Mapping[str, str]) -> int:
        """Have another page send the button's form, with what browsers say of that page."""
        url = self.root + urlsplit(link).path
        async with self.http.post(url, headers=said, allow_redirects=False) as answer:
            return answer.status

    async def presses(self, link: str) -> str:
        """Press the page's button; return the vendor's page it leads to."""
        url = self.root + urlsplit(link).path
        ours = {"Origin": f"https://{urlsplit(link).netloc}"}
        async with self.http.post(url, headers=ours, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
            cookie = answer.cookies[COOKIE]
            assert cookie["secure"]
            assert cookie["httponly"]
            self.cookie = cookie.value
            return answer.headers["Location"]

    async def returns(self, kind: str, **query: str) -> tuple[int, str]:
        """Come back from the vendor; return the page's status and text."""
        sent = {"Cookie": f"{COOKIE}={self.cookie}"}
        url = f"{self.root}/connect/{kind}/{CALLBACK}"
        async with self.http.get(url, params=query, headers=sent) as answer:
            return answer.status, await answer.text()

    async def signs_in(self, vendor: FakeVendor, link: str) -> tuple[int, str]:
        """Go the whole way."""
        page = await self.presses(link)
        return await self.returns(vendor.vendor.kind, **vendor.agrees(page))


@asynccontextmanager
async def browsing(
    tokens: TokenKeeper, router: Router, clock: Callable[[], datetime]
) -> AsyncIterator[Browser]:
    """Serve Hone's pages, and open a browser on them."""
    app = web.Application()
    app.add_routes(SignInPage(tokens, router, clock).routes())
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with aiohttp.ClientSession() as http:
            yield Browser(http, f"http://127.0.0.1:{runner.addresses[0][1]}")
    finally:
        await runner.cleanup()


def browsing_at(hone: Hone) -> AbstractAsyncContextManager[Browser]:
    return browsing(hone.tokens, hone.router, lambda: hone.now)


def registered(hone: Hone, vendor: FakeVendor) -> None:
    """Let whoever runs Hone register it with a vendor."""
    kind = vendor.vendor.kind
    hone.apps[kind] = vendor.app
    hone.clouds[kind] = vendor.app.vendor.clouds


def link_on(card: Card) -> str:
    """Return where the card's link leads."""
    buttons = [each for node in card.nodes if isinstance(node, Buttons) for each in node.buttons]
    (link,) = [each for each in buttons if isinstance(each, LinkButton)]
    return link.url


# --- whose it is --------------------------------------------------------------------------------

CHAT = "dm-ada"
"""Where Ada goes on, alone with Hone."""


async def asks(ada: Someone, line: str = "connect jira") -> str:
    """Ask for the link; returns it."""
    await ada.says(line)
    return link_on(ada.hone.channel(CHAT)[-1].card)


async def sites(hone: Hone) -> list[TrackerSite]:
    async with hone.database.read(hone.workspace, hone.now) as store:
        return list(await store.trackers.all())


async def sign_in(hone: Hone, id: int = 1) -> SignIn | None:
    async with hone.database.read(hone.workspace, hone.now) as store:
        return await store.sign_ins.find(id)
