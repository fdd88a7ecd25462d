"""Read orders about "it", the item that the person changed last, and corrections of what they said.

assign it to Grace · it's done · make it Monday · no, I meant #12
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from handlers.orders.pieces import MARKED, SOON, WHO, as_typed
from handlers.rules.numbers import named_in
from handlers.ui.lately import IT

IT_MAX_WORDS: Final = 12
"""A longer line tells something."""

REST_MAX_WORDS: Final = 4
"""`assign to Grace by Friday`; with more it tells something, too."""

_NONE: Final = "#0"
"""No item has this number: it stands for one while a line is read."""

_PRONOUN: Final = re.compile(
    r"(?:^|(?<= ))(?:(?:this|that|the last) (?:one|item)|it|this|that)(?P<is>'s)?(?= |$)"
)
_KNOWS_IT: Final = re.compile(
    rf"backlog (?:(?:finish|owner|due|points|waits|drop) {_NONE}(?: |$)|(?:rename|move) {_NONE} )"
)
_CORRECTS: Final = tuple(
    (re.compile(pattern), line)
    for pattern, line in (
        (
            rf"(?:no,? )?(?:i )?(?:meant?|was talking about)(?: for)? {MARKED}"
            r"(?:,? (?:and )?not .*)?",
            "backlog meant #{n}",
        ),
        (rf"(?:no,? )?not #? ?[0-9]+,? (?:but |i meant? )?{MARKED}", "backlog meant #{n}"),
        (rf"(?:(?:re)?assign|give|hand)(?: over)? to {WHO}", f"backlog owner {IT} {{rest}}"),
        (
            rf"(?:make|due|until|by|sorry i meant|i meant?)(?: it| that)?(?: due| by)? {SOON}",
            f"backlog due {IT} {{rest}}",
        ),
    )
)


def of_it(
    folded: str, words: Sequence[str], order: Callable[[str, Sequence[str]], str | None]
) -> str | None:
    """Return the command line of an order about what was changed last; None for anything else.

    `folded` and `words` are what was said, folded and as typed; `order` reads what names its item.
    """
    if len(words) > IT_MAX_WORDS:
        return None
    for pattern, line in _CORRECTS:
        if found := pattern.fullmatch(folded):
            rest = as_typed(found, words) if "rest" in found.groupdict() else ""
            if len(rest.split()) > REST_MAX_WORDS:
                return None  # by tomorrow we need test data
            return line.format(n=found.groupdict().get("n"), rest=rest)
    said = _PRONOUN.search(folded)
    if said is None or named_in(folded):
        return None
    at, many = folded.count(" ", 0, said.start()), said[0].count(" ") + 1
    put = [_NONE, "is"] if said["is"] else [_NONE]
    spelt = folded.split(" ")
    meant = order(
        " ".join([*spelt[:at], *put, *spelt[at + many :]]), [*words[:at], *put, *words[at + many :]]
    )
    return meant.replace(_NONE, IT, 1) if meant and _KNOWS_IT.match(meant) else None
