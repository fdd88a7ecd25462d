"""A file gets into the room by its form, by a button, or by being dropped."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.bot.local.visits import Visit, said, type_line

ROWS = "title,points\nPay on account,5\nPay by card,3\n"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "backlog.csv"
    path.write_text(ROWS)
    return path


async def test_a_file_is_chosen_in_the_form(visit_hone: Visit, export: Path) -> None:
    page = await visit_hone()
    await type_line(page, "/backlog import")
    form = page.get_by_role("dialog", name="Import a backlog")
    await form.get_by_label("File").set_input_files(export)
    await form.get_by_role("button", name="Check").click()
    preview = page.get_by_role("dialog", name="Import: is this right?")
    await expect(preview).to_contain_text("2 new, 0 changed")
    await preview.get_by_role("button", name="Import").click()
    await expect(said(page, "Imported into")).to_be_visible()


async def test_a_file_is_handed_over_beside_the_words(visit_hone: Visit, export: Path) -> None:
    page = await visit_hone(channel="dm-ada")
    await page.locator("#attach").set_input_files(export)
    await expect(said(page, "2 new, 0 changed")).to_be_visible()
    await page.get_by_role("button", name="Check and import").click()
    await expect(page.get_by_role("dialog", name="Import: is this right?")).to_be_visible()


async def drops(page: Page, on: str) -> None:
    """Drop a file on what a selector names."""
    files = await page.evaluate_handle(
        """rows => {
            const files = new DataTransfer();
            files.items.add(new File([rows], 'backlog.csv', { type: 'text/csv' }));
            return files;
        }""",
        ROWS,
    )
    for event in ("dragover", "drop"):
        await page.dispatch_event(on, event, {"dataTransfer": files})


async def test_a_file_is_dropped_on_the_page(visit_hone: Visit) -> None:
    """The browser would otherwise show the file in place of the room."""
    page = await visit_hone(channel="dm-ada")
    await drops(page, "#messages")
    await expect(said(page, "2 new, 0 changed")).to_be_visible()


async def test_a_file_is_dropped_on_the_form(visit_hone: Visit) -> None:
    page = await visit_hone()
    await type_line(page, "/backlog import")
    form = page.get_by_role("dialog", name="Import a backlog")
    await expect(form).to_be_visible()
    await drops(page, "#form")
    await form.get_by_role("button", name="Check").click()
    dialog = page.get_by_role("dialog", name="Import: is this right?")
    await expect(dialog).to_contain_text("2 new, 0 changed")
