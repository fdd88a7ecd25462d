"""Read one captured sentence: what it says, its themes, who owns it and by when.

    Estimation runs long #estimation @Grace by Friday

reads as the title "Estimation runs long", the theme estimation, the owner Grace and a due date.
Only what follows the sentence is lifted out of it; options may also come first. A tag inside
the sentence is a theme too, and the sentence stays as typed. What could mean two things stays
in the title, and a note says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from handlers import due, markers
from handlers.anonymity import MAYBE_ANONYMOUS, asks, first_wish
from handlers.markers import (
    ANONYMOUS,
    KINDS,
    LEVELS,
    Deadline,
    Kind,
    Level,
    Marker,
    Meaning,
    Mention,
    Option,
    Owner,
    People,
    Separator,
    Theme,
    Unclear,
)

COMMAND_MAX_CHARS = 40_000
TITLE_MAX_CHARS = 3_000
THEMES_MAX = 10


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sentence says.

    `kind` is None when it was not said, `problem` when the item can be saved as it is. `notes`
    say in whole sentences what was not read, or how, where somebody could read it otherwise.
    """

    title: str
    themes: tuple[str, ...] = ()
    owner: Mention | None = None
    due: date | None = None
    level: Level = "team"
    kind: Kind | None = None
    anonymous: bool = False
    notes: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def understood(self) -> tuple[str, ...]:
        """Tell in short phrases what was read besides the title."""
        told = [f"theme #{theme}" for theme in self.themes]
        if self.owner:
            told.append(f"owner {self.owner.name}")
        if self.due:
            told.append(f"due {due.in_words(self.due)}")
        if self.level == "train":
            told.append("for the whole train")
        if self.kind:
            told.append(f"kind {self.kind}")
        if self.anonymous:
            told.append("anonymous")
        return tuple(told)


def read(text: str, today: date, mentions: Iterable[Mention] = ()) -> Reading:
    """Read a sentence with its themes, owner, due date and options. Never raises.

    `today` is the day where the speaker is. `mentions` are the people an `@name` may mean: those
    the platform says were mentioned, or everybody in the room; a first name is enough where it
    is one person's. A text over COMMAND_MAX_CHARS comes back unread, as the title.
    """
    if len(text) > COMMAND_MAX_CHARS:
        return Reading(title=text, problem=_too_long("text", len(text), COMMAND_MAX_CHARS))
    people = People(mentions)
    words = text.split()
    head = _options_first(words)
    sentence, tail = _divide(words[len(head) :], today, people)
    around = _agreed((*head, *tail))
    title = _title(around[: len(head)], sentence, around[len(head) :])
    reading = _meaning(title, [marker.meaning for marker in around])
    return _with_sentence(reading, sentence, today, people)


def title_problem(title: str, *, signed: bool = True) -> str | None:
    """Say in a sentence what is wrong with a title, or return None.

    What is `signed` stands beside a name: it must not look as if its author wanted none.
    """
    if not title.strip():
        return "The title is missing: say in one sentence what should get better."
    if len(title) > TITLE_MAX_CHARS:
        return _too_long("title", len(title), TITLE_MAX_CHARS)
    return MAYBE_ANONYMOUS if signed and asks(title) else None


def _too_long(what: str, length: int, limit: int) -> str:
    return f"The {what} has {length:,} characters; at most {limit:,} fit."


# --- dividing: the sentence here, its markers there ------------------------------------------

# After one of these words a tag or a name completes the sentence: "nobody owns the #build".
_UNFINISHED = re.compile(
    "(?-i:a)|an|the|my|our|your|his|her|their|its|this|that|these|those|some|any|no|every|each|not"
    "|of|for|to|with|without|from|in|into|on|at|by|via|per|about|between|during|over|under"
    "|and|or|but|than|as|is|are|was|were|be|too|very|more|less|many|much|few|fewer|better"
    "|ask|asks|tell",
    re.IGNORECASE,
)


def _options_first(words: Sequence[str]) -> tuple[Marker, ...]:
    """Return the options that stand before the sentence."""
    options: list[Marker] = []
    at = 0
    while at < len(words):
        wish = first_wish(words[at:])
        unsigned = Option(ANONYMOUS) if wish and wish.is_sure else None
        option = unsigned or markers.option(words[at])
        if option is None:
            break
        end = at + wish.words if wish and unsigned else at + 1
        options.append(Marker(tuple(words[at:end]), option))
        at = end
    return tuple(options)


def _divide(
    words: Sequence[str], today: date, people: People
) -> tuple[tuple[str, ...], tuple[Marker, ...]]:
    """Split the words into the sentence and the markers that follow it."""
    backwards: list[Marker] = []
    end = len(words)
    while end and (marker := markers.last_marker(words, end, today, people)):
        backwards.append(marker)
        end -= len(marker.words)
    if backwards and _completes(words[:end], backwards[-1]):
        end += len(backwards.pop().words)
    sentence = words[:end]
    if sentence:  # without the comma, colon or dash that led over to the markers
        sentence = [*sentence[:-1], sentence[-1].rstrip(",;:–—")]
    return tuple(sentence), tuple(reversed(backwards))


