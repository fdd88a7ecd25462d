"""Likeness by meaning sees through another wording, and does not slip; the real model runs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from handlers.likeness import ALIKE, Scorer, alike, grouped, word_scorer
from handlers.likeness.minilm import TOKENS_MAX
from handlers.likeness.semantic import NotInstalled, Semantic
from tests.handlers.likeness.pairs import (
    DUPLICATES,
    LOOKALIKES,
    NEW_DUPLICATES,
    NEW_LOOKALIKES,
    Figures,
    Pair,
    every_sentence,
    figures,
    slips_at_random,
)


@pytest.fixture(scope="module")
def semantic() -> Semantic:
    try:
        return Semantic()
    except NotInstalled as missing:
        pytest.skip(f"likeness by meaning is an extra, and {missing}: make semantic")


@pytest.fixture(scope="module")
def scorer(semantic: Semantic) -> Scorer:
    """The measure for every sentence of the labelled pairs."""
    return semantic.scorer(asyncio.run(semantic.read(every_sentence())))


# --- how good it is --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("duplicates", "lookalikes", "least"),
    [
        pytest.param(DUPLICATES, LOOKALIKES, Figures(0.78, 0.82, 0.87), id="chosen on"),
        pytest.param(NEW_DUPLICATES, NEW_LOOKALIKES, Figures(0.86, 0.86, 0.93), id="held out"),
    ],
)
def test_likeness_by_meaning_does_not_slip(
    scorer: Scorer, duplicates: Sequence[Pair], lookalikes: Sequence[Pair], least: Figures
) -> None:
    """On pairs that nothing was chosen on, it finds a third more than words alone."""
    found = figures(scorer, duplicates, lookalikes)

    print(f"\n{len(duplicates)} duplicates, {len(lookalikes)} lookalikes: {found}")
    assert found.precision >= least.precision
    assert found.recall >= least.recall
    assert found.area >= least.area


def test_sentences_picked_at_random_are_not_alike(scorer: Scorer) -> None:
    slips, pairs = slips_at_random(scorer)

    print(f"\n{pairs} random pairs: {slips} taken for alike")
    assert slips <= pairs / 500


def test_it_finds_more_than_words_do(scorer: Scorer) -> None:
    """Otherwise nobody should install a hundred megabytes for it."""
    words = figures(word_scorer(), NEW_DUPLICATES, NEW_LOOKALIKES)
    both = figures(scorer, NEW_DUPLICATES, NEW_LOOKALIKES)

    assert both.recall > words.recall + 0.1
    assert both.area > words.area + 0.03


# --- what it is made of ----------------------------------------------------------------------

KNOWN = ("Builds are slow", [0.01497, 0.01040, 0.03115, 0.00066])
"""A sentence and how its numbers begin, by a second implementation with its makers' tokenizer."""


def test_the_model_gives_the_numbers_it_was_trained_to_give(semantic: Semantic) -> None:
    """A slip in the arithmetic would show in no other way than by being a little worse."""
    numbers = semantic._model.vector(KNOWN[0])

    assert numbers.shape == (384,)
    assert float(numbers @ numbers) == pytest.approx(1.0, abs=1e-5)
    assert numbers[:4].tolist() == pytest.approx(KNOWN[1], abs=1e-4)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Builds are slow", [101, 16473, 2024, 4030, 102]),
        ("CI's flaky-tests!", [101, 25022, 1005, 1055, 13109, 4817, 2100, 1011, 5852, 999, 102]),
        ("Ünïcödé 東京 🙂", [101, 27260, 1879, 1755, 100, 102]),
        ("", [101, 102]),
        ("x" * 101, [101, 100, 102]),
    ],
)
def test_words_become_the_tokens_that_bert_knows(
    semantic: Semantic, text: str, ids: list[int]
) -> None:
    """As the tokenizer of the model's makers cuts them."""
    assert semantic._model._tokenizer.ids(text) == ids


def test_a_page_of_words_is_read_to_the_limit(semantic: Semantic) -> None:
    assert len(semantic._model._tokenizer.ids("word " * 40_000)) == TOKENS_MAX
    assert semantic._model.vector("word " * 40_000).shape == (384,)


# --- how it is used --------------------------------------------------------------------------


def test_what_nobody_read_is_compared_by_words(semantic: Semantic) -> None:
    """A turn never waits for a backlog that was imported a moment ago."""
    said, other = "Vendor answers slowly", "Slow responses from the vendor"
    known = asyncio.run(semantic.read([said]))
    assert semantic.scorer(known)(said, [other]) == word_scorer()(said, [other])
    assert semantic.scorer({})(said, [said]) == [1.0]


def test_likeness_has_no_direction_and_ends_at_one(scorer: Scorer) -> None:
    sentences = every_sentence()[::9]
    for one in sentences:
        for other, score in zip(sentences, scorer(one, sentences), strict=True):
            assert score == scorer(other, [one])[0]
            assert 0.0 <= score <= 1.0
            assert (one == other) == (score > 0.99)


def test_the_same_pure_functions_take_it(scorer: Scorer) -> None:
    """Offers before saving and the groups of a retro need no second way."""
    twins = [*enumerate(twin for _, twin in NEW_DUPLICATES)]
    found = alike(NEW_DUPLICATES[8][0], twins, scorer=scorer)
    assert [match.id for match in found] == [8]
    assert found[0].score >= ALIKE
    texts = [sentence for pair in NEW_DUPLICATES[:6] for sentence in pair]
    groups = grouped(texts, scorer=scorer)
    assert sorted(place for group in groups for place in group) == list(range(len(texts)))
