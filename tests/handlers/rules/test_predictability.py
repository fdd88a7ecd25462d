"""Predictability: a share with both of its numbers, or the reason why there is none."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.predictability import Objective, predictability

objectives = st.lists(
    st.builds(
        Objective,
        planned=st.integers(0, 10),
        actual=st.one_of(st.none(), st.integers(0, 10)),
        committed=st.booleans(),
    ),
    max_size=8,
)


@given(objectives)
def test_a_missing_number_is_never_a_zero(plan: list[Objective]) -> None:
    found = predictability(plan)
    promised = [o for o in plan if o.committed]
    has_all = bool(promised) and all(o.actual is not None for o in promised)
    assert (found.value is not None) == (has_all and found.planned > 0)
    assert (found.value is None) == bool(found.reason_if_na)


@given(objectives, st.integers(0, 10), st.integers(0, 10))
def test_a_stretch_never_makes_a_plan_look_worse(
    plan: list[Objective], planned: int, actual: int
) -> None:
    """Else nobody would write one."""
    without = predictability(plan)
    stretched = predictability([*plan, Objective(planned, actual, committed=False)])
    assert stretched.planned == without.planned
    if without.value is not None:
        assert stretched.value is not None
        assert stretched.value >= without.value


def test_it_reads_as_a_sentence() -> None:
    plan = [Objective(10, 8), Objective(10, None)]
    assert str(predictability(plan[:1])) == "80 % (8 of 10), reliable"
    assert predictability(plan[:1]).value == Fraction(4, 5)
    words = "n/a, because 1 of 2 committed objectives has no actual value yet"
    assert str(predictability(plan)) == words


@pytest.mark.parametrize(
    ("planned", "actual", "note"),
    [
        (100, 79, "below the reliable 80 to 100 %"),
        (10, 10, "reliable"),
        (10, 11, "above plan"),
    ],
)
def test_from_80_to_100_percent_is_reliable(planned: int, actual: int, note: str) -> None:
    assert predictability([Objective(planned, actual)]).note == note
