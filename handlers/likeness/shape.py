"""Tell sentences of one shape about different subjects: "Payments blocks us", "Search blocks us".

They share most of their words and their topic, and are two items all the same.
"""

from __future__ import annotations

from difflib import SequenceMatcher

from handlers.likeness import names_something, plain_words, stem

SHARED_MIN = 0.4
"""The share of the longer sentence's words from which two sentences may have one shape."""

_ARTICLES = {"a", "an", "the"}


def subjects(one: str, other: str) -> tuple[str, str] | None:
    """Return what stands in the same places of two sentences that are otherwise the same.

    None where one has words that the other has no place for, or where they share too few.
    """
    mine, others = _said(one), _said(other)
    matcher = SequenceMatcher(
        None, [stem(word) for word in mine], [stem(word) for word in others], autojunk=False
    )
    shared = 0
    own_subject: list[str] = []
    other_subject: list[str] = []
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind == "equal":
            shared += end - start
        elif kind == "replace":
            own_subject += filter(names_something, mine[start:end])
            other_subject += filter(names_something, others[other_start:other_end])
        else:
            return None
    if shared < SHARED_MIN * max(len(mine), len(others)) or not (own_subject and other_subject):
        return None
    return " ".join(own_subject), " ".join(other_subject)


def _said(text: str) -> list[str]:
    return [word for word in plain_words(text) if word not in _ARTICLES]
