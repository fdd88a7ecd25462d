"""Azure's service hooks: basic authentication with a secret of ours, and nothing signed."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime

from bot.trackers.signatures import same_secret, unpacked
from bot.trackers.tracker import Forged
from bot.trackers.values import text


def hinted(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> frozenset[str]:
    """Return the work items a delivery names; raises Forged."""
    sent = headers.get("authorization", "").removeprefix("Basic ")
    try:
        _, _, password = b64decode(sent, validate=True).decode().partition(":")
    except ValueError:
        raise Forged from None
    same_secret(password, secret)
    told = unpacked(body)
    ids = (text(told, "resource", "workItemId"), text(told, "resource", "id"))
    return frozenset([id for id in ids if id.isdecimal()][:1])
