"""Calls of Jira's REST API: who we are there, which of its two sorts it is, what its errors say."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

from yarl import URL

from bot.trackers.http import Answer, Client, Door
from bot.trackers.kinds import OPENED
from bot.trackers.tracker import Access, Missing, SignedOut, TrackerError
from bot.trackers.values import dig, text

CLOUDS: Final = (".atlassian.net", ".jira.com")
GATEWAY: Final = "api.atlassian.com"
"""Where tokens with scopes are accepted; at the site's own address they are not."""


class JiraClient(Client):
    """One Jira. `cloud` tells its sort: of the other, Data Center, addresses and people differ.

    A site of Atlassian's, or one with an e-mail beside the token, is Jira Cloud.
    """

    def __init__(self, door: Door, access: Access) -> None:
        site = door.root(access.site, CLOUDS)
        email, token = access.given.get("account", ""), access.given.get("token", "")
        headers = {"Authorization": _authorization(email, token)} if token else {}
        super().__init__(door, "Jira", site, headers, access.bearer)
        self.cloud = bool(email) or not door.is_named(access.site)
        self.site = site
        self.api = "/rest/api/3" if self.cloud else "/rest/api/2"
        self._gateway = door.root(
            access.site if door.is_named(access.site) else GATEWAY, (GATEWAY,)
        )
        self._needs_gateway = self.cloud and not email
        """A token without an e-mail is a service account's, which only the gateway knows."""
        if cloud_id := access.given.get(OPENED):
            self.cloud, self.api, self._needs_gateway = True, "/rest/api/3", False
            self.root = f"{self._gateway}/ex/jira/{cloud_id}"

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        if self._needs_gateway:
            await self._go_through_gateway()
        try:
            return await super().call(method, path, body, params=params, headers=headers)
        except SignedOut:
            if not self.cloud or self.root != self.site:
                raise
            try:
                await self._go_through_gateway()
                return await super().call(method, path, body, params=params, headers=headers)
            except TrackerError:
                self.root = self.site
            raise

    async def _go_through_gateway(self) -> None:
        answer = await self.door.call(
            self.name, "GET", URL(f"{self.site}/_edge/tenant_info"), {}, None
        )
        cloud_id = text(answer.data, "cloudId")
        if not cloud_id:
            raise Missing("Jira does not know this site: check the address.")
        self.root = f"{self._gateway}/ex/jira/{cloud_id}"
        self._needs_gateway = False

    def words(self, data: Any) -> str:
        return " ".join(
            [
                *(str(each) for each in dig(data, "errorMessages") or ()),
                *errors_by_field(data).values(),
                text(data, "message"),
            ]
        )


def errors_by_field(data: Any) -> dict[str, str]:
    """Return what Jira says of single fields it refused: id → its words."""
    errors = dig(data, "errors")
    if not isinstance(errors, dict):
        return {}
    return {str(id): words for id, words in errors.items() if isinstance(words, str)}


def _authorization(email: str, token: str) -> str:
    if not email:
        return f"Bearer {token}"
    return f"Basic {b64encode(f'{email}:{token}'.encode()).decode()}"
