"""What follows from a call that did not work: the words for people, and when to ask again."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from bot.remote import Failed, Trouble
from bot.trackers.tracker import (
    BadAddress,
    Missing,
    NotAllowed,
    NotNow,
    Rejected,
    SignedOut,
    TrackerError,
)
from storage.readings import Reading

RESTS_AT_FIRST = timedelta(seconds=10)
RESTS_MAX = timedelta(minutes=15)
LATER_MAX = timedelta(hours=2)
"""The longest that a tracker may send Hone away; then it is asked once more."""

TRIED_AT_FIRST = timedelta(minutes=1)
TRIED_MAX = timedelta(hours=1)


class NoWay(StrEnum):
    OURS = "Something went wrong on my side. I try again."
    SILENT = "It does not answer. I try again."


_TROUBLES: tuple[tuple[type[TrackerError], Trouble], ...] = (
    (SignedOut, "signed out"),
    (NotAllowed, "not allowed"),
    (Missing, "gone"),
    (Rejected, "refused"),
    (BadAddress, "address"),
)


def failed_by(error: Exception, now: datetime) -> Failed:
    """Return what an error says, to people and to whoever asks again."""
    if isinstance(error, NotNow):
        return Failed("later", str(error), min(error.until, now + LATER_MAX))
    if isinstance(error, TrackerError):
        trouble = next((name for kind, name in _TROUBLES if isinstance(error, kind)), "silent")
        return Failed(trouble, str(error))
    return Failed("silent", str(NoWay.SILENT if isinstance(error, TimeoutError) else NoWay.OURS))


def rest_of_site(failed: Failed, attempts: int, now: datetime) -> datetime | None:
    """Return until when the whole site is left alone: its limits and its silence are for all."""
    if failed.trouble == "later":
        return max(failed.until or now, now + timedelta(seconds=1))
    if failed.trouble == "silent":
        return now + min(RESTS_AT_FIRST * 2 ** min(attempts, 10), RESTS_MAX)
    return None


def next_try(failed: Failed, reading: Reading, now: datetime) -> datetime | None:
    """Return when this reading is due again; None for a site that somebody has to connect anew."""
    if (rest := rest_of_site(failed, reading.attempts, now)) is not None:
        return rest
    if reading.what == "site":
        return None
    return now + min(TRIED_AT_FIRST * 2 ** min(reading.attempts, 10), TRIED_MAX)
