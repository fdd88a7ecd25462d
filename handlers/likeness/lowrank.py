"""What was changed in the model's last layers, so that it tells the topics of teams apart.

Each matrix of such a layer has a matrix of low rank added to it, a product of two narrow ones
(LoRA, https://arxiv.org/abs/2106.09685). `topics.layers` keeps these: a line that names what they
were trained from, then their numbers in half precision. Added once at loading, they cost nothing
for a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("topics.layers")

RANK, TUNED = 16, 4
"""Columns of a narrow matrix, and how many of the last layers are changed."""

EPOCHS, BATCH = 4, 32
RATE, RATE_OF_MIDDLES = 1e-3, 1e-2
"""How often all sentences are read in training, how many at once, and how far numbers move."""

SHAPES = {"ask": (384, 1152), "mix": (384, 384), "widen": (384, 1536), "narrow": (1536, 384)}
"""The matrices of a layer, by the names they have in `minilm.py`."""

Narrow = Mapping[str, tuple[Any, Any]]
"""The two narrow matrices of each matrix of one layer."""


def changes(np: Any) -> Sequence[Narrow]:
    """Return what is added to the last layers, the lowest first."""
    numbers = np.frombuffer(FILE.read_bytes().split(b"\n", 1)[1], np.float16).astype(np.float32)
    shapes = [
        shape for height, width in SHAPES.values() for shape in ((height, RANK), (RANK, width))
    ]
    sizes = [height * width for height, width in shapes * TUNED]
    parts = np.split(numbers, np.cumsum(sizes)[:-1])
    matrices = iter(part.reshape(shape) for part, shape in zip(parts, shapes * TUNED, strict=True))
    return [{name: (next(matrices), next(matrices)) for name in SHAPES} for _ in range(TUNED)]


def written(np: Any, layers: Sequence[Narrow]) -> bytes:
    """Return the numbers as `topics.layers` keeps them."""
    halves = [half for layer in layers for name in SHAPES for half in layer[name]]
    return b"".join(half.astype(np.float16).tobytes() for half in halves)
