"""Train the model's last layers and the topics anew after topics.txt has changed: `make topics`.

First the last layers learn to put sentences of one topic near one another, then the head learns
which numbers mean which topic. Every round some sentences are read as typed in haste (`hasty.py`).
The layers take some thirteen minutes of the processor, the head half a minute. The same sentences
give the same numbers, up to the rounding of the machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.likeness import lowrank
from handlers.likeness.hasty import OFTEN, hasty
from handlers.likeness.head import DECAY, HEAD, ROUNDS, softmax, trained_from
from handlers.likeness.layers import backward, forward, normed, of_one_length
from handlers.likeness.lowrank import RANK, SHAPES, TUNED, Narrow
from handlers.likeness.minilm import Layer, MiniLM
from handlers.likeness.taxonomy import topics

READ_TOGETHER = 64


def trained(np: Any, vectors: Any, labels: Sequence[int], kinds: int) -> Any:
    """Return the weights, one column a topic and the bias last, by logistic regression.

    Full-batch Adam with a rate that falls to zero: it ends at the one minimum there is.
    """
    inputs = np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])
    wanted = np.eye(kinds, dtype=np.float32)[list(labels)]
    weights = np.zeros((inputs.shape[1], kinds), np.float32)
    mean, spread = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, ROUNDS + 1):
        slope = inputs.T @ (softmax(np, inputs @ weights) - wanted)
        slope[:-1] += DECAY * weights[:-1]
        mean = 0.9 * mean + 0.1 * slope
        spread = 0.99 * spread + 0.01 * slope * slope
        rate = 0.5 * min(1.0, 2 * (ROUNDS - step) / ROUNDS + 0.02)
        pace = np.sqrt(spread / (1 - 0.99**step)) + 1e-8
        weights -= rate * (mean / (1 - 0.9**step)) / pace
    return weights


# --- what sentences are before the last layers, and after them -------------------------------


def before_last_layers(model: MiniLM, texts: Sequence[str]) -> list[Any]:
    """Return each text as the last layers are given it: rows of (token, number)."""
    np = model.numpy
    ids = [model.ids(text) for text in texts]
    found: dict[int, Any] = {}
    for places in of_one_length(np, [len(each) for each in ids], READ_TOGETHER):
        tokens = np.array([ids[place] for place in places])
        given = model.embeddings.words[tokens] + model.embeddings.places[: tokens.shape[1]]
        hidden, _ = normed(given, model.embeddings.norm)
        for layer in model.layers[:-TUNED]:
            hidden, _ = forward(np, layer, hidden)
        found.update(zip(places.tolist(), hidden, strict=True))
    return [found[place] for place in range(len(texts))]


def read(np: Any, given: Sequence[Any], layers: Sequence[Layer]) -> Any:
    """Return what texts mean after the last layers, rows of length 1."""
    vectors = np.zeros((len(given), given[0].shape[1]), np.float32)
    for places in of_one_length(np, [len(each) for each in given], READ_TOGETHER):
        hidden = np.stack([given[place] for place in places])
        for layer in layers:
            hidden, _ = forward(np, layer, hidden)
        mean = hidden.mean(1)
        vectors[places] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
    return vectors


# --- the last layers -------------------------------------------------------------------------

SHARP = 16.0
"""How far nearness to the middle of a topic's sentences counts at first."""

LEFT_OUT = 0.1
"""The share of a sentence's numbers that is not looked at, others each time."""


class Pace:
    """Adam: how far a number moves, by its slopes so far (https://arxiv.org/abs/1412.6980)."""

    def __init__(self, np: Any, start: Any) -> None:
        self._np, self.numbers = np, start
        self._mean, self._spread, self._steps = np.zeros_like(start), np.zeros_like(start), 0

    def move(self, slope: Any, rate: float) -> None:
        self._steps += 1
        self._mean = 0.9 * self._mean + 0.1 * slope
        self._spread = 0.99 * self._spread + 0.01 * slope * slope
        pace = self._np.sqrt(self._spread / (1 - 0.99**self._steps)) + 1e-8
        self.numbers = self.numbers - rate * (self._mean / (1 - 0.9**self._steps)) / pace


