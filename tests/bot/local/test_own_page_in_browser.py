"""A page of one's own in Chromium: reached by keyboard, live, and no wider than its screen."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.bot.local.visits import Visit, said, type_line


async def test_ones_own_page_is_reached_by_keyboard_and_changes_by_itself(
    visit_hone: Visit,
) -> None:
    """What waits for Ada comes to her while she looks, and her keyboard stays where it was."""
    ada, grace = await visit_hone("ada"), await visit_hone("grace")
    await type_line(ada, "/backlog")
    await ada.get_by_role("link", name="My page").press("Enter")
    await expect(said(ada, "Nothing waits for you, Ada.")).to_be_visible()
    await expect(ada.get_by_role("heading", name="My page", level=1)).to_be_visible()
    await expect(ada.locator("#composer")).to_be_hidden()

    await type_line(grace, "/improve Builds take forty minutes @Ada")
    edit = ada.get_by_role("button", name="Edit #1, opens a form")
    await edit.press("Enter")
    await expect(ada.get_by_role("dialog")).to_be_visible()
    await ada.keyboard.press("Escape")
    await edit.focus()
    await type_line(grace, "/wsjf #1")
    await expect(said(ada, "Votes waiting for you")).to_be_visible()
    await expect(edit).to_be_focused()

    await ada.get_by_role("button", name="Mark #1 as done").press("Enter")
    await expect(edit).to_be_hidden()
    await expect(said(grace, "accepted")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
async def test_ones_own_page_fits_its_screen(visit_hone: Visit, width: int) -> None:
    grace = await visit_hone("grace")
    await type_line(grace, f"/improve {'Builds take forty minutes ' * 5} @Grace")
    await type_line(grace, "/wsjf #1")
    page = await visit_hone("grace", "home:grace", width)
    await expect(said(page, "Votes waiting for you")).to_be_visible()
    for selector in ("html", ".scroll", "#messages", ".card"):
        inside, outside = await page.locator(selector).first.evaluate(
            "element => [element.scrollWidth, element.clientWidth]"
        )
        assert inside <= outside, selector
    place = page.get_by_role("link", name="My page")
    await expect(place).to_have_attribute("aria-current", "page")
    await expect(place).to_be_in_viewport()
