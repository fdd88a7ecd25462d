"""How every card says that something is longer, or more, than it shows."""

from __future__ import annotations

from collections.abc import Sequence

from bot.text import end_of_whole

TITLE_SHOWN_CHARS = 100
NAMES_SHOWN = 12
"""Names in one list; sixty of them would push the buttons off a phone."""


def shortened(words: str, limit: int = TITLE_SHOWN_CHARS) -> str:
    """Return one line of at most `limit` characters; … stands for what was cut."""
    return cut(" ".join(words.split()), limit)


def cut(words: str, limit: int) -> str:
    """Return at most `limit` characters of words that keep their lines; no emoji is cut in two."""
    if len(words) <= limit:
        return words
    return words[: end_of_whole(words, limit - 1)].rstrip() + "…"


def clipped(words: str, limit: int) -> str:
    """Return the first `limit` characters, for a field that takes no more; emoji stay whole."""
    return words[: end_of_whole(words, limit)]


def counted(count: int, one: str, many: str = "") -> str:
    """Return `1 note` or `3 notes`; `many` is for what takes more than an s."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def listed(words: Sequence[str], limit: int = NAMES_SHOWN) -> str:
    """Return `a`, `a and b`, `a, b and c`, or the first `limit` of them `and 5 more`."""
    if len(words) > limit:
        return f"{', '.join(words[:limit])} and {len(words) - limit} more"
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
