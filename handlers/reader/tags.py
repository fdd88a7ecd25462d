"""Read #tags: themes are compared and kept in small letters, with dashes inside."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.text import plain

THEME_MAX_CHARS = 40

_TAG = re.compile(r"[(\[\"'*_~]*#(\w[\w-]*)[)\]\"'.,;:!?*_~]*")
_BARE = re.compile(r"#?(\w[\w-]*)")
_NEARLY = re.compile(r"[(\[\"']*#+[\s-]*(\S+)")
_SIGNS = {r"\+": "plus", "&": "and", r"(?<=\w)#": "sharp"}
"""Signs that tell labels apart: neither C++ nor C# is C."""

_NO_WORD = re.compile(r"[^\w]+|_")


def read_theme(word: str) -> str | None:
    """Return the theme a #tag names; it has a letter in it, unlike #42, which names an item."""
    found = _TAG.fullmatch(plain(word))
    return _theme(found[1]) if found else None


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
