"""Calls of Rally's Web Services API, whose errors arrive with HTTP 200."""

from __future__ import annotations

from typing import Any, Final

from bot.trackers.http import Answer, Client, Door, said
from bot.trackers.paging import whole_list
from bot.trackers.tracker import Access, Missing, NotAllowed, Rejected
from bot.trackers.values import dig, number, several

CLOUDS: Final = ("rally1.rallydev.com", ".rallydev.com")
WSAPI: Final = "/slm/webservice/v2.0"
_RESULTS: Final = ("QueryResult", "OperationResult", "CreateResult")


class RallyClient(Client):
    """One Rally, by an API key."""

    def __init__(self, door: Door, access: Access) -> None:
        root = door.root(access.site, CLOUDS)
        super().__init__(door, "Rally", root, {"ZSESSIONID": access.given.get("token", "")})

    def check(self, answer: Answer) -> None:
        super().check(answer)
        errors = [str(each) for name in _RESULTS for each in several(answer.data, name, "Errors")]
        if not errors:
            return
        words = " ".join(errors)
        low = words.lower()
        if "cannot find object" in low or "not found" in low or "could not read" in low:
            raise Missing("Rally does not have this, or does not show it to us.")
        if "not authorized" in low or "permission" in low:
            raise NotAllowed(f"Our key has no right to this in Rally: {said(words)}")
        raise Rejected(f"Rally refused it: {said(words)}", errors)

    async def query(
        self, kind: str, fetch: str, start: int = 1, pagesize: int = 200, **params: str
    ) -> tuple[list[Any], int]:
        """Return some objects of a kind, and how many there are; `start` counts from 1."""
        told = await self.get(
            f"{WSAPI}/{kind}", fetch=fetch, start=start, pagesize=pagesize, **params
        )
        return (
            several(told, "QueryResult", "Results"),
            int(number(told, "QueryResult", "TotalResultCount") or 0),
        )

    async def all(self, kind: str, fetch: str, **params: str) -> list[Any]:
        async def some(start: int) -> tuple[list[Any], bool]:
            found, total = await self.query(kind, fetch, start + 1, 200, **params)
            return found, start + len(found) < total

        return await whole_list(some)

    async def save(self, kind: str, id: str, fields: Any) -> Any:
        """Change an object, or with "create" for its id make one; return it."""
        told = await self.post(
            f"{WSAPI}/{kind}/{id}", {kind: fields}, fetch="ObjectUUID,FormattedID"
        )
        return dig(told, "OperationResult", "Object") or dig(told, "CreateResult", "Object")
