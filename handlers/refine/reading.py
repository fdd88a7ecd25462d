"""What was typed about the things that an item waits for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from handlers.phrases import cut
from handlers.rules.numbers import number_in

WAITS_MAX: Final = 10
NAME_MAX_CHARS: Final = 80


@dataclass(frozen=True, slots=True)
class Named:
    """What an item waits for, as typed: an item's number, or a name."""

    number: int | None = None
    name: str = ""


def read_waits(typed: str) -> tuple[tuple[Named, ...], str]:
    """Return what an item waits for, as in `#12, Payments, legal`; and what is wrong."""
    waits: list[Named] = []
    for part in re.split(r"[,;\n]", typed):
        words = " ".join(part.split()).removeprefix("@")
        number = number_in(words) if words.startswith("#") else None
        if number is not None:
            waits.append(Named(number=number))
        elif words.startswith("#"):
            return (), f"“{cut(words, 40)}” is no item's number. Write #12, or a team's name."
        elif len(words) > NAME_MAX_CHARS:
            return (
                (),
                f"“{cut(words, 41)}” is too long for a name: {NAME_MAX_CHARS} characters fit.",
            )
        elif words:
            waits.append(Named(name=words))
    unique = tuple(dict.fromkeys(waits))
    if len(unique) > WAITS_MAX:
        return unique, f"It waits for {len(unique)} things; name at most {WAITS_MAX}."
    return unique, ""
