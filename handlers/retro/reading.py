"""Read how a retro is started, and what is written in it.

    start 4Ls anonymous by Friday 16:00

names the template, that nobody's name is kept, and until when people may write.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.text import alike
from handlers.reader.anonymity import is_wish
from handlers.reader.asked import Asked
from handlers.reader.deadlines import PHRASE_MAX_WORDS, begins_a_phrase, is_lead
from handlers.reader.moments import Unreadable, read_moment, until_when
from handlers.reader.names import NOT_ALONE
from handlers.reader.tags import read_theme
from handlers.reader.tails import without_courtesy
from handlers.reader.when import read_when
from handlers.retro.templates import NoTemplate, Template, Templates, named

NOTE_MAX_CHARS = 500
NOTES_PER_FORM_MAX = 20
NOTES_PER_PERSON_MAX = 40
NOTES_MAX = 200
"""Notes of one retro: grouping them takes some 0.4 s, and nobody reads more aloud."""

NEARLY = 0.75
"""How much of a column's name a mistyped one shares at least: `stpo` is Stop, `idea` is none."""

DEADLINE_MAX = timedelta(days=30)
_FACTS = re.compile(
    r"(?:\b(?:with|and|show|plus)\s+|\bw/\s*)?(?:the\s+|our\s+)?\bfacts\b", re.IGNORECASE
)
_SIGNED = re.compile(
    r"\b(?:not|non|no)[ -]+anon(?:ymous(?:ly)?)?\b|\bwith (?:our |the )?names\b|\bsigned\b",
    re.IGNORECASE,
)
"""Names are kept unless somebody asks for the opposite."""

_FOR = re.compile(
    r"\bfor\s+(?=(?:\d|an?\b|half\b|one\b|two\b|ten\b|\w+\s+(?:min|hour)))", re.IGNORECASE
)
_BULLET = re.compile(r"^\s*(?:[-*•–—]\s+|[0-9]{1,2}[.)]\s+)?")


@dataclass(frozen=True, slots=True)
class Start:
    """How a retro begins; `deadline` is aware UTC, or None when the facilitator reveals.

    `facts`: it opens with what happened to the team's items since the last one.
    """

    template: Template
    anonymous: bool = False
    deadline: datetime | None = None
    facts: bool = False


def read_start(line: str, own: Templates, asked: Asked) -> Start:
    """Read the words after `retro start`; raises Unreadable or NoTemplate."""
    facts = bool(_FACTS.search(line))
    line = _SIGNED.sub(" ", _FOR.sub("in ", _FACTS.sub(" ", line)))
    words = [word for word in line.split() if any(map(str.isalnum, word))]
    anonymous = any(map(is_wish, words))
    words = without_courtesy(" ".join(word for word in words if not is_wish(word))).split()
    at = _where_time_begins(words, own, asked)
    template = named(" ".join(words[:at]), own)
    until = until_when(" ".join(words[at:]))
    deadline = read_deadline(until, asked) if until else None
    return Start(template, anonymous, deadline, facts)


def read_deadline(words: str, asked: Asked) -> datetime:
    """Return until when people may write, aware UTC; raises Unreadable."""
    return read_moment(words, asked, DEADLINE_MAX, "A retro")


def read_form_deadline(day: str, clock: str, asked: Asked) -> datetime:
    """Return the deadline of a form's two fields, aware UTC; an empty day is today.

    Raises Unreadable.
    """
    if clock and not day and (span := _span(clock, asked)):
        return read_deadline(span, asked)
    if clock:
        when = read_when(without_courtesy(clock), asked, bare_hour=True)
        if when is None or when.has_day or not (when.has_clock and when.clocks):
            raise Unreadable(f"“{clock[:20]}” is no time of the day. Write it as 16:00.")
    hour = f"at {clock}" if clock.isdigit() else clock
    return read_deadline(f"{day} {hour}".strip(), asked)


def _span(clock: str, asked: Asked) -> str:
    """Return `in 10 minutes` for `10 min`, `for 10 minutes`; "" for what is no stretch of time."""
    words = f"in {_FOR.sub('', without_courtesy(clock)).removeprefix('in ')}"
    when = read_when(words, asked)
    return words if when is not None and when.span is not None else ""


def _where_time_begins(words: Sequence[str], own: Templates, asked: Asked) -> int:
    """Return where the template's name ends and the words about time begin."""
    if _is_a_template(words, own):
        return len(words)
    closes = [at for at in range(len(words)) if _closes(words[at:])]
    if closes:
        return closes[0]
    for at in range(max(0, len(words) - PHRASE_MAX_WORDS), len(words)):
        phrase = words[at:]
        if len(phrase) == 1 and alike(phrase[0]) in NOT_ALONE:
            continue  # by Friday or so
        if begins_a_phrase(phrase[0]) and _says_when(" ".join(phrase), asked):
            return at
    leads = (at for at in range(len(words)) if is_lead(words[at]) or _is_a_span(words[at:]))
    return next(leads, len(words))


def _says_when(phrase: str, asked: Asked) -> bool:
    day = read_when(phrase, asked, bare_hour=True)  # tomorrow 10
    return read_when(phrase, asked) is not None or (day is not None and day.has_day)


def _closes(words: Sequence[str]) -> bool:
    """Whether these say until when: `closing in 20 min`, `no deadline`."""
    return until_when(said := " ".join(words)) != said


def _is_a_span(words: Sequence[str]) -> bool:
    """Whether these are meant as a stretch of time, though nobody can read it: `in 12 minuts`."""
    return len(words) > 1 and words[0] == "in" and words[1][:1].isdigit()


def _is_a_template(words: Sequence[str], own: Templates) -> bool:
    try:
        return bool(words) and bool(named(" ".join(words), own))
    except NoTemplate:
        return False


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

    The beginning of a column's name is enough where it is one's alone, with whatever quotes and
    accents, and so is the word that tells it from the others, or one that is nearly it. Without a
    colon, `stop long meetings` goes to Stop, and stays the sentence it is.
    """
    names = [alike(name) for name in columns]
    head, colon, rest = words.replace("：", ":", 1).partition(":")  # noqa: RUF001
    if colon and rest.strip():
        wanted = alike(head)
        meant = [i for i, name in enumerate(names) if name == wanted]
        meant = meant or [i for i, name in enumerate(names) if name.startswith(wanted)]
        meant = meant or [i for i, name in enumerate(names) if wanted in name.split()]
        near = difflib.get_close_matches(wanted, names, 2, NEARLY)
        meant = meant or [names.index(name) for name in near]
        if wanted and len(meant) == 1:
            return meant[0], rest.strip()
    first = alike(words.partition(" ")[0])
    return (names.index(first) if first in names else 0), words.strip()


def themes_in(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the #themes that stand in these notes, once each."""
    tags = (read_theme(word) for text in texts for word in text.split())
    return tuple(dict.fromkeys(each for each in tags if each))
