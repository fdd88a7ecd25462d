"""Calls of GitLab's REST API v4, of gitlab.com and of a company's own."""

from __future__ import annotations

from typing import Any, Final

from bot.trackers.http import Client, Door
from bot.trackers.paging import whole_list
from bot.trackers.tracker import Access

CLOUDS: Final = ("gitlab.com",)
PAGE_ITEMS: Final = 100


class GitLabClient(Client):
    def __init__(self, door: Door, access: Access) -> None:
        root = f"{door.root(access.site, CLOUDS)}/api/v4"
        token = access.given.get("token", "")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        super().__init__(door, "GitLab", root, headers, access.bearer)

    async def all(self, path: str, **params: str | int) -> list[Any]:
        """Return the whole of a list."""

        async def some(known: int) -> tuple[list[Any], bool]:
            page = known // PAGE_ITEMS + 1
            told = await self.get(path, **params, per_page=PAGE_ITEMS, page=page)
            rows = told if isinstance(told, list) else []
            return rows, len(rows) == PAGE_ITEMS

        return await whole_list(some)

    def words(self, data: Any) -> str:
        """Return GitLab's words: a text, or a list of them for each field."""
        told = data.get("message", data.get("error", "")) if isinstance(data, dict) else ""
        if isinstance(told, dict):
            told = [f"{name} {each}" for name, said in told.items() for each in _listed(said)]
        return " ".join(map(str, _listed(told)))


def _listed(told: Any) -> list[Any]:
    return told if isinstance(told, list) else [told]
