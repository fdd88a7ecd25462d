"""What people put behind a date or a name that is no part of it: thanks, emoji, addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.text import alike
from handlers.reader.vocabulary import POLITE, POLITE_PHRASES

_EMOJI = re.compile(
    "(?:[\u00a9\u00ae\u203c-\u2049\u2122-\u21aa\u231a-\u23ff\u25aa-\u27bf\u2934-\u2b55\u3030-\u303d"
    "\u3297-\u3299\U0001f000-\U0001faff\ufe0f\u200d\u20e3\U000e0020-\U000e007f"
    r"]+|:[a-z0-9_+'-]+:|[:;]-?[)(DPp]|<3)+[.,;:!?]*"
)
_LINK = re.compile(r"[(<]?(?:https?://|www\.)\S+", re.IGNORECASE)
_EDGES = ".,;:!?()"
_LAST_WORDS = POLITE | {phrase[-1] for phrase in POLITE_PHRASES}


def is_emoji(word: str) -> bool:
    return _EMOJI.fullmatch(word) is not None


def is_link(word: str) -> bool:
    return _LINK.match(word) is not None


def courtesy(words: Sequence[str], end: int) -> int:
    """Return how many words just before `end` say please or thank you; 0 for none."""
    last = _folded(words[end - 1]) if end else ""
    if last not in _LAST_WORDS:
        return 0
    for phrase in POLITE_PHRASES:
        start = end - len(phrase)
        if start >= 0 and tuple(_folded(word) for word in words[start:end]) == phrase:
            return len(phrase)
    return int(last in POLITE)


def without_courtesy(said: str) -> str:
    """Return a phrase without the thanks and the emoji around it."""
    words = said.split()
    while words and ((words[-1:] and is_emoji(words[-1])) or is_link(words[-1])):
        words.pop()
    while words and (count := courtesy(words, len(words)) or int(is_emoji(words[-1]))):
        del words[-count:]
    while words and _folded(words[0]) in POLITE:
        del words[0]
    return " ".join(words)


def _folded(word: str) -> str:
    return alike(word).strip(_EDGES)
