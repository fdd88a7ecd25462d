"""Ask for what was left out of the training: does a sentence find those of its topic?

    python -m bench.topics [--quick]

A fifth of each topic's sentences, every voice among them, is left out; the head is trained on the
others and asked, five times over. Recall is the share of pairs of one topic that are taken for the
same item, without the rule by words, false the share of pairs of two topics. The figure is the
mean recall.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from handlers.likeness.head import SURE, WORDS_COUNT, softmax
from handlers.likeness.lexicon import Lexicon
from handlers.likeness.minilm import MiniLM
from handlers.likeness.semantic import NEAR, TOPICS_COUNT
from handlers.likeness.taxonomy import topics
from handlers.likeness.training import trained

FOLDS = 5
ASKED_MAX = 1_200
"""Sentences compared with each other in one fold."""


def asked(
    np: Any, texts: Sequence[str], vectors: Any, labels: Any, fold: int
) -> tuple[float, float, float]:
    """Train without a fold; return recall, the share of false pairs, and of right topics."""
    left_out = np.arange(len(labels)) % FOLDS == fold
    kinds = int(labels.max()) + 1
    weights = trained(np, vectors[~left_out], labels[~left_out], kinds)
    learnt: list[list[str]] = [[] for _ in range(kinds)]
    for place in np.flatnonzero(~left_out):
        learnt[labels[place]].append(texts[place])
    picked = np.random.default_rng(fold).permutation(np.flatnonzero(left_out))[:ASKED_MAX]
    own, about = vectors[picked], labels[picked]
    by_words = Lexicon(np, learnt).near([texts[place] for place in picked])
    shares = softmax(np, own @ weights[:-1] + weights[-1] + WORDS_COUNT * by_words)
    common = np.sqrt(np.where(shares >= SURE, shares, 0))
    near = TOPICS_COUNT * common @ common.T + (1 - TOPICS_COUNT) * np.clip(own @ own.T, 0, 1)
    once = np.triu(np.ones_like(near, dtype=bool), 1)
    same = about[:, None] == about[None]
    taken = near >= NEAR
    right = float((shares.argmax(1) == about).mean())
    return float(taken[once & same].mean()), float(taken[once & ~same].mean()), right


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only 20 topics, only one fold")
    quick = parser.parse_args().quick
    model = MiniLM()
    np = model.numpy
    some = topics()[:20] if quick else topics()
    labels = np.array([label for label, topic in enumerate(some) for _ in topic.said])
    texts = [text for topic in some for text in topic.said]
    vectors = np.stack([model.vector(text) for text in texts])
    recalls = []
    for fold in range(1 if quick else FOLDS):
        recall, false, right = asked(np, texts, vectors, labels, fold)
        recalls.append(recall)
        print(f"fold {fold}: recall {recall:.2f}, false {100 * false:.2f} %, right {right:.2f}")
    print(f"Recall: {sum(recalls) / len(recalls):.2f} of what was left out")
    return 0


if __name__ == "__main__":
    sys.exit(main())
