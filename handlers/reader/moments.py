"""Read one moment: until when a vote or a retro is open. The same for every command and form.

A day without a time is its end, 17:00. A weekday is the next one to come; a time that has passed
today is refused. Where clocks are put forward, a skipped time counts an hour later; put back, a
repeated one counts the first time.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.text import alike
from handlers.reader.asked import Asked
from handlers.reader.clocks import CLOSING_TIME
from handlers.reader.names import in_words
from handlers.reader.tails import without_courtesy
from handlers.reader.when import When, read_when

ECHO_MAX_CHARS = 40
EXAMPLES = "16:00, tomorrow 9:30, Friday 4pm or in 2 hours"


class Unreadable(ValueError):
    """What was typed names no moment; the message is a sentence that says what to write."""


def read_moment(said: str, asked: Asked, furthest: timedelta, what: str = "It") -> datetime:
    """Return the moment (aware UTC) that is meant, after now and no further than `furthest`.

    `what` begins the sentence about that: “A vote” stays open for 30 days at most. Raises
    Unreadable.
    """
    shown, when = echo(said), read_alone(said, asked) or _at_a_bare_hour(said, asked)
    if when is None:
        raise Unreadable(f"“{shown}” is no time that I can read. Write {EXAMPLES}.")
    candidates = moments(when, asked, shown)
    to_come = [at for at in candidates if at > asked.now]
    if not to_come:
        raise Unreadable(f"“{shown}” has passed already. Write {EXAMPLES}.")
    if len(to_come) > 1:
        one, other = (_local(at, asked) for at in to_come[:2])
        raise Unreadable(f"“{shown}” may be {one} or {other}: write the one you mean.")
    if to_come[0] - asked.now > furthest:
        raise Unreadable(f"{what} stays open for {furthest.days} days at most.")
    return to_come[0]


def read_alone(said: str, asked: Asked) -> When | None:
    """Return what an answer says that is nothing but a time or a day: “2 hours, please” will do."""
    words = without_courtesy(said)
    return read_when(words, asked) or read_when(f"in {words}", asked)


def _at_a_bare_hour(said: str, asked: Asked) -> When | None:
    """Return what `by 4` or `tomorrow 10` says; in 4 may be minutes, and 4 alone anything."""
    when = read_when(without_courtesy(said), asked, bare_hour=True)
    is_hour = when is not None and (when.lead or when.has_day)
    return when if is_hour and not alike(said).startswith("in ") else None


_CLOSES = re.compile(
    r"(?:(?:and|it|which|,|-)\s+)*(?:\b(?:clos(?:es|ing)|ends|ending)\s+"
    r"(?:(?:at|on|by|until|till|in(?=\s+\d))\s+)?|\bopen\s+(?:until|till|by)\s+)(?=\S)",
    re.IGNORECASE,
)
_ENDLESS = re.compile(
    r"(?:(?:with )?no|without(?: an?)?) (?:deadline|end|time ?limit|limit)|open[- ]end(?:ed)?|now"
    r"|right now|ohne frist|sin limite|sans limite"
)


def until_when(said: str) -> str:
    """Return `by Friday` for `closes on Friday`, "" for `no deadline`, and other words as typed."""
    if _ENDLESS.fullmatch(alike(without_courtesy(said)).strip(" .,;!")):
        return ""
    led = _CLOSES.match(said)
    if led is None:
        return said
    return f"{'in' if ' in ' in led[0].lower() else 'by'} {said[led.end() :]}"


def echo(said: str) -> str:
    """Return what was typed as a sentence about it repeats it."""
    return " ".join(said.split())[:ECHO_MAX_CHARS]


def moments(when: When, asked: Asked, shown: str) -> list[datetime]:
    """Return every moment (aware UTC) the words may mean; raises Unreadable for none."""
    if when.zone_problem:
        raise Unreadable(when.zone_problem)
    if when.span is not None:
        return [asked.now + when.span]
    if when.reason:
        raise Unreadable(f"“{shown}” {when.reason}")
    if when.has_clock and not when.clocks:
        raise Unreadable(f"“{shown}” is not a time of day. Write {EXAMPLES}.")
    if when.midnight and when.part == "evening" and when.days == (asked.today,):
        return [instant(asked.today + timedelta(days=1), time(0), asked.zone)]
    if when.midnight and when.has_day:
        raise Unreadable(f"“{shown}” may be its first or its last minute: write 0:00 or 23:59.")
    if when.part and not when.has_clock:
        raise Unreadable(f"“{shown}” names no time of day. Write {EXAMPLES}.")
    if when.lead == "before" and not when.has_clock:
        raise Unreadable(f"“{shown}” may be that day or the one before. Write {EXAMPLES}.")
    return [_at(when, clock, asked) for clock in when.clocks or (_closing(when, asked),)]


def _closing(when: When, asked: Asked) -> time:
    if not when.counted:
        return CLOSING_TIME
    return asked.now.astimezone(ZoneInfo(asked.zone)).time()


def _at(when: When, clock: time, asked: Asked) -> datetime:
    zone = when.zone.name if when.zone else asked.zone
    today = asked.now.astimezone(ZoneInfo(zone)).date()
    at = instant(when.days[0] if when.has_day else today, clock, zone)
    if at <= asked.now and (when.weekday_alone or when.midnight):
        later = 7 if when.weekday_alone else 1
        at = instant((when.days[0] if when.has_day else today) + timedelta(days=later), clock, zone)
    return at


def instant(day: date, clock: time, zone: str) -> datetime:
    """Return when a clock in a zone shows a time, aware UTC; what it skips is an hour later."""
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


def _local(at: datetime, asked: Asked) -> str:
    here = at.astimezone(ZoneInfo(asked.zone))
    return f"{in_words(here.date())} {here.hour}:{here.minute:02}"
