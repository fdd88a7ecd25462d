"""Likeness by meaning: a language model reads sentences, and a trained head says what about.

*The same item?* Two sentences that share topics and are near one another, or that have most words
in common; but not two of one shape about different subjects. *The same theme?* The topic alone.
Each errs where the other does not: "CI takes forever" shares no word with "Builds are slow", and
the model by itself takes a slow build for a slow review. docs/likeness.md has the figures.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from handlers.likeness import ALIKE, Scorer, word_scorer
from handlers.likeness.head import Head, trained_from
from handlers.likeness.minilm import NAME, MiniLM
from handlers.likeness.shape import subjects
from storage.vectors import Taught

REMEMBERED = 4_000
"""Texts whose numbers are kept in memory, the latest: some 3 MB."""

TOPICS_COUNT = 0.7
"""How much of a likeness are the shared topics; the rest is how near the sentences are."""

NEAR = 0.225
"""Such a likeness becomes ALIKE: chosen so that of pairs at random one in 200 is taken at most."""

TAUGHT_NEAR, TAUGHT_SAME = 0.5, 0.75
"""How near a text is to a phrasing that people gave a topic to; see `_shares`."""

APART = 0.4
"""Two subjects less near than this are different ones."""


class Semantic:
    """What texts mean, as 384 half-precision numbers each (storage.vectors.Meaning)."""

    def __init__(self) -> None:
        """Load the model; raises NotInstalled."""
        self._model = MiniLM()
        self._name = f"{NAME} {trained_from()[:12]}"
        self._head = Head(self._model.numpy)
        self._read: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    @property
    def model(self) -> str:
        """The published model's name, and what its last layers were trained from."""
        return self._name

    async def read(self, texts: Sequence[str]) -> dict[str, bytes]:
        """Return text → its numbers, worked out in a thread: some 12 ms a sentence."""
        new = [text for text in dict.fromkeys(texts) if text not in self._read]
        if new:
            await asyncio.to_thread(self._read_now, new)
        return {text: self._numbers(text) for text in texts}

    def read_ahead(self, texts: Sequence[str]) -> None:
        """Work the numbers out in a thread nobody waits for."""
        asyncio.get_running_loop().run_in_executor(None, self._read_now, list(texts))

    def same_item(self, known: Mapping[str, bytes]) -> Scorer:
        """Return a scorer by words and by meaning; a text that is not known is compared by words.

        It keeps what it has read: make one for each use, and use it in a thread: of two sentences
        of one shape it reads the subjects.
        """
        np, by_words = self._model.numpy, word_scorer()
        place = {text: number for number, text in enumerate(known)}
        vectors = self._vectors(known)
        about = self._head.common(self._head.shares(vectors, [*known]))

        def score(text: str, candidates: Sequence[str]) -> Sequence[float]:
            likeness = list(by_words(text, candidates))
            if text not in place:
                return likeness
            own = place[text]
            those = [(at, place[other]) for at, other in enumerate(candidates) if other in place]
            rows = [row for _, row in those]
            nearness = np.clip(vectors[rows] @ vectors[own], 0, 1)
            alike = TOPICS_COUNT * (about[rows] @ about[own]) + (1 - TOPICS_COUNT) * nearness
            for (at, _), one in zip(those, alike.tolist(), strict=True):
                likeness[at] = max(likeness[at], _scaled(one))
                if likeness[at] >= ALIKE and self._other_subject(text, candidates[at]):
                    likeness[at] *= ALIKE / 2
            return likeness

        return score

    def topics(self, known: Mapping[str, bytes], taught: Sequence[Taught] = ()) -> dict[str, str]:
        """Return text → the topic it is about, for texts said together where it is clear."""
        if not known:
            return {}
        names, shares = self._shares(known, taught)
        abouts = self._head.abouts(shares, names)
        return {text: topic for text, topic in zip(known, abouts, strict=True) if topic}

    def shares(
        self, known: Mapping[str, bytes], taught: Sequence[Taught], most: int
    ) -> dict[str, list[tuple[str, float]]]:
        """Return text → the topics it is about by itself, the largest share first."""
        if not known:
            return {}
        names, shares = self._shares(known, taught)
        best = shares.argsort(1)[:, ::-1][:, :most]
        return {
            text: [(names[column], float(row[column])) for column in columns]
            for text, row, columns in zip(known, shares, best, strict=True)
        }

    def _shares(
        self, known: Mapping[str, bytes], taught: Sequence[Taught]
    ) -> tuple[Sequence[str], Any]:
        """Return the topics' names, and each text's shares of them, by what was taught as well.

        A text as near as TAUGHT_SAME to a phrasing is about its topic, whatever the head says; one
        less near than TAUGHT_NEAR is not touched by it.
        """
        np, vectors = self._model.numpy, self._vectors(known)
        shares, names = self._head.shares(vectors, [*known]), list(self._head.names)
        if not taught:
            return names, shares
        names += sorted({topic for _, topic in taught} - set(names))
        shares = np.pad(shares, ((0, 0), (0, len(names) - shares.shape[1])))
        near = vectors @ self._vectors(dict(enumerate(raw for raw, _ in taught))).T
        column = {name: place for place, name in enumerate(names)}
        drawn = np.zeros_like(shares)
        for place, (_, topic) in enumerate(taught):
            at = column[topic]
            drawn[:, at] = np.maximum(drawn[:, at], near[:, place])
        drawn = np.clip((drawn - TAUGHT_NEAR) / (TAUGHT_SAME - TAUGHT_NEAR), 0, 1)
        rows, best = np.arange(len(shares)), drawn.argmax(1)
        weight = drawn[rows, best]
        shares = shares * (1 - weight[:, None])
        shares[rows, best] += weight
        return names, shares

    def _other_subject(self, one: str, other: str) -> bool:
        pair = subjects(one, other)
        if pair is None:
            return False
        first, second = self._vectors({subject: self._numbers(subject) for subject in pair})
        return float(first @ second) < APART

    def _vectors(self, known: Mapping[Any, bytes]) -> Any:
        np = self._model.numpy
        return (
            np.frombuffer(b"".join(known.values()), np.float16).astype(np.float32).reshape(-1, 384)
        )

    def _read_now(self, texts: Sequence[str]) -> None:
        for text in texts:
            self._numbers(text)

    def _numbers(self, text: str) -> bytes:
        with self._lock:
            if text in self._read:
                self._read.move_to_end(text)
                return self._read[text]
        raw: bytes = self._model.vector(text).astype("float16").tobytes()
        with self._lock:
            self._read[text] = raw
            while len(self._read) > REMEMBERED:
                self._read.popitem(last=False)
        return raw


def _scaled(near: float) -> float:
    """Return a likeness of 0 to 1 so that NEAR becomes ALIKE."""
    if near < NEAR:
        return near * ALIKE / NEAR
    return ALIKE + (near - NEAR) * (1 - ALIKE) / (1 - NEAR)
