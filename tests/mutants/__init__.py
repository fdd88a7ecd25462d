"""Small faults, each of which would break a promise, and the tests that must notice it.

    make mutants                    # all of them
    make mutants ARGS="wsjf"        # those whose line in the list has this word
    make promises                   # write docs/promises.md anew

`list.txt` holds them under the promise they break, one a line:

    file ¦ what stands there, once ¦ what stands there instead ¦ arguments for pytest

Each is made in a copy of the tree, and the tests named beside it have to fail; `caught.txt` is what
the last run of each said. A fault that goes unnoticed means that a promise is only hoped for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
LIST: Final = Path(__file__).with_name("list.txt")
CAUGHT: Final = Path(__file__).with_name("caught.txt")

SEPARATOR: Final = " ¦ "
_PROMISE, _SHOWN_BY = "== ", "shown by "


@dataclass(frozen=True, slots=True)
class Mutation:
    """A fault: `there` occurs once in the file and is replaced; `tests` are pytest's arguments."""

    file: str
    there: str
    instead: str
    tests: str

    @property
    def name(self) -> str:
        return SEPARATOR.join((self.file, self.there, self.instead))


@dataclass(frozen=True, slots=True)
class Promise:
    """What Hone promises, what shows it, and the faults that its proof must catch."""

    sentence: str
    shown_by: str
    mutations: tuple[Mutation, ...]


def read(text: str) -> tuple[Promise, ...]:
    """Return the promises of a list and their mutations; raises ValueError for what is no line."""
    promises: list[Promise] = []
    for block in text.split(f"\n{_PROMISE}")[1:]:
        sentence, shown, *lines = block.splitlines()
        if not shown.startswith(_SHOWN_BY):
            raise ValueError(f"Say what shows it, below: {sentence}")
        mutations = tuple(_mutation(line) for line in lines if line and not line.startswith("#"))
        promises.append(Promise(sentence, shown.removeprefix(_SHOWN_BY), mutations))
    return tuple(promises)


def _mutation(line: str) -> Mutation:
    parts = line.split(SEPARATOR)
    if len(parts) != 4:
        raise ValueError(f"Not file, what is there, what instead and tests: {line}")
    return Mutation(*parts)


def promises() -> tuple[Promise, ...]:
    return read(LIST.read_text())


def mutations() -> Sequence[Mutation]:
    return [mutation for promise in promises() for mutation in promise.mutations]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutation: `caught`, or why not; and how long its tests took."""

    word: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.word} {self.seconds:5.1f} s"


def verdicts() -> dict[str, Verdict]:
    """Return what the last run of each mutation said, by the mutation's name."""
    found = {}
    for line in CAUGHT.read_text().splitlines():
        word, seconds, _, name = line.split(maxsplit=3)
        found[name] = Verdict(word, float(seconds))
    return found


def cheapest(count: int) -> list[Mutation]:
    """Return the mutations whose tests took the least time."""
    took = verdicts()
    return sorted(mutations(), key=lambda each: (took[each.name].seconds, each.name))[:count]
