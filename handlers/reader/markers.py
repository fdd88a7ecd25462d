"""Recognize what people write after a sentence: #themes, @people, due dates and --options.

A marker is one or more words and what they mean. What has a marker's form but no clear meaning
is a marker too, with a note for its author and with offers: it is never guessed. Thanks, emoji and
addresses may stand between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.text import alike, plain
from handlers.reader import deadlines, tails
from handlers.reader.anonymity import last_wish
from handlers.reader.asked import Asked
from handlers.reader.offers import Offer, offer_days, offer_kind, offer_level, offer_owner
from handlers.reader.options import (
    ANONYMOUS,
    KINDS,
    LEVELS,
    OPTION_MIN_CHARS,
    nearest_option,
    read_kind,
    read_option,
    unknown_option,
)
from handlers.reader.people import CHOICES_MAX, Meant, Mention, People
from handlers.reader.tags import listed_theme

SEPARATORS = ",;:-|"
"""Signs that set a marker apart, once typographic twins are read as what they stand for."""

_BETWEEN = SEPARATORS + "/>=→•·&+"
"""Alone these stand between markers, too; a date behind them may still be the sentence's."""

WISH_MAX_WORDS = 8
"""The wish to stay unnamed, with the signs around it: further back, they are separators."""

_SHOWN_MAX_CHARS = 40
_EVERYBODY = frozenset({"channel", "here", "everyone", "everybody", "all", "team"})

# --- what a marker means ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Theme:
    name: str


@dataclass(frozen=True, slots=True)
class Owner:
    person: Mention


@dataclass(frozen=True, slots=True)
class Due:
    """`note` says how the words were read where somebody could read them otherwise."""

    day: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    name: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """It means nothing, or more than one thing; the note says which and what to write."""

    note: str
    offers: tuple[Offer, ...] = ()
    asks_who: bool = False
    """Whether it names somebody who is not among those mentioned."""


@dataclass(frozen=True, slots=True)
class Separator:
    """A lone dash or comma between markers."""


@dataclass(frozen=True, slots=True)
class Courtesy:
    """Please and thank you: said to Hone, no part of the sentence."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An emoji or an address behind a marker: it belongs to the sentence."""


Meaning = Theme | Owner | Due | Option | Unclear | Separator | Courtesy | Kept


@dataclass(frozen=True, slots=True)
class Marker:
    words: tuple[str, ...]
    meaning: Meaning

    @property
    def is_aside(self) -> bool:
        """Whether it is a marker only between others: alone it is the sentence's last word."""
        return isinstance(self.meaning, Courtesy | Kept)


# --- recognizing -----------------------------------------------------------------------------


def last_marker(words: Sequence[str], end: int, asked: Asked, people: People) -> Marker | None:
    """Return the marker that ends just before position `end`, if one does.

    What may be the wish to stay unnamed, or not, ends the markers: the sentence keeps it.
    """
    if aside := _sign(words[end - 1]):
        return aside
    near = words[max(0, end - WISH_MAX_WORDS) : end]
    if (wish := last_wish(near, len(near))) is not None:
        unsigned = Marker(tuple(words[end - wish.words : end]), Option(ANONYMOUS))
        return unsigned if wish.is_sure else None
    return _tag(words, end, people) or _date(words, end, asked, people) or _aside(words, end)


def option(word: str) -> Option | None:
    """Recognize an option, whatever a phone made of its dashes."""
    name = read_option(word)
    return Option(name) if name else None


def kind_before(word: str) -> Option | None:
    """Recognize the kind of an item before its sentence: "story:"."""
    name = read_kind(word)
    return Option(name) if name else None


def theme(word: str, people: People) -> Theme | None:
    """Recognize a tag with a letter in it, unlike #42, which names an item."""
    name = people.theme(word)
    return Theme(name) if name else None


def _tag(words: Sequence[str], end: int, people: People) -> Marker | None:
    """Recognize anything but a date or a separator."""
    word = words[end - 1]
    if listed := listed_theme(words, end):
        return Marker(tuple(words[end - listed[0] : end]), Theme(listed[1]))
    meaning = option(word) or theme(word, people) or _unknown_option(word)
    if meaning:
        return Marker((word,), meaning)
    named = people.last(words, end)
    return (
        Marker(tuple(words[end - named.words : end]), owner(named, words, end)) if named else None
    )


