"""Somebody signs in on the tracker's own page, and Hone goes on in their chat."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.trackers.catalog import opened_through
from bot.trackers.http import Door
from bot.trackers.kinds import KINDS, OPENED, SIGN_IN, from_kept
from bot.trackers.tracker import Opens
from storage import Store
from storage.audit import AuditEntry
from tests.fakes.tracker import FakeTracker
from tests.fakes.trackers.jira import FakeJira
from tests.fakes.trackers.vendor import VENDORS, FakeVendor
from tests.handlers.tracker.sampled import everything_kept
from tests.hone import Hone
from tests.signing_in import CHAT, Browser, asks, link_on, registered, sign_in, sites


@pytest.mark.parametrize("vendor", list(VENDORS), indirect=True)
async def test_one_link_leads_to_the_choice_of_a_project_and_nobody_reads_a_token(
    hone: Hone, vendor: FakeVendor, browser: Browser
) -> None:
    """Nobody makes, copies or renews one; and the card goes on by itself."""
    ada, kind = hone.person("Ada"), KINDS[vendor.vendor.kind]
    with capture_logs() as logged:
        link = await asks(ada, f"connect {kind.name}")
        assert ada.told == "I go on in our chat."
        assert link.startswith(f"https://hone.example/connect/{kind.id}/")
        status, page = await browser.opens(link)
        assert status == 200
        assert f"Ada wants the team refinement to work with {kind.name}" in page
        status, page = await browser.signs_in(vendor, link)
        assert (status, "You can close this page" in page) == (200, True), page
        await hone.pulls()
    assert len(hone.channel(CHAT)) == 1
    assert f"{kind.name} is connected" in hone.last(CHAT)
    kept = await everything_kept(hone)
    for secret in ("access-", "refresh-", "code-", "app-secret", "PRIVATE KEY", browser.cookie):
        assert secret not in kept
        assert secret not in str(logged)
    alone = ada.alone()
    await alone.clicks(f"Choose a {kind.scope}")
    await alone.fills({"scope": "0"})
    assert f"Looking at Payments in {kind.name}" in hone.last(CHAT)


async def test_the_token_stands_second(hone: Hone, vendor: FakeVendor, browser: Browser) -> None:
    """Companies forbid one or the other; and a server of one's own has no page of Atlassian's."""
    ada = hone.person("Ada")
    await ada.says("connect jira jira.acme.test")
    assert ada.form is not None
    assert ada.form.title == "Connect Jira"
    await asks(ada, "connect jira acme.atlassian.net")
    alone = ada.alone()
    await alone.clicks("Enter a token instead")
    await alone.fills({"account": "ada@acme.test", "secret_token": "t0ken"})
    await hone.pulls()
    assert len(hone.channel(CHAT)) == 1, "the card goes on"
    assert "Jira is connected" in hone.last(CHAT)


async def test_without_a_registration_only_the_token_is_offered(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("connect jira")
    assert ada.form is not None
    assert any(getattr(field, "id", "") == "secret_token" for field in ada.form.fields)


async def test_a_link_is_good_once_in_one_browser_for_ten_minutes(
    hone: Hone, vendor: FakeVendor, browser: Browser
) -> None:
    """Else whoever finds it connects their tracker to this team, or this team to theirs."""
    ada = hone.person("Ada")
    link = await asks(ada)
    sent_back = vendor.agrees(await browser.presses(link))
    stolen = Browser(browser.http, browser.root, "another-browser")
    for tried, query in ((stolen, sent_back), (browser, sent_back | {"state": "made up"})):
        status, page = await tried.returns("jira", **query)
        assert status == 400
        assert "was used before, or was opened in another browser" in page
    assert (await browser.returns("github", **sent_back))[0] == 400
    pages = await asyncio.gather(*(browser.returns("jira", **sent_back) for _ in range(2)))
    assert sorted(status for status, _ in pages) == [200, 400], "once"
    assert len(vendor.asked) == 1
    assert (await browser.opens(link))[0] == 404

    link = await asks(ada, "connect jira other.atlassian.net")
    sent_back = vendor.agrees(await browser.presses(link))
    await hone.wait(minutes=10)
    assert (await browser.returns("jira", **sent_back))[0] == 400
    assert "The link has run out" in hone.last(CHAT)
    assert (await browser.opens(link))[0] == 404
    await ada.alone().clicks("New link")
    assert link_on(hone.channel(CHAT)[-1].card) != link
    assert len(hone.channel(CHAT)) == 2, "on the same card"


async def test_whoever_says_no_or_meets_trouble_reads_why_on_both_sides(
    hone: Hone, vendor: FakeVendor, browser: Browser
) -> None:
    ada = hone.person("Ada")
    await asks(ada)

    async def told(**query: str) -> str:
        """Come back with this instead of a code; returns the sentence that page and card say."""
        page = await browser.presses(link_on(hone.channel(CHAT)[-1].card))
        state = vendor.agrees(page)["state"]
        status, shown = await browser.returns("jira", state=state, **query)
        assert status == 400
        await hone.settle()
        why = hone.last(CHAT).splitlines()[1]
        assert why in shown
        await ada.alone().clicks("New link")
        return why

    assert "nobody gave it the permissions" in await told(error="access_denied")
    assert "it may have been used before" in await told(code="made up")
    vendor.down = True
    assert "Jira is out of order just now." in await told(code="any")
    vendor.down, vendor.sites = False, []
    page = await browser.presses(link_on(hone.channel(CHAT)[-1].card))
    assert "sees no Jira site" in (await browser.returns("jira", **vendor.agrees(page)))[1]
    assert not await sites(hone)
    assert (await sign_in(hone)).access == ""  # type: ignore[union-attr]


async def test_of_several_sites_one_is_chosen_and_the_one_that_was_named_is_taken(
    hone: Hone, vendor: FakeVendor, browser: Browser
) -> None:
    """A consultant's account sees the sites of five clients."""
    vendor.sites = [("acme", "Acme"), ("beta", "Beta")]
    ada, alone = hone.person("Ada"), hone.person("Ada").alone()
    await browser.signs_in(vendor, await asks(ada))
    await hone.settle()
    assert "That account sees 2 of them." in hone.last(CHAT)
    await alone.clicks("Choose one")
    await alone.fills({"site": "1"})
    await hone.pulls()
    (site,) = await sites(hone)
    assert site.site == "beta.atlassian.net"
    assert from_kept(site.sealed) == {SIGN_IN: "1", OPENED: "cloud-2"}

    await browser.signs_in(vendor, await asks(ada, "connect jira acme.atlassian.net"))
    assert [each.site for each in await sites(hone)][1:] == ["acme.atlassian.net"]
    status, page = await browser.signs_in(vendor, await asks(ada, "connect jira no.atlassian.net"))
    assert (status, "and not at no.atlassian.net" in page) == (400, True)


