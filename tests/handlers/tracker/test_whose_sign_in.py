"""Nobody goes on with a sign-in but who asked for it, on Hone's own page."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from urllib.parse import urlsplit

from bot.trackers.sign_in.vendors import LINEAR
from bot.turn import Answers, Click, Submission
from handlers.tracker.actions import ChooseSite, Connect, NewLink, OpenSites, OpenToken
from tests.fakes.trackers.vendor import FakeVendor
from tests.hone import Hone
from tests.signing_in import CHAT, Browser, asks, sign_in


async def test_no_other_page_presses_the_button(
    hone: Hone, vendor: FakeVendor, browser: Browser
) -> None:
    """Any page can send a form; a vendor that knows Hone would let a stranger's team in at once."""
    link = await asks(hone.person("Ada"))
    for said in (
        {},
        {"Origin": "null"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "https://hone.example", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ):
        assert await browser.is_sent_on(link, said) == 403, said
    assert (await sign_in(hone)).begun is None  # type: ignore[union-attr]
    assert await browser.is_sent_on(link, {"Sec-Fetch-Site": "same-origin"}) == 303


async def test_a_link_leads_to_the_tracker_that_was_asked_for(
    hone: Hone, vendor: FakeVendor, browser: Browser
) -> None:
    """With another tracker in its address it leads nowhere, wherever it was pressed."""
    hone.apps["linear"] = replace(vendor.app, vendor=LINEAR)
    link = await asks(hone.person("Ada"))
    for other, elsewhere in (("linear", "same-origin"), ("toy", "cross-site")):
        astray = link.replace("/jira/", f"/{other}/")
        assert (await browser.opens(astray))[0] == 404
        assert await browser.is_sent_on(astray, {"Sec-Fetch-Site": elsewhere}) == 404
    assert (await sign_in(hone)).begun is None  # type: ignore[union-attr]


async def test_a_cookie_that_is_no_text_is_refused_like_any_other(
    hone: Hone, vendor: FakeVendor, browser: Browser
) -> None:
    host = urlsplit(browser.root)
    reader, writer = await asyncio.open_connection(host.hostname, host.port)
    head = b"GET /connect/jira/callback?state=a&code=b HTTP/1.1\r\nHost: hone.example\r\n"
    writer.write(head + b"Cookie: hone_sign_in=\xed\xa0\x80\r\n\r\n")
    assert (await reader.readline()).split()[1] == b"400"
    writer.close()


async def test_nobody_else_goes_on_with_somebodys_sign_in(
    hone: Hone, vendor: FakeVendor, browser: Browser
) -> None:
    """Whoever chose for them would let their own team in with another person's account."""
    vendor.sites = [("acme", "Acme"), ("beta", "Beta")]
    ada, grace = hone.person("Ada"), hone.person("Grace")
    alone = ada.alone()
    link = await asks(ada)
    for act in (NewLink(1), OpenToken(1), OpenSites(1), ChooseSite(1)):
        await grace.acts(Click(act))
        assert "That link is gone" in grace.told
    token = {"site": ("acme.atlassian.net",), "secret_token": ("hers",)}
    await grace.acts(Submission(Connect("jira", 1, sign_in=1), Answers(token)))
    row = await sign_in(hone)
    assert row is not None
    assert (row.state, row.tracker_id) == ("asked", None)

    await browser.signs_in(vendor, link)
    await hone.settle()
    choice = hone.channel(CHAT)[-1].card
    await alone.clicks("Choose one", on=choice)
    await alone.fills({"site": "1"})
    await alone.clicks("Choose one", on=choice)
    assert "That is chosen already." in alone.told
