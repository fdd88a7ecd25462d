"""Starting while Slack is away, or while it does not want us."""

from __future__ import annotations

from datetime import UTC, datetime

import aiohttp
import pytest

from bot.platform import Refused
from bot.router import Router
from bot.slack import adapter as slack_adapter
from bot.slack.adapter import SlackAdapter
from storage import Database
from storage.workspaces import Workspace
from tests.fakes.slack import BOT_TOKEN, SIGNING_SECRET, FakeSlack

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def started(slack: FakeSlack, database: Database) -> None:
    async def nobody_removed(workspace: str) -> None:
        raise AssertionError(workspace)

    async with aiohttp.ClientSession() as http:
        adapter = SlackAdapter(
            bot_token=BOT_TOKEN,
            signing_secret=SIGNING_SECRET,
            api_url=slack.api_url,
            router=Router((), database),
            database=database,
            http=http,
            clock=lambda: NOW,
            on_removed=nobody_removed,
        )
        await adapter.start()
        await adapter.stop()


async def test_an_outage_at_start_is_waited_for(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_adapter, "START_RETRY_MAX_S", 0.0)
    async with FakeSlack(lambda: NOW) as slack:
        slack.lose_answer("auth.test", 2)
        await started(slack, database)
        assert [method for method, _ in slack.calls] == ["auth.test"] * 3


async def test_a_token_that_slack_refuses_ends_the_start(database: Database) -> None:
    async with FakeSlack(lambda: NOW) as slack:
        slack.refuse_next("auth.test", "invalid_auth")
        with pytest.raises(Refused, match="invalid_auth"):
            await started(slack, database)


async def test_a_workspace_that_comes_back_keeps_its_data(database: Database) -> None:
    """Taken out and put back within 30 days: nothing may be deleted while it is in use."""
    async with FakeSlack(lambda: NOW) as slack:
        workspace = f"slack:{slack.team}"
        await started(slack, database)
        await database.write(workspace, NOW, lambda store: store.workspaces.mark_removed())
        await started(slack, database)
        async with database.read(workspace, NOW) as store:
            kept = await store.session.get(Workspace, workspace)
            assert kept is not None
            assert kept.removed_at is None
