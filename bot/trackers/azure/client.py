"""Calls of Azure DevOps, as a service principal of Entra or with a personal access token."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode

from yarl import URL

from bot.trackers.http import Answer, Client, Door
from bot.trackers.tracker import Access, Outdated, SignedOut
from bot.trackers.values import dig, line, number, text

CLOUDS: Final = ("dev.azure.com", ".visualstudio.com")
ENTRA: Final = "login.microsoftonline.com"
DEVOPS: Final = "499b84ac-1321-427f-aa17-267ca6975798/.default"
"""The scope of Azure DevOps in Entra, the same for everybody."""

VERSION: Final = "7.1"
PATCH: Final = "application/json-patch+json"
SPARE: Final = timedelta(minutes=2)


class AzureClient(Client):
    def __init__(self, door: Door, access: Access) -> None:
        root = door.root(access.site, CLOUDS)
        super().__init__(door, "Azure Boards", root, {}, access.bearer)
        self._given = access.given
        self._until: datetime | None = None
        own = door.is_named(access.site)
        self._entra = door.root(access.site.partition("/")[0] if own else ENTRA, (ENTRA,))
        if token := access.given.get("token"):
            both = b64encode(f":{token}".encode()).decode()
            self.headers["Authorization"] = f"Basic {both}"

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        as_service = self.bearer is None and not self._given.get("token")
        if as_service and (self._until is None or self.door.clock() > self._until):
            await self._sign_in()
        params = {"api-version": VERSION, **(params or {})}
        return await super().call(method, path, body, params=params, headers=headers)

    async def _sign_in(self) -> None:
        """Fetch a token for the service principal, which lives an hour or so."""
        tenant = quote(self._given.get("tenant", ""), safe="")
        form = {
            "grant_type": "client_credentials",
            "client_id": self._given.get("client", ""),
            "client_secret": self._given.get("secret", ""),
            "scope": DEVOPS,
        }
        answer = await self.door.call(
            "Entra",
            "POST",
            URL(f"{self._entra}/{tenant}/oauth2/v2.0/token"),
            {"Content-Type": "application/x-www-form-urlencoded"},
            urlencode(form).encode(),
        )
        token, seconds = text(answer.data, "access_token"), number(answer.data, "expires_in")
        if not token:
            raise SignedOut("Entra does not accept our secret for Azure Boards.")
        self.headers["Authorization"] = f"Bearer {token}"
        self._until = self.door.clock() + timedelta(seconds=seconds or 3_600) - SPARE

    async def patch(self, path: str, operations: list[Any], **params: str | int) -> Any:
        answer = await self.call(
            "PATCH", path, operations, params=params, headers={"Content-Type": PATCH}
        )
        return answer.data

    def check(self, answer: Answer) -> None:
        if answer.status == 203:  # a page to sign in
            raise SignedOut("Azure Boards does not accept our token.")
        if answer.status in (409, 412):
            raise Outdated("Somebody changed the item meanwhile in Azure Boards.")
        super().check(answer)

    def words(self, data: Any) -> str:
        rules = dig(data, "customProperties", "RuleValidationErrors")
        if isinstance(rules, list) and rules:
            return line(rules, 0, "errorMessage")
        return text(data, "message")
