"""A tracker that fails, hangs or is read twice: a sentence, a time to try again, nothing lost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.trackers.pull import LEASE, Puller
from bot.trackers.sites import Sites
from bot.trackers.tracker import (
    BadAddress,
    Missing,
    NotAllowed,
    NotNow,
    Rejected,
    SignedOut,
    Silent,
    TrackerError,
    Unreadable,
)
from handlers.tracker.told import read_told
from storage import Store
from storage.imports import Imports, NewItem
from storage.posts import PostRow
from tests.handlers.tracker.sampled import Sampled
from tests.handlers.tracker.troubled import Troubled
from tests.hone import Hone


@pytest.fixture
def database_url(each_url: str) -> str:
    """Who claims what is left to the database, and the two do it in different ways."""
    return each_url


@pytest.fixture
async def sample(hone: Hone) -> Sampled:
    sampled = Sampled(hone)
    await hone.person("Ada Park").says("improve Something of our own")
    return sampled


@pytest.fixture
def trouble(hone: Hone, sample: Sampled) -> Troubled:
    """What stands between Hone and the sample tracker."""
    troubled = Troubled(sample.tracker)
    hone.opens["sample"] = lambda kind, access: troubled  # type: ignore[assignment, return-value]
    return troubled


def replica(hone: Hone) -> Puller:
    """Another process on the same database."""
    return Puller(hone.router, hone.database, hone.sites, lambda: hone.now)


# --- a site ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [
        SignedOut("It does not accept our token."),
        NotAllowed("Its account may not see projects."),
        BadAddress("I may not go there."),
        Missing("There is no tracker at that address."),
    ],
)
async def test_a_site_that_refuses_says_why_and_is_left_alone(
    sample: Sampled, trouble: Troubled, error: TrackerError
) -> None:
    """Asking on would lock the account."""
    trouble.before["account"] = [error]
    await sample.connect()
    site = await sample.site()
    assert (site.state, site.why, site.due_at) == ("refused", str(error), None)
    await sample.hone.wait(days=2)
    await sample.hone.pulls()
    assert trouble.calls["account"] == 1


async def test_a_site_that_is_down_is_tried_again_ever_more_seldom(
    sample: Sampled, trouble: Troubled
) -> None:
    trouble.before["account"] = [Silent("It does not answer.")] * 4
    await sample.connect()
    assert (await sample.site()).why == "It does not answer."
    for _ in range(60):
        await sample.hone.wait(seconds=10)
        await sample.hone.pulls()
    assert 4 <= trouble.calls["account"] <= 6
    assert (await sample.site()).state == "open"


async def test_a_token_whose_key_is_gone_is_asked_for_again(sample: Sampled, hone: Hone) -> None:
    await sample.connect()
    await sample.follow()
    hone.opens.clear()
    hone.opens["jira"] = lambda kind, access: sample.tracker
    site = await sample.site()

    async def turn_into_jira(store: Store) -> None:
        row = await store.trackers.find(site.id)
        assert row is not None
        row.kind, row.site, row.sealed = "jira", "acme.atlassian.net", '{"token": "gAAAnothing"}'

    await hone.database.write(hone.workspace, hone.now, turn_into_jira)
    await hone.wait(hours=1)
    await hone.pulls()
    site = await sample.site()
    assert site.state == "refused"
    assert "HONE_SECRET_KEYS" in site.why


# --- a scope ---------------------------------------------------------------------------------


async def test_a_limit_is_kept_for_the_whole_site(sample: Sampled, trouble: Troubled) -> None:
    """Its limit is for all teams: the second must not ask in the meantime."""
    hone = sample.hone
    await sample.connect()
    await sample.follow("PAY")
    await hone.person("Grace Lin", channel="ops").says("improve Ops has a team")
    await sample.follow("OPS", "ops")
    until = hone.now + timedelta(minutes=40)
    trouble.before["page"] = [NotNow("It lets us go on at 9:40.", until)]
    await hone.wait(minutes=20)
    await hone.pulls()
    asked = trouble.calls["page"]
    await hone.wait(minutes=19)
    await hone.pulls()
    assert trouble.calls["page"] <= asked + 1
    await hone.wait(minutes=5)
    await hone.pulls()
    assert trouble.calls["page"] > asked
    assert (await sample.scope()).why == ""


@pytest.mark.parametrize(
    "error",
    [
        Silent("It does not answer."),
        Unreadable("It sent a page for people."),
        NotAllowed("The account may not see this project any more."),
        Missing("There is no such project any more."),
        Rejected("It says: the query is broken."),
        RuntimeError("ours"),
    ],
)
async def test_a_scope_in_trouble_says_so_and_goes_on_where_it_was(
    sample: Sampled, trouble: Troubled, error: Exception
) -> None:
    await sample.connect()
    await sample.follow()
    trouble.before["page"] = [error]
    await sample.edit(6, title="Retry a payment twice")
    await sample.hone.wait(minutes=20)
    await sample.hone.puller.read_due()
    why = (await sample.scope()).why
    assert why.endswith(".)") if isinstance(error, RuntimeError) else why == str(error)
    await sample.hone.wait(minutes=30)
    await sample.hone.pulls()
    assert (await sample.scope()).why == ""
    assert (await sample.item(6)).title == "Retry a payment twice"


async def test_a_token_lost_in_mid_reading_stops_the_site(
    sample: Sampled, trouble: Troubled
) -> None:
    await sample.connect()
    await sample.follow()
    trouble.before["page"] = [SignedOut("It no longer accepts our token.")]
    await sample.hone.wait(minutes=20)
    await sample.hone.pulls()
    site = await sample.site()
    assert (site.state, site.why) == ("refused", "It no longer accepts our token.")
    asked = trouble.calls["page"]
    await sample.hone.wait(days=2)
    await sample.hone.pulls()
    assert trouble.calls["page"] == asked
    await sample.edit(6, title="Retry a payment twice")
    await sample.connect()
    assert (await sample.item(6)).title == "Retry a payment twice"


async def test_one_item_that_cannot_be_saved_holds_up_no_other(
    sample: Sampled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours in one row must not stop a team's tracker for good."""
    add = Imports.add

    async def stumbling(self: Imports, team_id: int, new: Sequence[tuple[int, NewItem]]) -> None:
        if any(each.fields["title"] == "Invoices for companies" for _, each in new):
            raise RuntimeError("ours")
        await add(self, team_id, new)

    monkeypatch.setattr(Imports, "add", stumbling)
    await sample.connect()
    await sample.follow()
    assert len(await sample.numbers()) == 1 + 8
    told = read_told((await sample.scope()).told)
    assert list(told.unsaved) == ["10"]


