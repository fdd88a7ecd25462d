"""Train the topics anew after topics.txt has changed: `make topics`.

Reading six thousand sentences takes two minutes, training some seconds. The same sentences give
the same head, up to the rounding of the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers.likeness.head import DECAY, HEAD, ROUNDS, softmax, trained_from
from handlers.likeness.minilm import MiniLM
from handlers.likeness.taxonomy import topics


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


def main() -> None:
    model = MiniLM()
    said = [(label, text) for label, topic in enumerate(topics()) for text in topic.said]
    vectors = model.numpy.stack([model.vector(text) for _, text in said])
    weights = trained(model.numpy, vectors, [label for label, _ in said], len(topics()))
    numbers = weights.astype(model.numpy.float16).tobytes()
    HEAD.write_bytes(trained_from().encode() + b"\n" + numbers)
    print(f"{len(topics())} topics, {len(said):,} sentences, {len(numbers):,} bytes")


if __name__ == "__main__":
    main()
