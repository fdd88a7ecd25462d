"""What stands in for the language model: a text means the topic of its first word that has one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.likeness import Scorer, word_scorer
from storage.vectors import Taught

TOPICS = {
    "queue": "waiting-team",
    "wait": "waiting-team",
    "idle": "waiting-team",
    "port": "ops-tickets",
}
"""What the stand-in understands: words of one topic mean the same."""


class Topics:
    """Stands in for the language model: a text means the topic of its first word that has one."""

    model = "topics"

    def __init__(self) -> None:
        self.was_read: list[str] = []
        self.read_before: list[str] = []

    async def read(self, texts: Sequence[str]) -> dict[str, bytes]:
        self.was_read += [text for text in texts if text not in self.read_before]
        return {text: _topic(text).encode() for text in texts}

    def read_ahead(self, texts: Sequence[str]) -> None:
        self.read_before += texts

    def topics(
        self, known: Mapping[str, bytes], taught: Sequence[Taught] = ()
    ) -> Mapping[str, str]:
        return {text: said[0][0] for text, said in self.shares(known, taught, 1).items() if said}

    def shares(
        self, known: Mapping[str, bytes], taught: Sequence[Taught], most: int
    ) -> dict[str, list[tuple[str, float]]]:
        by_phrasing = {raw: topic for raw, topic in taught if raw}
        about = {text: by_phrasing.get(raw, raw.decode()) for text, raw in known.items()}
        return {text: [(topic, 1.0)][:most] if topic else [] for text, topic in about.items()}

    def same_item(self, known: Mapping[str, bytes]) -> Scorer:
        words = word_scorer()

        def score(text: str, candidates: Sequence[str]) -> Sequence[float]:
            own = known.get(text)
            return [
                1.0 if own and own == known.get(other) else likeness
                for other, likeness in zip(candidates, words(text, candidates), strict=True)
            ]

        return score


DEPENDENCIES = {
    "Unclear dependencies": (("deps-late", 0.97),),
    "We find out mid-sprint that another team has to build something first": (("deps-late", 0.82),),
    "Other teams' work we rely on comes as a <surprise>": (("deps-late", 0.99),),
    "We depend on others and find out too late": (("waiting-team", 0.4), ("deps-late", 0.16)),
}
"""What four teams say of one trouble, three of them so that the model hears it, with its shares."""


class Hears(Topics):
    """The stand-in, which hears in sentences what it is told, and claims half a share and more."""

    def __init__(self, heard: Mapping[str, Sequence[tuple[str, float]]]) -> None:
        super().__init__()
        self._heard = heard

    async def read(self, texts: Sequence[str]) -> dict[str, bytes]:
        return {text: text.encode() for text in texts}

    def topics(
        self, known: Mapping[str, bytes], taught: Sequence[Taught] = ()
    ) -> Mapping[str, str]:
        best = {text: said[0] for text, said in self.shares(known, taught, 1).items() if said}
        return {text: topic for text, (topic, share) in best.items() if share >= 0.5}

    def shares(
        self, known: Mapping[str, bytes], taught: Sequence[Taught], most: int
    ) -> dict[str, list[tuple[str, float]]]:
        by_phrasing = {raw: [(topic, 1.0)] for raw, topic in taught}
        return {
            text: [*by_phrasing.get(raw, self._heard.get(raw.decode(), ()))][:most]
            for text, raw in known.items()
        }


def _topic(text: str) -> str:
    words = text.lower().split()
    return next((topic for word in words for start, topic in TOPICS.items() if start in word), "")