# --- several replicas ------------------------------------------------------------------------


async def test_what_one_replica_reads_no_other_reads(sample: Sampled, trouble: Troubled) -> None:
    hone = sample.hone
    await sample.connect()
    await sample.follow(until="shown")
    await sample.start(1)
    trouble.hold.clear()
    assert await hone.puller.start_due() == 1
    assert await replica(hone).start_due() == 0
    trouble.hold.set()
    await hone.puller.drain()
    await hone.pulls()
    assert len(await sample.numbers()) == 1 + 9


async def test_a_replica_that_was_given_up_changes_nothing_any_more(
    sample: Sampled, trouble: Troubled
) -> None:
    """It hung for minutes, another one read on; its old page must not come behind."""
    hone, other = sample.hone, replica(sample.hone)
    await sample.connect()
    await sample.follow(until="shown")
    await sample.start(1)
    trouble.hold.clear()
    await hone.puller.start_due()
    await asyncio.sleep(0.05)
    hone.now += LEASE + timedelta(seconds=1)
    slow, trouble.hold = trouble.hold, asyncio.Event()
    trouble.hold.set()
    assert await other.read_due() == 1
    await sample.edit(6, title="Retry a payment twice")
    before = await sample.scope()
    slow.set()
    await hone.puller.drain()
    assert (await sample.scope()).cursor == before.cursor
    await hone.pulls()
    assert len(await sample.numbers()) == 1 + 9
    assert (await sample.scope()).step == "following"


async def test_a_replica_that_stops_lets_go_at_once(sample: Sampled, trouble: Troubled) -> None:
    hone = sample.hone
    await sample.connect()
    await sample.follow(until="shown")
    await sample.start(1)
    trouble.hold.clear()
    await hone.puller.start_due()
    await hone.puller.stop()
    trouble.hold.set()
    assert await replica(hone).start_due() == 1


