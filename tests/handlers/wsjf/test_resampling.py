"""The packed counters must say exactly what counting one by one would say."""

import hashlib
import subprocess
import sys
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.wsjf.resampling import resampled_medians
from handlers.wsjf.scale import NO_VALUE

CELLS = 8
HANDS = st.lists(
    st.binary(min_size=CELLS, max_size=CELLS).map(lambda hand: bytes(card % 8 for card in hand)),
    min_size=1,
    max_size=12,
)


def counted_one_by_one(hands: list[bytes], seed: int, resamples: int) -> list[bytes]:
    """The bootstrap in its plainest form: draw, sort, take the upper median."""
    random = Random(seed)
    medians = []
    for _ in range(resamples):
        drawn = [hands[random.getrandbits(32) * len(hands) >> 32] for _ in hands]
        cells = zip(*drawn, strict=True)
        columns = [sorted(card for card in cell if card != NO_VALUE) for cell in cells]
        medians.append(bytes(cell[len(cell) // 2] if cell else NO_VALUE for cell in columns))
    return medians


@given(HANDS, st.integers())
def test_medians_are_those_of_counting_one_by_one(hands: list[bytes], seed: int) -> None:
    """The trick is worth its speed only while nobody can tell the difference."""
    fast = list(resampled_medians(hands, seed=seed, resamples=20))
    assert fast == counted_one_by_one(hands, seed, 20)


@pytest.mark.parametrize("voters", [1, 126, 127, 128, 129, 32_767, 32_768])
def test_lanes_grow_with_the_crowd_instead_of_spilling_over(voters: int) -> None:
    """All on one side is the fullest a lane gets; one more voter must not carry into the next."""
    top, bottom, mixed = bytes([6] * CELLS), bytes([0] * CELLS), bytes([0, 6, NO_VALUE, 3] * 2)
    for hand in (top, bottom, mixed):
        assert set(resampled_medians([hand] * voters, seed=1, resamples=2)) == {hand}


def test_a_large_crowd_is_counted_as_exactly_as_a_small_one() -> None:
    """200 voters need two bytes a lane."""
    random = Random(5)
    hands = [bytes(random.randrange(8) for _ in range(CELLS)) for _ in range(200)]
    fast = list(resampled_medians(hands, seed=9, resamples=50))
    assert fast == counted_one_by_one(hands, 9, 50)


def test_no_hands_yield_nothing() -> None:
    """There is no crowd to draw from."""
    assert list(resampled_medians([], seed=1)) == []


def test_a_seed_means_the_same_in_every_process() -> None:
    """A card drawn again by another replica must not show other intervals."""
    program = (
        "import hashlib; from handlers.wsjf.resampling import resampled_medians\n"
        "hands = [bytes((v * c) % 8 for c in range(8)) for v in range(9)]\n"
        "print(hashlib.sha256(b''.join(resampled_medians(hands, seed=42))).hexdigest())"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    hands = [bytes((v * c) % 8 for c in range(8)) for v in range(9)]
    here = hashlib.sha256(b"".join(resampled_medians(hands, seed=42))).hexdigest()
    assert elsewhere.stdout.strip() == here
