"""Read how a retro is started, and what is written in it.

    start 4Ls anonymous by Friday 16:00

names the template, that nobody's name is kept, and until when people may write.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers import due
from handlers.anonymity import is_wish
from handlers.markers import theme
from handlers.retro.templates import Template, Templates, named

NOTE_MAX_CHARS = 500
NOTES_PER_FORM_MAX = 20
NOTES_PER_PERSON_MAX = 40
NOTES_MAX = 200
"""Notes of one retro: grouping them takes some 0.4 s, and nobody reads more aloud."""

DEADLINE_MAX = timedelta(days=30)
CLOSING_TIME = time(17, 0)
"""When a deadline ends that names a day and no time."""

_UNTIL = frozenset(("by", "until", "till"))
_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))? ?(am|pm)?", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-*•–—]\s+|[0-9]{1,2}[.)]\s+)?")


class Unreadable(ValueError):
    """What was typed cannot be meant; the message is a sentence that says what to write."""


@dataclass(frozen=True, slots=True)
class Start:
    """How a retro begins; `deadline` is aware UTC, or None when the facilitator reveals."""

    template: Template
    anonymous: bool = False
    deadline: datetime | None = None


def read_start(line: str, own: Templates, now: datetime, zone: str) -> Start:
    """Read the words after `retro start`; raises Unreadable or NoTemplate."""
    words = [word for word in line.split() if any(map(str.isalnum, word))]
    anonymous = any(map(is_wish, words))
    words = [word for word in words if not is_wish(word)]
    at = next((i for i, word in enumerate(words) if word.casefold() in _UNTIL), len(words))
    template = named(" ".join(words[:at]), own)
    deadline = read_deadline(words[at + 1 :], now, zone) if at < len(words) else None
    return Start(template, anonymous, deadline)


def read_deadline(words: Sequence[str], now: datetime, zone: str) -> datetime:
    """Read `16:00`, `Friday`, `tomorrow 9:30` … where the speaker is; raises Unreadable."""
    here = now.astimezone(ZoneInfo(zone))
    clock, rest = None, list(words)
    for position, word in enumerate(words):
        if (clock := read_clock(word)) is not None:
            rest = [*words[:position], *words[position + 1 :]]
            break
    rest = [word for word in rest if word.casefold() not in ("at", "on")]
    day = _day(rest, here.date()) if rest else None
    if clock is None and day is None:
        raise Unreadable("Write until when as: by 16:00, by Friday, by tomorrow 9:30")
    return deadline_at(day or here.date(), clock or CLOSING_TIME, now, zone)


def deadline_at(day: date, clock: time, now: datetime, zone: str) -> datetime:
    """Return the instant, aware UTC; a local time the clocks skip is the next one they show.

    Raises Unreadable for the past and for more than DEADLINE_MAX ahead.
    """
    at = datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)
    if at <= now:
        raise Unreadable(f"{clock:%H:%M} on {due.in_words(day)} has passed already.")
    if at - now > DEADLINE_MAX:
        raise Unreadable(f"A retro stays open for {DEADLINE_MAX.days} days at most.")
    return at


def read_clock(word: str) -> time | None:
    """Read `16:00`, `9.30`, `4pm`; None for anything else."""
    match = _CLOCK.fullmatch(word.strip().rstrip(","))
    if match is None or not (match[2] or match[3]):
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[3].casefold() == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(words: Sequence[str], today: date) -> date:
    found = due.last_words(["by", *words], today)
    if found is None or found.words != len(words) + 1 or found.day is None:
        said = " ".join(words)
        shown = said if len(said) <= 40 else said[:39] + "…"
        raise Unreadable(f"“{shown}” names no day. Write it as: by Friday 16:00, by 2026-12-01")
    return found.day


# --- notes -----------------------------------------------------------------------------------


def read_notes(text: str) -> tuple[str, ...]:
    """Return the notes of a field, one per line, without the dashes people put before them."""
    lines = (" ".join(_BULLET.sub("", line).split()) for line in text.splitlines())
    return tuple(line for line in lines if line)


def note_problem(notes: Sequence[str]) -> str | None:
    """Say what is wrong with the longest of these notes, or return None."""
    longest = max(map(len, notes), default=0)
    if longest > NOTE_MAX_CHARS:
        return f"One note has {longest:,} characters; a note has at most {NOTE_MAX_CHARS}."
    return None


def split_column(words: str, columns: Sequence[str]) -> tuple[int, str]:
    """Return the column (from 0) and the note of `stop: long meetings`; no column means the first.

    The beginning of a column's name is enough where it is one's alone.
    """
    head, colon, rest = words.partition(":")
    if colon and rest.strip():
        wanted = head.strip().casefold()
        meant = [i for i, name in enumerate(columns) if name.casefold().startswith(wanted)]
        if wanted and len(meant) == 1:
            return meant[0], rest.strip()
    return 0, words.strip()


def themes_in(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the #themes that stand in these notes, once each."""
    found = (theme(word) for text in texts for word in text.split())
    return tuple(dict.fromkeys(each.name for each in found if each))


# --- what should move ------------------------------------------------------------------------

_HYPOTHESIS = re.compile(r"(.+?)\s+from\s+(.+?)\s+to\s+(.+)", re.IGNORECASE | re.DOTALL)


def read_hypothesis(text: str) -> tuple[str, str, str]:
    """Return metric, start and goal of `review time from 2 days to 4 hours`.

    Words without both numbers are all metric.
    """
    words = " ".join(text.split()).rstrip(".")
    found = _HYPOTHESIS.fullmatch(words)
    return (found[1], found[2], found[3]) if found else (words, "", "")
