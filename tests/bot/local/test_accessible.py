"""The room for those who hear it or type in it: axe finds nothing, and the caret is never lost."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page, expect

from bot.cards import Card
from bot.local.forms import form_html
from bot.local.people import PEOPLE
from bot.local.render import card_html
from tests.bot.local.demo import Running
from tests.bot.local.visits import Visit, said, type_line
from tests.gallery.drawn import ZONE
from tests.gallery.every import SPECIMENS

WAYS_OUT = {
    "Escape": "Escape",
    "Close": "Close",
    "the cross": "×",
    "Save": "Save",
    "Enter": "Enter",
}


async def faults(page: Page) -> list[str]:
    """Return what axe has against the page as it stands, of whatever impact."""
    await page.wait_for_load_state()  # with its style
    # A colour that still fades in is nobody's to read; one that never ends cannot be finished.
    await page.evaluate(
        "document.getAnimations().forEach(each => { try { each.finish() } catch {} })"
    )
    found = (await Axe().run(page)).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
async def test_axe_finds_nothing_in_the_room(visit_hone: Visit, width: int, scheme: str) -> None:
    page = await visit_hone(width=width)
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    assert await faults(page) == [], "a first visit"
    await type_line(page, "/improve Builds take forty minutes @Grace by Friday")
    await expect(said(page, "Saved as #1")).to_be_visible()
    await type_line(page, "/wsjf #1")
    await type_line(page, "/backlog")
    await expect(said(page, "1 open")).to_be_visible()
    await page.locator("#say").fill("/")
    assert await faults(page) == [], "cards, private answers and the list of commands"

    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Reveal", exact=True).click()
    await expect(page.get_by_role("alertdialog")).to_be_visible()
    assert await faults(page) == [], "a question"
    await page.keyboard.press("Escape")
    await type_line(page, "/improve")
    form = page.get_by_role("dialog", name="Log an improvement")
    await form.get_by_role("button", name="Save", exact=True).click()
    await expect(form.locator(".field .error").first).to_be_visible()
    assert await faults(page) == [], "a form with an error"
    await page.keyboard.press("Escape")
    await page.get_by_role("link", name="My page").click()
    await expect(page.get_by_role("heading", name="My page", level=1)).to_be_visible()
    assert await faults(page) == [], "a page of one's own"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_any_node_or_field(visit: Visit, scheme: str) -> None:
    """Every kind there is, so that a new one is looked at before anybody meets it."""
    page = await visit()
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    for specimen in SPECIMENS:
        if isinstance(specimen.what, Card):
            card = card_html(specimen.what, ZONE, specimen.name)
            await page.evaluate(
                "html => document.querySelector('#messages').insertAdjacentHTML('beforeend', html)",
                card,
            )
    assert await faults(page) == []
    for specimen in SPECIMENS:
        if not isinstance(specimen.what, Card):
            form = form_html(specimen.what, specimen.errors, PEOPLE, ZONE, "nonce")
            await page.evaluate(
                """html => {
                    const dialog = document.querySelector('#form');
                    dialog.querySelector('form')?.remove();
                    dialog.insertAdjacentHTML('beforeend', html);
                    if (!dialog.open) dialog.showModal();
                }""",
                form,
            )
            assert await faults(page) == [], specimen.name


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
async def test_the_sample_trackers_page_is_for_everybody(
    visit: Visit, running: Running, width: int, scheme: str
) -> None:
    """Axe finds nothing, nothing scrolls sideways, and a change leaves the focus where it went."""
    page = await visit(width=width)
    await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    await page.goto(f"{running.url}/tickets")
    assert await faults(page) == []
    for each in await page.locator("html, body, section").all():
        inside, outside = await each.evaluate("e => [e.scrollWidth, e.clientWidth]")
        assert inside <= outside
    title = page.get_by_label("Title of PAY-6")
    await title.fill("Retry a payment twice")
    async with page.expect_navigation():
        await page.keyboard.press("Tab")
    await expect(page.get_by_label("Status of PAY-6")).to_be_focused()
    await expect(title).to_have_value("Retry a payment twice")


async def test_what_is_typed_after_a_form_stands_in_the_composer(visit: Visit) -> None:
    """Chromium once left the caret in the form that was gone: the next line went nowhere."""
    page = await visit()
    form = page.get_by_role("dialog")
    for way, press in WAYS_OUT.items():
        await page.locator("#say").fill("")
        await page.keyboard.type("/improve Slow builds")
        await page.keyboard.press("Enter")
        await expect(form).to_be_visible()
        if press in ("Escape", "Enter"):
            await page.keyboard.press(press)
        else:
            await form.locator("button", has_text=press).first.click()
        await expect(form).to_be_hidden()
        await page.keyboard.type("on")
        await expect(page.locator("#say"), way).to_have_value("on")


async def test_how_far_a_vote_is_can_be_heard(visit_hone: Visit) -> None:
    """Who cannot see the card still learns that it is time to reveal, and who is left out if so."""
    ada, grace = await visit_hone("ada"), await visit_hone("grace")
    await type_line(ada, "/improve Builds take forty minutes")
    await type_line(grace, "/wsjf #1")
    reveal = ada.get_by_role("button", name="Reveal", exact=True)
    await reveal.click()
    await expect(ada.get_by_role("alertdialog")).to_contain_text(
        "Not finished: Ada Park and Grace Lin. Everyone here will see the result."
    )
    await ada.keyboard.press("Escape")
    for page in (ada, grace):
        await page.get_by_role("button", name="Vote on #1").click()
        form = page.get_by_role("dialog")
        await expect(form).to_be_visible()
        while await form.is_visible():
            title = await form.get_by_role("heading").inner_text()
            for group in await form.get_by_role("radiogroup").all():
                await group.get_by_label("5", exact=True).check()
            await page.keyboard.press("Control+Enter")
            await expect(form.get_by_role("heading", name=title, exact=True)).to_be_hidden()
    await expect(ada.locator("#announcer")).to_contain_text(
        "2 people have voted: everybody I know here."
    )


async def test_a_first_visit_begins_at_the_top(visit_hone: Visit) -> None:
    """The examples say what this is; a channel full of cards does not."""
    grace = await visit_hone("grace")
    for number in range(12):
        await type_line(grace, f"/improve Number {number} is slow")
    await expect(said(grace, "#12 Number 11 is slow")).to_be_visible()
    page = await visit_hone("ada")
    examples = page.get_by_role("region", name="Try this")
    await expect(examples).to_be_in_viewport()
    await expect(examples).to_contain_text("your colleagues join through Slack or Microsoft Teams")
    await page.reload()
    await expect(said(page, "#12 Number 11 is slow")).to_be_in_viewport()
