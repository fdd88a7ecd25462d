"""GitHub's webhooks: signed over the raw body."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.trackers.signatures import signed_sha256, unpacked
from bot.trackers.values import text


def hinted(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> frozenset[str]:
    """Return the issues a delivery names; raises Forged."""
    signed_sha256(body, secret, headers.get("x-hub-signature-256", "").removeprefix("sha256="))
    told = unpacked(body)
    id = text(told, "issue", "node_id") or text(told, "projects_v2_item", "content_node_id")
    return frozenset({id}) if id else frozenset()
