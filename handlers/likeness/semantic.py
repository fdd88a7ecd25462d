"""Likeness by meaning, beside likeness by words: an optional extra, off by default.

Half of a score are the words two sentences share (this folder's `__init__`), half is how near a
language model puts them. Each errs where the other does not: "Vendor answers slowly" shares one
word with "Slow responses from the vendor", and the model takes a slow build for a slow review.
docs/likeness.md has the figures.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock

from handlers.likeness import Scorer, word_scorer
from handlers.likeness.minilm import NAME, MiniLM, NotInstalled

REMEMBERED = 4_000
"""Texts whose numbers are kept in memory, the latest: some 3 MB."""

__all__ = ["NotInstalled", "Semantic"]


class Semantic:
    """What texts mean, as 384 half-precision numbers each (storage.vectors.Meaning)."""

    def __init__(self) -> None:
        """Load the model; raises NotInstalled."""
        self._model = MiniLM()
        self._read: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    @property
    def model(self) -> str:
        return NAME

    async def read(self, texts: Sequence[str]) -> dict[str, bytes]:
        """Return text → its numbers, worked out in a thread: some 12 ms a sentence."""
        new = [text for text in dict.fromkeys(texts) if text not in self._read]
        if new:
            await asyncio.to_thread(self._read_now, new)
        return {text: self._numbers(text) for text in texts}

    def read_ahead(self, texts: Sequence[str]) -> None:
        """Work the numbers out in a thread nobody waits for."""
        asyncio.get_running_loop().run_in_executor(None, self._read_now, list(texts))

    def scorer(self, known: Mapping[str, bytes]) -> Scorer:
        """Return a scorer by words and by meaning; a text that is not known is compared by words.

        It keeps what it has read: make one for each use.
        """
        np, by_words = self._model.numpy, word_scorer()
        vectors = {
            text: np.frombuffer(raw, np.float16).astype(np.float32) for text, raw in known.items()
        }

        def score(text: str, candidates: Sequence[str]) -> Sequence[float]:
            words = by_words(text, candidates)
            own = vectors.get(text)
            if own is None:
                return words
            return [
                (likeness + min(max(float(own @ vectors[other]), 0.0), 1.0)) / 2
                if other in vectors
                else likeness
                for likeness, other in zip(words, candidates, strict=True)
            ]

        return score

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
