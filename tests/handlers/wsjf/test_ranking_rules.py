"""What holds of every ranking, whatever people play."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handlers.wsjf.ranking import LENSES, Ranked, Scenario, rank
from handlers.wsjf.scale import COLUMNS, SCALE
from handlers.wsjf.scoring import Hand, score_batch
from tests.handlers.wsjf.candidates import item

CARDS = st.one_of(st.sampled_from(SCALE), st.sampled_from(["?", "pass"]), st.none())
TABLES = st.dictionaries(
    st.integers(1, 9), st.lists(st.tuples(CARDS, CARDS, CARDS, CARDS), max_size=8), max_size=5
)
SCENARIOS = st.builds(
    Scenario, st.sampled_from(list(LENSES)), st.none() | st.sampled_from(list(COLUMNS))
)


def ballots(table: Mapping[int, Sequence[Sequence[Any]]]) -> list[Hand]:
    """What each voter in turn played: `{1: [(ubv, tc, rroe, size), …]}`."""
    return [
        Hand(key, str(number), dict(zip(COLUMNS, cards, strict=True)))
        for key, hands in table.items()
        for number, cards in enumerate(hands)
    ]


def is_sound(ranked: Ranked, last: bool, count: int) -> bool:
    within = 1 <= ranked.low <= ranked.rank <= ranked.high <= count
    sure = ranked.before_next is None if last else 0 <= (ranked.before_next or 0) <= 1
    return within and sure and ranked.value > 0 and not (last and ranked.tied_with_next)


@given(TABLES, SCENARIOS, st.integers(), st.booleans())
def test_ranks_lie_inside_their_intervals_and_values_above_0(
    table: Any, scenario: Scenario, seed: int, priced: bool
) -> None:
    """Through every lens, with any votes missing: nothing a card could not show."""
    known = {"money_per_week": 300, "weeks": 7} if priced else {}
    batch = score_batch([item(key, **known) for key in table], ballots(table))
    ranking = rank(batch, scenario, seed=seed, resamples=20)
    count = len(ranking.ranked)
    assert [ranked.rank for ranked in ranking.ranked] == list(range(1, count + 1))
    assert all(is_sound(ranked, ranked.rank == count, count) for ranked in ranking.ranked)
    values = [ranked.value for ranked in ranking.ranked]
    assert values == sorted(values, reverse=True)
    listed: list[Any] = [*ranking.ranked, *ranking.unranked]
    assert sorted(entry.key for entry in listed) == sorted(table)
    assert all(apart.reason.endswith(".") for apart in ranking.unranked)


@given(TABLES, st.randoms(use_true_random=False), st.integers())
def test_neither_names_nor_the_order_of_rows_change_a_ranking(
    table: Any, random: Any, seed: int
) -> None:
    """Two replicas reading the same votes in another order must show the same card."""
    played = ballots(table)
    names = random.sample(range(100), k=10)
    shuffled = [
        Hand(ballot.item, f"x{names[int(ballot.voter)]}", ballot.cards)
        for ballot in random.sample(played, k=len(played))
    ]
    candidates = [item(key) for key in table]
    turned = random.sample(candidates, k=len(candidates))
    one = rank(score_batch(candidates, played), seed=seed, resamples=20)
    other = rank(score_batch(turned, shuffled), seed=seed, resamples=20)
    assert one == other
