"""Layers of the model for many sentences at once, and back: how each number should change.

Only training needs it (`training.py`); people's sentences are read one by one (`minilm.py`). Texts
of one length go together, so nothing has to be filled up. Arrays are batches of (sentence, token,
number).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from handlers.likeness.minilm import HEAD_SIZE, HEADS, TINY, Layer

WIDE, CUBED = 0.7978845608, 0.044715
"""The two numbers of the Gaussian error linear unit's approximation."""


def of_one_length(np: Any, lengths: Sequence[int], most: int, draws: Any = None) -> list[Any]:
    """Return batches of places of one length, in order, or as `draws` shuffles them."""
    places: dict[int, list[int]] = {}
    for place, length in enumerate(lengths):
        places.setdefault(length, []).append(place)
    batches = []
    for _, those in sorted(places.items()):
        mixed = np.array(those) if draws is None else draws.permutation(those)
        batches += [mixed[start : start + most] for start in range(0, len(mixed), most)]
    if draws is None:
        return batches
    return [batches[place] for place in draws.permutation(len(batches))]


class Normed(NamedTuple):
    """What a normalization keeps for the way back."""

    numbers: Any
    scale: Any


def normed(x: Any, norm: tuple[Any, Any]) -> tuple[Any, Normed]:
    centred = x - x.mean(-1, keepdims=True)
    scale = ((centred * centred).mean(-1, keepdims=True) + TINY) ** -0.5
    numbers = centred * scale
    return numbers * norm[0] + norm[1], Normed(numbers, scale)


def _normed_back(slope: Any, norm: tuple[Any, Any], kept: Normed) -> Any:
    raised = slope * norm[0]
    along = kept.numbers * (raised * kept.numbers).mean(-1, keepdims=True)
    return kept.scale * (raised - raised.mean(-1, keepdims=True) - along)


class Kept(NamedTuple):
    """What a layer keeps of a batch for the way back."""

    given: Any
    query: Any
    key: Any
    value: Any
    share: Any
    mixed: Any
    norm_1: Normed
    attended: Any
    wide: Any
    bent: Any
    widened: Any
    norm_2: Normed


def forward(np: Any, layer: Layer, given: Any) -> tuple[Any, Kept]:
    """Return what a layer makes of a batch, as `MiniLM.vector` does of one sentence."""
    count, tokens, size = given.shape
    heads = (given @ layer.ask + layer.ask_bias).reshape(count, tokens, 3, HEADS, HEAD_SIZE)
    query, key, value = heads.transpose(2, 0, 3, 1, 4)
    near = query @ key.transpose(0, 1, 3, 2) * np.float32(HEAD_SIZE**-0.5)
    share = np.exp(near - near.max(-1, keepdims=True))
    share /= share.sum(-1, keepdims=True)
    mixed = (share @ value).transpose(0, 2, 1, 3).reshape(count, tokens, size)
    attended, norm_1 = normed(mixed @ layer.mix + layer.mix_bias + given, layer.norm_1)
    wide = attended @ layer.widen + layer.widen_bias
    bent = np.tanh(np.float32(WIDE) * (wide + np.float32(CUBED) * wide * wide * wide))
    widened = np.float32(0.5) * wide * (1 + bent)
    out, norm_2 = normed(widened @ layer.narrow + layer.narrow_bias + attended, layer.norm_2)
    kept = Kept(
        *(given, query, key, value, share, mixed, norm_1),
        *(attended, wide, bent, widened, norm_2),
    )
    return out, kept


def backward(
    np: Any, layer: Layer, slope: Any, kept: Kept
) -> tuple[Any, Mapping[str, tuple[Any, Any]]]:
    """Return the slopes of what a layer was given, out of the slopes of what it made of it.

    Also for each of its matrices what went in and the slopes of what came out.
    """
    count, tokens, size = kept.given.shape
    narrowed = _normed_back(slope, layer.norm_2, kept.norm_2)
    inner = (1 - kept.bent * kept.bent) * np.float32(WIDE)
    inner *= 1 + np.float32(3 * CUBED) * kept.wide * kept.wide
    widened = narrowed @ layer.narrow.T
    widened *= np.float32(0.5) * (1 + kept.bent + kept.wide * inner)
    mixed = _normed_back(narrowed + widened @ layer.widen.T, layer.norm_1, kept.norm_1)
    heads = (mixed @ layer.mix.T).reshape(count, tokens, HEADS, HEAD_SIZE).transpose(0, 2, 1, 3)
    shared = heads @ kept.value.transpose(0, 1, 3, 2)
    near = kept.share * (shared - (shared * kept.share).sum(-1, keepdims=True))
    near *= np.float32(HEAD_SIZE**-0.5)
    asked = np.stack(
        [
            near @ kept.key,
            near.transpose(0, 1, 3, 2) @ kept.query,
            kept.share.transpose(0, 1, 3, 2) @ heads,
        ]
    )
    asked = asked.transpose(1, 3, 0, 2, 4).reshape(count, tokens, 3 * size)
    return mixed + asked @ layer.ask.T, {
        "ask": (kept.given, asked),
        "mix": (kept.mixed, mixed),
        "widen": (kept.attended, widened),
        "narrow": (kept.widened, narrowed),
    }
