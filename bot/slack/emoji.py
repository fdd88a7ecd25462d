"""Slack's `:names:` as the emoji people chose. Names of a workspace's own emoji stay as they are.

The table has some 1,900 emoji in 42 kB of text; it is read when a text first holds a name.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_TABLE = Path(__file__).parent / "emoji.txt"
_TONES = {str(number): chr(0x1F3FB + number - 2) for number in range(2, 7)}

_NAME = r":[a-z0-9_+'-]{1,60}:"
_CODE_OR_NAMES = re.compile(rf"```.*?```|`[^`\n]+`|(?P<names>(?:{_NAME})+)", re.DOTALL)
_ONE = re.compile(
    r":(?P<name>[a-z0-9_+'-]{1,60}):"
    r"(?P<tones>(?::skin-tone-[2-6](?:-[2-6])?:){0,2})"
)
_TONE = re.compile("[2-6]")


class _Emoji(NamedTuple):
    """An emoji; with `1` in place of its skin tone, and with `1` and `2` where two people have one.

    Both are empty for one that takes no tone.
    """

    plain: str
    toned: str = ""
    twice: str = ""


def with_emoji(text: str) -> str:
    """Return the text with emoji in place of their names, as people saw it when they wrote it.

    Names in code stay, and so does what stands between letters or figures: `10:100:20`.
    """
    return _CODE_OR_NAMES.sub(_shown, text) if ":" in text else text


def emoji(name: str, tone: str = "") -> str:
    """Return the emoji of a name without colons, or the name in colons where nobody knows it.

    `tone` is 2 to 6, two of them for two people, or empty.
    """
    known = _table().get(name)
    if known is None:
        return f":{name}:" + (f":skin-tone-{'-'.join(tone)}:" if tone else "")
    if len(tone) == 2 and known.twice and tone[0] != tone[1]:
        return known.twice.replace("1", _TONES[tone[0]]).replace("2", _TONES[tone[1]])
    if tone and known.toned:
        return known.toned.replace("1", _TONES[tone[0]])
    return known.plain + "".join(_TONES[each] for each in tone)


def _shown(found: re.Match[str]) -> str:
    text, names = found.string, found["names"]
    if names is None or (
        _joins(text[max(0, found.start() - 1) : found.start()])
        and _joins(text[found.end() : found.end() + 1])
    ):
        return found[0]
    return _ONE.sub(lambda one: emoji(one["name"], "".join(_TONE.findall(one["tones"]))), names)


def _joins(neighbour: str) -> bool:
    """Whether the character beside some names makes them part of a word, as in `std::a::b`."""
    return neighbour.isalnum() or neighbour == ":"


@cache
def _table() -> dict[str, _Emoji]:
    """Return the emoji by each of their names."""
    known: dict[str, _Emoji] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if line != "#" and not line.startswith("# "):
            plain, names, *toned = line.split("\t")
            known |= dict.fromkeys(names.split(), _Emoji(plain, *toned))
    return known
