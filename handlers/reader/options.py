"""Read --options, whatever a phone made of their dashes and quotes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Literal

from bot.text import alike, plain

Level = Literal["team", "train"]
Kind = Literal["improvement", "story", "feature", "enabler"]

LEVELS: Mapping[str, Level] = {"--art": "train", "--train": "train", "--team": "team"}
KINDS: Mapping[str, Kind] = {
    "--improvement": "improvement",
    "--story": "story",
    "--feature": "feature",
    "--enabler": "enabler",
}
ANONYMOUS = "--anon"
OPTION_MIN_CHARS = 5
"""A shorter name, dashes included, is no slip for any option."""

NEAR = 0.75
"""How alike an unknown option and a known one must be, 0 to 1, to be offered."""

_OPTION = re.compile(r"[\"'(]*(-+)([a-z][a-z-]*)[\"').,;:!?]*")


def read_option(word: str) -> str | None:
    """Return the option a word is: --art, or one of the kinds."""
    found = _OPTION.fullmatch(alike(word))
    name = f"--{found[2]}" if found else ""
    return name if name in LEVELS or name in KINDS else None


def read_kind(word: str) -> str | None:
    """Return the option that the word before a sentence is, as in "story: a buyer pays later"."""
    name = alike(word).removesuffix(":")
    return f"--{name}" if name != alike(word) and f"--{name}" in KINDS else None


def unknown_option(word: str) -> str | None:
    """Return the name of an option that nobody knows; one dash is not enough to be one."""
    found = _OPTION.fullmatch(alike(word))
    if found is None or (len(found[1]) < 2 and plain(word)[:1] == word[:1]):
        return None
    return f"--{found[2]}" if read_option(word) is None else None


def nearest_option(name: str) -> str | None:
    """Return the known option that an unknown one is a slip for."""
    near = difflib.get_close_matches(name[:40], (*LEVELS, *KINDS), n=1, cutoff=NEAR)
    return near[0] if near else None
