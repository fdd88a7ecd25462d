"""Is this request from Slack? Decided on the raw bytes, before anything is parsed.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime

VERSION = "v0"
TOLERANCE_S = 300
"""How far Slack's clock may be from ours; an older request is a replay."""

_TIMESTAMP = re.compile(r"[0-9]{1,12}")


def is_from_slack(
    raw: bytes, timestamp: str | None, signature: str | None, secret: str, now: datetime
) -> bool:
    """Tell whether Slack signed these bytes within the last five minutes. Never raises.

    The two texts are the headers as received; the comparison takes the same time wherever they
    differ.
    """
    if timestamp is None or signature is None or not _TIMESTAMP.fullmatch(timestamp):
        return False
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_S:
        return False
    expected = sign(raw, timestamp, secret).encode()
    # Header texts may hold surrogates for bytes that are no UTF-8.
    given = signature.encode("utf-8", "surrogateescape")
    return hmac.compare_digest(expected, given) and _is_utf8(raw)


def _is_utf8(raw: bytes) -> bool:
    """Slack signs UTF-8 only."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def sign(raw: bytes, timestamp: str, secret: str) -> str:
    """Return Slack's signature of a body: `v0=` and HMAC-SHA256 in hex."""
    signed = b":".join((VERSION.encode(), timestamp.encode(), raw))
    return f"{VERSION}={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
