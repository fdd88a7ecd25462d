"""Which encoding bytes are in that are no UTF-8: told by what stands in no other one.

Guessing among a hundred turns `für` into Chinese where a file is short. So each of these few is
taken only for bytes that its own language has on every line and Windows-1252 never has together;
https://encoding.spec.whatwg.org has Windows-1252 for what says nothing, too.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Final

_KANA: Final = re.compile(rb"\x82[\x9f-\xf1]|\x83[\x40-\x96]")
"""Japanese syllables in Shift JIS; in Windows-1252 they begin with a low quote or with ƒ."""

_KANA_MIN: Final = 3

_ACCENTED: Final = re.compile(rb"[a-z][\xe0-\xf6\xf8-\xff][a-z]")
"""A small letter with an accent inside a word, as Windows writes it."""

_ACCENTED_MAC: Final = re.compile(rb"[a-z][\x80-\x82\x84-\x90\x93-\x95\x98\x99\x9b\x9d\x9f][a-z]")
"""The same as Macs wrote it; for Windows these are capitals, marks or nothing at all."""

_POLISH: Final = re.compile(rb"[a-z][\xb3\xb9\xbf][a-z]")
"""ł, ą and ż inside a word; in the West they are ³, ¹ and ¿."""

_CZECH: Final = re.compile(rb"[a-z][\xec][a-z]")
"""ě inside a word; in the West it is ì, which ends Italian words."""

_CARONS: Final = re.compile(rb"[\x9a\x9e]")
"""š and ž, the same in the West, where no language has them beside ì."""

_SURE: Final = 2
"""So many words, of one kind, are no slip."""

_HIGH: Final = re.compile(rb"[\xa1-\xaa\xac-\xaf\xb1-\xb6\xb8-\xba\xbc-\xff]")
"""Letters, and signs that no Western text has side by side, as it does `«`, `·` or hard spaces."""

_HIGH_TOGETHER: Final = re.compile(b"(?:" + _HIGH.pattern + b"){2,}")
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
    together = sum(map(len, _HIGH_TOGETHER.findall(data)))
    if together > _FOREIGN * len(_HIGH.findall(data)) and together >= _FOREIGN_MIN:
        return "cp1251" if _is_russian(data) else ""
    if _ACCENTED_MAC.search(data) and not _ACCENTED.search(data):
        return "mac-roman"
    is_czech = len(_CZECH.findall(data)) >= _SURE and _CARONS.search(data)
    return "cp1250" if is_czech or len(_POLISH.findall(data)) >= _SURE else "cp1252"


def _is_russian(data: bytes) -> bool:
    letters = len(_CYRILLIC.findall(data))
    return letters >= _CYRILLIC_MIN and len(_MOST_RUSSIAN.findall(data)) > _RUSSIAN * letters
