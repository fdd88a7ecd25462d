"""Read the due day that ends a sentence: by Friday, until 4 Dec, due in 2 weeks.

Only words that name exactly one day become a date. Words that look like a date but could mean two
days, or none, come back with a note and with the days they may mean.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from bot.text import alike
from handlers.reader.asked import Asked
from handlers.reader.japanese import deadlines_inside
from handlers.reader.names import CLDR_WEEKDAYS, NOT_ALONE, WEEKDAY_CODES, WEEKDAYS, in_words
from handlers.reader.vocabulary import DROPPED, WORDS
from handlers.reader.when import PHRASE_MAX_CHARS, When, read_when

PHRASE_MAX_WORDS = 12
"""The longest way to say a due date: por el viernes 4 de diciembre de 2026 a las 16:30."""

SLIP_MIN_CHARS = 5
NEAR = 0.8
"""How alike a word behind by and the name of a day must be, 0 to 1, to be offered."""

NEXT_YEAR = timedelta(days=270)
"""A day without a year that is so far away was perhaps one that is just over."""

SCANNED_MAX = 24
"""How many leads of a text are looked at for a date inside the sentence."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """What some words say about a due date; `said` are the words as typed.

    `day` is None when they name no single day; `note` then says why and what to write, and
    `offers` are the days they may mean. `explicit` tells a deadline (by, due, until) from words
    that may belong to the sentence; `written` a day of the calendar from a relative one. `waits`:
    it was said with until, which may say how long something lasts.
    """

    words: int
    said: str
    day: date | None
    explicit: bool
    note: str = ""
    offers: tuple[date, ...] = ()
    written: bool = False
    waits: bool = False


def last_words(words: Sequence[str], asked: Asked) -> Deadline | None:
    """Return the longest due date that ends the words, or None when they end otherwise.

    Without by, due or until, a phrase that names no day is just words, and so is a weekday's
    short form ("the tests sat").
    """
    for count in range(_longest(words), 0, -1):
        phrase = words[-count:]
        if begins_a_phrase(phrase[0]) and (found := _read(phrase, asked)):
            return found
    return None


def _longest(words: Sequence[str]) -> int:
    """Return how many of the last words may be one phrase: it has no second by, due or until."""
    longest = min(PHRASE_MAX_WORDS, len(words))
    begun = False
    for count in range(1, longest + 1):
        leads = alike(words[-count]).strip(_EDGES) in _STARTS_ANEW
        if begun and not (leads or is_lead(words[-count])):
            return count - 1
        begun = begun or leads
    return longest


def first_words(words: Sequence[str], asked: Asked) -> Deadline | None:
    """Return the longest due date that begins the words."""
    for count in range(min(PHRASE_MAX_WORDS, len(words)), 0, -1):
        if found := _read(words[:count], asked):
            return found
    return None


def inside(words: Sequence[str], asked: Asked) -> Iterator[tuple[int, Deadline]]:
    """Return every deadline said so anywhere in the words, with where it begins.

    Japanese sets no words apart: its deadlines come first, numbered.
    """
    for number, said in enumerate(deadlines_inside(" ".join(words))[:SCANNED_MAX]):
        if (found := _read([said], asked)) and found.explicit:
            yield number, found
    leads = [position for position, word in enumerate(words) if is_lead(word)][:SCANNED_MAX]
    after = 0
    for position, following in pairwise([*leads, len(words)]):
        if position < after or all(map(is_lead, words[position : position + 4])):
            continue
        end = following if following > position + 1 else len(words)
        phrase = words[position : min(end, position + PHRASE_MAX_WORDS)]
        found = first_words(phrase, asked) or _meant_by_a_slip(phrase, asked)
        if found and found.explicit:
            yield position, found
            after = position + found.words


def _meant_by_a_slip(phrase: Sequence[str], asked: Asked) -> Deadline | None:
    """Return what `by Firday` may mean: the nearest day, to be offered and never set."""
    said = alike(phrase[1]).strip(_EDGES) if len(phrase) > 1 else ""
    if len(said) < SLIP_MIN_CHARS:
        return None
    near = difflib.get_close_matches(said[:40], _NAMES_OF_DAYS, n=1, cutoff=NEAR)
    if not near:
        return None
    found = first_words([phrase[0], near[0]], asked)
    if found is None or found.day is None or not found.explicit:
        return None
    typed = " ".join(phrase[:2]).rstrip(_EDGES)
    note = f"“{typed}” names no day. Did you mean {in_words(found.day)}?"
    return replace(found, said=typed, day=None, note=note, offers=(found.day,))


# --- one phrase ------------------------------------------------------------------------------

_EDGES = ".,;:!?)(][\"'*_~"
_SHORT = frozenset(WEEKDAY_CODES) | {"tues", "thur", "thurs", "weds"} | NOT_ALONE
_ENGLISH_LEADS = frozenset({"by", "due", "until", "till", "before"})
_HABITS = frozenset(f"{alike(name)}s" for name in WEEKDAYS) | {"weekends"}
_FIRST_WORDS = frozenset(spelling[0] for spelling in WORDS) | DROPPED
_LEADS = frozenset(
    spelling[0]
    for spelling, code in WORDS.items()
    if code in ("by", "before") and spelling[0] not in ("a", "at", "no", "not", "date")
)
_STARTS_ANEW = frozenset({"by", "due", "until", "till", "bis", "hasta", "ate", "deadline"})
_WAITS = frozenset({"until", "till", "til", "thru"})
"""In English these say how long something lasts, more often than by when it is due."""

_FROM_NOW = re.compile(r"\b(?:from (?:now|today|tdy)|hence|ab jetzt|a partir de ahora)\b")
_MAY_END = frozenset({"time", "sharp", "latest", "uhrzeit"})
_CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")


_NAMES_OF_DAYS = sorted(
    {alike(name) for wide, _ in CLDR_WEEKDAYS.values() for name in wide.split()}
    | {"today", "tomorrow", "morgen", "demain", "manana", "amanha"}
)


def begins_a_phrase(word: str) -> bool:
    """Whether a phrase of time may begin with the word: what does not is no date, at once."""
    folded = alike(word).lstrip("([\"'@-*_~")
    if folded[:1].isdigit() or _CJK.match(folded):
        return True
    core = folded.strip(_EDGES)
    return core in _FIRST_WORDS or re.split("['=:-]", core)[0] in _FIRST_WORDS or core[:2] == "d'"


def is_lead(word: str) -> bool:
    """Whether the word may begin a deadline: by, due, until, bis, hasta …"""
    folded = alike(word).lstrip("-[(*_~").strip(_EDGES)
    return folded in _LEADS or re.split("[:=]", folded)[0] in _LEADS


def _read(phrase: Sequence[str], asked: Asked) -> Deadline | None:
    said = " ".join(phrase).strip(",;:!?[]*_~")
    said = said if re.search(r"\d\.$", said) else said.rstrip(".,;:!?")
    ends_in_signs = not (_has_letters(phrase[0]) and _has_letters(phrase[-1]))
    if len(said) > PHRASE_MAX_CHARS or ends_in_signs:
        return None
    when = read_when(said, asked)
    if when is None or _is_a_word_of_the_sentence(phrase, when):
        return None
    explicit = bool(when.lead)
    if not when.has_day:
        return _today(said, len(phrase), asked) if explicit and when.clocks else None
    is_told = "later" in when.words and not _FROM_NOW.search(alike(said))
    if not explicit and when.days and (when.days[0] < asked.today or is_told):
        return None  # it tells what happened
    if not explicit and alike(phrase[-1]).strip(_EDGES) in _HABITS:
        return None  # it tells what happens every week
    waits = alike(phrase[0]).strip(_EDGES) in _WAITS
    found = Deadline(len(phrase), said, None, explicit, written=when.written, waits=waits)
    if when.reason or len(when.days) != 1:
        return _unsure(found, when) if explicit else None
    return _sure(found, when, asked)


def _has_letters(word: str) -> bool:
    return any(map(str.isalnum, word))


def _is_a_word_of_the_sentence(phrase: Sequence[str], when: When) -> bool:
    """The tests sat; reviewed by Sam. A short form alone is a weekday after bis, not after by."""
    last = alike(phrase[-1]).strip(_EDGES)
    if last in DROPPED and last not in _MAY_END:
        return True
    if len(phrase) == 1:
        return last in _SHORT
    first = alike(phrase[0]).strip(_EDGES)
    return (
        len(when.words.split()) == 1
        and last in NOT_ALONE
        and (first in _ENGLISH_LEADS or not when.lead)
    )


def _today(said: str, words: int, asked: Asked) -> Deadline:
    """By 17:00 may be today's, or every day's: today is offered. By 4.12 may be a day."""
    dotted = read_when(f"{said}.", asked) if re.search(r"\d\.\d{1,2}$", said) else None
    if dotted is not None and dotted.day is not None:
        note = f"“{said}” may be {in_words(dotted.day)} or a time: write the month's name."
        return Deadline(words, said, None, explicit=True, note=note, offers=(dotted.day,))
    note = f"“{said}” names a time and no day: write the day, too."
    return Deadline(words, said, None, explicit=True, note=note, offers=(asked.today,))


def _unsure(found: Deadline, when: When) -> Deadline:
    return replace(found, note=f"“{found.said}” {when.reason}", offers=when.days)


def _sure(found: Deadline, when: When, asked: Asked) -> Deadline:
    day = when.days[0]
    if when.lead == "before":
        eve = day - timedelta(days=1)
        note = f"“{found.said}” may be {in_words(eve)} or {in_words(day)}."
        return replace(found, note=note, offers=(eve, day))
    return replace(found, day=day, note=" ".join(_remarks(found.said, when, day, asked)))


def _remarks(said: str, when: When, day: date, asked: Asked) -> Iterator[str]:
    """Say how the words were read where somebody else could read them otherwise."""
    if day < asked.today:
        yield f"“{said}” is in the past."
    elif day == asked.today and when.weekday_alone:
        yield f"Today is {WEEKDAYS[day.weekday()]}, so “{said}” is read as today."
    elif when.next_week and (day - asked.today).days > 7:
        yield f"“{said}” is read as {in_words(day)}, the one in next week."
    elif when.written and day - asked.today > NEXT_YEAR and not re.search(r"\d{4}", said):
        yield f"“{said}” is read as {in_words(day)}: this year's is over."
    elif when.day_first:
        yield f"“{said}” is read as {in_words(day)}, the day first."
    if when.has_clock or when.part or when.zone or when.zone_problem:
        yield "A due date is a whole day, so its time was left out."