def tuned(model: MiniLM, texts: Sequence[str], labels: Any) -> list[Narrow]:
    """Return what to add to the model's last layers so that topics lie apart.

    Sentences are drawn towards the middle of their topic and away from those of others, by a
    softmax whose columns begin as these middles and move along.
    """
    np, layers = model.numpy, model.layers[-TUNED:]
    draws = np.random.default_rng(0)
    as_written = before_last_layers(model, texts)
    narrow = [_at_first(np, draws) for _ in layers]
    middles = Pace(np, _middles(np, read(np, as_written, layers), labels))
    for epoch in range(lowrank.EPOCHS):
        given = _as_typed(model, texts, as_written, draws)
        batches = of_one_length(np, [len(each) for each in given], lowrank.BATCH, draws)
        for step, places in enumerate(batches, start=1):
            done = (epoch + step / len(batches)) / lowrank.EPOCHS
            pace = min(1.0, 10 * done) * max(0.02, 1 - done)
            now = [layer.changed(_halves(each)) for layer, each in zip(layers, narrow, strict=True)]
            hidden, kept = np.stack([given[place] for place in places]), []
            for layer in now:
                hidden, keeps = forward(np, layer, hidden)
                kept.append(keeps)
            seen = (draws.random((len(places), hidden.shape[2])) >= LEFT_OUT) / (1 - LEFT_OUT)
            slope, of_middles = _slopes(
                np, hidden, labels[places], middles.numbers, seen.astype(np.float32)
            )
            for layer, each, keeps in zip(now[::-1], narrow[::-1], kept[::-1], strict=True):
                slope, ends = backward(np, layer, slope, keeps)
                _move(each, ends, lowrank.RATE * pace)
            middles.move(of_middles, lowrank.RATE_OF_MIDDLES * pace)
    return [_halves(each) for each in narrow]


def _as_typed(
    model: MiniLM, texts: Sequence[str], as_written: Sequence[Any], draws: Any
) -> list[Any]:
    """Return what the last layers are given of each text, of some as typed in haste."""
    given = list(as_written)
    rows = model.numpy.flatnonzero(draws.random(len(texts)) < OFTEN)
    typed = [hasty(texts[row], draws) for row in rows]
    for row, each in zip(rows, before_last_layers(model, typed), strict=True):
        given[row] = each
    return given


Moving = Mapping[str, tuple[Pace, Pace]]


def _at_first(np: Any, draws: Any) -> Moving:
    """Return narrow matrices whose products are 0, so that training begins with the model."""
    return {
        name: (
            Pace(np, (draws.standard_normal((height, RANK)) / height**0.5).astype(np.float32)),
            Pace(np, np.zeros((RANK, width), np.float32)),
        )
        for name, (height, width) in SHAPES.items()
    }


def _halves(moving: Moving) -> Narrow:
    return {name: (down.numbers, up.numbers) for name, (down, up) in moving.items()}


def _move(moving: Moving, ends: Mapping[str, tuple[Any, Any]], rate: float) -> None:
    for name, (given, slope) in ends.items():
        given, slope = given.reshape(-1, given.shape[-1]), slope.reshape(-1, slope.shape[-1])
        down, up = moving[name]
        of_down, of_up = given.T @ (slope @ up.numbers.T), (given @ down.numbers).T @ slope
        down.move(of_down, rate)
        up.move(of_up, rate)


def _middles(np: Any, vectors: Any, labels: Any) -> Any:
    """Return a column for each topic: the middle of its sentences, and a bias of 0."""
    middles = np.stack([vectors[labels == label].mean(0) for label in range(labels.max() + 1)], 1)
    middles *= SHARP / np.linalg.norm(middles, axis=0)
    return np.vstack([middles, np.zeros((1, middles.shape[1]), np.float32)])


def _slopes(np: Any, hidden: Any, labels: Any, middles: Any, seen: Any) -> tuple[Any, Any]:
    """Return the slopes of each token's numbers, and of the middles."""
    mean = hidden.mean(1)
    length = np.linalg.norm(mean, axis=1, keepdims=True)
    vectors = mean / length
    looked_at = vectors * seen
    wrong = softmax(np, looked_at @ middles[:-1] + middles[-1])
    wrong[np.arange(len(labels)), labels] -= 1
    wrong /= len(labels)
    slope = wrong @ middles[:-1].T * seen
    slope = (slope - vectors * (slope * vectors).sum(1, keepdims=True)) / length
    of_tokens = np.repeat(slope[:, None] / hidden.shape[1], hidden.shape[1], 1)
    return of_tokens, np.vstack([looked_at.T @ wrong, wrong.sum(0, keepdims=True)])


def main() -> None:
    model = MiniLM(as_published=True)
    np, last = model.numpy, model.layers[-TUNED:]
    said = [(label, text) for label, topic in enumerate(topics()) for text in topic.said]
    labels, texts = np.array([label for label, _ in said]), [text for _, text in said]
    digest = trained_from().encode() + b"\n"
    lowrank.FILE.write_bytes(digest + lowrank.written(np, tuned(model, texts, labels)))
    changed = [layer.changed(each) for layer, each in zip(last, lowrank.changes(np), strict=True)]
    vectors = read(np, before_last_layers(model, texts), changed)
    weights = trained(np, vectors, labels.tolist(), len(topics()))
    HEAD.write_bytes(digest + weights.astype(np.float16).tobytes())
    sizes = [file.stat().st_size for file in (lowrank.FILE, HEAD)]
    print(f"{len(topics())} topics, {len(said):,} sentences, {sizes[0]:,} and {sizes[1]:,} bytes")


if __name__ == "__main__":
    main()
