"""Which workspaces Hone may speak in: the one of the settings' token, or all that installed it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import structlog

from bot.slack.intents import Myself
from bot.slack.spans import Json
from bot.vault import Locked, Vault
from storage import Database, Store
from storage.workspaces import reaches

SINCE_EVER = datetime.min.replace(tzinfo=UTC)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Grant:
    """A bot token and what it stands for. `since` is when it was granted (aware UTC).

    Where a whole organisation of Slack's has installed Hone, its `enterprise` names it: one token
    speaks in all workspaces of it that an admin chose.
    """

    team: str
    name: str
    user: str
    bot: str
    archive: str
    token: str
    since: datetime
    enterprise: str = ""

    @property
    def workspace(self) -> str:
        return workspace_of(self.team)

    @property
    def myself(self) -> Myself:
        return Myself(self.user, self.archive)


def granted(who: Json, name: str, token: str, since: datetime) -> Grant:
    """Return the grant that `auth.test` describes."""
    return Grant(
        team=str(who["team_id"]),
        name=name,
        user=str(who["user_id"]),
        bot=str(who.get("bot_id") or ""),
        archive=str(who["url"]),
        token=token,
        since=since,
    )


ENTERPRISE = "under"
"""Where a workspace's row names the organisation whose grant counts there."""


def workspace_of(team: str) -> str:
    return f"slack:{team}"


class Grants:
    """Grants kept in the database, their tokens sealed; they go when their workspace is removed."""

    def __init__(self, database: Database, vault: Vault, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    async def keep(self, grant: Grant, installer: str) -> None:
        """Keep a new grant in place of the workspace's earlier one; raises Unavailable."""

        async def kept(store: Store) -> None:
            await store.workspaces.set_reach(self._sealed(grant))
            await store.audit.add(installer, "slack: installed")

        await self._database.write(grant.workspace, self._clock(), kept)

    async def of(self, team: str, enterprise: str = "") -> Grant | None:
        """Return the team's grant, or its organisation's, or None; raises Unavailable.

        `enterprise` is the organisation that installed Hone, where Slack says so. It is kept for
        the team, since who writes there by themselves only know the team.
        """
        own = await self._reach(team)
        if "token" in own:
            return self._grant(team, own)
        known = str(own.get(ENTERPRISE) or "")
        shared = await self._reach(enterprise or known) if enterprise or known else {}
        if "token" not in shared or not shared.get("enterprise"):
            return None
        if enterprise and enterprise != known:
            await self._database.write(
                workspace_of(team),
                self._clock(),
                lambda store: store.workspaces.set_reach({ENTERPRISE: enterprise}),
            )
        return self._grant(team, shared | {"team": team})

    async def teams_under(self, enterprise: str) -> list[str]:
        """Return the workspaces that an organisation's grant has served."""
        async with self._database.read("", self._clock()) as store:
            kept = await reaches(store, workspace_of(""))
        return [
            workspace.removeprefix(workspace_of(""))
            for workspace, reach in kept.items()
            if reach.get(ENTERPRISE) == enterprise
        ]

    async def _reach(self, team: str) -> dict[str, Any]:
        async with self._database.read(workspace_of(team), self._clock()) as store:
            return await store.workspaces.reach()

    def _grant(self, team: str, reach: dict[str, Any]) -> Grant | None:
        workspace = workspace_of(team)
        try:
            token = self._vault.unseal(reach["token"])
        except Locked:
            log.error("slack_token_locked", workspace=workspace)
            return None
        return Grant(**reach | {"token": token, "since": datetime.fromisoformat(reach["since"])})

    async def reseal(self) -> None:
        """Seal every token with the newest key, so that an older key can be left out."""
        async with self._database.read("", self._clock()) as store:
            kept = await reaches(store, workspace_of(""))
        for workspace, reach in kept.items():
            if "token" in reach:
                await self._reseal(workspace, reach["token"])

    async def _reseal(self, workspace: str, sealed: str) -> None:
        async def resealed(store: Store) -> None:
            reach = await store.workspaces.reach()
            if reach.get("token") == sealed:  # else it was installed anew, or removed, meanwhile
                await store.workspaces.set_reach(reach | {"token": self._vault.reseal(sealed)})

        try:
            await self._database.write(workspace, self._clock(), resealed)
        except Locked:
            log.error("slack_token_locked", workspace=workspace)

    def _sealed(self, grant: Grant) -> dict[str, Any]:
        kept = asdict(grant)
        return kept | {"token": self._vault.seal(grant.token), "since": grant.since.isoformat()}
