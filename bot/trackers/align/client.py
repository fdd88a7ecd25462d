"""Calls of Jira Align's REST API 2.0: lists of at most 100 rows, changes as JSON Patch."""

from __future__ import annotations

from typing import Any, Final

from bot.trackers.http import Client, Door
from bot.trackers.tracker import Access
from bot.trackers.values import dig, several, text

CLOUDS: Final = (".jiraalign.com", ".agilecraft.com")
API: Final = "/rest/align/api/2"
ROWS_MAX: Final = 100


class AlignClient(Client):
    """One Jira Align, by a person's API token."""

    def __init__(self, door: Door, access: Access) -> None:
        root = door.root(access.site, CLOUDS)
        token = access.given.get("token", "")
        super().__init__(door, "Jira Align", root, {"Authorization": f"Bearer {token}"})

    def words(self, data: Any) -> str:
        found = dig(data, "errors")
        if isinstance(found, dict):
            return " ".join(str(words) for each in found.values() for words in (each or ()))
        return text(data, "message") or text(data, "title") or text(data, "error")

    async def rows(
        self, kind: str, condition: str = "", *, start: int = 0, order: str = "id"
    ) -> list[Any]:
        """Return up to 100 rows of a kind."""
        params: dict[str, str | int] = {"$top": ROWS_MAX, "$skip": start, "$orderby": order}
        if condition:
            params["$filter"] = condition
        told = await self.get(f"{API}/{kind}", **params)
        return told if isinstance(told, list) else several(told, "value")

    async def patch(self, kind: str, id: str, operations: list[dict[str, Any]]) -> None:
        headers = {"Content-Type": "application/json-patch+json"}
        await self.call("PATCH", f"{API}/{kind}/{id}", operations, headers=headers)
