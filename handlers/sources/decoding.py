"""A file's bytes as text, whichever program saved it."""

from __future__ import annotations

import codecs
import re
from typing import Final

from handlers.sources.encodings import older_encoding
from handlers.sources.workbook import NoWorkbook, is_workbook, text_in

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOKED_AT = 4_000
"""Bytes that tell UTF-16 without its mark: in most scripts every other one is zero."""

_STRAY_ONE_IN: Final = 10
"""A zero in so many characters may stand in a text by mistake; more of them are a program's."""


_NO_TEXT: Final = "That is no text file. Export the backlog as CSV or JSON, and send me that."
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0e-\x19]")
"""What stands in pictures and programs, and in no text but by mistake."""

_NO_TEXTS: Final = (
    *(b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"RIFF", b"{\\rtf"),
    *(b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"MIME-Version:", b"SQLite format"),
)
"""How pictures, archives and pages of word processors begin."""


class NoText(Exception):
    """The bytes are no text; the sentence says what to do."""


def text_of(data: bytes) -> str:
    """Return the text of a file that somebody hands over, a workbook's as CSV; raises NoText."""
    if is_workbook(data):
        try:
            return text_in(data)
        except NoWorkbook as error:
            raise NoText(str(error)) from None
    if data.startswith(_NO_TEXTS):
        raise NoText(_NO_TEXT)
    text = decoded(data)
    beginning = text[:_LOOKED_AT]
    if beginning.count("\0") * _STRAY_ONE_IN > len(beginning):
        raise NoText(_NO_TEXT)
    return text.replace("\0", "")


def decoded(data: bytes) -> str:
    """Return the text: by its mark, else as UTF-16, UTF-8 or an older encoding; raises NoText."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if encoding := _sixteen_bits(data[:_LOOKED_AT]):
        return data.decode(encoding, "replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        nearly = data.decode(errors="replace")
    start = data[:_LOOKED_AT]
    if len(_CONTROLS.findall(start)) * _STRAY_ONE_IN > len(start):
        raise NoText(_NO_TEXT)
    foreign = len(nearly) - len(nearly.encode("ascii", "ignore"))
    if nearly.count("\ufffd") * _STRAY_ONE_IN <= foreign:
        return nearly  # cut off in the midst of a character, or put together from two files
    if not (encoding := older_encoding(data)):
        raise NoText(
            "I do not know that file's encoding, and would get its letters wrong. Save it as "
            "“CSV UTF-8”, and send me that."
        )
    return data.decode(encoding, "replace")


def _sixteen_bits(data: bytes) -> str:
    """Return which UTF-16 this is, "" if it is none."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    if max(even, odd) * 4 < len(data) or min(even, odd) * 4 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"
