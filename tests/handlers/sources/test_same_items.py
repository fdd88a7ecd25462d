"""A file that was brought in, and later the tracker it came from: every item stays one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.remote import RemoteItem
from handlers.sources.matching import AT_HOME, Live, match
from handlers.sources.owners import Owners
from handlers.sources.saving import save
from handlers.sources.words import Words
from storage import Store
from storage.tracked import changed_row
from tests.hone import Hone

BORN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
OF_GITHUB = RemoteItem(
    source="github:github.com", id="I_12", key="Acme/web#12", title="Refunds", created=BORN
)
OF_GITLAB = RemoteItem(
    source="gitlab:gitlab.com", id="34-7", key="acme/pay#7", title="Refunds", created=BORN
)
OF_JIRA = RemoteItem(source="jira:acme.atlassian.net", id="10007", key="PAY-7", title="Refunds")


@pytest.mark.parametrize(
    ("exported", "live"),
    [
        (RemoteItem(source="github:acme/web", id="I_12", key="12", title="Refunds"), OF_GITHUB),
        (RemoteItem(source="github:acme/web", id="12", key="12", title="Refunds"), OF_GITHUB),
        (
            RemoteItem(source="github", id="12@2026-11-02T09:00:00", key="12", title="Refunds"),
            OF_GITHUB,
        ),
        (RemoteItem(source="gitlab:acme/pay", id="7", key="7", title="Refunds"), OF_GITLAB),
        (RemoteItem(source="jira", id="10007", key="PAY-7", title="Refunds"), OF_JIRA),
        (RemoteItem(source="jira", key="PAY-7", title="Refunds"), OF_JIRA),
        (RemoteItem(source="file", key="PAY-7", title="Refunds"), OF_JIRA),
    ],
)
async def test_what_a_file_brought_is_known_to_its_tracker(
    hone: Hone, exported: RemoteItem, live: RemoteItem
) -> None:
    """Whoever imports today and connects tomorrow must not have each item twice."""
    await hone.person("Ada").says("improve Something of our own")

    async def bring_in(store: Store) -> int | None:
        team = await store.teams.find(1)
        assert team is not None
        words = Words(exported.source.partition(":")[0], Owners({}, {}))
        await save(store, team, [exported], words)
        other = RemoteItem(source=live.source, id="x", key=live.key + "0", title="Another")
        found, stranger = await match(store, team, [live, other], Live(1))
        assert stranger.number is None
        return found.number

    assert await hone.database.write(hone.workspace, hone.now, bring_in) == 2


@pytest.mark.parametrize(("followed", "why"), [(True, AT_HOME), (False, "")])
async def test_what_is_in_jira_and_in_align_is_one_item_at_home_in_jira(
    hone: Hone, followed: bool, why: str
) -> None:
    """Align takes over what Jira says: a score has one home, and the train counts an item once."""
    await hone.person("Ada").says("improve Something of our own")
    twin = RemoteItem(
        source="align:acme.jiraalign.com",
        id="features:12",
        key="Feature 12",
        title="Refunds",
        twin="PAY-7",
    )

    async def bring_in(store: Store) -> str:
        team = await store.teams.find(1)
        assert team is not None
        await save(store, team, [OF_JIRA], Words("jira", Owners({}, {})), Live(1))
        if not followed:
            (row,) = (await store.tracked.by_key(["PAY-7"]))["PAY-7"]
            await store.tracked.keep([changed_row(row, scope_id=None)])
        several = [twin, replace(twin, id="features:13", key="Feature 13")]
        if followed:  # people of Align can give one key to two items
            for _ in range(2):
                await save(store, team, several, Words("align", Owners({}, {})), Live(2))
            (number,) = [row.number for row in (await store.tracked.by_key(["PAY-7"]))["PAY-7"]]
            known = (await store.tracked.of_items([number]))[number]
            assert {row.key for row in known} == {"PAY-7", "Feature 12"}
        (found,) = await match(store, team, [twin], Live(2))
        assert (found.home is not None) == followed
        return found.left_out

    assert await hone.database.write(hone.workspace, hone.now, bring_in) == why
