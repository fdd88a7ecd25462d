"""How cards say what an item is called in the tool where its work lives."""

from __future__ import annotations

from bot.cards import Link, Span
from handlers.phrases import shortened
from storage.tracked import KnownAs

WORDS_MAX_CHARS = 60


def known_words(known: KnownAs | None) -> str:
    """Return `PAY-31 · In Progress`, "" for an item that only Hone knows."""
    return shortened(known.words, WORDS_MAX_CHARS) if known else ""


def known_span(known: KnownAs) -> Span:
    """Return the same with its link, where it has one."""
    words = known_words(known)
    return Link(words, known.link) if known.link else words


def beside(state: str, known: KnownAs | None) -> str:
    """Return an item's state here and what it is called elsewhere, for a cell of a list."""
    words = known_words(known)
    return f"{state}, {words}" if words else state
