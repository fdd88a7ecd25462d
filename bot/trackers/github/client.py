"""Calls of GitHub's REST and GraphQL APIs, with a token or as an app that was installed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import jwt

from bot.trackers.http import Answer, Client, Door
from bot.trackers.paging import whole_list
from bot.trackers.tracker import Access, Missing, NotAllowed, Rejected, SignedOut
from bot.trackers.values import dig, instant, moment, several, text

CLOUD: Final = "github.com"
API: Final = "api.github.com"
PAGE_ITEMS: Final = 100
_HEADERS: Final = {
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
}
APP_PASS: Final = timedelta(minutes=9)
"""How long an app's own signature holds; GitHub takes ten minutes at most."""

SPARE: Final = timedelta(minutes=2)


class GitHubClient(Client):
    def __init__(self, door: Door, access: Access) -> None:
        own = door.is_named(access.site)
        root = door.root(access.site if own else API, (API,))
        super().__init__(door, "GitHub", f"{root}/api/v3" if own else root, _HEADERS)
        self._graphql = "/../graphql" if own else "/graphql"
        self._given = access.given
        self._until: datetime | None = None
        if token := access.given.get("token"):
            self.headers["Authorization"] = f"Bearer {token}"

    @property
    def is_app(self) -> bool:
        return not self._given.get("token")

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        if self.is_app and (self._until is None or self.door.clock() > self._until):
            await self._sign_in()
        return await super().call(method, path, body, params=params, headers=headers)

    async def _sign_in(self) -> None:
        """Fetch the installation's token, which lives an hour."""
        now = self.door.clock()
        claims = {
            "iss": self._given.get("app", ""),
            "iat": int((now - timedelta(minutes=1)).timestamp()),
            "exp": int((now + APP_PASS).timestamp()),
        }
        try:
            signed = jwt.encode(claims, self._given.get("key", ""), algorithm="RS256")
        except (ValueError, TypeError, jwt.PyJWTError):
            raise SignedOut(
                "That is no private key of a GitHub app: paste the whole file."
            ) from None
        path = f"/app/installations/{self._given.get('installation', '')}/access_tokens"
        told = await super().call("POST", path, headers={"Authorization": f"Bearer {signed}"})
        self.headers["Authorization"] = f"Bearer {text(told.data, 'token')}"
        self._until = (moment(told.data, "expires_at") or now + timedelta(hours=1)) - SPARE

    async def all(self, path: str, **params: str | int) -> list[Any]:
        """Return the whole of a list."""

        async def some(known: int) -> tuple[list[Any], bool]:
            page = known // PAGE_ITEMS + 1
            told = await self.get(path, **params, per_page=PAGE_ITEMS, page=page)
            rows = told if isinstance(told, list) else several(told, "repositories")
            return rows, len(rows) == PAGE_ITEMS

        return await whole_list(some)

    async def ask(self, query: str, **variables: Any) -> Any:
        """Return the data of a GraphQL query; of single nodes that are hidden it has none."""
        data = await self.post(self._graphql, {"query": query, "variables": variables})
        errors = several(data, "errors")
        if errors and dig(data, "data") is None:
            words = text(errors, 0, "message")
            if text(errors, 0, "type") in ("FORBIDDEN", "INSUFFICIENT_SCOPES"):
                raise NotAllowed(f"Our token has no right to this in GitHub: {words}")
            if text(errors, 0, "type") == "NOT_FOUND":
                raise Missing("GitHub does not have this, or does not show it to us.")
            raise Rejected(f"GitHub refused it: {words}", data)
        return dig(data, "data")

    def until(self, answer: Answer) -> datetime | None:
        if answer.status in (403, 429) and answer.headers.get("X-RateLimit-Remaining") == "0":
            resets = answer.headers.get("X-RateLimit-Reset", "")
            if at := instant(resets):
                return self.after(str((at - self.door.clock()).total_seconds()))
        if answer.status == 403 and "secondary rate limit" in self.words(answer.data).lower():
            return self.after(answer.headers.get("Retry-After"))
        return super().until(answer)

    def check(self, answer: Answer) -> None:
        if answer.status == 410:
            raise Missing("GitHub does not have this any more.")
        super().check(answer)
