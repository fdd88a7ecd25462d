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

from handlers.capture.lifting import divide, options_first
from handlers.reader import deadlines, markers
from handlers.reader.anonymity import MAYBE_ANONYMOUS, asks
from handlers.reader.asked import Asked
from handlers.reader.japanese import apart_from_a_deadline
from handlers.reader.markers import (
    Courtesy,
    Due,
    Kept,
    Marker,
    Meaning,
    Option,
    Owner,
    Separator,
    Theme,
    Unclear,
    offer_people,
)
from handlers.reader.names import in_words
from handlers.reader.offers import (
    Offer,
    offer_day,
    offer_days,
    offer_kind,
    offer_level,
    offer_owner,
    offer_theme,
    several,
)
from handlers.reader.options import ANONYMOUS, KINDS, LEVELS, Kind, Level
from handlers.reader.people import Mention, People, Thing
from handlers.reader.tags import nearly_a_theme
from handlers.reader.tails import is_emoji
from handlers.reader.unnamed import said_in_words
from handlers.rules.limits import TITLE_MAX_CHARS
from handlers.rules.numbers import number_in

COMMAND_MAX_CHARS = 40_000
THEMES_MAX = 10


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sentence says.

    `kind` is None when it was not said, `problem` when the item can be saved as it is. `notes`
    say in whole sentences what was not read, or how, where somebody could read it otherwise.
    `offers` are what the words that were not read may have meant. `asks_who`: a name is nobody's of
    those mentioned, so whoever else is here may be meant.
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
    offers: tuple[Offer, ...] = ()
    asks_who: bool = False

    @property
    def understood(self) -> tuple[str, ...]:
        """Tell in short phrases what was read besides the title."""
        parts = [f"theme #{theme}" for theme in self.themes]
        if self.owner:
            parts.append(f"owner {self.owner.name}")
        if self.due:
            parts.append(f"due {in_words(self.due)}")
        if self.level == "train":
            parts.append("for the whole train")
        if self.kind:
            parts.append(f"kind {self.kind}")
        if self.anonymous:
            parts.append("anonymous")
        return tuple(parts)


def read(
    text: str,
    asked: Asked,
    mentions: Iterable[Mention] = (),
    *,
    me: Mention | None = None,
    others: Iterable[Mention] = (),
    things: Iterable[Thing] = (),
) -> Reading:
    """Read a sentence with its themes, owner, due date and options. Never raises.

    `mentions` are the people an `@name` may mean: those the platform says were mentioned, or
    everybody in the room; a first name is enough where it is one person's. `me` is who speaks,
    `others` are known here and only offered, `things` are the groups and channels that are named.
    A text over COMMAND_MAX_CHARS comes back unread, as the title.
    """
    if len(text) > COMMAND_MAX_CHARS:
        return Reading(title=text, problem=_too_long("text", len(text), COMMAND_MAX_CHARS))
    people = People(mentions, me, others, things)
    words = apart_from_a_deadline(text.split())
    head = options_first(words)
    sentence, tail = divide(words[len(head) :], asked, people)
    around = _agreed((*head, *tail), asked)
    title = _title(around[: len(head)], sentence, around[len(head) :])
    reading = _meaning(title, [marker.meaning for marker in around])
    if not (reading.anonymous or reading.problem) and said_in_words(text):
        reading = replace(reading, problem=MAYBE_ANONYMOUS)
    return _with_sentence(reading, sentence, asked, people)


def title_problem(title: str, *, signed: bool = True) -> str | None:
    """Say in a sentence what is wrong with a title, or return None.

    What is `signed` stands beside a name: it must not look as if its author wanted none.
    """
    if not any(char.isalnum() or is_emoji(char) for char in title):
        return "The title is missing: say in one sentence what should get better."
    if title.startswith("#") and number_in(title) is not None:
        return f"{title} names an item. Say in one sentence what should get better."
    if len(title) > TITLE_MAX_CHARS:
        return _too_long("title", len(title), TITLE_MAX_CHARS)
    return MAYBE_ANONYMOUS if signed and asks(title) else None


def _too_long(what: str, length: int, limit: int) -> str:
    return f"The {what} has {length:,} characters; at most {limit:,} fit."


# --- the title ------------------------------------------------------------------------------


def _title(head: Sequence[Marker], sentence: Sequence[str], tail: Sequence[Marker]) -> str:
    """Join the sentence with the markers that nobody could make sense of."""
    before = [" ".join(m.words) for m in head if isinstance(m.meaning, Unclear)]
    after = [" ".join(m.words) for m in tail if isinstance(m.meaning, Unclear | Kept)]
    return " ".join((*before, *sentence, *after))


# --- meaning: from markers to a reading ------------------------------------------------------


