"""What the model is trained on besides whole sentences: how people type in haste."""

from __future__ import annotations

import numpy
import pytest

from handlers.likeness.hasty import SHORT, hasty
from handlers.likeness.taxonomy import topics

SAID = "We wait for the people of another team every week, and nobody answers."


def typed(text: str, times: int = 100) -> list[str]:
    draws = numpy.random.default_rng(0)
    return [hasty(text, draws) for _ in range(times)]


def test_one_sentence_is_typed_in_many_ways_the_same_ways_each_time() -> None:
    """Whoever trains the model anew gets the same model."""
    assert typed(SAID) == typed(SAID)
    assert len(set(typed(SAID))) > 60


@pytest.mark.parametrize(
    ("trace", "least"),
    [
        pytest.param(lambda way: "ppl" in way.split(), 10, id="abbreviated"),
        pytest.param(lambda way: way == way.lower() and "," not in way, 30, id="small letters"),
        pytest.param(lambda way: "the" not in way.split(), 30, id="without small words"),
        pytest.param(lambda way: "answers" not in way, 5, id="a slip of the finger"),
    ],
)
def test_each_kind_of_haste_is_among_them(trace: object, least: int) -> None:
    assert callable(trace)
    assert least <= sum(map(trace, typed(SAID))) < 100


def test_something_is_left_of_every_sentence_and_words_keep_their_first_letter() -> None:
    """A topic must not be trained on nothing at all."""
    texts = [text for topic in topics()[::10] for text in topic.said[::10]]
    for text in [*texts, "It is", "a", ""]:
        for way in typed(text, 5):
            assert bool(way) == bool(text)
    assert all(way[0] == "s" for way in typed("standups") if way not in SHORT.values())
