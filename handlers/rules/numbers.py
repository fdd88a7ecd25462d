"""How people write the number of an item."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"#?([0-9]{1,9})")


def number_in(words: str) -> int | None:
    """Return the item that `#42` or `42` names; None for any other words."""
    found = _NUMBER.fullmatch(words)
    return int(found[1]) if found else None
