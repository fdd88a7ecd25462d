"""Channels that people add: a fifth team comes into the train, or a team talks in two places."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.local.channels import CHANNELS_MAX, NAME_MAX_CHARS
from bot.local.room import CHANNELS, WORKSPACE
from tests.bot.local.demo import Running
from tests.bot.local.visitor import Visitor
from tests.bot.local.visits import Visit, said, type_line


async def teams_of(running: Running) -> dict[str, int]:
    async with running.database.read(WORKSPACE, running.room._clock()) as store:
        return {channel.id: channel.team_id for channel in await store.channels.all()}


async def test_a_channel_begins_a_team_or_joins_one(running: Running, ada: Visitor) -> None:
    answer = await ada.does("channel", name="#Billing Team", team="")
    assert answer == {"channel": "billing-team"}
    await ada.does("say", "billing-team", text="Anyone here?")
    page = await ada.page("billing-team")
    assert "Anyone here?" in page
    assert 'aria-current="page" data-channel="billing-team"' in page

    billing = (await teams_of(running))["billing-team"]
    await ada.does("channel", name="billing-ops", team=str(billing))
    assert (await teams_of(running))["billing-ops"] == billing


@pytest.mark.parametrize(
    ("name", "team", "wrong"),
    [
        ("", "", "Give the channel a name"),
        ("x" * (NAME_MAX_CHARS + 1), "", "this one has 41"),
        ("dm-grace", "", "letters, digits and dashes"),
        ("home:grace", "", "letters, digits and dashes"),
        ("<b>", "", "letters, digits and dashes"),
        (CHANNELS[-1], "", "There is #your-team already."),
        ("billing", "99", "That team is gone. Choose again."),
        ("billing", "²", "That team is gone. Choose again."),
        ("billing", "9" * 5_000, "That team is gone. Choose again."),
    ],
)
async def test_what_cannot_be_a_channel_is_said_in_one_sentence(
    ada: Visitor, name: str, team: str, wrong: str
) -> None:
    assert wrong in (await ada.does("channel", name=name, team=team))["wrong"]


async def test_the_room_has_an_end_and_what_was_never_added_is_no_place(
    running: Running, ada: Visitor
) -> None:
    more = CHANNELS_MAX - len(CHANNELS)
    for number in range(more):
        await ada.does("channel", name=f"team-{number}", team="")
    assert "is full" in (await ada.does("channel", name="one-more", team=""))["wrong"]
    assert (await ada.send("say", "one-more", text="Hello")).status == 400
    running.database.broken = True
    assert (await ada.send("channel", name="late", team="")).status == 503


async def test_a_channel_is_added_with_the_keyboard_on_the_narrowest_phone(visit: Visit) -> None:
    """WCAG: nothing here needs a mouse, a wide screen, or eyes."""
    page = await visit(width=320)
    add = page.get_by_role("button", name="New channel")
    await add.focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="New channel")
    await expect(dialog.get_by_label("Name")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_role("alert")).to_have_text(
        "Give the channel a name, such as billing-team."
    )
    await page.keyboard.press("Escape")
    await expect(add).to_be_focused()
    await page.keyboard.press("Enter")
    for key in ("Shift+Tab", "Tab"):
        await page.keyboard.press(key)
    inside, outside = await page.locator("html").evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert inside <= outside
    await dialog.get_by_label("Name").fill("Billing Team")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="billing-team")).to_have_attribute(
        "aria-current", "page"
    )
    await type_line(page, "Anyone here?")
    await expect(said(page, "Anyone here?")).to_be_visible()
