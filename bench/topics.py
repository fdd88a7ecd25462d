"""Ask for what was left out of the training: does a sentence find those of its topic?

    python -m bench.topics [--quick]

A fifth of each topic's sentences, every voice among them, is left out; the last layers and the head
are trained on the others and asked. Recall is the share of pairs of one topic that are taken for
the same item, without the rule by words, false the share of pairs of two topics; right is the share
of sentences whose own topic comes first. For how many a topic would be claimed, and how often it is
the right one; for how many of the others the right one is among the three that are offered. The
figure is the recall. It trains for ten minutes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handlers.likeness.head import CALM, SURE, WORDS_COUNT, softmax
from handlers.likeness.lexicon import Lexicon
from handlers.likeness.lowrank import TUNED
from handlers.likeness.minilm import MiniLM
from handlers.likeness.semantic import NEAR, TOPICS_COUNT
from handlers.likeness.suggesting import CLAIMED, MOST
from handlers.likeness.taxonomy import topics
from handlers.likeness.training import before_last_layers, read, trained, tuned

FOLDS = 5
ASKED_MAX = 1_200
"""Sentences compared with each other in one fold."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares from 0 to 1: of pairs, of sentences, and of what people would be shown."""

    recall: float
    false: float
    right: float
    claimed: float
    claimed_right: float
    offered_right: float

    def __str__(self) -> str:
        return (
            f"recall {self.recall:.2f}, false {100 * self.false:.2f} %, right {self.right:.2f}, "
            f"claimed {self.claimed:.2f} of which right {self.claimed_right:.2f}, "
            f"offered among three {self.offered_right:.2f} of the others"
        )


def asked(model: MiniLM, texts: Sequence[str], labels: Any) -> Figures:
    """Train without a fifth and ask for it."""
    np, last = model.numpy, model.layers[-TUNED:]
    left_out = np.arange(len(labels)) % FOLDS == 0
    kinds = int(labels.max()) + 1
    heard = [texts[place] for place in np.flatnonzero(~left_out)]
    narrow = tuned(model, heard, labels[~left_out])
    changed = [layer.changed(each) for layer, each in zip(last, narrow, strict=True)]
    vectors = read(np, before_last_layers(model, texts), changed)
    weights = trained(np, vectors[~left_out], labels[~left_out], kinds)
    learnt: list[list[str]] = [[] for _ in range(kinds)]
    for place in np.flatnonzero(~left_out):
        learnt[labels[place]].append(texts[place])
    picked = np.random.default_rng(0).permutation(np.flatnonzero(left_out))[:ASKED_MAX]
    own, about = vectors[picked], labels[picked]
    by_words = Lexicon(np, learnt).near([texts[place] for place in picked])
    scores = own @ weights[:-1] + weights[-1] + WORDS_COUNT * by_words
    shares = softmax(np, CALM * scores)
    common = np.sqrt(np.where(shares >= SURE, shares, 0))
    near = TOPICS_COUNT * common @ common.T + (1 - TOPICS_COUNT) * np.clip(own @ own.T, 0, 1)
    once = np.triu(np.ones_like(near, dtype=bool), 1)
    same = about[:, None] == about[None]
    taken = near >= NEAR
    right = shares.argmax(1) == about
    claimed = shares.max(1) >= CLAIMED
    offered = (shares.argsort(1)[:, ::-1][:, :MOST] == about[:, None]).any(1)
    shown = (taken[once & same], taken[once & ~same], right, claimed)
    return Figures(*(float(each.mean()) for each in (*shown, right[claimed], offered[~claimed])))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only 20 topics")
    quick = parser.parse_args().quick
    model = MiniLM(as_published=True)
    some = topics()[:20] if quick else topics()
    labels = model.numpy.array([label for label, topic in enumerate(some) for _ in topic.said])
    texts = [text for topic in some for text in topic.said]
    figures = asked(model, texts, labels)
    print(figures)
    print(f"Recall: {figures.recall:.2f} of what was left out")
    return 0


if __name__ == "__main__":
    sys.exit(main())
