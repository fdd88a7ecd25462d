"""Calls of Agility: questions by `query.v1`, changes by `rest-1.v1`, its types by `meta.v1`."""

from __future__ import annotations

import re
from typing import Any, Final

from bot.trackers.http import Answer, Client, Door, said
from bot.trackers.tracker import Access, Rejected
from bot.trackers.values import dig, number, several, text

CLOUDS: Final = (".v1host.com", ".agility.digital.ai", ".digital.ai")
OID: Final = re.compile(r"[A-Za-z]{1,40}:\d{1,12}")


class AgilityClient(Client):
    """One instance, by an access token."""

    def __init__(self, door: Door, access: Access) -> None:
        root = door.root(access.site, CLOUDS)
        token = access.given.get("token", "")
        super().__init__(door, "Agility", root, {"Authorization": f"Bearer {token}"})

    def words(self, data: Any) -> str:
        return text(data, "Message") or text(data, "message") or text(data, "error")

    def check(self, answer: Answer) -> None:
        """Raise what an answer means; refused commands and questions come with 200, too."""
        super().check(answer)
        if number(answer.data, "commandFailures", "count"):
            failures = several(answer.data, "commandFailures", "commands")
            words = said(" ".join(text(dig(each, "error", "message")) for each in failures))
            raise Rejected(f"Agility refused it: {words}", answer.data)
        if words := text(answer.data, "error"):
            raise Rejected(f"Agility refused it: {said(words)}", answer.data)

    async def query(self, kind: str, select: list[str], **more: Any) -> list[Any]:
        """Return what `query.v1` finds."""
        told = await self.post("/query.v1", {"from": kind, "select": select, **more})
        return several(told, 0)

    async def save(self, oid: str, attributes: dict[str, Any], comment: str = "") -> str:
        """Change an asset, or make one of the type that stands for its oid; return its oid."""
        path = f"/rest-1.v1/Data/{oid.replace(':', '/')}"
        params = {"comment": comment} if comment else {}
        told = await self.post(path, {"Attributes": attributes}, **params)
        return ":".join(text(told, "id").split(":")[:2])

    async def operate(self, oid: str, operation: str) -> None:
        await self.post(f"/rest-1.v1/Data/{oid.replace(':', '/')}", {}, op=operation)
