"""Linear's webhooks: signed over the raw body, with a time, so that nobody can play one again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.trackers.signatures import signed_sha256, unpacked
from bot.trackers.tracker import Forged
from bot.trackers.values import dig, text

FRESH_FOR: Final = timedelta(minutes=1)
"""How old a delivery may be: https://linear.app/developers/webhooks#securing-webhooks."""


def hinted(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> frozenset[str]:
    """Return the issues a delivery names; raises Forged."""
    signed_sha256(body, secret, headers.get("linear-signature", ""))
    told = unpacked(body)
    sent = dig(told, "webhookTimestamp")
    if not isinstance(sent, int) or abs(now.timestamp() - sent / 1000) > FRESH_FOR.total_seconds():
        raise Forged
    return frozenset(filter(None, (_issue(told),)))


def _issue(told: object) -> str:
    match text(told, "type"):
        case "Issue":
            return text(told, "data", "id")
        case "IssueLabel" | "IssueRelation" | "Attachment" | "Comment":
            return text(told, "data", "issueId")
        case _:
            return ""