def _date(words: Sequence[str], end: int, asked: Asked, people: People) -> Marker | None:
    """Recognize a deadline: said so (by Friday), or a date set apart from the sentence."""
    found = deadlines.last_words(words[max(0, end - deadlines.PHRASE_MAX_WORDS) : end], asked)
    if found is None:
        return None
    start = end - found.words
    if (found.waits or not found.explicit) and not _is_set_apart(words, start, people):
        return None
    marked = tuple(words[start:end])
    if found.day is None:
        return Marker(marked, Unclear(found.note, offer_days(found.offers, asked.today)))
    return Marker(marked, Due(found.day, found.note))


def _aside(words: Sequence[str], end: int) -> Marker | None:
    """Recognize what may follow a marker and is none itself."""
    if count := tails.courtesy(words, end):
        return Marker(tuple(words[end - count : end]), Courtesy())
    return Marker((words[end - 1],), Kept()) if tails.is_link(words[end - 1]) else None


def _sign(word: str) -> Marker | None:
    """Recognize a lone separator or an emoji, without looking at what stands before it."""
    if not plain(word).strip(_BETWEEN):
        return Marker((word,), Separator())
    return Marker((word,), Kept()) if tails.is_emoji(word) else None


def _is_set_apart(words: Sequence[str], position: int, people: People) -> bool:
    """Tell whether a marker or a separator stands just before the position."""
    if position == 0:
        return False
    before = plain(words[position - 1])
    return before[-1] in SEPARATORS or _tag(words, position, people) is not None


def _unknown_option(word: str) -> Unclear | None:
    name = unknown_option(word)
    if name is None:
        return None
    known = ", ".join(("--art", *KINDS, ANONYMOUS))
    note = f"“{_short(word)}” stays in the title: the options are {known}."
    return Unclear(note, _nearest(name))


def _nearest(name: str) -> tuple[Offer, ...]:
    near = nearest_option(name) if len(name) >= OPTION_MIN_CHARS else None
    if near is None:
        return ()
    return (offer_kind(KINDS[near]) if near in KINDS else offer_level(LEVELS[near]),)


# --- who an @name means ----------------------------------------------------------------------


def owner(meant: Meant, words: Sequence[str], end: int) -> Owner | Unclear:
    """Return the one person who is meant, or why it is not clear who."""
    said = _short(" ".join(words[end - meant.words : end]))
    if len(meant.people) == 1:
        return Owner(meant.people[0])
    if meant.group:
        return Unclear(f"“{_short(meant.group)}” is no person, so nobody is the owner yet.")
    if not meant.people:
        name = _short(words[end - 1].lstrip("@＠").rstrip(".,;:!?"))  # noqa: RUF001
        known = f"Nobody called “{name}” is known here"
        if alike(name) in _EVERYBODY:
            known = f"“{name}” is no person"
        elif any(alike(person.name).startswith(alike(name)) for person in meant.near):
            known = f"“{name}” was not mentioned"
        note = f"{known}, so nobody is the owner yet."
        return Unclear(note, offer_people(meant.near), asks_who=True)
    names = sorted({person.name for person in meant.people})
    if len(names) == 1 or len(names) > CHOICES_MAX:
        count = len(meant.people)
        return Unclear(f"“{said}” may be one of {count} people, so nobody is the owner yet.")
    choice = f"{', '.join(names[:-1])} or {names[-1]}"
    return Unclear(f"“{said}” may be {choice}: write the whole name.", offer_people(meant.people))


def offer_people(people: Sequence[Mention]) -> tuple[Offer, ...]:
    """Offer each of a few people as the owner, by name."""
    ordered = sorted(people, key=lambda person: person.name)
    return tuple(offer_owner(person.id, person.name) for person in ordered)


def _short(said: str) -> str:
    """Cut what a note quotes; the whole of it stands in the title."""
    return said if len(said) <= _SHOWN_MAX_CHARS else said[: _SHOWN_MAX_CHARS - 1].rstrip() + "…"
