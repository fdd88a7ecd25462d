"""What Agility sends when an item changes: with the Authorization that an admin chose for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.trackers.agility.client import OID
from bot.trackers.signatures import same_secret, unpacked


def hinted(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> frozenset[str]:
    """Return the oids of the items that a delivery names; raises Forged."""
    given = headers.get("authorization", "")
    same_secret(given.removeprefix("Bearer "), secret)
    return frozenset(oid for oid in _oids(unpacked(body)) if OID.fullmatch(oid))


def _oids(told: Any) -> Iterator[str]:
    match told:
        case {"targetAsset": {"_oid": str(oid)}}:
            yield ":".join(oid.split(":")[:2])
        case {"events": list(several)} | list(several):
            for each in several:
                yield from _oids(each)