@pytest.mark.parametrize("vendor", ["github"], indirect=True)
async def test_githubs_app_opens_no_repository_that_the_person_does_not_see(
    hone: Hone, vendor: FakeVendor, browser: Browser
) -> None:
    """Hone goes on as the app: one repository of a company must not open all the others."""
    vendor.sites = [("acme", "Acme"), ("beta", "Beta")]
    vendor.seen_in_part = {"1"}
    ada = hone.person("Ada")
    assert (await browser.signs_in(vendor, await asks(ada, "connect github")))[0] == 200
    (site,) = await sites(hone)
    assert from_kept(site.sealed)[OPENED] == "2"
    row = await sign_in(hone)
    assert row is not None
    assert (row.access, row.refresh) == ("", ""), "nothing of the person's is kept"
    vendor.seen_in_part = {"1", "2"}
    _, page = await browser.signs_in(vendor, await asks(ada, "connect github"))
    assert "somebody who sees all of them has to sign in" in page


async def test_who_may_not_connect_any_more_connects_nothing(
    hone: Hone, vendor: FakeVendor, browser: Browser
) -> None:
    """Between the link and the vendor's page the team got a facilitator, and it is not Tomas."""
    tomas = hone.person("Tomas")
    await tomas.says("connect jira")
    link = link_on(hone.channel("dm-tomas")[-1].card)
    hone.person("Grace")
    await tomas.says("settings")
    await tomas.fills({"facilitators": ("grace",)})
    status, page = await browser.signs_in(vendor, link)
    assert (status, "ask Grace" in page) == (400, True)
    assert not await sites(hone)


async def test_a_sign_in_takes_a_tokens_place_and_a_token_a_sign_ins(
    hone: Hone, vendor: FakeVendor, browser: Browser
) -> None:
    """What is followed goes on, and the webhook's secret stays."""
    ada, alone = hone.person("Ada"), hone.person("Ada").alone()
    await asks(ada, "connect jira acme.atlassian.net")
    await alone.clicks("Enter a token instead")
    await alone.fills({"secret_token": "t0ken", "secret_hook_secret": "hook"})
    await hone.pulls()
    await browser.signs_in(vendor, await asks(ada, "connect jira acme.atlassian.net"))
    await hone.pulls()
    (site,) = await sites(hone)
    assert from_kept(site.sealed).keys() == {SIGN_IN, OPENED, "hook_secret"}
    assert site.until is not None, "Atlassian renews for a year"

    await alone.clicks("Choose a project or board")
    await alone.fills({"scope": "0"})
    await ada.says("tracker hook")
    await ada.clicks("Enter the secret", on=ada.whispered)
    await ada.fills({"secret_hook_secret": "another"})
    await hone.pulls()
    assert from_kept((await sites(hone))[0].sealed)[SIGN_IN] == "2"
    await ada.says("tracker hook")
    await ada.clicks("Enter the secret", on=ada.whispered)
    await ada.fills({"secret_token": "t1"})
    await hone.pulls()
    assert SIGN_IN not in from_kept((await sites(hone))[0].sealed)
    assert (await sign_in(hone, 2)).refresh == ""  # type: ignore[union-attr]


