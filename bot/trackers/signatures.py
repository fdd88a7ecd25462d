"""Proof that a delivery is from a tracker that knows our secret."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import orjson

from bot.trackers.tracker import Forged


def signed_sha256(body: bytes, secret: str, signature: str) -> None:
    """Check an HMAC in hexadecimal; raises Forged. Without a secret nothing is proved."""
    made = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    if not secret or not hmac.compare_digest(made, signature.strip().lower()):
        raise Forged


def same_secret(given: str, secret: str) -> None:
    """Check a secret that is sent as it is; raises Forged."""
    if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
        raise Forged


def unpacked(body: bytes) -> Any:
    """Return a delivery's JSON; raises Forged for what is none."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Forged from error
