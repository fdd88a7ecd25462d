"""Read #tags: themes are compared and kept in small letters, with dashes inside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.text import plain

THEME_MAX_CHARS = 40

_TAG = re.compile(r"[(\[\"'*_~]*#(\w[\w-]*)[)\]\"'.,;:!?*_~]*")
_LEAD = re.compile(r"(?:tags?|themes|labels)[:=]|--?(?:tags?|themes?|labels?)", re.IGNORECASE)
_LED = re.compile(r"(?:tags?|themes?|labels?)[:=]#?(\w[\w-]*)", re.IGNORECASE)
LISTED_MAX = 6
_BARE = re.compile(r"#?(\w[\w-]*)")
_NEARLY = re.compile(r"[(\[\"']*#+[\s-]*(\S+)")
_SIGNS = {r"\+": "plus", "&": "and", r"(?<=\w)#": "sharp"}
"""Signs that tell labels apart: neither C++ nor C# is C."""

_NO_WORD = re.compile(r"[^\w]+|_")


def read_theme(word: str) -> str | None:
    """Return the theme a #tag names; it has a letter in it, unlike #42, which names an item."""
    found = _TAG.fullmatch(plain(word))
    return _theme(found[1]) if found else None


def listed_theme(words: Sequence[str], end: int) -> tuple[int, str] | None:
    """Return how many words just before `end` are the last of `tags: ci, build`, and its theme."""
    word = plain(words[end - 1]).rstrip(",;.")
    if (led := _LED.fullmatch(word)) and (theme := _theme(led[1])):
        return 1, theme
    found = _BARE.fullmatch(word)
    theme = _theme(found[1]) if found else None
    for start in range(end - 2, max(-1, end - LISTED_MAX - 2), -1):
        before = plain(words[start])
        if theme and (_LEAD.fullmatch(before) or _LED.fullmatch(before.rstrip(","))):
            is_first = start == end - 2 and _LEAD.fullmatch(before)
            return (2 if is_first else 1), theme
        if not before.endswith(","):
            return None
    return None


def read_themes(field: str) -> tuple[list[str], bool]:
    """Return the themes of a form's field, and whether each word is one; # may be missing."""
    words = plain(field).replace(",", " ").replace(";", " ").split()
    read = [_theme(found[1]) for word in words if (found := _BARE.fullmatch(word))]
    themes = [theme for theme in read if theme]
    return list(dict.fromkeys(themes)), len(themes) == len(words)


def nearly_a_theme(word: str) -> str | None:
    """Return the theme that a word with a # in front comes nearest to: #ci/cd is nearly ci-cd."""
    found = _NEARLY.match(plain(word))
    if found is None or read_theme(word) is not None:
        return None
    return _theme(_NO_WORD.sub("-", found[1]))


@lru_cache(maxsize=4096)  # an export says the same ones on each line
def theme_of(label: str) -> str | None:
    """Return the theme that another tool's label makes: `C++` is c-plus-plus, `P1!` is p1."""
    words = plain(label)
    for sign, name in _SIGNS.items():
        words = re.sub(sign, f" {name} ", words)
    return _theme(_NO_WORD.sub("-", words.strip())[:THEME_MAX_CHARS])


def _theme(word: str) -> str | None:
    name = word.casefold().replace("_", "-").strip("-")
    return name if any(map(str.isalpha, name)) and len(name) <= THEME_MAX_CHARS else None
