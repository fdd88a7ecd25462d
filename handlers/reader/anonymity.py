"""Read the wish to stay unnamed however a phone, a keyboard or a hurry spells `--anon`.

A published name cannot be taken back, so this errs on one side: *anon…* behind a dash is the
option, and whatever merely looks like it is asked about before anything is saved. Only a plain
word of the sentence ("anonymous feedback gets lost") is neither.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from rapidfuzz.distance import OSA

from handlers.reader.unnamed import said_in_words

MAYBE_ANONYMOUS = (
    "Nothing was saved: this would carry your name, and some of it looks like the wish to stay "
    "unnamed. To stay unnamed, type improve, your sentence and, last, --anon. If you meant "
    "something else, write it without the sign before it, or in other words."
)
"""What is answered to words that would be saved with a name although they may ask for none."""

_SPELLINGS: Final = ("anon", "anonym", "anonymous", "anonymously")
_STEM_MAX_CHARS: Final = 14

_DASHES: Final = frozenset("\u2212\u2043\u02d7\u207b\u208b\u2796\u30fc\uff70\u2500\u2501")
"""Minus signs, bullets and long vowels: what looks like a dash and is none to Unicode."""

_HYPHENS: Final = ("-", "\u2010", "\u2011")
"""One of them between two letters makes one word of them."""

_SET_APART: Final = frozenset(",.;:!?…")

_A_NOUGHT: Final = re.compile("(?<=[a-z])0(?=[a-z])")
_CYRILLIC: Final = re.compile("анон(?!с)")  # noqa: RUF001 - анонс is an announcement
_HOW: Final = frozenset({"anonymously", "anonimamente", "anonymement"})
"""As the first word they say how to log what follows."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The option where it was found: how many words it takes, and whether nothing else is meant."""

    words: int
    is_sure: bool


def last_wish(words: Sequence[str], end: int) -> Wish | None:
    """Return the wish that ends just before position `end`, with the signs around it."""
    at = end - 1 - _signs_before(words, end)
    if at < 0 or (found := _spelt(words[at])) is None:
        return None
    apart = _signs_before(words, at)
    if apart or found.before:
        signs = "".join(words[at - apart : at])
        is_option = found.is_dashed or (found.stem == "anon" and any(map(_is_dash, signs)))
        return Wish(end - at + apart, is_sure=found.is_exact and is_option)
    before = words[at - 1] if at else ""
    follows_a_stop = before[-1:] in _SET_APART or before[:1] in ("#", "@")
    return Wish(end - at, is_sure=False) if found.stands_out(follows_a_stop) else None


def first_wish(words: Sequence[str]) -> Wish | None:
    """Return the wish that begins the words: `--anon Reviews …`, `– anon …`, `anon: …`."""
    at = sum(1 for _ in takewhile(_is_signs, words))
    if at == len(words) or (found := _spelt(words[at])) is None:
        return None
    if at or found.before:
        return Wish(at + 1, is_sure=found.is_exact and found.is_dashed)
    next_word = words[at + 1] if at + 1 < len(words) and _is_signs(words[at + 1]) else ""
    leads_on = not _SET_APART.isdisjoint(found.after + next_word)
    leads_on = leads_on or any(map(_is_dash, next_word))
    leads_on = leads_on or _says_how(found, words[at + 1 :])
    return Wish(at + 1, is_sure=False) if found.stands_out(leads_on) else None


def _says_how(found: _Spelt, behind: Sequence[str]) -> bool:
    """Whether `anonymously my boss shouts` begins so; not `anonymously submitted feedback`."""
    return found.stem in _HOW and bool(behind) and not behind[0].endswith("ed")


def asks(text: str) -> bool:
    """Whether a text that would be saved with a name asks for the opposite, or may ask for it.

    Inside a sentence only a word with its dash does, such as `–anon`: a quoted word and a dash
    between two thoughts ("we agreed – anonymous is best") are prose.
    """
    words = text.split()
    if last_wish(words, len(words)) or first_wish(words):
        return True
    if said_in_words(text):
        return True
    return any(found.is_dashed or found.is_glued for found in map(_spelt, words) if found)


def is_wish(word: str) -> bool:
    """Whether a word among options is this one, with its dashes or without."""
    found = _spelt(word)
    return found is not None and not found.is_glued and (found.is_exact or found.is_dashed)


# --- one word --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Spelt:
    """A word that reads like the option, in small letters, with the signs around it.

    `is_glued`: it is the end of another word, as in `meetings—anon`.
    """

    before: str
    stem: str
    after: str
    is_glued: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether it begins like the option; else a letter or two are off."""
        return self.stem.startswith("anon") and _is_signs(self.after) and not self.is_glued

    @property
    def is_dashed(self) -> bool:
        return any(map(_is_dash, self.before))

    def stands_out(self, is_set_apart: bool) -> bool:
        """Whether it is no plain word of a sentence although no sign stands before it."""
        return self.is_glued or self.stem == "anon" or (self.is_exact and is_set_apart)


def _spelt(word: str) -> _Spelt | None:
    """Return the word if it reads like the option."""
    folded = _A_NOUGHT.sub("o", _folded(word))
    before = "".join(takewhile(_is_sign, folded))
    stem = "".join(takewhile(str.isalpha, folded[len(before) :]))
    if _is_alike(stem):
        is_tag = before[-1:] in ("#", "@")
        if is_tag and stem not in _SPELLINGS:
            return None  # a theme or a person of their own: #anonymity, @Anton
        return _Spelt(before, stem, folded[len(before) + len(stem) :])
    return _glued(folded)


def _glued(word: str) -> _Spelt | None:
    """Return what reads like the option behind a dash that ends another word."""
    end = word.rstrip("".join(filter(_is_sign, set(word))))
    stem = "".join(reversed("".join(takewhile(str.isalpha, reversed(end)))))
    left = end[: len(end) - len(stem)]
    dashes = "".join(takewhile(_is_dash, reversed(left)))
    if not dashes or dashes in _HYPHENS or not _is_alike(stem):
        return None
    return _Spelt("", stem, "", is_glued=True)


def _is_alike(stem: str) -> bool:
    if not 3 <= len(stem) <= _STEM_MAX_CHARS:
        return False
    off = 1 if len(stem) < 7 else 2
    return stem.startswith("anon") or any(
        OSA.distance(stem, spelling, score_cutoff=off) <= off for spelling in _SPELLINGS
    )


def _folded(word: str) -> str:
    """Return a word's ends in small letters, without accents, full-width forms, Russian's stem."""
    ends = word if len(word) <= 200 else word[:100] + word[-100:]
    apart = unicodedata.normalize("NFKD", ends).casefold()
    return _CYRILLIC.sub("anon", "".join(c for c in apart if not unicodedata.combining(c)))


def _is_dash(char: str) -> bool:
    return char in _DASHES or unicodedata.category(char) == "Pd"


def _is_sign(char: str) -> bool:
    return not char.isalnum() or char in _DASHES


def _is_signs(word: str) -> bool:
    return all(map(_is_sign, word))


def _signs_before(words: Sequence[str], end: int) -> int:
    """Return how many words just before position `end` are made of signs alone."""
    return sum(1 for _ in takewhile(lambda at: _is_signs(words[at]), range(end - 1, -1, -1)))
