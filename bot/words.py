"""Read what was said to Hone: a command, or plain words; and say kindly what nobody knows."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Sequence

from bot import addressing
from bot.cards import (
    Code,
    Span,
    Typed,
)
from bot.text import end_of_whole, nearest
from bot.turn import Command, Named, Quote, Said, Thing

SHOWN_MAX_CHARS = 60

_BEHIND_A_COMMAND = ".:,;：，、"  # noqa: RUF001

_GLUED = re.compile(r"^(\s*/?[a-z]+)[.:,;-]*(?=#[0-9])", re.IGNORECASE)
"""A command and an item without the space between them: `wsjf#12`."""


def read_command(line: str) -> tuple[str, str]:
    """Return the first word in lower case, without its slash or a colon behind it, and the rest."""
    first, rest, *_ = [*_GLUED.sub(r"\1 ", line, count=1).split(maxsplit=1), "", ""]
    word = first.removeprefix("/").lower()
    return word.rstrip(_BEHIND_A_COMMAND) or word, rest.strip()


def heard(
    pieces: Sequence[str],
    mentions: tuple[Named, ...],
    commands: Collection[str],
    quote: Quote | None = None,
    things: tuple[Thing, ...] = (),
) -> Command | Said:
    """Read a message to Hone: a command if it is one, and plain words if not.

    `pieces` are what stands before, between and after its mentions of Hone: one piece is a message
    without any, alone with Hone or behind its typed name.
    """
    order = addressing.order(pieces, commands)
    if order is not None:
        name, rest = order
        slash = any(f"/{name}" in piece.lower() for piece in pieces)
        spelled = re.search(rf"\b{re.escape(name)}\b", "\n".join(pieces), re.IGNORECASE)
        typed = spelled[0] if spelled else name
        return Command(name, rest, mentions, quote, things, plain=not slash, spelled=typed)
    words = addressing.without_address(pieces)
    if not words:
        return Command("", "", mentions, quote, things)
    return Said(words, mentions, quote, things)


def is_a_slip(words: str, commands: Collection[str]) -> bool:
    """Whether plain words begin with what must be a command, misspelt."""
    return nearest(read_command(words)[0], commands) is not None


def unknown_word(word: str, known: Iterable[str], also: str) -> tuple[Span, ...]:
    """Return the sentence for a word nobody knows, naming the nearest one that works."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    fits = len(word) <= SHOWN_MAX_CHARS
    shown = word if fits else word[: end_of_whole(word, SHOWN_MAX_CHARS - 1)] + "…"
    if close:
        spans = ("I don't know ", Code(shown), "; nearest: ", Typed(close[0]))
        return (*spans, ".") if close[0] == also else (*spans, ", or ", Typed(also), ".")
    return ("I don't know ", Code(shown), ". Try ", Typed(also), ".")
