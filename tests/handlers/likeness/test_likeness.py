"""Sentences that say the same find each other, and those that only sound alike do not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.likeness import ALIKE, Match, alike, grouped, word_scorer
from tests.handlers.likeness.pairs import (
    DUPLICATES,
    LOOKALIKES,
    NEW_DUPLICATES,
    NEW_LOOKALIKES,
    Figures,
    Pair,
    figures,
    slips_at_random,
)


def likeness(one: str, other: str) -> float:
    return word_scorer()(one, [other])[0]


# --- how good it is --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("duplicates", "lookalikes", "least"),
    [
        pytest.param(DUPLICATES, LOOKALIKES, Figures(0.77, 0.82, 0.86), id="chosen on"),
        pytest.param(NEW_DUPLICATES, NEW_LOOKALIKES, Figures(0.90, 0.65, 0.86), id="held out"),
    ],
)
def test_likeness_does_not_slip(
    duplicates: Sequence[Pair], lookalikes: Sequence[Pair], least: Figures
) -> None:
    """Whoever changes words, weights or the threshold sees here what it costs."""
    found = figures(word_scorer(), duplicates, lookalikes)

    print(f"\n{len(duplicates)} duplicates, {len(lookalikes)} lookalikes: {found}")
    assert found.precision >= least.precision
    assert found.recall >= least.recall
    assert found.area >= least.area


def test_sentences_picked_at_random_are_not_alike() -> None:
    """A retro has thousands of pairs: false alarms have to be one in five hundred at most."""
    slips, pairs = slips_at_random(word_scorer())

    print(f"\n{pairs} random pairs: {slips} taken for alike")
    assert slips <= pairs / 500


def test_most_sentences_find_their_twin_first() -> None:
    """What is offered first should be the one the person means."""
    pairs = DUPLICATES + NEW_DUPLICATES
    twins = [twin for _, twin in pairs]
    scorer = word_scorer()
    found = 0
    for said, twin in pairs:
        scores = scorer(said, twins)
        found += twins[max(range(len(twins)), key=scores.__getitem__)] == twin

    print(f"\n{found} of {len(pairs)} sentences find their twin first")
    assert found >= 0.9 * len(pairs)


# --- alike -----------------------------------------------------------------------------------

BACKLOG = (
    (7, "Estimation sessions take too long"),
    (3, "Builds are slow"),
    (9, "Estimation is slow"),
    (4, "Standups run long"),
)


def test_items_that_say_the_same_are_offered_best_first() -> None:
    """Before an item is saved twice, its author may join the one that is there."""
    found = alike("Estimation runs long", BACKLOG)

    assert [match.id for match in found] == [7, 9]
    assert found[0].text == "Estimation sessions take too long"
    assert found[0].score > found[1].score >= ALIKE


def test_an_equal_sentence_is_entirely_alike() -> None:
    """1.0 means the same words, whatever their case, order and endings."""
    assert alike("builds: slow!", BACKLOG) == (Match(3, "Builds are slow", 1.0),)


def test_of_equals_the_older_comes_first() -> None:
    """People join the item that was there before."""
    twice = [(12, "Builds are slow"), (5, "Slow builds"), (8, "Build is slow")]

    assert [match.id for match in alike("Builds are slow", twice, limit=2)] == [5, 8]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PR is waiting for days", "Pull requests wait for days"),
        ("CI is red", "The pipeline is red"),
        ("Stand-ups drag on", "Standups drag on"),
        ("Prioritise tech debt", "Prioritize technical debt"),
        ("DoD ignored", "Definition of done ignored"),
        ("Retros don’t help", "Retrospectives dont help"),
    ],
)
def test_abbreviations_and_spellings_are_the_same_words(one: str, other: str) -> None:
    """Half a team writes PR, the other half pull request."""
    assert likeness(one, other) > 0.9


@pytest.mark.parametrize("text", ["", "🙂", "How is it?", "   "])
def test_a_text_without_words_is_like_nothing_but_itself(text: str) -> None:
    """An emoji is no topic."""
    assert alike(text, [(1, "Builds are slow"), (2, "It is")]) == ()
    assert likeness(text, text) == 1.0


def test_another_scorer_can_be_plugged_in() -> None:
    """Sentence embeddings need no change here."""

    def by_length(text: str, candidates: Sequence[str]) -> Sequence[float]:
        return [float(len(text) == len(candidate)) for candidate in candidates]

    assert alike("abc", [(1, "xyz"), (2, "x")], scorer=by_length) == (Match(1, "xyz", 1.0),)
    assert grouped(["abc", "x", "xyz"], scorer=by_length) == ((0, 2), (1,))


# --- grouped ---------------------------------------------------------------------------------


def test_insights_of_a_retro_fall_into_groups() -> None:
    """Everybody writes alone; together they see that three mean the same."""
    said = [
        "Builds are slow",
        "Standups run too long",
        "CI build is too slow",
        "Great help from the platform team",
        "The standup takes too long",
        "Slow builds",
    ]

    assert grouped(said) == ((0, 2, 5), (1, 4), (3,))


def test_a_chain_of_neighbours_does_not_pull_strangers_together() -> None:
    """A is like B and B like C, but a group of A, B and C would say nothing."""

    def chain(text: str, candidates: Sequence[str]) -> Sequence[float]:
        return [0.9 if abs(ord(text) - ord(other)) == 1 else 0.0 for other in candidates]

    assert grouped("abcd", scorer=chain) == ((0, 1), (2, 3))


WORDS = "slow build builds long standup CI pipeline release docs too 🙂"
sentences = st.lists(st.sampled_from(WORDS.split()), max_size=5).map(" ".join) | st.text(
    max_size=12
)


@given(st.data(), st.lists(sentences, max_size=10))
def test_the_order_of_the_insights_does_not_matter(data: st.DataObject, texts: list[str]) -> None:
    """Two replicas, or a late insight, must not show other groups for the same sentences."""
    shuffled = data.draw(st.permutations(texts))

    def together(texts: list[str]) -> list[list[str]]:
        return sorted(sorted(texts[i] for i in group) for group in grouped(texts))

    assert together(shuffled) == together(texts)


@given(st.lists(sentences, max_size=10))
def test_every_insight_stands_in_one_group(texts: list[str]) -> None:
    """None is lost, none counted twice, and equal ones stay together."""
    groups = grouped(texts)
    group_of = {position: group for group in groups for position in group}

    assert sorted(position for group in groups for position in group) == list(range(len(texts)))
    for one, other in combinations(range(len(texts)), 2):
        assert texts[one] != texts[other] or group_of[one] == group_of[other]


@given(sentences, sentences)
def test_likeness_has_no_direction(one: str, other: str) -> None:
    """What is offered to one must be offered to the other; 1.0 is the most there is."""
    assert likeness(one, other) == likeness(other, one)
    assert 0.0 <= likeness(one, other) <= 1.0


@given(sentences, st.lists(sentences, max_size=5))
def test_likeness_depends_on_the_two_sentences_only(text: str, candidates: list[str]) -> None:
    """A threshold would mean nothing if every new item moved all the scores."""
    assert word_scorer()(text, candidates) == [likeness(text, other) for other in candidates]
