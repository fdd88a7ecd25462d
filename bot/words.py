"""Read what was said to Hone: a command, or plain words; and say kindly what nobody knows."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

from bot.cards import Code, Span
from bot.turn import Command, Named, Quote, Said

SLIP_CUTOFF = 0.75
"""How alike the first of some plain words and a command must be, 0 to 1, to call it misspelt."""


def read_command(line: str) -> tuple[str, str]:
    """Return the first word in lower case without its slash, and the rest."""
    first, rest, *_ = [*line.split(maxsplit=1), "", ""]
    return first.removeprefix("/").lower(), rest.strip()


def heard(
    words: str,
    mentions: tuple[Named, ...],
    commands: Collection[str],
    quote: Quote | None = None,
) -> Command | Said:
    """Read a message to Hone: a command if it begins with one, and plain words if not."""
    name, text = read_command(words)
    if name and name not in commands:
        return Said(words.strip(), mentions, quote)
    return Command(name, text, mentions, quote)


def is_a_slip(words: str, commands: Collection[str]) -> bool:
    """Whether plain words begin with what must be a command, misspelt."""
    return bool(difflib.get_close_matches(read_command(words)[0], commands, 1, SLIP_CUTOFF))


def unknown_word(word: str, known: Iterable[str], also: str) -> tuple[Span, ...]:
    """Return the sentence for a word nobody knows, naming the nearest one that works."""
    nearest = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    shown = word if len(word) <= 60 else word[:59] + "…"
    if nearest:
        return ("I don't know ", Code(shown), "; nearest: ", Code(nearest[0]), ".")
    return ("I don't know ", Code(shown), ". Try ", Code(also), ".")
