"""How cards say what an item is called in the tool where its work lives."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

from bot.cards import Link, Span
from bot.remote import CARDS
from bot.trackers.kinds import KINDS
from handlers.phrases import shortened
from storage.tracked import KnownAs

NOWHERE_ELSE: Final[Mapping[int, KnownAs]] = MappingProxyType({})
WORDS_MAX_CHARS = 60


KEY_MAX_CHARS = 24


def key_of(known: KnownAs | None) -> str:
    """Return the key alone, for where there is no room."""
    return shortened(known.key, KEY_MAX_CHARS) if known else ""


def known_words(known: KnownAs | None) -> str:
    """Return `PAY-31 · In Progress`, "" for an item that only Hone knows."""
    return shortened(known.words, WORDS_MAX_CHARS) if known else ""


def known_span(known: KnownAs) -> Span:
    """Return the same with its link, where it has one."""
    words = known_words(known)
    return Link(words, known.link) if known.link else words


def beside(here: str, known: KnownAs | None) -> str:
    """Return words about an item and what it is called elsewhere, where no link can stand."""
    words = known_words(known)
    return f"{here}, {words}" if words else here


WRITTEN_WORDS: Final[Mapping[str, str]] = {
    "title": "the title",
    "owner": "the owner",
    "due": "the due date",
    "labels": "the themes",
    "points": "the points",
    "state": "the move",
    "ubv": "User-business value",
    "tc": "Time criticality",
    "rroe": "Risk reduction/opportunity",
    "size": "Job size",
    "wsjf": "the WSJF score",
}
"""What people call the fields that Hone writes to other tools."""

SCORE: Final = (*CARDS, "wsjf")


def written_words(fields: Collection[str]) -> list[str]:
    """Return what people call some fields; the parts of a score are one thing."""
    words = [WRITTEN_WORDS.get(name, name) for name in fields if name not in SCORE]
    return words + ["the score"] * any(name in SCORE for name in fields)


def tool_of(kind: str) -> str:
    """Return what people call a tracker."""
    return KINDS[kind].name if kind in KINDS else kind


def known_ending(known: KnownAs | None) -> tuple[Span, ...]:
    """Return what ends a line about an item that other tools know, too."""
    return (", ", known_span(known)) if known else ()