async def test_disconnecting_gives_the_tokens_back(hone: Hone, browser: Browser) -> None:
    """Whoever takes Hone out expects nothing to be left; a vendor that is down is asked later."""
    async with FakeVendor("linear", lambda: hone.now) as vendor:
        registered(hone, vendor)
        hone.opens["linear"] = lambda kind, access: FakeTracker(kind, f"{kind}:{access.site}")
        ada, alone = hone.person("Ada"), hone.person("Ada").alone()
        await browser.signs_in(vendor, await asks(ada, "connect linear"))
        await hone.pulls()
        await alone.clicks("Choose a team")
        await alone.fills({"scope": "0"})
        await hone.pulls()
        await ada.says("tracker disconnect")
        await ada.fills({})
        assert "I forgot how I got in there" in ada.told
        vendor.down = True
        await hone.tokens.let_go_due()
        assert await sign_in(hone) is not None
        vendor.down = False
        await hone.wait(hours=1)
        await hone.tokens.let_go_due()
        assert vendor.asked[-1]["token"].startswith("refresh-")
        assert await sign_in(hone) is None


async def test_links_that_led_nowhere_are_forgotten(hone: Hone, vendor: FakeVendor) -> None:
    await asks(hone.person("Ada"))
    await hone.wait(hours=25)
    await hone.tokens.let_go_due()
    await hone.settle()
    assert await sign_in(hone) is None
    assert "Nothing is connected by this any more." in hone.last(CHAT)


async def test_tokens_that_nobody_chose_a_site_for_are_given_back(
    hone: Hone, vendor: FakeVendor, browser: Browser
) -> None:
    """They open all that the account sees, and somebody may think they had let it be."""
    vendor.sites = [("acme", "Acme"), ("beta", "Beta")]
    await browser.signs_in(vendor, await asks(hone.person("Ada")))
    await hone.wait(hours=25)
    await hone.tokens.let_go_due()
    await hone.settle()
    assert await sign_in(hone) is None
    assert "Nothing is connected by this any more." in hone.last(CHAT)


async def test_who_signed_in_where_is_kept_for_who_asks_later(
    hone: Hone, vendor: FakeVendor, browser: Browser
) -> None:
    await browser.signs_in(vendor, await asks(hone.person("Ada")))

    async def trail(store: Store) -> list[tuple[str, str]]:
        rows = await store.session.scalars(select(AuditEntry))
        return [(row.person, row.what) for row in rows]

    assert await hone.database.write(hone.workspace, hone.now, trail) == [
        ("ada", "team 1: tracker 1 jira"),
        ("ada", "tracker 1: sign-in 1"),
    ]


async def test_jira_is_asked_through_its_gateway_and_let_in_for_months(
    hone: Hone, browser: Browser
) -> None:
    """The real adapter all the way: tokens are renewed, one ends early, all are taken back."""
    async with FakeVendor("jira", lambda: hone.now) as vendor, FakeJira() as jira:
        registered(hone, vendor)
        jira.scoped_token, jira.now = True, hone.now
        vendor.jira_host = f"http://{jira.host}"
        vendor.on_access = lambda token: setattr(jira, "token", token)
        door = Door(lambda: hone.now, [jira.host])
        cast("dict[str, Opens]", hone.sites.opens).update(opened_through(door))
        jira.add("Refunds take weeks")
        ada, alone = hone.person("Ada"), hone.person("Ada").alone()
        await browser.signs_in(vendor, await asks(ada))
        await hone.pulls()
        await alone.clicks("Choose a project or board")
        await alone.fills({"scope": "0"})
        await hone.pulls()
        await alone.clicks("Start")
        await hone.pulls()
        assert all("/ex/jira/cloud-1/" in path for _, path, _ in jira.calls)

        await hone.wait(hours=2)
        jira.now = hone.now
        jira.add("Payouts")
        await hone.pulls()
        assert [sent["grant_type"] for sent in vendor.asked[1:]] == ["refresh_token"]
        vendor.on_access("ended early")
        vendor.silent = 1
        await hone.wait(minutes=5)
        await hone.pulls()
        await hone.wait(minutes=5)
        await hone.pulls()
        assert len({sent["refresh_token"] for sent in vendor.asked[2:]}) == 1, "the same again"
        await ada.says("backlog")
        assert "Payouts" in ada.told
        assert "Refunds take weeks" in ada.told

        vendor.takes_back()
        vendor.on_access("taken back")
        for _ in range(3):
            await hone.wait(hours=1)
            await hone.pulls()
        told = [each.text for each in hone.channel(CHAT) if "no longer lets me in" in each.text]
        assert len(told) == 1, "once"
        assert "Jira no longer accepts the sign-in: somebody has to sign in again." in told[0]
        assert "refresh_token" in vendor.asked[-1]
        asked = len(vendor.asked)
        await alone.clicks("Sign in again")
        await browser.signs_in(vendor, link_on(hone.channel(CHAT)[-1].card))
        await hone.pulls()
        assert "Jira lets me in." in "\n".join(each.text for each in hone.channel(CHAT))
        assert len(vendor.asked) == asked + 1
        await door.close()
