"""The local room, running with a small feature of its own."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.bot.local.demo import Running, running_room

expect.set_options(timeout=20_000)  # a busy machine is no reason to fail


@pytest.fixture
async def running(sqlite_url: str) -> AsyncIterator[Running]:
    async with running_room(sqlite_url) as room:
        yield room


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("Chromium is not installed; on Debian: apt install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Windows:
    return Windows(browser)


class Windows:
    """Windows of people who share nothing, kept from test to test: opening one takes half a second.

    Each test's room has a port, and so an origin, of its own: what a page stores, no other sees.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: list[Page] = []

    async def open(self, width: int = 1280, height: int = 844) -> Page:
        """Return an empty window, in front, that keeps the focus whatever happens in others."""
        if self._free:
            page = self._free.pop()
        else:
            page = await (await self._browser.new_context()).new_page()
        await page.set_viewport_size({"width": width, "height": height})
        return page

    async def put_back(self, page: Page) -> None:
        """Leave the room; its page and its open connection are gone then."""
        await page.goto("about:blank")
        await page.context.clear_cookies()
        self._free.append(page)
