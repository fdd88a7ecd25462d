"""Ask for what was left out of the training: does a sentence find those of its topic?

    python -m bench.topics [--quick]

A fifth of each topic's sentences, every voice among them, is left out; the last layers and the head
are trained on the others and asked. Recall is the share of pairs of one topic that are taken for
the same item, without the rule by words, false the share of pairs of two topics; right is the share
of sentences whose own topic comes first. The figure is the recall. It trains for five minutes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from handlers.likeness.head import SURE, WORDS_COUNT, softmax
from handlers.likeness.lexicon import Lexicon
from handlers.likeness.lowrank import TUNED
from handlers.likeness.minilm import MiniLM
from handlers.likeness.semantic import NEAR, TOPICS_COUNT
from handlers.likeness.taxonomy import topics
from handlers.likeness.training import before_last_layers, read, trained, tuned

FOLDS = 5
ASKED_MAX = 1_200
"""Sentences compared with each other in one fold."""


def asked(model: MiniLM, texts: Sequence[str], labels: Any) -> tuple[float, float, float]:
    """Train without a fifth; return recall, the share of false pairs, and of right topics."""
    np, last = model.numpy, model.layers[-TUNED:]
    left_out = np.arange(len(labels)) % FOLDS == 0
    kinds = int(labels.max()) + 1
    given = before_last_layers(model, texts)
    heard = [given[place] for place in np.flatnonzero(~left_out)]
    narrow = tuned(np, heard, labels[~left_out], last)
    changed = [layer.changed(each) for layer, each in zip(last, narrow, strict=True)]
    vectors = read(np, given, changed)
    weights = trained(np, vectors[~left_out], labels[~left_out], kinds)
    learnt: list[list[str]] = [[] for _ in range(kinds)]
    for place in np.flatnonzero(~left_out):
        learnt[labels[place]].append(texts[place])
    picked = np.random.default_rng(0).permutation(np.flatnonzero(left_out))[:ASKED_MAX]
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
    parser.add_argument("--quick", action="store_true", help="only 20 topics")
    quick = parser.parse_args().quick
    model = MiniLM(as_published=True)
    some = topics()[:20] if quick else topics()
    labels = model.numpy.array([label for label, topic in enumerate(some) for _ in topic.said])
    texts = [text for topic in some for text in topic.said]
    recall, false, right = asked(model, texts, labels)
    print(f"recall {recall:.2f}, false {100 * false:.2f} %, right {right:.2f}")
    print(f"Recall: {recall:.2f} of what was left out")
    return 0


if __name__ == "__main__":
    sys.exit(main())
