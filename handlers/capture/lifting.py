"""Tell a captured sentence from the markers around it: what is lifted out of it, and what stays.

Options may come first; themes, a name and a day only behind it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.text import alike, plain
from handlers.reader import markers
from handlers.reader.anonymity import first_wish
from handlers.reader.asked import Asked
from handlers.reader.markers import Due, Marker, Meaning, Option, Owner, Separator, Theme, Unclear
from handlers.reader.options import ANONYMOUS
from handlers.reader.people import People
from handlers.reader.tails import is_emoji

MARKERS_MAX = 40
"""Names, dates and options behind a sentence that are read; nobody means more of them."""

DATES_MAX = 4
"""Of these, dates and what is unclear. Each takes long to read, two of them contradict each other
already, and what is not read stays in the title as the unclear does."""


# After one of these words a tag or a name completes the sentence: "nobody owns the #build".
_UNFINISHED = re.compile(
    "(?-i:a)|an|the|my|our|your|his|her|their|its|this|that|these|those|some|any|no|every|each|not"
    "|of|for|to|with|without|from|in|into|on|at|by|via|per|about|between|during|over|under"
    "|and|or|but|than|as|is|are|was|were|be|too|very|more|less|many|much|few|fewer|better"
    "|ask|asks|tell|/?cc:?|fyi:?|h/t|thx|thanks|thank|ping|pings|poke|credit|reported|see",
    re.IGNORECASE,
)


def options_first(words: Sequence[str]) -> tuple[Marker, ...]:
    """Return the options that stand before the sentence."""
    options: list[Marker] = []
    at = 0
    while at < len(words):
        wish = first_wish(words[at:])
        unsigned = Option(ANONYMOUS) if wish and wish.is_sure else None
        option = unsigned or markers.option(words[at]) or markers.kind_before(words[at])
        if option is None:
            break
        end = at + wish.words if wish and unsigned else at + 1
        options.append(Marker(tuple(words[at:end]), option))
        at = end
    return tuple(options)


_GLUE = re.compile(r"(?<=\w)[,;/&+|]+(?=[#@]\w)")


def divide(
    words: Sequence[str], asked: Asked, people: People
) -> tuple[tuple[str, ...], tuple[Marker, ...]]:
    """Split with `#ci,#build` and `@ada/@grace` behind the sentence as the markers they are.

    Within the sentence they stay as they were typed.
    """
    if not any(map(_GLUE.search, words)):
        return _divide(words, asked, people)
    apart = [piece for word in words for piece in _GLUE.split(word)]
    sentence, tail = _divide(apart, asked, people)
    as_typed = [word.rstrip(_LEADS_OVER) for word in words[: len(sentence)]]
    is_whole = [word.rstrip(_LEADS_OVER) for word in sentence] == as_typed
    if is_whole and not any(isinstance(marker.meaning, Unclear) for marker in tail):
        return sentence, tail
    return _divide(words, asked, people)


def _divide(
    words: Sequence[str], asked: Asked, people: People
) -> tuple[tuple[str, ...], tuple[Marker, ...]]:
    """Split the words into the sentence and the markers that follow it."""
    backwards: list[Marker] = []
    end, left, costly = len(words), MARKERS_MAX, DATES_MAX
    while end and left and costly:
        if backwards and _leads_to(words, end, backwards[-1].meaning, people):
            end -= 1
            backwards.append(Marker((words[end],), Separator()))
        marker = markers.last_marker(words, end, asked, people)
        if marker is None:
            break
        backwards.append(marker)
        end -= len(marker.words)
        left -= not isinstance(marker.meaning, Theme | Separator)
        costly -= isinstance(marker.meaning, Due | Unclear)
    while backwards and backwards[-1].is_aside:  # thanks behind the sentence, not its markers
        end += len(backwards.pop().words)
    if backwards and _completes(words[:end], backwards[-1]):
        copied = _COPIED.fullmatch(words[end - 1])
        end += len(backwards.pop().words)
        while copied and backwards and isinstance(backwards[-1].meaning, Owner | Separator):
            end += len(backwards.pop().words)
        while len(backwards) > 1 and alike(backwards[-1].words[0]) in _AND:  # ask @ada and @grace
            end += len(backwards.pop().words) + len(backwards.pop().words)
    sentence = words[:end]
    if sentence and not is_emoji(sentence[-1]):
        # Without the comma, colon or dash that led over to the markers.
        sentence = [*sentence[:-1], sentence[-1].rstrip(_LEADS_OVER)]
    return tuple(sentence), tuple(reversed(backwards))


_COPIED = re.compile(r"/?cc:?|fyi:?|h/t|thx|thanks|credit|ping|poke", re.IGNORECASE)
"""Whoever is named behind one of these is only told, and so are those named next."""

_LEADS_OVER = ",;:–—、，；："  # noqa: RUF001
_AND = frozenset({"and", "und", "y", "et", "e", "or", "oder", "&", "+"})
_FOR = frozenset({"for", "to", "fur", "an", "para", "pour"})


def _leads_to(words: Sequence[str], end: int, meaning: Meaning, people: People) -> bool:
    """Tell whether the last word only joins a marker: `@ada and @grace`, `- for @ada`."""
    if end < 2 or not isinstance(meaning, Owner | Theme | Unclear):
        return False
    before, word = words[end - 2], alike(words[end - 1])
    if word in _AND:
        return bool(people.last(words, end - 1) or markers.theme(before, people))
    is_set_apart = plain(before)[-1] in markers.SEPARATORS or word.startswith("(")
    return isinstance(meaning, Owner) and word.lstrip("(") in _FOR and is_set_apart


def _completes(words: Sequence[str], marker: Marker) -> bool:
    """Tell whether the sentence would break off without the marker's words."""
    if not words or not isinstance(marker.meaning, Theme | Owner | Unclear):
        return False
    return _UNFINISHED.fullmatch(words[-1]) is not None
