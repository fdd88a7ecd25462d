"""What Jira sends when an issue changes, by a webhook that an admin made with a secret."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.trackers.signatures import signed_sha256, unpacked
from bot.trackers.values import text


def hinted(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> frozenset[str]:
    """Return the ids of the issues that a delivery is about; raises Forged."""
    signed_sha256(body, secret, headers.get("x-hub-signature", "").removeprefix("sha256="))
    told = unpacked(body)
    ids = (
        text(told, "issue", "id"),
        text(told, "issueLink", "sourceIssueId"),
        text(told, "issueLink", "destinationIssueId"),
    )
    return frozenset(filter(None, ids))
