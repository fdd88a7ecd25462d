"""Read which items a line begins with: `#1, #2`, `1-3`, `#1 to #3`, `item 4 and item 5`, `№ 6`.

What follows them, such as a time, is left as it was typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.text import plain
from handlers.rules.numbers import DIGITS

RANGE_MAX: Final = 100
"""More items than that are no range that anybody means."""

_NOUN: Final = r"(?:items?|stor(?:y|ies)|tickets?|issues?|numbers?|nos?|nr|punkte?)\b\.? *"
_LEAD: Final = re.compile(rf" *(?:(?:from|on|for|the) +|{_NOUN}(?=[#№0-9]))*", re.IGNORECASE)
_UNIT: Final = (
    r"(?:[hdw]|hours?|hrs?|min(?:ute)?s?|days?|weeks?|wks?|months?|sprints?|[ap]\.?m|o'?clock|uhr"
    r"|stunden?|tagen?|wochen?|hor?as?|d[ií]as?|semanas?|heures?|jours?"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\b"
)
_ONE: Final = re.compile(
    rf"[(\[\"']*(?:{_NOUN})?(?P<sign>[#№] *)?(?P<number>{DIGITS})\ufe0f?\u20e3?[)\]\"']*"
    # not 16:00, 9.30, 4pm, 1/12, 2026-12-04 or 3 days
    r"(?=$|[\s,;&+、]|/ *[#№]|\.\.|->|- *[#№]? *[0-9]+(?!-?[0-9])|[.!?]+(?:\s|$))"
    rf"(?!(?<=[0-9]) +{_UNIT})",
    re.IGNORECASE,
)
_NEXT: Final = re.compile(
    r"(?:\s|[,;&+、と]|/(?= *[#№])|\b(?:and|und|y|et|e|plus)(?= ))+", re.IGNORECASE
)
_TO: Final = re.compile(
    r"\s*(?:(?P<sure>-+>?|\.{2,}|~|〜|\b(?:up )?to\b|\bthrough\b)"
    r"|\b(?:thru|until|till|bis|a|à|ate|até|hasta|jusqu'à)\b)\s*",
    re.IGNORECASE,
)
_KEY_RANGE: Final = re.compile(
    rf"(?<![A-Za-z0-9_])(?P<space>[A-Za-z][A-Za-z0-9_]*)-(?P<first>{DIGITS})"
    r"\s*(?:-+>?|\.{2,}|~|\bto\b|\bthrough\b|\bthru\b|\bbis\b)\s*"
    rf"(?:(?P=space)-)?(?P<last>{DIGITS})(?![\w:./-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Named:
    """`numbers` in the order they were named; `between` are those that a range only implies."""

    numbers: tuple[int, ...]
    between: frozenset[int]
    rest: str


def items_named(line: str) -> Named:
    """Return the items that a line begins with, ranges with all that is between their ends."""
    text = plain(line)
    lead = _LEAD.match(text)
    at = lead.end() if lead else 0
    numbers: list[int] = []
    between: set[int] = set()
    while one := _ONE.match(text, at):
        run, at = _run(text, one)
        numbers += run
        between |= set(run[1:-1])
        if further := _NEXT.match(text, at):
            at = further.end()
    named = tuple(dict.fromkeys(numbers))
    rest = (text[at:] if numbers else text).strip().strip(".!?").strip()
    return Named(named, frozenset(between), rest)


def _run(text: str, one: re.Match[str]) -> tuple[list[int], int]:
    """Return the numbers of a range that begins with this one, or it alone, and where it ends.

    `#1 until 16` names a time: behind such a word an item needs its sign.
    """
    first = int(one["number"])
    to = _TO.match(text, one.end())
    last = _ONE.match(text, to.end()) if to else None
    if to is None or last is None or not (to["sure"] or last["sign"]):
        return [first], one.end()
    low, high = sorted((first, int(last["number"])))
    if high - low >= RANGE_MAX:
        return [first], one.end()
    return list(range(low, high + 1)), last.end()


def keys_spelled_out(line: str) -> tuple[str, frozenset[str]]:
    """Return the line with each key of `PAY-3..PAY-6`, and those that it only implies."""
    implied: set[str] = set()

    def each(found: re.Match[str]) -> str:
        low, high = sorted((int(found["first"]), int(found["last"])))
        if high - low >= RANGE_MAX:
            return found[0]
        keys = [f"{found['space']}-{number}" for number in range(low, high + 1)]
        implied.update(keys[1:-1])
        return " ".join(keys)

    return _KEY_RANGE.sub(each, plain(line)), frozenset(implied)
