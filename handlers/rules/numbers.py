"""How people write the number of an item."""

from __future__ import annotations

import re

DIGITS = "[0-9]{1,9}"
_SPELT = "one two three four five six seven eight nine ten"
SPELT_OUT = {word: number for number, word in enumerate(_SPELT.split(), start=1)}
"""How many, in words: the top five."""

_NUMBER = re.compile(f"#?({DIGITS})")
_SIGNED = re.compile(f"# ?({DIGITS})")


def number_in(words: str) -> int | None:
    """Return the item that `#42`, `42` or `#42.` names; None for any other words."""
    found = _NUMBER.fullmatch(words.rstrip(".,;:!?"))
    return int(found[1]) if found else None


def numbers_in(words: str) -> tuple[list[int], str]:
    """Return the items that a line begins with, `#3, #4`, and what follows them.

    Only the first may lack its sign: in `#3 4 December` the 4 is a day.
    """
    numbers: list[int] = []
    left = words.split()
    while left and (number := number_in(left[0].strip(","))) is not None:
        if numbers and not left[0].startswith("#"):
            break
        numbers.append(number)
        del left[0]
    return numbers, " ".join(left)


def named_in(text: str) -> list[int]:
    """Return the items that a text names anywhere, each with its sign."""
    return [int(found[1]) for found in _SIGNED.finditer(text)]
