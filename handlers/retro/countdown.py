"""How long people may still write: words for a card that is edited, which tells nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.phrases import counted

SHOWN_FROM = timedelta(hours=1)
"""Before its last hour the time of the reveal says enough."""

_FINE_FROM = timedelta(minutes=10)
_FINE, _COARSE = timedelta(minutes=1), timedelta(minutes=5)


def time_left(deadline: datetime, now: datetime) -> tuple[str, datetime | None]:
    """Return `more than 20 minutes left` or `7 minutes left`, and until when that holds.

    The words are "" before the last hour, and from the deadline on, for which there is no end.
    """
    left = deadline - now
    if left <= timedelta():
        return "", None
    if left > SHOWN_FROM:
        return "", deadline - SHOWN_FROM
    step = _COARSE if left > _FINE_FROM else _FINE
    begun = -(-left // step)
    until = deadline - (begun - 1) * step
    if step == _COARSE:
        return f"more than {(begun - 1) * step // _FINE} minutes left", until
    return f"{counted(begun, 'minute')} left", until
