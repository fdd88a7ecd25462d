"""The local room, running with a small feature of its own."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, ClientTimeout
from playwright.async_api import Browser, async_playwright, expect

from handlers import FEATURES
from tests.bot.local.demo import Running, running_room
from tests.bot.local.visitor import Visitor
from tests.bot.local.visits import Visit, Windows, visits

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


@pytest.fixture
async def visit(windows: Windows, running: Running) -> AsyncIterator[Visit]:
    """Open the room as somebody."""
    async with visits(windows, running) as visit:
        yield visit


@pytest.fixture
async def visit_hone(windows: Windows, sqlite_url: str) -> AsyncIterator[Visit]:
    """Open a room that has every feature of Hone."""
    async with running_room(sqlite_url, FEATURES) as room, visits(windows, room) as visit:
        yield visit


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession(timeout=ClientTimeout(total=10)) as session:
        yield session


@pytest.fixture
def ada(running: Running, session: ClientSession) -> Visitor:
    return Visitor(running, session, "ada")


@pytest.fixture
def grace(running: Running, session: ClientSession) -> Visitor:
    return Visitor(running, session, "grace")
