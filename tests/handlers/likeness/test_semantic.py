"""Likeness by meaning sees through another wording, and does not slip; the real model runs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from bench.patterns import retros, trains
from handlers.likeness import ALIKE, Scorer, alike, lowrank, word_scorer
from handlers.likeness.head import HEAD, Head, trained_from
from handlers.likeness.layers import backward, forward
from handlers.likeness.minilm import TOKENS_MAX, MiniLM
from handlers.likeness.semantic import Semantic
from handlers.likeness.shape import subjects
from handlers.likeness.taxonomy import topics
from handlers.likeness.training import before_last_layers, read, tuned
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
from tests.handlers.likeness.said import (
    fresh_hands,
    fresh_improvements,
    hands,
    improvements,
    later_hands,
    lookalikes,
    more_lookalikes,
    other_hands,
    product_items,
    same,
    taken,
    taken_at_random,
    wordings,
)
from tests.handlers.likeness.standin import DEPENDENCIES


@pytest.fixture(scope="module")
def semantic() -> Semantic:
    return Semantic()


@pytest.fixture(scope="module")
def scorer(semantic: Semantic) -> Scorer:
    """The measure of the same item for every labelled sentence."""
    texts = [*every_sentence(), *product_items()]
    texts += [text for group in [*fresh_hands(), *lookalikes()] for text in group]
    return semantic.same_item(asyncio.run(semantic.read(texts)))


# --- the same item? --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("duplicates", "lookalikes_", "least"),
    [
        pytest.param(DUPLICATES, LOOKALIKES, Figures(0.84, 0.93, 0.95), id="chosen on"),
        pytest.param(NEW_DUPLICATES, NEW_LOOKALIKES, Figures(0.85, 0.95, 0.98), id="held out"),
    ],
)
def test_likeness_by_meaning_does_not_slip(
    scorer: Scorer, duplicates: Sequence[Pair], lookalikes_: Sequence[Pair], least: Figures
) -> None:
    found = figures(scorer, duplicates, lookalikes_)

    print(f"\n{len(duplicates)} duplicates, {len(lookalikes_)} lookalikes: {found}")
    assert found.precision >= least.precision
    assert found.recall >= least.recall
    assert found.area >= least.area


def test_what_people_say_in_other_words_is_found(scorer: Scorer) -> None:
    """Hardly two people use the same words for a trouble; by words nothing of it is found."""
    found = taken(scorer, same(fresh_hands()))
    by_words = taken(word_scorer(), same(fresh_hands()))

    print(f"\nby words {by_words}, by meaning {found}")
    assert by_words.of_all < 0.05
    assert found.of_all > 0.88


def test_sentences_picked_at_random_are_not_alike(scorer: Scorer) -> None:
    """A wrong offer costs a look, a hundred of them cost the trust in all."""
    slips, pairs = slips_at_random(scorer)
    troubles = taken_at_random(scorer, fresh_hands())
    product = taken_at_random(scorer, [[item] for item in product_items()])

    print(f"\nat random {slips} of {pairs}, troubles {troubles}, product items {product}")
    assert slips <= pairs / 200
    assert troubles.of_all <= 0.006
    assert product.of_all <= 0.002


def test_one_shape_about_two_subjects_is_two_items(scorer: Scorer) -> None:
    """Joining "payments blocks us" with "search blocks us" would lose one of them."""
    assert scorer("The payments team blocks us", ["The search team blocks us"])[0] < ALIKE
    assert taken(scorer, lookalikes()).of_all <= 0.1


@pytest.mark.parametrize(
    ("one", "other", "pair"),
    [
        ("The login API changed", "The stock API changed", ("login", "stock")),
        ("Upgrade to Redis 8", "Upgrade Redis", None),
        ("Code reviews take days", "Reviewing a PR takes several days", None),
        ("We wait for legal", "We wait for the bank", ("legal", "bank")),
        ("Builds are slow", "Builds are slow", None),
    ],
)
def test_subjects_are_what_one_shape_differs_in(
    one: str, other: str, pair: tuple[str, str] | None
) -> None:
    assert subjects(one, other) == pair


# --- the same theme? -------------------------------------------------------------------------


def test_a_retro_in_other_words_falls_into_its_themes(semantic: Semantic) -> None:
    """By words nearly every note stayed alone. Joining what is different is the worse mistake."""
    found = retros(semantic, hands(), 6)

    print(f"\n{found}")
    assert found.f1 > 0.6
    assert found.precision > 0.75


def test_what_a_train_shares_is_found_among_much_else(semantic: Semantic) -> None:
    found = trains(semantic, hands(), 12)

    print(f"\n{found}")
    assert found.f1 > 0.45
    assert found.precision > 0.6


def test_four_teams_with_four_wordings_share_a_topic(semantic: Semantic) -> None:
    said = [
        *list(DEPENDENCIES)[:3],
        "We don't see which team depends on which",
        "In week five it turned out that we cannot start without the data team",
        "We find out much too late which other teams we need",
    ]
    noise = ["Show the price per litre", "The office is too loud"]
    about = semantic.topics(asyncio.run(semantic.read([*said, *noise])))
    assert {about.get(text) for text in said} == {"deps-late"}
    assert about.get(noise[0]) != "deps-late" != about.get(noise[1])


# --- what it was trained on ------------------------------------------------------------------


def test_the_head_was_trained_on_the_topics_that_lie_here(semantic: Semantic) -> None:
    """Whoever changes a sentence types `make topics`; the file says what it was made from."""
    for file in (HEAD, lowrank.FILE):
        assert file.read_bytes().split(b"\n", 1)[0].decode() == trained_from()
    said = [(topic.name, topic.said[place % 15]) for place, topic in enumerate(topics()[::6])]
    texts = [text for _, text in said]
    best = semantic._head.shares(semantic._vectors(asyncio.run(semantic.read(texts))), texts)
    best = best.argmax(1)
    right = sum(topics()[column].name == name for (name, _), column in zip(said, best, strict=True))
    assert right >= len(said) - 1


def test_a_topics_own_words_count_beside_what_a_sentence_means() -> None:
    """Where meaning says nothing, each topic is found by words that are said of it."""
    import numpy

    known = topics()[::20]
    head = Head(numpy)
    meant: Any = numpy.zeros((len(known), 384), numpy.float32)
    shares = head.shares(meant, [topic.said[0] for topic in known])
    assert [head.names[best] for best in shares.argmax(1)] == [topic.name for topic in known]


def test_what_measures_is_not_what_was_learnt() -> None:
    """Else the figures would be about memory."""
    learnt = {text.casefold() for topic in topics() for text in topic.said}
    measuring = [*product_items(), *improvements(), *fresh_improvements()]
    groups = [*wordings(), *other_hands(), *fresh_hands(), *hands(), *later_hands()]
    groups += [*lookalikes(), *more_lookalikes()]
    measuring += [text for group in groups for text in group]
    assert not [text for text in measuring if text.casefold() in learnt]


def test_every_topic_is_said_in_many_voices() -> None:
    assert min(len(topic.said) for topic in topics()) >= 15
    names = [topic.name for topic in topics()]
    assert len(names) == len(set(names))


# --- what it is made of ----------------------------------------------------------------------

KNOWN = ("Builds are slow", [0.01497, 0.01040, 0.03115, 0.00066])
"""A sentence and how its numbers begin, by a second implementation with its makers' tokenizer."""


