"""People who look at the room in a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from playwright.async_api import Browser, ConsoleMessage, Error, Locator, Page

from tests.bot.local.demo import Running

Visit = Callable[..., Awaitable[Page]]


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


@asynccontextmanager
async def visits(windows: Windows, running: Running) -> AsyncIterator[Visit]:
    """Return what opens the room as somebody; a script error on any page fails the test."""
    errors: list[str] = []
    opened: list[Page] = []

    def note(error: Error) -> None:
        errors.append(str(error))

    def note_logged(line: ConsoleMessage) -> None:
        if line.type == "error":
            errors.append(line.text)

    async def visit(who: str = "ada", channel: str = "", width: int = 1280) -> Page:
        page = await windows.open(width)
        opened.append(page)
        page.on("pageerror", note)
        page.on("console", note_logged)
        await page.goto(f"{running.url}/?as={who}&in={channel}")
        return page

    yield visit
    for page in opened:
        await windows.put_back(page)
        page.remove_listener("pageerror", note)
        page.remove_listener("console", note_logged)
    assert errors == []


async def type_line(page: Page, line: str) -> None:
    await page.locator("#say").fill(line)
    await page.keyboard.press("Enter")


def said(page: Page, words: str) -> Locator:
    return page.locator("#messages .message", has_text=words)
