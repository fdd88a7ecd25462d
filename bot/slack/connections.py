"""The connected workspaces: for each one its token's API, its people, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import aiohttp
from slack_bolt.authorization import AuthorizeResult

from bot.slack.channels import Channels
from bot.slack.client import SlackApi
from bot.slack.grants import Grant, workspace_of
from bot.slack.people import People
from bot.slack.respond import Responder
from storage import Database, Unavailable

TRUSTED = timedelta(minutes=1)
"""How long a grant is taken as it was; another replica may have kept a new one meanwhile."""


class GrantSource(Protocol):
    async def of(self, team: str, enterprise: str = "") -> Grant | None:
        """Return what Hone may use to speak to the team, if anything; may raise Unavailable.

        `enterprise` is the organisation that installed Hone, if one did.
        """
        ...

    async def teams_under(self, enterprise: str) -> list[str]:
        """Return the workspaces that an organisation's grant has served."""
        ...


@dataclass(frozen=True, slots=True)
class OneGrant:
    """The workspace that the token in the settings belongs to, and no other."""

    grant: Grant

    async def of(self, team: str, enterprise: str = "") -> Grant | None:
        return self.grant if team == self.grant.team else None

    async def teams_under(self, enterprise: str) -> list[str]:
        return []


@dataclass(frozen=True, slots=True)
class Connection:
    """Everything that speaks to one workspace with its token."""

    grant: Grant
    api: SlackApi
    people: People
    channels: Channels
    responder: Responder
    authorized: AuthorizeResult
    """For Bolt, whose own way to learn it costs an `auth.test` for each request."""


class Connections:
    """Opens a workspace's connection when it is first needed, and again after a new grant."""

    def __init__(
        self,
        source: GrantSource,
        database: Database,
        http: aiohttp.ClientSession,
        api_url: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._source = source
        self._database = database
        self._http = http
        self._api_url = api_url
        self._clock = clock
        self._open: dict[str, tuple[Connection, datetime]] = {}

    async def teams_under(self, enterprise: str) -> list[str]:
        """Return the workspaces that an organisation's grant has served; raises Unavailable."""
        return await self._source.teams_under(enterprise)

    async def of(self, team: str, enterprise: str = "") -> Connection | None:
        """Return the team's connection, or None if Hone is not installed there.

        Raises Unavailable if the database is needed to tell and does not answer.
        """
        known, until = self._open.get(team, (None, None))
        if known and until and self._clock() < until:
            return known
        try:
            grant = await self._source.of(team, enterprise)
        except Unavailable:
            if known is None:
                raise
            return known  # people are told "not saved" by whoever needs the database next
        if grant is None:
            await self.forget(team)
            return None
        if known is None or known.grant != grant:
            await self.forget(team)
            known = self._connect(grant)
        self._open[team] = known, self._clock() + TRUSTED
        return known

    async def forget(self, team: str) -> None:
        """Close the team's connection; the next `of` asks for its grant anew."""
        known, _ = self._open.pop(team, (None, None))
        if known:
            await known.people.close()

    async def settled(self) -> None:
        """Wait until everything sent beside an answer has arrived or failed."""
        for connection, _ in list(self._open.values()):
            await connection.responder.settled()

    async def close(self) -> None:
        for team in list(self._open):
            await self.forget(team)

    def _connect(self, grant: Grant) -> Connection:
        workspace = workspace_of(grant.team)
        team = grant.team if grant.enterprise else ""
        api = SlackApi(self._http, grant.token, self._api_url, team)
        return Connection(
            grant=grant,
            api=api,
            people=People(api, self._database, workspace, self._clock),
            channels=Channels(api, self._database, workspace, self._clock),
            responder=Responder(api, workspace),
            authorized=AuthorizeResult(
                enterprise_id=grant.enterprise or None,
                team_id=grant.team,
                bot_user_id=grant.user,
                bot_id=grant.bot,
                bot_token=grant.token,
            ),
        )
