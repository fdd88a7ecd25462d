"""Which encoding bytes are in that are no UTF-8: told by what stands in no other one.

Guessing among a hundred turns `für` into Chinese where a file is short. So each of these few is
taken only for bytes that its own language has on every line and Windows-1252 never has together;
https://encoding.spec.whatwg.org has Windows-1252 for what says nothing, too.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

_KANA: Final = re.compile(rb"\x82[\x9f-\xf1]|\x83[\x40-\x96]")
"""Japanese syllables in Shift JIS; in Windows-1252 they begin with a low quote or with ƒ."""

_KANA_MIN: Final = 3

_ACCENTED: Final = re.compile(rb"[a-z][\xe0-\xf6\xf8-\xff][a-z]")
"""A small letter with an accent inside a word, as Windows writes it."""

_ACCENTED_MAC: Final = re.compile(rb"[a-z][\x80-\x82\x84-\x90\x93-\x95\x98\x99\x9b\x9d\x9f][a-z]")
"""The same as Macs wrote it; for Windows these are capitals, marks or nothing at all."""

_EASTERN: Final = re.compile(rb"[a-z][\xb3\xb9\xbe\xbf][a-z]|[a-mo-z]\xba[a-z]")
"""ł, ą, ľ, ż and ş inside a word; in the West they are ³, ¹, ¾, ¿ and º, as in `nºpedido`."""

_CZECH: Final = re.compile(rb"[a-z]\xec[a-z]")
"""ě inside a word; in the West it is ì, which ends Italian words."""

_CARONS: Final = re.compile(rb"[\x9a\x9e]")
"""š and ž, the same in the West, where no language has them beside ì."""

_LETTERS: Final = re.compile(rb"[\xc0-\xd6\xd8-\xf6\xf8-\xff]")


@dataclass(frozen=True, slots=True)
class _Alphabet:
    """A language's letters beyond ASCII, `signs` of which stand in no Western text with the others.

    At least `kinds` of the signs are there, and `others` that the language has on every line.
    """

    encoding: str
    letters: str
    signs: re.Pattern[bytes]
    others: str
    kinds: int = 1


def _within(letters: bytes) -> re.Pattern[bytes]:
    """Return what finds these letters inside of words."""
    return re.compile(rb"(?<=[a-z\xe0-\xff])[" + letters + rb"](?=[a-z\xe0-\xff])")


_ALPHABETS: Final = (
    # ě, ř and ů are ì, ø and ù, which end words in Italian; č and ý are è and ý
    _Alphabet("cp1250", "áčďéěíňóřťúůý", _within(rb"\xec\xf8\xf9"), "áéíý", 2),
    _Alphabet("cp1250", "áäčďéíĺňóôŕúý", _within(rb"\xe8\xfd"), "áéíý", 2),
    # č is è, which stands with no š or ž but in French, beside other accents
    _Alphabet("cp1250", "čćđ", re.compile(rb"\xe8"), "šž"),
    # ő is õ, which stands before an e in Portuguese, and beside no é in Estonian
    _Alphabet("cp1250", "áéíóöőúüű", re.compile(rb"\xf5(?!e)"), "áéíóú"),
    # ţ is þ, which stands beside no ã
    _Alphabet("cp1250", "ăâîţ", re.compile(rb"\xfe"), "ă"),
    # Turkish without a dot is ý, which stands beside á or í elsewhere
    _Alphabet("cp1254", "çöüâîûğışİ", re.compile(rb"\xfd"), "çöüğş"),
    # š and ž are ð and þ: Icelandic has no letters that look like č, ė, ų, ē or ņ
    _Alphabet("cp1257", "ąčęėįšųūž", re.compile(rb"[\xf0\xfe]"), "ąčęėų"),
    _Alphabet("cp1257", "āčēģīķļņšūž", re.compile(rb"[\xf0\xfe]"), "āčēīļņ"),
)
"""Told by all of its letters: one that the language does not have, and it is another."""

_SURE: Final = 2
"""So many words, of one kind, are no slip."""

_HIGH: Final = re.compile(rb"[\xa1-\xaa\xac-\xaf\xb1-\xb6\xb8-\xba\xbc-\xff]")
"""Letters, and signs that no Western text has side by side, as it does `«`, `·` or hard spaces."""

_HIGH_TOGETHER: Final = re.compile(b"(?:" + _HIGH.pattern + b"){2,}")
_WESTERN_PAIRS: Final = frozenset(
    pair.encode("cp1252") for pair in ("çã", "çõ", "ÇÃ", "ÇÕ", "ää", "öö", "äö", "öä", "éé", "ÄÄ")
)
"""Letters that do stand side by side in the West: ação, pää, créée."""

_FOREIGN, _FOREIGN_MIN = 0.7, 6
"""Where such a share of them stands side by side, and no fewer, the letters are not Western."""

_CYRILLIC: Final = re.compile(rb"[\xc0-\xff]")
_MOST_RUSSIAN: Final = re.compile("[оеаинт]".encode("cp1251"))
"""Nearly half of any Russian text; as Greek or Hebrew they are a quarter, as KOI8 capitals."""

_CYRILLIC_MIN: Final = 30
_RUSSIAN: Final = 0.38


def older_encoding(data: bytes) -> str:
    """Return the encoding of bytes that are no UTF-8; "" where nobody can tell."""
    if len(_KANA.findall(data)) >= _KANA_MIN:
        with suppress(UnicodeDecodeError):
            data.decode("cp932")
            return "cp932"
    runs = (run for run in _HIGH_TOGETHER.findall(data) if run not in _WESTERN_PAIRS)
    together = sum(map(len, runs))
    if together > _FOREIGN * len(_HIGH.findall(data)) and together >= _FOREIGN_MIN:
        return "cp1251" if _is_russian(data) else ""
    if _ACCENTED_MAC.search(data) and not _ACCENTED.search(data):
        return "mac-roman"
    is_czech = len(_CZECH.findall(data)) >= _SURE and _CARONS.search(data)
    if is_czech or len(_EASTERN.findall(data)) >= _SURE:
        return "cp1250"
    return next((each.encoding for each in _ALPHABETS if _is_in(data, each)), "cp1252")


def _is_in(data: bytes, alphabet: _Alphabet) -> bool:
    signs, there = alphabet.signs.findall(data), set(_LETTERS.findall(data))
    letters = alphabet.letters + alphabet.letters.upper()
    known = {letter.encode(alphabet.encoding) for letter in letters if not letter.isascii()}
    usual = [letter.encode(alphabet.encoding) for letter in alphabet.others]
    enough = len(signs) >= _SURE and len(set(signs)) >= alphabet.kinds
    is_baltic = alphabet.encoding == "cp1257"  # it has nothing where others have š and ž
    return (
        enough
        and there <= known
        and not (is_baltic and _CARONS.search(data))
        and sum(map(data.count, usual)) >= _SURE
    )


def _is_russian(data: bytes) -> bool:
    letters = len(_CYRILLIC.findall(data))
    return letters >= _CYRILLIC_MIN and len(_MOST_RUSSIAN.findall(data)) > _RUSSIAN * letters
