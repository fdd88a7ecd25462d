"""How an item, or several, are named in an order: `#3`, `3 and 4`, `items #1 to #4`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.rules.numbers import DIGITS

# A number without its sign counts only where nothing but an item can be meant: "close 14" does,
# "give 3 people access" does not.
_NOUN = r"(?:(?:the |an? )?(?:item|story|ticket|improvement|issue|number|no|nr|punkt|numero)\.? )?"
_SIGN = r"(?:(?:the |an? )?(?:item|story|ticket|nr|punkt|numero)\.? (?:# ?)?|# ?)"
MARKED = rf"{_SIGN}(?P<n>{DIGITS})"
ITEM = rf"{_NOUN}(?P<n>(?:# ?)?{DIGITS})"
_AND = (
    r"(?:,| and| &| ?\+|, and| und| y| et| e|) "
    r"|,| ?(?:-+>?|\.{2,}|~) ?| (?:through|thru) (?:# ?)?(?=[0-9])| (?:to|bis) (?=# ?)"
)
_NUMBERS = rf"(?P<n>(?:# ?)?{DIGITS}(?:(?:{_AND})(?:# ?)?{DIGITS}\b(?![:.]\d))*)"
_NOUNS = (
    r"(?:(?:the |an? )?(?:items?|stor(?:y|ies)|tickets?|improvements?|issues?|numbers?|no|nr"
    r"|punkte?|numeros?)\.? )?"
)
ITEMS = rf"{_NOUNS}{_NUMBERS}"
MARKED_ITEMS = rf"(?:items (?=[#0-9])|{_SIGN}(?=[0-9])|(?=# ?)){_NUMBERS}"

REST = r"(?P<rest>\S.*)"
WHO = (
    r"(?P<rest>(?!(?:no one|noone|it|this|that|an?|the|do|done|todo|top|back|backlog|me and"
    r"|who|whom|what|when|where|which|how|why|is|are|was|can|could|should|would|will|does|did|wer|wem|quien|qui|quem)\b)"
    r"(?!#?[0-9]+$)"
    r"@?[^\s#]+"
    r"(?: (?!by |until |due |bis |to |and |then )[^\s#]+){0,2}"
    r"(?: (?:by|until|due|bis) \S.*)?)"
)
SOON = (
    r"(?P<rest>(?:(?:(?:next |nxt |this |coming )?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
    r"|(?:next|nxt|this) (?:week|wk|month|sprint|iteration)|today|tod|tomm?orr?ow|tmrw|tmr|eow|eod"
    r"|eom|cob|heute|morgen|freitag|montag|manana|hoy|demain|amanha)\b)(?: .*)?)"
)


def as_typed(found: re.Match[str], words: Sequence[str]) -> str:
    """Return what follows in the words as they were typed, without the end's punctuation."""
    start = found.string.count(" ", 0, found.start("rest"))
    count = found["rest"].count(" ") + 1
    return " ".join(words[start : start + count]).rstrip(" ?!,;:")
