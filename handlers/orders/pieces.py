"""How an item, or several, are named in an order: `#3`, `3 and 4`, `items #1 to #4`."""

from __future__ import annotations

from handlers.rules.numbers import DIGITS

# A number without its sign counts only where nothing but an item can be meant: "close 14" does,
# "give 3 people access" does not.
_NOUN = r"(?:(?:the |an? )?(?:item|story|ticket|improvement|issue|number|no|nr|punkt|numero) )?"
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
    r"|punkte?|numeros?) )?"
)
ITEMS = rf"{_NOUNS}{_NUMBERS}"
MARKED_ITEMS = rf"(?:items (?=[#0-9])|{_SIGN}(?=[0-9])|(?=# ?)){_NUMBERS}"

REST = r"(?P<rest>\S.*)"
