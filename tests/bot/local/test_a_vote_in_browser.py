"""A vote with Hone's own features in Chromium, on a phone's width and by keyboard alone."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.local.adapter import LocalRoom
from bot.local.room import CHANNELS, WORKSPACE
from bot.outbox import Outbox
from bot.router import Router
from bot.server import listen, make_app
from bot.worker import Worker
from handlers import FEATURES
from storage import Database, Store
from tests.bot.local.demo import now
from tests.bot.local.visits import Windows

PHONE_WIDTH, PHONE_HEIGHT = 390, 844
TITLES = ("Code reviews wait for two whole days", "Nobody knows who owns the staging database")

MORE_TITLES = (
    *("Deploys wait for one person", "Contracts change unannounced", "Nobody tests on Fridays"),
    *("Invoices are sent twice", "Search forgets synonyms", "Logins fail after a holiday"),
)


@pytest.fixture
async def page(windows: Windows, migrated_sqlite: Path, tmp_path: Path) -> AsyncIterator[Page]:
    """A phone in a room where one ballot makes a score, so that one person can play it through."""
    shutil.copy(migrated_sqlite, tmp_path / "hone.db")
    database = Database(f"sqlite:///{tmp_path / 'hone.db'}")
    router = Router(FEATURES, database)
    room = LocalRoom(router, database, now)
    worker = Worker(router, database, Outbox(router, database, {"local": room}, now), now)
    runner = await listen(make_app(database, room.routes(), now), "127.0.0.1", 0)
    await database.write(WORKSPACE, now(), _two_items)
    worker.start()
    shown = await windows.open(PHONE_WIDTH, PHONE_HEIGHT)
    await shown.goto(f"http://127.0.0.1:{runner.addresses[0][1]}/?as=ada")
    yield shown
    await windows.put_back(shown)
    await worker.stop()
    room.close()
    await runner.cleanup()
    await database.close()


async def _two_items(store: Store) -> None:
    await store.people.remember("ada", "Ada Park")
    channel = await store.channels.ensure(CHANNELS[0], CHANNELS[0], "UTC")
    team = await store.teams.find(channel.team_id)
    assert team is not None
    team.settings = {**team.settings, "min_ballots": 1}
    for title in TITLES:
        await store.items.add(team.id, title, by="ada")


async def press(page: Page, label: str) -> None:
    await page.locator(".card button", has_text=label).last.press("Enter")


def result(page: Page) -> Locator:
    return page.locator("#messages > .message", has_text="WSJF result: 2 items")


async def test_a_vote_is_played_through_by_keyboard_on_a_phone(page: Page) -> None:
    await page.locator("#say").fill("/wsjf #1 #2")
    await page.keyboard.press("Enter")
    await press(page, "Vote")
    ballot = page.get_by_role("dialog")
    await expect(ballot).to_have_accessible_description(re.compile("^User-business value: "))
    for number in range(1, 5):
        await expect(ballot.get_by_role("heading", name=f"({number} of 4)")).to_be_visible()
        first = ballot.get_by_role("radiogroup", name="#1 Code reviews")
        await expect(first.get_by_label("1", exact=True)).to_be_focused()
        if number > 1:
            await expect(ballot.locator("#form-told")).to_contain_text(f"({number} of 4)")
            await expect(ballot).to_contain_text(f"You have finished {number - 1} of 4 columns.")
        await page.keyboard.press("Space")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Space")
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("Control+Enter")
    await expect(ballot).to_be_hidden()

    await press(page, "Reveal")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    await expect(result(page).locator(".replies .message")).to_be_visible()
    await expect(result(page)).to_be_focused()  # its button is gone, its place is not
    await expect(result(page).get_by_role("heading")).to_be_in_viewport()
    await press(page, "Accept scores")
    await expect(result(page).get_by_text("2 items have their scores now.")).to_be_in_viewport()
    wide, room = await page.locator(".replies .table").evaluate(
        "t => [t.scrollWidth, t.clientWidth]"
    )
    assert wide <= room, "the cards that were played are out of sight"


async def test_every_button_of_a_vote_is_called_by_what_stands_on_it(page: Page) -> None:
    """People who speak to their phone say the word they see."""
    await page.locator("#say").fill("/wsjf #1 #2")
    await page.keyboard.press("Enter")
    await expect(page.locator(".card button", has_text="Manage")).to_be_visible()
    misnamed = await page.locator(".card button[aria-label]").evaluate_all(
        "all => all.filter(b => !b.ariaLabel.startsWith(b.textContent)).map(b => b.outerHTML)"
    )
    assert misnamed == []


async def test_a_number_that_is_typed_picks_its_card(page: Page) -> None:
    """At a desk a ballot is a number and Tab for each item; nobody reaches for the mouse."""
    await page.locator("#say").fill("/wsjf #1 #2")
    await page.keyboard.press("Enter")
    await press(page, "Vote")
    ballot = page.get_by_role("dialog")
    first = ballot.get_by_role("radiogroup", name="#1 Code reviews")
    second = ballot.get_by_role("radiogroup", name="#2 Nobody knows")
    await expect(first.get_by_label("1", exact=True)).to_be_focused()
    for keys in ("8", "13", "20", "2", "?"):
        await page.wait_for_timeout(750)  # a pause begins another number
        for key in keys:
            await page.keyboard.press(key)
        await expect(first.get_by_label(keys, exact=True)).to_be_checked()
    await page.keyboard.press("Tab")
    await page.keyboard.press("5")
    await expect(second.get_by_label("5", exact=True)).to_be_checked()


async def test_five_items_at_least_are_compared_at_once_on_a_phone(page: Page) -> None:
    """Relative sizing is comparing: what is out of sight is not compared."""
    for title in MORE_TITLES:
        await page.locator("#say").fill(f"/improve {title}")
        await page.keyboard.press("Enter")
        await expect(page.locator("#messages .card", has_text=title)).to_be_visible()
    await page.locator("#say").fill("/wsjf start top 8")
    await page.keyboard.press("Enter")
    await press(page, "Vote")
    ballot = page.get_by_role("dialog")
    await expect(ballot.get_by_role("radiogroup")).to_have_count(8)
    seen = await ballot.evaluate(
        """dialog => {
          const fields = [...dialog.querySelectorAll("fieldset.field")];
          const box = dialog.querySelector(".fields");
          box.scrollTop = fields[0].offsetTop - box.offsetTop;
          const inside = box.getBoundingClientRect();
          return fields.filter(field => {
            const own = field.getBoundingClientRect();
            return own.top >= inside.top - 1 && own.bottom <= inside.bottom + 1;
          }).length;
        }"""
    )
    assert seen >= 5
    small = await ballot.locator(".chip").evaluate_all(
        "chips => chips.filter(c => c.offsetWidth < 30 || c.offsetHeight < 42).length"
    )
    assert small == 0, "a card is too small for a thumb"
