"""Calls Linear's one address; errors come with HTTP 200 or 400 and say themselves what they are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.trackers.http import Answer, Client, Door
from bot.trackers.tracker import Access, Missing, NotAllowed, NotNow, Rejected, SignedOut, Silent
from bot.trackers.values import dig, instant, number, several, text

CLOUDS = ("api.linear.app",)
PERSONAL_KEY = "lin_api_"
"""Personal keys stand in the header as they are, tokens of an app behind `Bearer`."""

_RESETS = ("X-RateLimit-Requests-Reset", "X-RateLimit-Complexity-Reset")


class LinearClient(Client):
    """Asks as one account; `is_app` says that it writes on behalf of people."""

    def __init__(self, door: Door, access: Access) -> None:
        key = access.given.get("token", "")
        self.is_app = not key.startswith(PERSONAL_KEY)
        bearer = f"Bearer {key}" if self.is_app else key
        host = access.site.partition("/")[0] if door.is_named(access.site) else CLOUDS[0]
        headers = {"Authorization": bearer} if key else {}
        super().__init__(door, "Linear", door.root(host, CLOUDS), headers, access.bearer)

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """Return a query's data; raises TrackerError for any of its errors."""
        data = await self.post("/graphql", {"query": query, "variables": variables})
        found = dig(data, "data")
        return found if isinstance(found, dict) else {}

    def check(self, answer: Answer) -> None:
        errors = several(answer.data, "errors")
        if not errors:
            super().check(answer)
            return
        words = self.words(answer.data)
        code = text(errors, 0, "extensions", "code").upper()
        kind = text(errors, 0, "extensions", "type").lower()
        if code == "RATELIMITED" or kind == "ratelimited":
            raise NotNow("Linear asks us to wait.", self._reset(answer))
        if code == "AUTHENTICATION_ERROR" or "authentication" in kind or answer.status == 401:
            raise SignedOut("Linear does not accept our token.")
        if code == "FORBIDDEN" or "forbidden" in kind or "feature not accessible" in kind:
            raise NotAllowed(f"Our token has no right to this in Linear: {words}")
        if "not found" in words.lower():
            raise Missing("Linear does not have this, or does not show it to us.")
        if code == "INTERNAL_SERVER_ERROR" or "internal" in kind or answer.status >= 500:
            raise Silent("Linear is out of order just now.")
        raise Rejected(f"Linear refused it: {words}", answer.data)

    def words(self, data: Any) -> str:
        first = dig(data, "errors", 0)
        return text(first, "extensions", "userPresentableMessage") or text(first, "message")

    def _reset(self, answer: Answer) -> datetime:
        """Return when the fuller of its two buckets has run empty: milliseconds of an epoch."""
        told = [answer.headers[name] for name in _RESETS if name in answer.headers]
        now = self.door.clock()
        later = [at for each in told if (at := instant((number(each) or 0) / 1000)) and at > now]
        return self.after(str((min(later) - now).total_seconds()) if later else None)
