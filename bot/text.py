"""Clean what people type, once, at the edge: what stays can be seen and is safe to store.

Cards show user text literally, so nothing is escaped here. What goes is what nobody can see
and what breaks a database, a log or the lines around it: control characters, direction
overrides, zero-width characters, broken surrogates and towers of combining marks.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection
from itertools import groupby, islice, takewhile
from typing import Any

from bot.html import Attrs, HtmlReader

COMBINING_MARKS_MAX = 6
"""Marks kept in a row. Living scripts need up to five; more is a tower over the lines above."""

_LINE_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")

_EMOJI = "\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001fbff"
_JOINING_LETTERS = "\u0620-\u064a\u0671-\u06d3\u0904-\u0939\u0985-\u09b9\u0d85-\u0dc6"
_VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca"

# Characters without a glyph that a reader still sees the effect of. Without them a family
# becomes four people, Wales a black flag, and Persian or Sinhala words lose their spelling.
_MEANINGFUL = (
    rf"(?<=[{_EMOJI}\ufe0f])\u200d(?=[{_EMOJI}])"
    rf"|(?<=[{_JOINING_LETTERS}{_VIRAMAS}])[\u200c\u200d](?=[{_JOINING_LETTERS}])"
    r"|(?<=\U0001f3f4)[\U000e0061-\U000e007a]{2,6}\U000e007f"
)
_INVISIBLE = (
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls, but not tab and line feed
    r"\xad\u034f\u061c\u180b-\u180f"  # soft hyphen, grapheme joiner, Mongolian selectors
    r"\u115f\u1160\u3164\uffa0\u2800"  # Hangul fillers and the empty Braille cell
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # zero width, direction, invisible operators
    r"\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff"  # non-characters, interlinear annotations
    r"\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"  # musical format controls, tags
)
_HIDDEN = re.compile(f"({_MEANINGFUL})|{_INVISIBLE}")


def clean(text: str) -> str:
    """Return the text as a reader sees it, in NFC, or "" when there is nothing to see.

    Line breaks become `\\n`; tabs and line feeds inside the text stay. A lone surrogate
    becomes U+FFFD. Never raises. Work grows linearly with the length.
    """
    if text.isascii() and text.isprintable():  # most answers of a form: nothing to clean
        return text.strip()
    text = _LINE_BREAKS.sub("\n", text)
    if not text.isascii():
        text = whole_characters(text)
    text = _HIDDEN.sub(lambda hidden: hidden[1] or "", text)
    if not text.isascii():
        # Capped before NFC too: ordering a long run of marks takes quadratic time.
        text = _capped(unicodedata.normalize("NFC", _capped(text)))
    text = text.strip()
    return text if any(map(_is_visible, text)) else ""


def end_of_whole(text: str, limit: int) -> int:
    """Return where a text may end to have at most `limit` characters.

    That is `limit`, or as little before it as keeps an accent on its letter, an emoji of many
    characters in one piece, and the name of a workspace's own emoji, `:shipit:`, together. Only
    what is longer than all the room there is gets cut in two.
    """
    if limit >= len(text):
        return len(text)
    end = limit
    while end > max(0, limit - _CLUSTER_MAX_CHARS) and not _is_between(text, end):
        end -= 1
    end = end if _is_between(text, end) else limit
    names = _EMOJI_NAME.finditer(text, max(0, end - _NAME_MAX_CHARS), end + _NAME_MAX_CHARS)
    spans = ((found.start(), found.start() + len(found[1])) for found in names)
    return next((start for start, stop in spans if start < end < stop), end)


_CLUSTER_MAX_CHARS = 64
_NAME_MAX_CHARS = 100
_EMOJI_NAME = re.compile(r"(?=(:(?=[\d_+'-]*[^\W\d_])[\w+'-]{1,60}:(?::skin-tone-\d(?:-\d)?:)?))")
_CONTINUES = re.compile("[\u1160-\u11ff\u200c\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)


def _is_between(text: str, position: int) -> bool:
    """Tell whether two things that a reader counts as one character each meet here."""
    if not 0 < position < len(text):
        return True
    before, after = text[position - 1], text[position]
    if _is_mark(after) or _CONTINUES.match(after) or before == "\u200d" or before in _VIRAMAS:
        return False
    if ord(after) not in _FLAG_LETTERS:
        return True
    letters = takewhile(lambda at: ord(text[at]) in _FLAG_LETTERS, range(position - 1, -1, -1))
    return sum(1 for _ in letters) % 2 == 0


def whole_characters(text: str) -> str:
    """Join surrogate pairs into their character and replace the lone ones."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _capped(text: str) -> str:
    runs = groupby(text, _is_mark)
    return "".join(
        "".join(islice(run, COMBINING_MARKS_MAX) if marks else run) for marks, run in runs
    )


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


def _is_visible(character: str) -> bool:
    """Tell whether the character draws something by itself: not a mark, a space or a control.

    Private characters and those newer than this Python's tables count: somebody has the font.
    """
    category = unicodedata.category(character)
    return category[0] in "LNPS" or category in ("Co", "Cn")