def test_the_model_gives_the_numbers_it_was_trained_to_give() -> None:
    """A slip in the arithmetic would show in no other way than by being a little worse."""
    numbers = MiniLM(as_published=True).vector(KNOWN[0])

    assert numbers.shape == (384,)
    assert float(numbers @ numbers) == pytest.approx(1.0, abs=1e-5)
    assert numbers[:4].tolist() == pytest.approx(KNOWN[1], abs=1e-4)


def test_layers_find_back_how_each_number_counts() -> None:
    """Training goes downhill by these slopes; here each is tried by a small step to either side."""
    model = MiniLM(as_published=True)
    np, layer = model.numpy, model.layers[-1]
    given = before_last_layers(model, [KNOWN[0]])[0][None].astype(np.float64)
    weights = np.random.default_rng(0).standard_normal(given.shape)

    def total(place: tuple[int, int, int], step: float) -> float:
        moved = given.copy()
        moved[place] += step
        return float((forward(np, layer, moved)[0] * weights).sum())

    slopes, _ = backward(np, layer, weights, forward(np, layer, given)[1])
    for place in ((0, 1, 3), (0, 2, 200), (0, 4, 383)):
        tried = (total(place, 1e-4) - total(place, -1e-4)) / 2e-4
        assert slopes[place] == pytest.approx(tried, rel=1e-4)


def test_training_draws_sentences_of_one_topic_together() -> None:
    """Twelve sentences of two topics are enough to see that they come apart."""
    model = MiniLM(as_published=True)
    np, last = model.numpy, model.layers[-lowrank.TUNED :]
    said = [text for topic in topics()[:2] for text in topic.said[:6]]
    given = before_last_layers(model, said)
    narrow = tuned(np, given, np.repeat([0, 1], 6), last)
    before = read(np, given, last)
    after = read(np, given, [one.changed(each) for one, each in zip(last, narrow, strict=True)])

    assert np.abs(before[0] - model.vector(said[0])).max() < 1e-5, "the model, many at a time"
    across, across_before = after[:6] @ after[6:].T, before[:6] @ before[6:].T
    assert across.mean() < across_before.mean() - 0.1


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
    assert semantic.same_item(known)(said, [other]) == word_scorer()(said, [other])
    assert semantic.same_item({})(said, [said]) == [1.0]
    assert semantic.topics({}) == {}


def test_likeness_has_no_direction_and_ends_at_one(scorer: Scorer) -> None:
    sentences = every_sentence()[::9]
    for one in sentences:
        for other, score in zip(sentences, scorer(one, sentences), strict=True):
            assert score == pytest.approx(scorer(other, [one])[0], abs=1e-5)
            assert 0.0 <= score <= 1.0
            assert (one == other) == (score > 0.99)


def test_the_same_pure_function_takes_it(scorer: Scorer) -> None:
    """Offers before saving need no second way."""
    twins = [*enumerate(twin for _, twin in NEW_DUPLICATES)]
    found = alike(NEW_DUPLICATES[8][0], twins, scorer=scorer)
    assert [match.id for match in found] == [8]
    assert found[0].score >= ALIKE