def _agreed(marked: Sequence[Marker], asked: Asked) -> tuple[Marker, ...]:
    """Make markers that contradict each other unclear: none of them counts, each is offered."""
    meanings = [marker.meaning for marker in marked]
    owners = {each.person.id: each.person for each in meanings if isinstance(each, Owner)}
    days = {each.day for each in meanings if isinstance(each, Due)}
    options = [each.name for each in meanings if isinstance(each, Option)]
    levels = {LEVELS[name] for name in options if name in LEVELS}
    kinds = {KINDS[name] for name in options if name in KINDS}

    def agreed(meaning: Meaning) -> Meaning:
        match meaning:
            case Owner() if len(owners) > 1:
                note = "One person owns an item; several are named, so nobody does yet."
                return Unclear(note, offer_people(list(owners.values())))
            case Due() if len(days) > 1:
                note = "An item has one due date; several are named, so it has none yet."
                return Unclear(note, offer_days(sorted(days), asked.today))
            case Option(name) if name in LEVELS and len(levels) > 1:
                note = "An item belongs to one team or to the whole train, not to both."
                return Unclear(note, (offer_level("team"), offer_level("train")))
            case Option(name) if name in KINDS and len(kinds) > 1:
                note = "An item is of one kind; several are named, so none counts."
                return Unclear(note, tuple(offer_kind(kind) for kind in sorted(kinds)))
            case _:
                return meaning

    return tuple(replace(marker, meaning=agreed(marker.meaning)) for marker in marked)


def _meaning(title: str, meanings: Iterable[Meaning]) -> Reading:
    """Fill in what the markers say."""
    reading = Reading(title)
    themes: list[str] = []
    notes: list[str] = []
    offers: list[Offer] = []
    asks_who = False
    for meaning in meanings:
        match meaning:
            case Theme(name):
                themes.append(name)
            case Owner(person):
                reading = replace(reading, owner=person)
            case Due(day, note):
                reading = replace(reading, due=day)
                notes.append(note)
            case Option(name):
                reading = _with_option(reading, name)
            case Unclear(note):
                notes.append(note)
                offers += meaning.offers
                asks_who = asks_who or meaning.asks_who
            case Separator() | Courtesy() | Kept():
                pass
            case _:
                assert_never(meaning)
    return replace(
        reading,
        themes=tuple(themes),
        notes=tuple(notes),
        problem=title_problem(title, signed=not reading.anonymous),
        offers=tuple(offers),
        asks_who=asks_who,
    )


def _with_option(reading: Reading, name: str) -> Reading:
    return replace(
        reading,
        level=LEVELS.get(name, reading.level),
        kind=KINDS.get(name, reading.kind),
        anonymous=reading.anonymous or name == ANONYMOUS,
    )


def _with_sentence(
    reading: Reading, sentence: Sequence[str], asked: Asked, people: People
) -> Reading:
    """Add the sentence's own tags, and what in it may be more than a part of the sentence."""
    inside = [
        marker.name for marker in (markers.theme(word, people) for word in sentence) if marker
    ]
    themes = tuple(dict.fromkeys((*inside, *reading.themes)))
    left_alone = list(_left_alone(reading, sentence, asked, people))
    notes = [*reading.notes, *(note for note, _ in left_alone)]
    offers = [*reading.offers, *(offer for _, each in left_alone for offer in each)]
    if len(themes) > THEMES_MAX:
        notes.append(f"An item has at most {THEMES_MAX} themes, so the last ones were left out.")
    return replace(
        reading,
        themes=themes[:THEMES_MAX],
        notes=tuple(dict.fromkeys(filter(None, notes))),
        offers=tuple(several(offers)),
    )


def _left_alone(
    reading: Reading, sentence: Sequence[str], asked: Asked, people: People
) -> Iterator[tuple[str, tuple[Offer, ...]]]:
    """Say what looks like a marker inside the sentence and was not read as one, and offer it."""
    person = people.first_in(sentence)
    if person and not reading.owner:
        note = f"To make {person.name} the owner, write the name after the sentence."
        yield note, (offer_owner(person.id, person.name),)
    for option in filter(None, map(markers.option, sentence)):
        yield f"“{option.name}” counts only before or after the sentence.", (_offered(option),)
    for near in filter(None, map(nearly_a_theme, sentence)):
        yield "", (offer_theme(near),)
    if not (reading.owner or person) and (named := people.set_apart(sentence)):
        yield "", (offer_owner(named.id, named.name),)
    if not reading.due:
        yield from _dates_left_alone(sentence, asked)


def _dates_left_alone(
    sentence: Sequence[str], asked: Asked
) -> Iterator[tuple[str, tuple[Offer, ...]]]:
    """Offer what was said to be a deadline; a date that may tell of the past gets a note only."""
    said_so = False
    for _, found in deadlines.inside(sentence, asked):
        said_so = True
        days = found.offers if found.day is None else (found.day,)
        yield (found.note if found.day is None else ""), offer_days(days, asked.today)
    last = deadlines.last_words(sentence[-deadlines.PHRASE_MAX_WORDS :], asked)
    if last and last.day and not last.explicit and not said_so:
        offered = (offer_day(last.day, asked.today),) if last.written else ()
        yield _as_deadline(last.said), offered


def _offered(option: Option) -> Offer:
    name = option.name
    return offer_kind(KINDS[name]) if name in KINDS else offer_level(LEVELS[name])


def _as_deadline(phrase: str) -> str:
    """Say how words that could belong to the sentence become its due date."""
    day = re.sub("^on ", "", phrase, flags=re.IGNORECASE)
    lead = "due" if day.casefold().startswith(("in ", "within ")) else "by"
    return f"“{phrase}” stays in the title: for a due date write “{lead} {day}”."