async def test_a_hint_that_comes_while_its_item_is_read_is_followed_again(
    sample: Sampled, trouble: Troubled
) -> None:
    """The change behind it may not be in the answer."""
    await sample.connect()
    await sample.follow()
    await sample.edit(6, title="Retry a payment twice", hooked=True)
    trouble.hold.clear()
    await sample.hone.puller.start_due()
    await asyncio.sleep(0.05)
    sample.hone.now += timedelta(seconds=1)
    await sample.edit(6, title="Retry a payment three times", hooked=True)
    trouble.hold.set()
    await sample.hone.puller.drain()
    asked = trouble.calls["one"]
    await sample.hone.pulls()
    assert trouble.calls["one"] == asked + 1
    assert (await sample.item(6)).title == "Retry a payment three times"


async def test_an_item_that_was_not_taken_there_is_not_taken_for_gone(
    sample: Sampled, trouble: Troubled, hone: Hone
) -> None:
    """It has never been there, so that nothing is found of it says nothing."""
    await sample.connect()
    await sample.follow()
    trouble.before["create"] = [Rejected("Team is required.")]
    await hone.person("Ada Park").clicks("Put into Sample tracker")
    await hone.wait(minutes=15)
    await hone.pulls()
    assert trouble.calls["create"] == 1
    assert "State: captured" in hone.last()
    assert "[Try again]" in hone.last()


async def test_a_site_that_sends_away_has_no_card_drawn_again(
    sample: Sampled, trouble: Troubled, hone: Hone
) -> None:
    """Thousands of cards may say what can be put there, and be drawn before what is to be sent."""
    await sample.connect()
    await sample.follow()
    await hone.wait(minutes=15)
    before = await _wanted(hone)
    trouble.before["page"] = [NotNow("Not so fast.", hone.now + timedelta(hours=1))]
    await hone.wait(minutes=15)
    await hone.pulls()
    assert (await sample.site()).rests_until is not None
    assert await _wanted(hone) == before


async def _wanted(hone: Hone) -> list[tuple[str, int]]:
    """Return how often each post was to be drawn again."""
    async with hone.database.read(hone.workspace, hone.now) as store:
        rows = await store.session.execute(
            select(col(PostRow.view), col(PostRow.wanted)).order_by(col(PostRow.id))
        )
        return [(view, wanted) for view, wanted in rows]


async def test_hints_are_followed_a_few_at_a_time_at_a_site_that_sends_away(
    sample: Sampled, trouble: Troubled
) -> None:
    """However many were named, each time that it answers some of them are done."""
    await sample.connect()
    await sample.follow()
    for id in (1, 2, 3):
        await sample.edit(id, title=f"Named {id}", hooked=True)
    trouble.answers["one"] = 2
    trouble.before["one"] = [NotNow("Not so fast.", sample.hone.now + timedelta(minutes=1))]
    await sample.hone.pulls()
    assert [(await sample.item(id)).title for id in (1, 2)] == ["Named 1", "Named 2"]
    assert (await sample.item(3)).title != "Named 3"
    await sample.hone.wait(minutes=1)
    await sample.hone.pulls()
    assert (await sample.item(3)).title == "Named 3"
    assert trouble.calls["one"] == 4


@pytest.mark.parametrize("error", [Unreadable("It sent HTML."), Silent("It answers 500.")])
async def test_one_item_that_cannot_be_read_holds_up_no_other_one(
    sample: Sampled, trouble: Troubled, error: TrackerError
) -> None:
    await sample.connect()
    await sample.follow()
    for id in (1, 2):
        await sample.edit(id, title=f"Named {id}", hooked=True)
    trouble.before["one"] = [error]
    await sample.hone.pulls()
    await sample.hone.wait(minutes=1)
    await sample.hone.pulls()
    assert (await sample.item(2)).title == "Named 2"
    assert trouble.calls["one"] == 2
    await sample.hone.wait(minutes=15)
    await sample.hone.pulls()
    assert (await sample.item(1)).title == "Named 1", "the next page tells it"


async def test_a_kind_that_this_replica_does_not_know_waits(sample: Sampled) -> None:
    """During a deploy an old process must not take what only the new one can read."""
    hone = sample.hone
    old = Puller(hone.router, hone.database, Sites({}), lambda: hone.now)
    await sample.connect()
    await sample.follow(until="shown")
    await sample.start(1)
    assert await old.start_due() == 0
