"""What is worth voting on again: what could change the order."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.wsjf.scale import SCALE
from handlers.wsjf.worth import Contest, Worth, first

CARDS = st.sampled_from(SCALE)
ITEMS = st.lists(st.tuples(CARDS, CARDS, CARDS, CARDS), min_size=2, max_size=5)


def cost(items: list[tuple[int, ...]]) -> float:
    """Cost of delay × the time until an item is done, over all items."""
    done, total = 0, 0.0
    for ubv, tc, rroe, size in items:
        done += size
        total += (ubv + tc + rroe) * done
    return total


def best_first(items: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    return sorted(items, key=lambda item: -sum(item[:3]) / item[3])


@given(ITEMS, st.data())
def test_a_share_is_what_trying_every_order_would_say(
    items: list[tuple[int, ...]], data: st.DataObject
) -> None:
    now = best_first(items)
    orders = [cost(list(order)) for order in permutations(now)]
    avoidable = sum(orders) / len(orders) - min(orders)
    place, column = data.draw(st.integers(0, len(now) - 1)), data.draw(st.integers(0, 3))
    steps = data.draw(st.lists(st.integers(0, 6), min_size=1, max_size=4))
    saved = 0.0
    for step in steps:
        turned = [*now]
        turned[place] = (*now[place][:column], SCALE[step], *now[place][column + 1 :])
        saved += cost(turned) - cost(best_first(turned))
    share = Contest(now).share(place, column, [float(step) for step in steps])
    expected = saved / len(steps) / avoidable if avoidable else 0.0
    assert share == pytest.approx(expected, abs=1e-9)


def test_a_dispute_that_moves_nothing_is_worth_nothing() -> None:
    """Whether the first is a 13 or a 20, it stays the first."""
    contest = Contest([(13, 13, 13, 1), (1, 1, 1, 20)])
    assert contest.share(0, 0, [5.0, 6.0]) == 0
    assert contest.share(0, 3, [0.0, 6.0]) == 0
    assert Contest([(5, 5, 5, 3), (5, 5, 3, 3)]).share(0, 3, [0.0, 6.0]) > 0


def test_what_nobody_drawn_had_a_say_in_saves_nothing() -> None:
    assert Contest([(5, 5, 5, 3), (5, 5, 3, 3)]).share(0, 0, [None, None]) == 0


def test_the_first_three_that_are_worth_it_are_named() -> None:
    cells = [Worth(item, "size", share) for item, share in enumerate((0.02, 0.3, 0.001, 0.05, 0.1))]
    assert [cell.item for cell in first(cells)] == [1, 4, 3]
    assert first(cells[2:3]) == ()
