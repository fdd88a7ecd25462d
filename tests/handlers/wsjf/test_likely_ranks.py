"""Between which ranks an item likely lies, of how often it had each in 1,000 resamples."""

from __future__ import annotations

import pytest

from handlers.wsjf.ranking import likely


@pytest.mark.parametrize(
    ("times", "rank", "run"),
    [
        ([800, 200, 0], 1, (1, 1)),
        ([799, 201, 0], 1, (1, 2)),
        ([100, 800, 100], 2, (2, 2)),
        ([150, 450, 400, 0], 2, (2, 3)),
        ([400, 400, 200, 0], 3, (1, 3)),  # 80 % lie on 1–2, and the rank is inside
        ([300, 300, 300, 100], 2, (1, 3)),  # as short as 2–4, and it holds more
        ([100, 350, 100, 350, 100], 3, (2, 4)),
        ([400, 100, 100, 400, 0], 1, (1, 4)),
        ([200, 300, 300, 200, 0], 2, (1, 3)),  # as short and as full as 2–4, and better
    ],
)
def test_likely_is_the_shortest_run_of_ranks_that_holds_four_fifths(
    times: list[int], rank: int, run: tuple[int, int]
) -> None:
    """The card promises 8 of 10 cases; ranks that are cut off at both ends alike promise more."""
    assert likely(times, rank) == run
