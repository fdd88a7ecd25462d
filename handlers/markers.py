"""Recognize what people write after a sentence: #themes, @people, due dates and --options.

A marker is one or more words and what they mean. What has a marker's form but no clear meaning
is a marker too, with a note for its author: it is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from handlers import due
from handlers.anonymity import last_wish
from handlers.phrases import cut

THEME_MAX_CHARS = 40
NAME_MAX_WORDS = 6
"""Words of a name that are compared; what follows does not tell people apart."""

Level = Literal["team", "train"]
Kind = Literal["improvement", "story", "feature", "enabler"]

LEVELS: Mapping[str, Level] = {"--art": "train", "--train": "train", "--team": "team"}
KINDS: Mapping[str, Kind] = {
    "--improvement": "improvement",
    "--story": "story",
    "--feature": "feature",
    "--enabler": "enabler",
}
ANONYMOUS = "--anon"

SEPARATORS = ",;:–—-"

_PUNCTUATION = ".,;:!?"
_THEME = re.compile(r"[(\[\"'“]*#(\w[\w-]*)[)\]\"'”’.,;:!?]*")
_UNKNOWN_OPTION = re.compile("--[a-z][a-z-]*")
_LONG_DASH = re.compile("^[–—]")


class Mention(Protocol):
    """A person whom a text may name as `@name`; the id is the platform's."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


# --- what a marker means ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Theme:
    name: str


@dataclass(frozen=True, slots=True)
class Owner:
    person: Mention


@dataclass(frozen=True, slots=True)
class Deadline:
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


@dataclass(frozen=True, slots=True)
class Separator:
    """A lone dash or comma between markers."""


Meaning = Theme | Owner | Deadline | Option | Unclear | Separator


@dataclass(frozen=True, slots=True)
class Marker:
    words: tuple[str, ...]
    meaning: Meaning


# --- recognizing -----------------------------------------------------------------------------


def last_marker(words: Sequence[str], end: int, today: date, people: People) -> Marker | None:
    """Return the marker that ends just before position `end`, if one does.

    What may be the wish to stay unnamed, or not, ends the markers: the sentence keeps it.
    """
    if (wish := last_wish(words, end)) is not None:
        return (
            Marker(tuple(words[end - wish.words : end]), Option(ANONYMOUS))
            if wish.is_sure
            else None
        )
    return _tag(words, end, people) or _date(words, end, today, people)


def option(word: str) -> Option | None:
    """Recognize an option, also where a phone made one long dash of the two short ones."""
    name = _LONG_DASH.sub("--", word.rstrip(_PUNCTUATION)).casefold()
    return Option(name) if name in LEVELS or name in KINDS else None


def theme(word: str) -> Theme | None:
    """Recognize a tag with a letter in it, unlike #42, which names an item."""
    found = _THEME.fullmatch(word)
    if found is None or not any(map(str.isalpha, found[1])):
        return None
    name = found[1].casefold().replace("_", "-").strip("-")
    return Theme(name) if len(name) <= THEME_MAX_CHARS else None


def _tag(words: Sequence[str], end: int, people: People) -> Marker | None:
    """Recognize anything but a date."""
    word = words[end - 1]
    if not word.strip(SEPARATORS):
        return Marker((word,), Separator())
    meaning = option(word) or theme(word) or _unknown_option(word)
    return Marker((word,), meaning) if meaning else people.last(words, end)


def _date(words: Sequence[str], end: int, today: date, people: People) -> Marker | None:
    """Recognize a deadline: said so (by Friday), or a date set apart from the sentence."""
    found = due.last_words(words[max(0, end - due.PHRASE_MAX_WORDS) : end], today)
    if found is None:
        return None
    start = end - found.words
    if not found.explicit and not _set_apart(words, start, people):
        return None
    meaning = Deadline(found.day, found.note) if found.day else Unclear(found.note)
    return Marker(tuple(words[start:end]), meaning)


def _set_apart(words: Sequence[str], position: int, people: People) -> bool:
    """Tell whether a marker or a separator stands just before the position."""
    if position == 0:
        return False
    return words[position - 1][-1] in SEPARATORS or _tag(words, position, people) is not None


def _unknown_option(word: str) -> Unclear | None:
    if not _UNKNOWN_OPTION.fullmatch(word):
        return None
    known = ", ".join(("--art", *KINDS, ANONYMOUS))
    return Unclear(f"“{_short(word)}” stays in the title: the options are {known}.")


# --- who an @name means ----------------------------------------------------------------------


class People:
    """The people a text may name: by the whole name, or by its beginning where that is enough."""

    def __init__(self, mentions: Iterable[Mention]) -> None:
        self._by_name: dict[tuple[str, ...], dict[str, Mention]] = {}
        self._by_beginning: dict[tuple[str, ...], dict[str, Mention]] = {}
        for person in mentions:
            name = _folded(person.name.removeprefix("@").split()[:NAME_MAX_WORDS])
            if name:
                self._by_name.setdefault(name, {})[person.id] = person
            for length in range(1, len(name)):
                self._by_beginning.setdefault(name[:length], {})[person.id] = person

    def last(self, words: Sequence[str], end: int) -> Marker | None:
        """Return whom the words just before `end` name, or that they name nobody known."""
        for start in range(max(0, end - NAME_MAX_WORDS), end):
            named = tuple(words[start:end])
            if named[0].startswith("@") and (meant := self._meant(named)):
                return Marker(named, _one_of(meant, named))
        if re.match(r"@\w", words[end - 1]):
            return Marker((words[end - 1],), _nobody(words[end - 1]))
        return None

    def first_in(self, sentence: Sequence[str]) -> Mention | None:
        """Return the first person the sentence clearly names."""
        for end in range(1, len(sentence) + 1):
            marker = self.last(sentence, end)
            if marker and isinstance(marker.meaning, Owner):
                return marker.meaning.person
        return None

    def _meant(self, words: Sequence[str]) -> Sequence[Mention]:
        name = _folded([words[0][1:], *words[1:]])
        return tuple((self._by_name.get(name) or self._by_beginning.get(name) or {}).values())


def _folded(words: Iterable[str]) -> tuple[str, ...]:
    """Fold a name's words for comparing, without the punctuation a sentence adds."""
    return tuple(filter(None, (word.strip(_PUNCTUATION).casefold() for word in words)))


def _one_of(meant: Sequence[Mention], words: Sequence[str]) -> Owner | Unclear:
    if len(meant) == 1:
        return Owner(meant[0])
    said = _short(" ".join(words))
    names = sorted({person.name for person in meant})
    if len(names) == 1 or len(names) > 4:
        return Unclear(f"“{said}” may be one of {len(meant)} people, so nobody is the owner yet.")
    choice = f"{', '.join(names[:-1])} or {names[-1]}"
    return Unclear(f"“{said}” may be {choice}: write the whole name.")


def _nobody(word: str) -> Unclear:
    name = _short(word[1:].rstrip(_PUNCTUATION))
    return Unclear(f"Nobody called “{name}” is known here, so nobody is the owner yet.")


def _short(said: str) -> str:
    """Cut what a note quotes; the whole of it stands in the title."""
    return cut(said, 40)