def _completes(words: Sequence[str], marker: Marker) -> bool:
    """Tell whether the sentence would break off without the marker's words."""
    if not words or not isinstance(marker.meaning, Theme | Owner | Unclear):
        return False
    return _UNFINISHED.fullmatch(words[-1]) is not None


def _title(head: Sequence[Marker], sentence: Sequence[str], tail: Sequence[Marker]) -> str:
    """Join the sentence with the markers that nobody could make sense of."""
    before = [" ".join(m.words) for m in head if isinstance(m.meaning, Unclear)]
    after = [" ".join(m.words) for m in tail if isinstance(m.meaning, Unclear)]
    return " ".join((*before, *sentence, *after))


# --- meaning: from markers to a reading ------------------------------------------------------


def _agreed(found: Sequence[Marker]) -> tuple[Marker, ...]:
    """Make markers that contradict each other unclear: none of them counts."""
    meanings = [marker.meaning for marker in found]
    owners = {meaning.person.id for meaning in meanings if isinstance(meaning, Owner)}
    days = {meaning.day for meaning in meanings if isinstance(meaning, Deadline)}
    options = [meaning.name for meaning in meanings if isinstance(meaning, Option)]
    levels = {LEVELS[name] for name in options if name in LEVELS}
    kinds = {KINDS[name] for name in options if name in KINDS}

    def agreed(meaning: Meaning) -> Meaning:
        match meaning:
            case Owner() if len(owners) > 1:
                return Unclear("One person owns an item; several are named, so nobody does yet.")
            case Deadline() if len(days) > 1:
                return Unclear("An item has one due date; several are named, so it has none yet.")
            case Option(name) if name in LEVELS and len(levels) > 1:
                return Unclear("An item belongs to one team or to the whole train, not to both.")
            case Option(name) if name in KINDS and len(kinds) > 1:
                return Unclear("An item is of one kind; several are named, so none counts.")
            case _:
                return meaning

    return tuple(replace(marker, meaning=agreed(marker.meaning)) for marker in found)


def _meaning(title: str, meanings: Iterable[Meaning]) -> Reading:
    """Fill in what the markers say."""
    reading = Reading(title)
    themes: list[str] = []
    notes: list[str] = []
    for meaning in meanings:
        match meaning:
            case Theme(name):
                themes.append(name)
            case Owner(person):
                reading = replace(reading, owner=person)
            case Deadline(day, note):
                reading = replace(reading, due=day)
                notes.append(note)
            case Option(name):
                reading = _with_option(reading, name)
            case Unclear(note):
                notes.append(note)
            case Separator():
                pass
            case _:
                assert_never(meaning)
    problem = title_problem(title, signed=not reading.anonymous)
    return replace(reading, themes=tuple(themes), notes=tuple(notes), problem=problem)


def _with_option(reading: Reading, name: str) -> Reading:
    return replace(
        reading,
        level=LEVELS.get(name, reading.level),
        kind=KINDS.get(name, reading.kind),
        anonymous=reading.anonymous or name == ANONYMOUS,
    )


def _with_sentence(
    reading: Reading, sentence: Sequence[str], today: date, people: People
) -> Reading:
    """Add the sentence's own tags, and note what in it is only part of the sentence."""
    inside = [found.name for found in map(markers.theme, sentence) if found]
    themes = tuple(dict.fromkeys((*inside, *reading.themes)))
    notes = [*reading.notes, *_left_alone(reading, sentence, today, people)]
    if len(themes) > THEMES_MAX:
        notes.append(f"An item has at most {THEMES_MAX} themes, so the last ones were left out.")
    return replace(
        reading,
        themes=themes[:THEMES_MAX],
        notes=tuple(dict.fromkeys(filter(None, notes))),
    )


def _left_alone(
    reading: Reading, sentence: Sequence[str], today: date, people: People
) -> Iterator[str]:
    """Say what looks like a marker inside the sentence and was not read as one."""
    person = people.first_in(sentence)
    if person and not reading.owner:
        yield f"To make {person.name} the owner, write the name after the sentence."
    for option in filter(None, map(markers.option, sentence)):
        yield f"“{option.name}” counts only before or after the sentence."
    last = due.last_words(sentence[-due.PHRASE_MAX_WORDS :], today)
    if last and not reading.due:
        yield last.note if last.day is None else _as_deadline(last.said)


def _as_deadline(said: str) -> str:
    """Say how words that could belong to the sentence become its due date."""
    day = re.sub("^on ", "", said, flags=re.IGNORECASE)
    lead = "due" if day.casefold().startswith(("in ", "within ")) else "by"
    return f"“{said}” stays in the title: for a due date write “{lead} {day}”."
