"""GitLab's webhooks: signed where a signing token is set, with a secret in a header elsewhere."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.trackers.signatures import same_secret, unpacked
from bot.trackers.tracker import Forged
from bot.trackers.values import text

FRESH_FOR: Final = timedelta(minutes=5)
"""How old a signed delivery may be: https://www.standardwebhooks.com."""


def hinted(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> frozenset[str]:
    """Return the issues a delivery names; raises Forged."""
    if "webhook-signature" in headers:
        _check_signature(headers, body, secret, now)
    else:
        same_secret(headers.get("x-gitlab-token", ""), secret)
    told = unpacked(body)
    match text(told, "object_kind"):
        case "issue" | "work_item":
            iid = text(told, "object_attributes", "iid")
        case "note":
            iid = text(told, "issue", "iid")
        case _:
            iid = ""
    project = text(told, "project", "id")
    return frozenset({f"{project}-{iid}"}) if iid and project else frozenset()


def _check_signature(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> None:
    sent = headers.get("webhook-timestamp", "")
    if not secret or not sent.isdecimal():
        raise Forged
    if abs(now.timestamp() - int(sent[:12])) > FRESH_FOR.total_seconds():
        raise Forged
    signed = f"{headers.get('webhook-id', '')}.{sent}.".encode() + body
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        key = secret.encode()
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = (each.partition(",")[2] for each in headers["webhook-signature"].split())
    if not any(hmac.compare_digest(wanted.encode(), each.encode()) for each in given):
        raise Forged
