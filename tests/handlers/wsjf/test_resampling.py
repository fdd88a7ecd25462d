"""The packed counters must say exactly what counting one by one would say."""

import hashlib
import subprocess
import sys
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.wsjf.resampling import draws, resampled_steps
from handlers.wsjf.scale import NO_VALUE

CELLS = 8
HANDS = st.lists(
    st.binary(min_size=CELLS, max_size=CELLS).map(lambda hand: bytes(card % 8 for card in hand)),
    min_size=1,
    max_size=12,
)


def counted_one_by_one(
    hands: list[bytes], trimmed: list[bool], seed: int, resamples: int
) -> list[list[float | None]]:
    """The bootstrap in its plainest form: draw one fewer, sort, cut the ends, take the mean."""
    found: list[list[float | None]] = [[] for _ in trimmed]
    for places in draws(len(hands), resamples, Random(seed)):
        drawn = [hands[place] for place in places]
        for cell, own, trims in zip(zip(*drawn, strict=True), found, trimmed, strict=True):
            cards = sorted(card for card in cell if card != NO_VALUE)
            middle = cards[1:-1] if trims and len(cards) > 2 else cards
            own.append(sum(middle) / len(middle) if middle else None)
    return found


@given(HANDS, st.lists(st.booleans(), min_size=CELLS, max_size=CELLS), st.integers())
def test_steps_are_those_of_counting_one_by_one(
    hands: list[bytes], trimmed: list[bool], seed: int
) -> None:
    """The trick is worth its speed only while nobody can tell the difference."""
    fast = resampled_steps(hands, trimmed, seed=seed, resamples=20)
    assert fast == counted_one_by_one(hands, trimmed, seed, 20)


@pytest.mark.parametrize("voters", [1, 2, 255, 256, 257, 32_768])
def test_lanes_grow_with_the_crowd_instead_of_spilling_over(voters: int) -> None:
    """All on one side is the fullest a lane gets; one more voter must not carry into the next."""
    top, bottom, mixed = bytes([6] * CELLS), bytes([0] * CELLS), bytes([0, 6, NO_VALUE, 3] * 2)
    for hand in (top, bottom, mixed):
        steps = resampled_steps([hand] * voters, [True] * CELLS, seed=1, resamples=2)
        assert steps == [[None if card == NO_VALUE else float(card)] * 2 for card in hand]


@pytest.mark.parametrize("voters", [1, 2, 3, 60, 129, 255, 300])
def test_one_fewer_than_voted_is_drawn_and_nobody_is_favoured(voters: int) -> None:
    """129 throws away half of all bytes; 300 need wider numbers."""
    found = list(draws(voters, 200, Random(3)))
    assert len(found) == 200
    assert {len(each) for each in found} == {max(1, voters - 1)}
    counts = Counter(place for each in found for place in each)
    assert set(counts) == set(range(voters))
    fair = 200 * max(1, voters - 1) / voters
    assert all(abs(count - fair) < 6 * fair**0.5 for count in counts.values())


def test_a_large_crowd_is_counted_as_exactly_as_a_small_one() -> None:
    """300 voters need wide lanes."""
    random = Random(5)
    hands = [bytes(random.randrange(8) for _ in range(CELLS)) for _ in range(300)]
    fast = resampled_steps(hands, [True, False] * 4, seed=9, resamples=50)
    assert fast == counted_one_by_one(hands, [True, False] * 4, 9, 50)


def test_a_seed_means_the_same_in_every_process() -> None:
    """A card drawn again by another replica must not show other intervals."""
    program = (
        "import hashlib; from handlers.wsjf.resampling import resampled_steps\n"
        "hands = [bytes((v * c) % 8 for c in range(8)) for v in range(9)]\n"
        "steps = resampled_steps(hands, [True] * 8, seed=42)\n"
        "print(hashlib.sha256(repr(steps).encode()).hexdigest())"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    hands = [bytes((v * c) % 8 for c in range(8)) for v in range(9)]
    steps = resampled_steps(hands, [True] * 8, seed=42)
    here = hashlib.sha256(repr(steps).encode()).hexdigest()
    assert elsewhere.stdout.strip() == here
