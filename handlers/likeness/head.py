"""From what a sentence means, and its words, to what it is about: its share of each topic.

A softmax over the topics of topics.txt, trained on what their sentences mean by `make topics` and
kept in `topics.head`: a line that names what it was trained from, then its numbers in half
precision. The words of the topics are added to its scores.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from handlers.likeness.hasty import made_by
from handlers.likeness.lexicon import Lexicon
from handlers.likeness.lowrank import BATCH, EPOCHS, RANK, RATE, RATE_OF_MIDDLES, TUNED
from handlers.likeness.minilm import WEIGHTS_SHA256
from handlers.likeness.taxonomy import FILE, topics

HEAD = Path(__file__).with_name("topics.head")

ROUNDS, DECAY = 300, 0.01
"""How long it is trained, and how hard large numbers are held down."""

WORDS_COUNT = 20
"""What being near to a topic's words adds to its score, from 0 to this."""

CALM = 0.9
"""How far the scores count: of what it was not trained on the head is surer than it should be."""

SURE = 0.05
"""Smaller shares are noise: without this floor two sentences about nothing known look alike."""

LEANS, FLOOR, PEERS = 0.8, 1e-3, 0.5
"""How much sentences that belong together follow one another: see `_among`."""

ROUNDS_AMONG = 30

AMONG_MIN, ALONE_MIN = 0.4, 0.02
"""From which shares on a sentence is about a topic: among the others, and by itself."""


def trained_from() -> str:
    """Return a digest of all that a head is made of: sentences, model, and how it is trained."""
    digest = hashlib.sha256(FILE.read_bytes())
    layers = (RANK, TUNED, EPOCHS, BATCH, RATE, RATE_OF_MIDDLES)
    digest.update(f"{WEIGHTS_SHA256} {ROUNDS} {DECAY} {layers} {made_by()}".encode())
    return digest.hexdigest()


class Head:
    """The trained numbers. Vectors and shares are rows of arrays."""

    def __init__(self, numpy: Any) -> None:
        self._np = numpy
        raw = HEAD.read_bytes().split(b"\n", 1)[1]
        known = topics()
        self._weights = numpy.frombuffer(raw, numpy.float16).astype(numpy.float32)
        self._weights = self._weights.reshape(-1, len(known))
        self.names = tuple(each.name for each in known)
        self._lexicon = Lexicon(numpy, [each.said for each in known])
        self._shared = numpy.array([each.kind != "product" for each in known], numpy.float32)

    def shares(self, vectors: Any, texts: Sequence[str]) -> Any:
        """Return how much of each sentence is about each topic; a row sums to 1."""
        by_meaning = vectors @ self._weights[:-1] + self._weights[-1]
        scores = by_meaning + WORDS_COUNT * self._lexicon.near(texts)
        return softmax(self._np, CALM * scores)

    def common(self, shares: Any) -> Any:
        """Return rows whose products say how far two sentences are about the same, from 0 to 1.

        Two wishes for the search of a product are two items, so its topics count for nothing.
        """
        return self._np.sqrt(self._np.where(shares >= SURE, shares, 0) * self._shared)

    def abouts(self, shares: Any, names: Sequence[str]) -> list[str | None]:
        """Return what sentences that were said together are about; None where that is not clear.

        It takes the others into account, and never what a sentence hardly says by itself.
        """
        among = _among(self._np, shares)
        best = among.argmax(1)
        return [
            names[column] if leaning[column] >= AMONG_MIN and own[column] >= ALONE_MIN else None
            for leaning, own, column in zip(among, shares, best, strict=True)
        ]


def _among(np: Any, shares: Any) -> Any:
    """Return the shares of sentences that were said together, as in one retro or train.

    They are about few topics, so each leans to what the others are about: the weights of a
    mixture, found by expectation and maximization, multiply the shares.
    """
    likely = np.maximum(shares, FLOOR) ** LEANS
    weights = np.full(shares.shape[1], 1 / shares.shape[1], np.float32)
    leaning = likely
    for _ in range(ROUNDS_AMONG):
        leaning = likely * weights
        leaning /= leaning.sum(1, keepdims=True)
        counted = np.maximum(leaning.sum(0) + PEERS - 1, 1e-6)
        weights = counted / counted.sum()
    return leaning


def softmax(np: Any, scores: Any) -> Any:
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)
