"""Which words the topics are said in: what a model of meaning leaves out.

The model reads "scope creep" as something that grows and a "spike" as something pointed. The words
of topics.txt say better what a team means by them, so both judge together (`head.py`).

A topic's words are the mean of its sentences', rare ones counting more (tf-idf, Rocchio 1971);
worked out from the file whenever it is loaded, so there is nothing to train.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import log
from typing import Any

from handlers.likeness import UNSAID, plain_words, stem

SENTENCES_MIN = 2
"""A word of one sentence only is chance."""

TINY = 1e-6


class Lexicon:
    """The words of all topics. Making it takes some 0.2 s and 7 MB."""

    def __init__(self, numpy: Any, said_of: Sequence[Sequence[str]]) -> None:
        """Read the words out of each topic's sentences."""
        self._np = np = numpy
        said = [(label, _terms(text)) for label, those in enumerate(said_of) for text in those]
        counts = Counter(term for _, terms in said for term in terms)
        kept = [term for term, count in counts.items() if count >= SENTENCES_MIN]
        self._place = {term: place for place, term in enumerate(kept)}
        rare = [log((len(said) + 1) / (counts[term] + 1)) for term in kept]
        self._rare = np.array(rare, np.float32)
        self._said = np.zeros((len(kept), len(said_of)), np.float32)
        for label, terms in said:
            places, weights = self._weighed(terms)
            self._said[places, label] += weights
        self._said /= np.maximum(np.linalg.norm(self._said, axis=0), TINY)

    def near(self, texts: Sequence[str]) -> Any:
        """Return how near each text is to the words of each topic, rows of 0 to 1."""
        near = self._np.zeros((len(texts), self._said.shape[1]), self._np.float32)
        for row, text in enumerate(texts):
            places, weights = self._weighed(_terms(text))
            near[row] = weights @ self._said[places]
        return near

    def _weighed(self, terms: Sequence[str]) -> tuple[list[int], Any]:
        """Return the places of the words that are known, and weights of length 1."""
        places = [self._place[term] for term in terms if term in self._place]
        weights = self._rare[places]
        return places, weights / max(float(self._np.linalg.norm(weights)), TINY)


def _terms(text: str) -> list[str]:
    """Return the stems of a text's words, and of each two that follow one another, once each."""
    words = plain_words(text)
    stems = [stem(word) for word in words]
    single = [stem for word, stem in zip(words, stems, strict=True) if word not in UNSAID]
    return list(dict.fromkeys([*single, *map(" ".join, pairwise(stems))]))
