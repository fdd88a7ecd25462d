"""Take the pictures in docs/ anew: a short story in the local room, told by three people.

Run it as `make screenshots`. It needs Chromium and leaves no trace but the pictures.
"""

from __future__ import annotations

import asyncio
import shutil
import socket
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent))

from app import meaning_of, wire  # noqa: E402 - found through the line above
from bot.local.people import RESIDENTS  # noqa: E402
from bot.local.room import WORKSPACE  # noqa: E402
from bot.process import Hone, clock, running  # noqa: E402
from bot.settings import Settings  # noqa: E402
from handlers.backlog.sample_train import ALL  # noqa: E402
from storage.migrate import upgrade  # noqa: E402

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

MEANING_PATIENCE_S = 120

BALLOTS = {
    "ada": (("8", "5"), ("5", "3"), ("3", "1"), ("1", "5")),
    "grace": (("8", "1"), ("5", "1"), ("2", "1"), ("1", "5")),
    "tomas": (("13", "1"), ("3", "1"), ("1", "2"), ("2", "8")),
}
"""Each person's cards: four columns, two items in each."""


async def tell(browser: Browser, url: str) -> None:
    """Vote as all three, reveal, read the digest, and take the pictures on the way."""
    page = await browser.new_page(viewport=DESKTOP)
    await be(page, url, "ada")
    await page.get_by_role("button", name="Close the examples").click()
    await say(page, "Which of these two first? Please vote before lunch.")
    await say(page, "/wsjf #1 #2")
    for resident in RESIDENTS:
        await be(page, url, resident.person.id)
        await vote(page, BALLOTS[resident.person.id])

    await be(page, url, "ada")
    await press(page, "Reveal")
    await expect(page.get_by_role("table").first).to_be_visible()
    await page.reload()  # so that everything stands where a newcomer would find it
    await expect(page.locator(".replies .message")).to_be_visible()
    await picture(page, "local-room.png")

    await page.goto(f"{url}/?as=tomas&in=mobile-team")
    await say(page, "/improve Halfway through the sprint we notice that we need payments first")
    await expect(page.get_by_text("(suggested)")).to_be_visible()
    await press(page, "Right")
    await say(page, "/themes")
    await expect(page.get_by_text("is systemic").first).to_be_visible()
    await picture(page, "patterns.png")
    await be(page, url, "ada")

    await say(page, "/connect sample")
    await page.goto(f"{url}/?as=ada&in=dm-ada")
    await press(page, "Choose a project")
    await page.get_by_label("Payments").check()
    await page.get_by_role("button", name="Look at it").click()
    await expect(page.get_by_text("Nothing has been changed.")).to_be_visible()
    await picture(page, "tracker.png")
    await be(page, url, "ada")

    await page.emulate_media(color_scheme="dark")
    await page.set_viewport_size(PHONE)
    await say(page, "/digest preview")
    await expect(page.locator(".whisper .chart")).to_be_visible()
    await picture(page, "local-room-phone.png")


async def be(page: Page, url: str, who: str) -> None:
    await page.goto(f"{url}/?as={who}&in=checkout-refinement")


async def say(page: Page, line: str) -> None:
    await page.locator("#say").fill(line)
    await page.keyboard.press("Enter")
    await expect(page.locator("#messages > *", has_text=line).last).to_be_visible()


async def press(page: Page, name: str) -> None:
    """Press a card's button, and `yes` if that asks back."""
    await page.locator(".card button").get_by_text(name, exact=True).last.click()
    yes = page.locator("#confirm [value=yes]")
    if await yes.is_visible():
        await yes.click()


async def vote(page: Page, ballot: Sequence[Sequence[str]]) -> None:
    await press(page, "Vote")
    for step, cards in enumerate(ballot, start=1):
        form = page.get_by_role("dialog", name=f"({step} of {len(ballot)})")
        await expect(form).to_be_visible()
        for item, card in enumerate(cards):
            choice = form.get_by_role("radiogroup").nth(item)
            await choice.get_by_label(card, exact=True).check()
        await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def picture(page: Page, name: str) -> None:
    await page.wait_for_timeout(500)  # arriving messages fade in
    await page.screenshot(path=DOCS / name)
    print(f"docs/{name}")


async def take_all() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is not installed; on Debian: apt install chromium")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg] # no word of it in pydantic's types
            database_url=f"sqlite:///{folder}/hone.db",
            hone_port=free_port(),
            hone_local=True,
        )
        await asyncio.to_thread(upgrade, settings.database_url)
        async with (
            running(wire, settings, load_meaning=meaning_of(settings)) as hone,
            async_playwright() as playwright,
        ):
            await understands(hone)
            browser = await playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
            )
            await tell(browser, f"http://127.0.0.1:{settings.hone_port}")
            await browser.close()


async def understands(hone: Hone) -> None:
    """Wait until the train's dependencies are understood: a minute after the room was opened."""
    tagged = [number for number, past in enumerate(ALL, 1) if "dependencies" in past.themes]
    for _ in range(MEANING_PATIENCE_S):
        await asyncio.sleep(1)
        if (meaning := hone.database.meaning) is not None:
            async with hone.database.read(WORKSPACE, clock()) as store:
                if len(await store.vectors.of(tagged, meaning.model)) == len(tagged):
                    return
    sys.exit("The meaning of the sample's items was not learnt.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    asyncio.run(take_all())
