"""The columns a retro is written into: four templates everybody knows, and a team's own."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.text import alike
from handlers.phrases import cut

NAME_MAX_CHARS = 60
COLUMN_MAX_CHARS = 60
COLUMNS_MAX = 6
OWN_MAX = 20
"""Templates a team may keep: all of them stand in one menu."""

BUILT_IN: Mapping[str, tuple[str, ...]] = {
    "Start, stop, continue": ("Start", "Stop", "Continue"),
    "Went well, didn't, ideas": ("Went well", "Didn't go well", "Ideas"),
    "4Ls": ("Liked", "Learned", "Lacked", "Longed for"),
    "Mad, sad, glad": ("Mad", "Sad", "Glad"),
}

_BY_EAR = {"fourls": "4ls", "4l": "4ls", "fourl": "4ls"}

DEFAULT = "Start, stop, continue"

_IDEAS = re.compile(
    r"\b(?:start|ideas?|try|tries|trying|longed|wish(?:es)?|actions?|experiments?|improve(?:ments?)?"
    r"|next|more|suggestions?|proposals?|do differently|island|wind)\b"
)
"""Words of columns into which people write what to do, rather than what hurts."""

Templates = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Template:
    name: str
    columns: tuple[str, ...]


def is_for_ideas(column: str) -> bool:
    """Whether what stands in a column is a thing to try."""
    return _IDEAS.search(alike(column)) is not None


class NoTemplate(ValueError):
    """No template is called that; the message names what there is."""


def named(words: str, own: Templates) -> Template:
    """Return the template that is meant; the beginning of a name is enough where it is one's alone.

    Raises NoTemplate.
    """
    every = {**BUILT_IN, **own}
    wanted = _folded(words)
    wanted = _BY_EAR.get(wanted, wanted)
    if not wanted:
        return Template(DEFAULT, BUILT_IN[DEFAULT])
    candidates = [name for name in every if _folded(name) == wanted]
    candidates = candidates or [name for name in every if _folded(name).startswith(wanted)]
    candidates = candidates or [name for name in every if _has_columns(words, every[name])]
    if len(candidates) == 1:
        return Template(candidates[0], tuple(every[candidates[0]]))
    raise NoTemplate(_no_such(words, every))


def _has_columns(words: str, columns: Sequence[str]) -> bool:
    """Whether the words name a template's columns, in whatever order."""
    wanted = sorted(map(_folded, re.split(r"[,;/|\n]| and ", words)))
    return wanted in (sorted(map(_folded, columns)), sorted(map(_folded, (*columns, ""))))


def _no_such(words: str, every: Templates) -> str:
    near = difflib.get_close_matches(words[:60], list(every), n=1, cutoff=0.4)
    nearest = f" Nearest: {near[0]}." if near else ""
    return f"There is no template “{cut(words, 60)}”.{nearest} There are: {'; '.join(every)}."


def _folded(name: str) -> str:
    """Fold a name for comparing: `start/stop/continue` is "Start, stop, continue"."""
    return "".join(re.findall(r"\w", alike(name)))


def read_columns(text: str) -> tuple[str, ...]:
    """Return the columns written one per line, or with commas or slashes between them."""
    parts = re.split(r"[\n]" if "\n" in text else r"[\n,/;]", text)
    return tuple(dict.fromkeys(part.strip(" •-–—*\t") for part in parts if part.strip(" •-–—*\t")))


def problems(name: str, columns: Sequence[str]) -> dict[str, str]:
    """Say what is wrong with a template of one's own, by field of its form."""
    errors = {}
    if not name:
        errors["name"] = "Give the template a name."
    elif len(name) > NAME_MAX_CHARS:
        errors["name"] = f"The name has {len(name):,} characters; at most {NAME_MAX_CHARS} fit."
    elif _folded(name) in map(_folded, BUILT_IN):
        errors["name"] = "Hone brings a template of that name; choose another one."
    elif not _folded(name):
        errors["name"] = "A name needs a letter or a digit."
    if columns and not 2 <= len(columns) <= COLUMNS_MAX:
        errors["columns"] = f"Write two to {COLUMNS_MAX} columns, one per line."
    elif any(len(column) > COLUMN_MAX_CHARS for column in columns):
        errors["columns"] = f"A column's name has at most {COLUMN_MAX_CHARS} characters."
    return errors
