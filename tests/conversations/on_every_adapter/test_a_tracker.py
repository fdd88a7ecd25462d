"""A team connects its tracker at each platform's door: the token, the preview, Start, and after."""

from __future__ import annotations

import pytest

from bot.trackers.kinds import KINDS, SITE, TOKEN, Asked, Kind, from_kept
from storage import Store
from storage.trackers import TrackerSite
from tests.fakes.trackers.vendor import FakeVendor
from tests.keys import VAULT
from tests.signing_in import browsing
from tests.stages.stage import Player, Stage


async def test_a_team_follows_its_tracker(stage: Stage, ada: Player, grace: Player) -> None:
    """From the command to the first item in five taps, and each tap is on a card."""
    await grace.says("improve Invoices for companies")
    await ada.says("connect sample")
    assert "I go on in our chat." in ada.told
    await stage.pulls()
    chat = ada.alone()
    assert "Sample tracker is connected" in await chat.sees()
    await chat.clicks("Choose a project")
    await chat.fills({"scope": "0"})
    await stage.pulls()
    preview = await chat.sees()
    assert "11 items: 11 new, 0 known already." in preview
    assert "1 restricted item stays out." in preview
    assert "PAY-" not in await grace.sees()
    await chat.clicks("Same items")
    await chat.fills({"same": ("0",)})
    await chat.clicks("Start")
    await stage.pulls()
    assert "Payments in Sample tracker is followed" in await grace.sees()
    await grace.says("backlog #1")
    assert "PAY-10" in grace.told
    await ada.says("tracker")
    assert "Payments in Sample tracker is followed" in ada.told
    assert "Last read" in ada.told
    await ada.says("tracker disconnect")
    await ada.fills({"read": "delete"})
    await stage.wait(minutes=1)
    assert "What was read of it is being deleted" in ada.told
    await grace.says("backlog")
    assert "Invoices for companies" in grace.told
    assert "Alarm when refunds pile up" not in grace.told


async def test_a_token_reaches_no_screen_and_no_row(
    stage: Stage, ada: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It opens the whole company's Jira; Hone must be the last to have seen it."""
    account = Asked("account", "Account", optional=True)
    monkeypatch.setitem(KINDS, "own", Kind("own", "Own", "area", asks=(SITE, account, TOKEN)))
    await ada.says("connect own")
    await ada.fills({"site": "nothing like it", "secret_token": "t0ps3cret"})
    assert "Paste what your browser shows there" in ada.form
    assert "t0ps3cret" not in ada.form
    await ada.fills({"site": "own.acme.test", "secret_token": "t0ps3cret"})
    assert "I go on in our chat." in ada.told
    assert "t0ps3cret" not in "\n".join([*stage.shown(), ada.told, await ada.alone().sees()])

    async def kept(store: Store) -> TrackerSite:
        (site,) = await store.trackers.all()
        return site

    async with stage.database.read(stage.workspace, stage.clock.now) as store:
        site = await kept(store)
    assert "t0ps3cret" not in site.sealed
    assert VAULT.unseal(from_kept(site.sealed)["token"]) == "t0ps3cret"


async def test_a_sign_in_leads_from_a_link_to_the_choice_of_a_project(
    stage: Stage, ada: Player
) -> None:
    """Nobody has a token at hand; everybody has a browser."""
    async with FakeVendor("linear", stage.clock) as vendor:
        stage.lets_sign_in(vendor.app)
        await ada.says("connect linear")
        assert "I go on in our chat." in ada.told
        chat = ada.alone()
        shown = await chat.sees()
        assert "Sign in with Linear" in shown
        assert "Enter a token instead" in shown
        async with browsing(stage.tokens, stage.router, stage.clock) as browser:
            async with stage.database.read(stage.workspace, stage.clock.now) as store:
                row = await store.sign_ins.find(1)
            assert row is not None
            assert row.link in "\n".join(stage.shown())
            await browser.signs_in(vendor, row.link)
        await stage.pulls()
        assert "Linear is connected" in await chat.sees()
        await chat.clicks("Choose a team")
        await chat.fills({"scope": "0"})
        assert "Looking at Payments in Linear" in await chat.sees()
