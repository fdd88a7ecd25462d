"""Let the unknown author of a note or an item change it for ten minutes, and nobody else ever.

The author's own private card holds a secret; the database holds a hash of it, another one for each
note, so that not even two notes of one person belong together. When it ends stands on the card
and inside the hash, so it cannot be moved, and no time is stored but the hour.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

EDIT_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class EditToken:
    """What the author's card holds: a secret and when it ends, in seconds since 1970."""

    secret: str
    until: int

    def is_over(self, now: datetime) -> bool:
        return now.timestamp() >= self.until

    def hashes(self, of: int, count: int) -> Mapping[str, int]:
        """Return hash → position of the notes that were sent together."""
        return {self.hash(of, position): position for position in range(count)}

    def hash(self, of: int, position: int = 0) -> str:
        """Return what is kept with a note of this retro, or with the item of this number."""
        hashed = f"{of}|{position}|{self.until}|{self.secret}"
        return sha256(hashed.encode()).hexdigest()


def new_token(now: datetime) -> EditToken:
    return EditToken(secrets.token_urlsafe(24), int((now + EDIT_FOR).timestamp()))
