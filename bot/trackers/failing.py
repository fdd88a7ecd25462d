"""What follows from a call that did not work: the words for people, and when to ask again."""

from __future__ import annotations

from datetime import datetime, timedelta

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


OURS = "Something went wrong on my side. I try again."

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
        troubles = (name for kind, name in _TROUBLES if isinstance(error, kind))
        return Failed(next(troubles, "silent"), str(error))
    return Failed("silent", OURS)


def rest_of_site(failed: Failed, attempts: int, now: datetime) -> datetime | None:
    """Return until when the whole site is left alone: its limits and its silence are for all."""
    if failed.trouble == "later":
        return max(failed.until or now, now + timedelta(seconds=1))
    if failed.trouble == "silent":
        return now + min(RESTS_AT_FIRST * doubled(attempts), RESTS_MAX)
    return None


def next_try(failed: Failed, reading: Reading, now: datetime) -> datetime | None:
    """Return when this reading is due again; None for a site that somebody has to connect anew."""
    if (rest := rest_of_site(failed, reading.attempts, now)) is not None:
        return rest
    if reading.what == "site":
        return None
    return now + min(TRIED_AT_FIRST * doubled(reading.attempts), TRIED_MAX)


def doubled(times: int) -> int:
    """Return 1, doubled so many times; ten at most."""
    return int(2 ** min(times, 10))
