"""INVEST hints: each verdict with the evidence that a reader can check."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.refine.invest import Story, hints, is_checkable
from handlers.rules.velocity import NO_ITERATIONS, Velocity
from storage.scale import SCALE


def hint(name: str, story: Story) -> tuple[str, str]:
    found = next(hint for hint in hints(story) if hint.name == name)
    return found.verdict, found.evidence


@pytest.mark.parametrize(
    ("name", "story", "verdict", "evidence"),
    [
        ("Independent", Story(), "good", "It waits for nothing."),
        (
            "Independent",
            Story(blockers=("#7 Ledger", "Payments")),
            "weak",
            "It waits for #7 Ledger and Payments.",
        ),
        (
            "Independent",
            Story(blockers=("A", "B", "C", "D", "E")),
            "weak",
            "It waits for A, B, C and 2 more.",
        ),
        ("Negotiable", Story(), "ask", "Is how to do it still open? Only you can tell."),
        (
            "Valuable",
            Story(words="Pay on account"),
            "weak",
            "No metric is named, and no “so that” says what for.",
        ),
        ("Valuable", Story(words="Pay so that it is quick"), "good", "It says what for."),
        ("Valuable", Story(hypothesis=True), "good", "It names the metric it moves."),
        (
            "Valuable",
            Story(hypothesis=True, objective=True),
            "good",
            "It names the metric it moves and serves an objective.",
        ),
        (
            "Valuable",
            Story(hypothesis=True, objective=False),
            "weak",
            "It names the metric it moves, but serves no objective.",
        ),
        ("Estimable", Story(), "weak", "Its size has no votes; 3 are needed."),
        ("Estimable", Story(sizes=(5, 5)), "weak", "Its size has 2 votes; 3 are needed."),
        (
            "Estimable",
            Story(sizes=(3, 5, 8, 20)),
            "weak",
            "2 of 4 votes for its size are within one card of the median.",
        ),
        (
            "Estimable",
            Story(sizes=(3, 5, 5, 8)),
            "good",
            "4 of 4 votes for its size are within one card of the median.",
        ),
        (
            "Estimable",
            Story(sizes=(5,) * 7 + (20,) * 3),
            "good",
            "7 of 10 votes for its size are within one card of the median.",
        ),
        ("Small", Story(), "weak", "It has no points."),
        ("Small", Story(points=1, velocity=Velocity(Fraction(0))), "good", "1 point: at most 8."),
        (
            "Small",
            Story(points=8),
            "good",
            "8 points: at most 8. Velocity is n/a: no iterations are set.",
        ),
        ("Small", Story(points=9), "weak", "9 points: more than 8. Split it?"),
        (
            "Small",
            Story(points=8, velocity=Velocity(Fraction(15))),
            "weak",
            "8 points: more than half of the 15 of an iteration.",
        ),
        (
            "Small",
            Story(points=8, velocity=Velocity(Fraction(16))),
            "good",
            "8 points: at most half of an iteration.",
        ),
        (
            "Small",
            Story(points=6, velocity=Velocity(Fraction(34, 3))),
            "weak",
            "6 points: more than half of the 11.3 of an iteration.",
        ),
        ("Testable", Story(), "weak", "It has no acceptance criteria."),
        (
            "Testable",
            Story(criteria=("It works well",)),
            "weak",
            "0 of 1 criterion can be checked. Hard to check: “It works well”.",
        ),
        (
            "Testable",
            Story(criteria=("A receipt arrives", "It is user-friendly")),
            "good",
            "1 of 2 criteria can be checked. Hard to check: “It is user-friendly”.",
        ),
    ],
)
def test_each_hint_shows_why(name: str, story: Story, verdict: str, evidence: str) -> None:
    assert hint(name, story) == (verdict, evidence)


@pytest.mark.parametrize(
    ("criterion", "checkable"),
    [
        ("A receipt arrives by mail", True),
        ("Fast", False),
        ("Fast: an answer within 2 s", True),
        ("The export works properly", False),
        ("Breakfast is listed", True),  # no word within a word
        ("Der Beleg kommt an", True),
    ],
)
def test_a_vague_word_needs_a_number_beside_it(criterion: str, checkable: bool) -> None:
    assert is_checkable(criterion) is checkable


@given(
    st.builds(
        Story,
        words=st.text(max_size=50),
        criteria=st.lists(st.text(max_size=200), max_size=5).map(tuple),
        points=st.none() | st.integers(1, 100),
        velocity=st.just(NO_ITERATIONS) | st.builds(Velocity, st.fractions(0, 100)),
        hypothesis=st.booleans(),
        objective=st.none() | st.booleans(),
        sizes=st.lists(st.sampled_from(SCALE), max_size=12).map(tuple),
        blockers=st.lists(st.text(max_size=200), max_size=6).map(tuple),
    )
)
def test_every_item_gets_its_six_hints_in_a_sentence(story: Story) -> None:
    found = hints(story)
    assert [hint.name[0] for hint in found] == list("INVEST")
    assert all(len(hint.evidence) <= 300 for hint in found)
