"""What a form asks about a source's words, and what its answers mean: for files and trackers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from bot.cards import Choice, Option
from bot.turn import Answers
from handlers.phrases import counted, shortened
from handlers.sources.intake import KINDS, PEOPLE, STATES
from handlers.sources.survey import Survey, Unknown
from storage.states import KINDS as OUR_KINDS
from storage.states import STATES as OUR_STATES

ASKED_MAX: Final = 12
"""Words of one sort that a form asks about, the most frequent first; the rest is guessed."""

PEOPLE_OFFERED_MAX: Final = 98
"""A choice has at most 100 options on Slack; two say that it is nobody here, and whom we guess."""

NOBODY: Final = "-"

Words = Mapping[str, Mapping[str, Unknown]]
"""A sort of word → the words that are asked about, in this order."""

_LABELS: Final[Mapping[str, str]] = {STATES: "State", KINDS: "Type", PEOPLE: "Person"}
_OURS: Final[Mapping[str, tuple[str, ...]]] = {STATES: OUR_STATES, KINDS: OUR_KINDS}


def unclear_words(found: Survey) -> Words:
    """Return what nobody has explained yet, the most frequent first."""
    unclear = {STATES: found.states, KINDS: found.kinds, PEOPLE: found.owners}
    return {sort: _often(words) for sort, words in unclear.items()}


def all_words(found: Survey) -> Words:
    """Return the same, and behind it what is known and may be told otherwise."""
    return {
        sort: {**words, **_often(found.known.get(sort, {}))}
        for sort, words in unclear_words(found).items()
    }


def word_choices(words: Words, people: Mapping[str, str]) -> Iterator[Choice]:
    """Ask what each word means here; `people` are those to choose from, by id."""
    options = {sort: tuple(Option(word, word) for word in ours) for sort, ours in _OURS.items()}
    options[PEOPLE] = _people(people)
    for sort, asked in words.items():
        offered = {option.value for option in options[sort]}
        for place, (_, word) in enumerate(islice(asked.items(), ASKED_MAX)):
            guess = word.guess if word.guess in offered else NOBODY
            yield Choice(
                f"{sort}.{place}",
                f"{_LABELS[sort]} “{shortened(word.word, 40)}” ({counted(word.items, 'item')})",
                options[sort],
                (guess,) if guess in offered else (),
            )


def words_explained(answers: Answers, words: Words) -> dict[str, dict[str, str]]:
    """Return the answers to these choices: sort → word → what it means here."""
    told: dict[str, dict[str, str]] = {}
    for sort, asked in words.items():
        ours = _OURS.get(sort)
        for place, (word, _) in enumerate(islice(asked.items(), ASKED_MAX)):
            answer = answers.one(f"{sort}.{place}")
            if answer and (ours is None or answer in ours):
                told.setdefault(sort, {})[word] = "" if answer == NOBODY else answer
    return told


def _often(words: Mapping[str, Unknown]) -> dict[str, Unknown]:
    return dict(sorted(words.items(), key=lambda entry: -entry[1].items))


def _people(people: Mapping[str, str]) -> tuple[Option, ...]:
    named = sorted(people.items(), key=lambda person: person[1].casefold())
    return (
        Option("Nobody here", NOBODY),
        *(Option(shortened(name, 70), id) for id, name in named[:PEOPLE_OFFERED_MAX]),
    )