# --- comparing -------------------------------------------------------------------------------

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d"
_SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u2032\u2039\u203a\u02b9\u02bb\u02bc\u00b4`\uff07"
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u301d\u301e\u301f\uff02"
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"

_TWINS: dict[int, str] = (
    {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF5F)}
    | {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFE50, 0xFE6C)}
    | dict.fromkeys(map(ord, _DASHES), "-")
    | dict.fromkeys(map(ord, _SINGLE_QUOTES), "'")
    | dict.fromkeys(map(ord, _DOUBLE_QUOTES), '"')
    | dict.fromkeys(map(ord, _SPACES + "\u202f\u205f\u3000"), " ")
    | {0x2044: "/", 0x2215: "/", 0x2236: ":", 0xA789: ":", 0x3002: ".", 0x3001: ",", 0x2026: "..."}
)
"""Signs that stand for one of ASCII's: what a phone, a word processor or an IME makes of it."""

_UNDECOMPOSED = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "ħ": "h",
    }
)
"""Letters that are accented to the eye and have no accent in Unicode; casefold spells ß as ss."""

_ACCENTS = re.compile("[\u0300-\u036f]+")
"""Only these: other scripts' marks are letters, such as the one that makes が of か."""


def plain(text: str) -> str:
    """Return the text with typographic twins as ASCII: `“––anon”` is `"--anon"`.

    Dashes, quotes, hard spaces, full-width signs and digits; words and accents stay as they are.
    The length may change. For reading and comparing only: what is stored stays as typed.
    """
    return text if text.isascii() and "`" not in text else text.translate(_TWINS)


def alike(text: str) -> str:
    """Return the text folded for comparing: `Don’t  DEPLOY Weiß` is `don't deploy weiss`.

    Twins, case, accents, compatible forms and runs of spaces are folded. Folding twice changes
    nothing. For comparing only: what is stored or shown stays as typed.
    """
    if text.isascii():
        return " ".join(text.replace("`", "'").lower().split())
    folded = unicodedata.normalize("NFKD", plain(text)).casefold().translate(_UNDECOMPOSED)
    folded = _ACCENTS.sub("", unicodedata.normalize("NFKD", folded))
    return " ".join(plain(unicodedata.normalize("NFC", folded)).split())


SLIP_CUTOFF = 0.75
"""How alike a word and a command must be, 0 to 1, to call it misspelt."""


def nearest(word: str, commands: Collection[str]) -> str | None:
    """Return the command that a word misspells; None for a command, and for any other word."""
    if word in commands:
        return None
    return next(iter(difflib.get_close_matches(word, commands, 1, SLIP_CUTOFF)), None)


# --- showing ---------------------------------------------------------------------------------


def shown_zone(zone: str) -> str:
    """Return a zone as people write it: UTC+2 is what IANA, counting westward, calls Etc/GMT-2."""
    area, _, offset = zone.partition("Etc/GMT")
    if area or offset[:1] not in ("+", "-") or offset[1:] == "0":
        return zone
    return f"UTC{'-' if offset[0] == '+' else '+'}{offset[1:]}"


# --- HTML ------------------------------------------------------------------------------------

_BLOCKS = frozenset({"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "tr", "pre"})
_UNSEEN = frozenset({"script", "style"})


class _Words(HtmlReader):
    """Gathers the words of HTML, a line for each block."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: Attrs) -> None:
        self._unseen += tag in _UNSEEN
        if tag in _BLOCKS:
            self.pieces.append("\n* " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        if tag in _BLOCKS and tag != "br":
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(" ".join(data.split("\n")))


def words_of_html(html: str) -> str:
    """Return what a reader sees of the HTML that trackers keep, a line a block."""
    parser = _Words()
    parser.read(html)
    lines = (" ".join(each.split()) for each in "".join(parser.pieces).split("\n"))
    return clean("\n".join(each for each in lines if each and each != "*"))


# --- documents -------------------------------------------------------------------------------

DOCUMENT_DEPTH_MAX = 50
"""Lists in tables in panels; what lies deeper nobody can read, and somebody built on purpose."""


def words_of_document(document: Any) -> str:
    """Return the words of a description: one of Atlassian's documents, or Data Center's text.

    https://developer.atlassian.com/cloud/jira/platform/apis/document/
    """
    if isinstance(document, str):
        return clean(document)
    return clean("\n\n".join(filter(None, _blocks(document, DOCUMENT_DEPTH_MAX))))


def _content(node: Any) -> list[Any]:
    content = node.get("content") if isinstance(node, dict) else None
    return content if isinstance(content, list) else []


def _blocks(node: Any, depth: int) -> list[str]:
    return [_block(each, depth - 1) for each in _content(node)] if depth else []


def _block(node: Any, depth: int) -> str:
    kind = node.get("type") if isinstance(node, dict) else None
    if kind in ("bulletList", "orderedList", "taskList", "decisionList"):
        items = (each.replace("\n", " ").strip() for each in _blocks(node, depth))
        return "\n".join(f"* {item}" for item in items if item)
    if kind in ("paragraph", "heading", "codeBlock", "taskItem", "decisionItem"):
        return "".join(map(_inline, _content(node))).strip()
    if kind == "tableRow":
        return " | ".join(each.replace("\n", " ") for each in _blocks(node, depth))
    if kind in ("blockCard", "embedCard"):
        return _inline(node)
    return "\n".join(filter(None, _blocks(node, depth)))


def _inline(node: Any) -> str:
    match node:
        case {"type": "text", "text": str(words)}:
            return words
        case {"type": "hardBreak"}:
            return "\n"
        case {"attrs": {"text": str(words)}} | {"attrs": {"url": str(words)}}:
            return words
        case _:
            return ""
