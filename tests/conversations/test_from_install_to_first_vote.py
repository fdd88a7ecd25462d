"""A workspace that never saw Hone: from the install page to a ranked item, every act counted."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.fernet import Fernet

from bot.slack.install import COOKIE, INSTALL_PATH, REDIRECT_PATH
from bot.vault import Vault
from storage import Database
from tests.fakes.slack import TEAM
from tests.stages.slack import SlackPlayer, SlackStage, slack_stage

ACTS_MAX = {"pages": 2, "lines": 2, "presses": 3, "forms": 2}
"""What the first vote of two people may take, beside bringing Hone into the channel."""


class Walk:
    """Counts what people do."""

    def __init__(self, stage: SlackStage) -> None:
        self.stage = stage
        self.acts = dict.fromkeys(ACTS_MAX, 0)

    async def installs(self) -> str:
        """Open the install page, allow Hone at Slack's, and come back; return the page's text."""
        http, url = self.stage.http, self.stage.url
        async with http.get(url + INSTALL_PATH, allow_redirects=False) as answer:
            self.acts["pages"] += 1
            cookie = answer.cookies[COOKIE].value
            state = parse_qs(urlsplit(answer.headers["Location"]).query)["state"][0]
        self.acts["pages"] += 1  # Slack's own, with Allow
        back = {"state": state, "code": self.stage.slack.agree(TEAM, "xoxb-new")}
        cookies = {"Cookie": f"{COOKIE}={cookie}"}
        async with http.get(url + REDIRECT_PATH, params=back, headers=cookies) as answer:
            return await answer.text()

    async def types(self, who: SlackPlayer, line: str) -> None:
        self.acts["lines"] += 1
        await who.says(line)

    async def presses(self, who: SlackPlayer, label: str) -> None:
        self.acts["presses"] += 1
        await who.clicks(label)

    async def fills(self, who: SlackPlayer, answers: Mapping[str, str]) -> None:
        self.acts["forms"] += 1
        await who.fills(answers)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def test_a_new_workspace_votes_after_a_handful_of_acts(database: Database) -> None:
    """Whoever tries Hone decides within minutes whether it stays."""
    vault = Vault([Fernet.generate_key().decode()])
    async with slack_stage(database, vault) as stage:
        walk = Walk(stage)
        assert "Hone" in await walk.installs()
        ada, grace = stage.person("Ada"), stage.person("Grace")
        await ada.adds_hone()
        assert "/improve" in await ada.sees(), "the hello says how to begin"
        await walk.types(ada, "improve Builds take forty minutes")
        assert "Saved as #1" in ada.told
        await walk.types(ada, "wsjf #1")
        ballot = {f"{column}.1": "5" for column in ("ubv", "tc", "rroe", "size")}
        for voter in (ada, grace):
            await walk.presses(voter, "Vote")
            await walk.fills(voter, ballot)
            assert "Your vote is in" in voter.told
        await walk.presses(ada, "Reveal")
        assert "WSJF result" in await ada.sees()
        assert walk.acts == ACTS_MAX
