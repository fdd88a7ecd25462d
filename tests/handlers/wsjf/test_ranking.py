"""Which item goes first, how sure that is, and what would change it."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest

from handlers.wsjf.ranking import (
    FEW,
    LENSES,
    TIE_BELOW,
    Ranked,
    Ranking,
    Scenario,
    TopChange,
    Unranked,
    rank,
    top_change,
)
from handlers.wsjf.scale import COLUMNS, SCALE, NotACard
from handlers.wsjf.scoring import BatchScore, Candidate, Hand, Key, score_batch
from tests.handlers.wsjf.candidates import item


def hand(ubv: Any, tc: Any, rroe: Any, size: Any) -> Mapping[Any, Any]:
    return dict(zip(COLUMNS, (ubv, tc, rroe, size), strict=True))


def batch(
    table: Mapping[int, Sequence[Sequence[Any]]], candidates: Sequence[Candidate] = ()
) -> BatchScore:
    """Score items from what each voter in turn played: `{1: [(ubv, tc, rroe, size), …]}`."""
    ballots = [
        Hand(key, f"voter {number}", hand(*cards))
        for key, hands in table.items()
        for number, cards in enumerate(hands)
    ]
    return score_batch(candidates or [item(key) for key in table], ballots)


def alike(table: Mapping[int, Sequence[int]], **known: Mapping[int, int]) -> BatchScore:
    """A batch in which six voters agree on everything."""
    candidates = [
        item(key, **{name: of[key] for name, of in known.items() if key in of}) for key in table
    ]
    return batch({key: [cards] * 6 for key, cards in table.items()}, candidates)


def order(ranking: Ranking) -> list[Key]:
    return [ranked.key for ranked in ranking.ranked]


def places(ranking: Ranking) -> list[tuple[Key, int, int, int]]:
    return [(ranked.key, ranked.low, ranked.rank, ranked.high) for ranked in ranking.ranked]


def values(ranking: Ranking) -> list[tuple[Key, float]]:
    return [(ranked.key, ranked.value) for ranked in ranking.ranked]


def lead(ranked: Ranked) -> Fraction:
    assert ranked.before_next is not None
    return ranked.before_next


# Order and ties


def test_the_highest_score_goes_first() -> None:
    """Worked by hand: 12/2, 15/5 and 3/1."""
    ranking = rank(alike({1: (1, 1, 1, 1), 2: (5, 5, 5, 5), 3: (8, 3, 1, 2)}), seed=1)
    assert values(ranking) == [(3, 6), (2, 3), (1, 3)]


def test_equal_scores_go_by_time_criticality_then_smaller_job_then_age() -> None:
    """All four score 3; each pair is decided by the next rule."""
    ranking = rank(
        alike({1: (2, 2, 2, 2), 2: (2, 2, 2, 2), 3: (1, 1, 1, 1), 4: (3, 3, 3, 3)}), seed=1
    )
    assert order(ranking) == [4, 1, 2, 3]
    assert all(ranked.value == 3 for ranked in ranking.ranked)

    smaller = rank(alike({1: (8, 2, 2, 5), 2: (2, 2, 1, 2), 3: (8, 2, 2, 3)}), seed=1)
    assert [ranked.value for ranked in smaller.ranked] == [4, 2.5, 2.4]

    sized = rank(alike({1: (20, 5, 5, 5), 2: (8, 5, 5, 3), 3: (2, 5, 5, 2)}), seed=1)
    assert order(sized) == [3, 2, 1]
    assert {ranked.value for ranked in sized.ranked} == {6}


def test_equal_scores_are_a_tie_and_their_ranks_meet() -> None:
    """The rules put one first for the list; a certain 1 and 2 would take that for a vote."""
    first, second = rank(alike({1: (2, 2, 2, 2), 2: (2, 2, 2, 2)}), seed=1).ranked
    assert (first.before_next, first.tied_with_next) == (Fraction(1, 2), True)
    assert (second.before_next, second.tied_with_next) == (None, False)
    assert (first.low, first.high, second.low, second.high) == (1, 2, 1, 2)


def test_voters_who_all_agree_leave_no_doubt() -> None:
    """Whoever is drawn says the same."""
    ranking = rank(alike({1: (1, 1, 1, 1), 2: (20, 20, 20, 1), 3: (8, 8, 8, 1)}), seed=1)
    assert places(ranking) == [(2, 1, 1, 1), (3, 2, 2, 2), (1, 3, 3, 3)]
    assert [ranked.before_next for ranked in ranking.ranked] == [1, 1, None]
    assert not any(ranked.tied_with_next for ranked in ranking.ranked)


def test_voters_who_disagree_make_neighbours_a_tie() -> None:
    """Three against three is a coin toss, and an order would pretend otherwise."""
    one, other = (20, 20, 20, 1), (1, 1, 1, 1)
    table = {1: [one] * 3 + [other] * 3, 2: [other] * 3 + [one] * 3}
    first, second = rank(batch(table), seed=1).ranked
    assert lead(first) < TIE_BELOW
    assert first.tied_with_next
    assert (first.low, first.high, second.low, second.high) == (1, 2, 1, 2)


def test_a_tie_is_told_from_an_order_at_four_fifths() -> None:
    """One dissenter of nine is drawn into a majority far less often than one time in five."""
    one, other = (8, 8, 8, 1), (1, 1, 1, 1)
    sure = rank(batch({1: [one] * 8 + [other], 2: [other] * 8 + [one]}), seed=1).ranked[0]
    unsure = rank(batch({1: [one] * 5 + [other] * 4, 2: [(3, 3, 3, 1)] * 9}), seed=1).ranked[0]
    assert lead(sure) > TIE_BELOW
    assert not sure.tied_with_next
    assert Fraction(1, 2) < lead(unsure) < TIE_BELOW
    assert unsure.tied_with_next


def test_exactly_four_fifths_is_an_order() -> None:
    """The line is drawn once: below it "≈", on it an order."""
    table = {1: [(8, 8, 8, 1)] * 5 + [(1, 1, 1, 1)] * 4, 2: [(3, 3, 3, 1)] * 9}
    draws = (rank(batch(table), seed=seed, resamples=5).ranked[0] for seed in range(99))
    on_the_line = next(first for first in draws if lead(first) == TIE_BELOW)
    assert not on_the_line.tied_with_next


def test_a_lead_in_points_that_resamples_do_not_share_is_a_tie() -> None:
    """Two of five see the first far ahead. Drawn again, it is behind as often as not."""
    table = {1: [(20, 20, 20, 1)] * 2 + [(2, 2, 2, 1)] * 3, 2: [(3, 3, 3, 1)] * 5}
    first, second = rank(batch(table), seed=1).ranked
    assert (first.key, second.value) == (1, 9)
    assert first.value > 12
    assert lead(first) < 0.6
    assert first.tied_with_next


# Intervals


def test_what_happens_once_in_a_thousand_is_not_likely() -> None:
    """One dissenter of nine can lead a resample, but hardly ever does."""
    one, other = (8, 8, 8, 1), (1, 1, 1, 1)
    ranking = rank(batch({1: [one] * 8 + [other], 2: [(3, 3, 3, 1)] * 9}), seed=1)
    assert places(ranking) == [(1, 1, 1, 1), (2, 2, 2, 2)]
    assert {ranked.basis for ranked in ranking.ranked} == {"80 %"}


def test_fewer_than_five_numbers_are_too_few_for_a_range() -> None:
    """A fresh vote of four left any range that four could give in a quarter of all cases."""
    one, other = (8, 8, 8, 1), (1, 1, 1, 1)
    ranking = rank(batch({1: [one, one, one, other], 2: [(3, 3, 3, 1)] * 4}), seed=1)
    assert places(ranking) == [(1, 1, 1, 2), (2, 1, 2, 2)]
    assert {ranked.basis for ranked in ranking.ranked} == {FEW}


def test_the_fifth_number_leaves_the_ends_out_and_gives_a_range() -> None:
    """Both change at once, and both are said: one who stands alone no longer counts."""
    four = [(8, 8, 8, 1)] * 3 + [(1, 1, 1, 1)]
    small, large = (
        rank(batch({1: hands, 2: [(3, 3, 3, 1)] * len(hands)}), seed=1).ranked[0]
        for hands in (four, [*four, (8, 8, 8, 1)])
    )
    assert (small.basis, large.basis) == (FEW, "80 %")
    assert small.value < 24
    assert large.value == 24


def test_each_item_is_judged_by_its_own_voters() -> None:
    """Sixty votes on one item do not make another, with four, any surer."""
    table: Mapping[int, list[Any]] = {
        1: [(8, 8, 8, 1)] * 6,
        2: [(3, 3, 3, 1)] * 5 + [(3, "?", 3, 1)],
        3: [(1, 1, 1, 1)] * 4,
    }
    assert [ranked.basis for ranked in rank(batch(table), seed=1).ranked] == [
        *("80 %", "80 %"),
        FEW,
    ]


def test_the_thinnest_column_decides_how_sure_an_item_is() -> None:
    """A rank stands on all four columns, so four numbers in one of them are too few."""
    table: Mapping[int, list[Any]] = {
        1: [(8, 8, 8, 1)] * 4 + [(8, 8, "?", 1)],
        2: [(3, 3, 3, 1)] * 5,
    }
    bases = [ranked.basis for ranked in rank(batch(table), seed=1).ranked]
    assert bases == [FEW, "80 %"]


def test_a_column_without_a_card_does_not_count_as_a_thin_vote() -> None:
    """Where money and weeks are enough, a column that nobody could score changes nothing."""
    known = {"money_per_week": 100, "weeks": 2}
    table: Mapping[int, list[Any]] = {1: [(8, "?", 8, 1)] * 5}
    (ranked,) = rank(batch(table, [item(1, **known)]), Scenario("cd3"), seed=1).ranked
    assert ranked.basis == "80 %"


def test_agreed_columns_do_not_count_as_thin_votes() -> None:
    """Nobody voted on them because nobody had to."""
    table: Mapping[int, list[Any]] = {1: [(8, 8, 8, None)] * 5, 2: [(3, 3, 3, 1)] * 5}
    settled = [item(1, agreed={"size": 1}), item(2, agreed=hand(3, 3, 3, 1))]
    bases = [ranked.basis for ranked in rank(batch(table, settled), seed=1).ranked]
    assert bases == ["80 %", "80 %"]


def test_the_rank_as_voted_lies_inside_its_interval_even_where_resamples_avoid_it() -> None:
    """An even split takes the higher card, which resamples mostly do not; an interval beside its
    own rank would be nonsense on a card."""
    one, other = (13, 13, 13, 1), (1, 1, 1, 1)
    split = batch({1: [one] * 3 + [other] * 3, 2: [(8, 8, 8, 1)] * 6})
    for seed in range(10):
        for ranked in rank(split, seed=seed, resamples=1).ranked:
            assert ranked.low <= ranked.rank <= ranked.high


def test_a_cell_no_drawn_voter_has_answered_keeps_its_card() -> None:
    """Three of forty answered: one resample in twenty draws none of them."""
    blank = ("?", "?", "?", "?")
    table: Mapping[int, list[Any]] = {1: [(8, 8, 8, 1)] * 3 + [blank] * 37, 2: [(3, 3, 3, 1)] * 40}
    assert lead(rank(batch(table), seed=1).ranked[0]) == 1


def test_agreed_cards_do_not_waver() -> None:
    """Nobody drawn can change what the group settled on; no votes are needed either."""
    agreed = {key: hand(key, key, key, 1) for key in (1, 2, 3)}
    candidates = [item(key, agreed=cards) for key, cards in agreed.items()]
    ranking = rank(score_batch(candidates, []), seed=1)
    assert places(ranking) == [(3, 1, 1, 1), (2, 2, 2, 2), (1, 3, 3, 3)]
    assert [ranked.before_next for ranked in ranking.ranked] == [1, 1, None]


def test_an_agreed_column_takes_its_doubt_out_of_the_rank() -> None:
    """Settling the one disputed column aloud is what makes an order firm."""
    hands = [(8, 8, 8, 1)] * 3 + [(8, 8, 8, 20)] * 3
    table = {1: hands, 2: [(3, 3, 3, 1)] * 6}
    settled = [item(1, agreed={"size": 1}), item(2)]
    assert places(rank(batch(table), seed=1))[0] != (1, 1, 1, 1)
    assert places(rank(batch(table, settled), seed=1)) == [(1, 1, 1, 1), (2, 2, 2, 2)]


def test_the_same_seed_gives_the_same_ranking_and_another_seed_nearly() -> None:
    """A card drawn twice must not flicker."""
    table = {key: [(s, SCALE[key], 3, 2) for s in SCALE] for key in range(4)}
    assert rank(batch(table), seed=7) == rank(batch(table), seed=7)
    assert order(rank(batch(table), seed=7)) == order(rank(batch(table), seed=8))


def test_items_without_a_score_are_listed_apart_with_their_reason() -> None:
    """They have no rank; a last place would be a verdict nobody gave."""
    ranking = rank(batch({1: [(8, 8, 8, 1)] * 3, 2: [(8, 8, 8, "?")] * 3}), seed=1)
    assert order(ranking) == [1]
    assert ranking.unranked == (Unranked(2, "No score: Job size lacks 3 votes."),)


def test_one_item_is_first_and_no_items_are_no_ranking() -> None:
    """The smallest batches must not be a special case for the card."""
    assert places(rank(alike({1: (5, 3, 2, 1)}), seed=1)) == [(1, 1, 1, 1)]
    assert rank(score_batch([], []), seed=1).ranked == ()
    assert rank(score_batch([item(1)], []), seed=1).ranked == ()


# Lenses and what-ifs


def test_the_urgency_lens_multiplies_instead_of_adding() -> None:
    """Worked by hand: 13 × (1 + 1) ÷ 3 against 2 × (8 + 8) ÷ 3; WSJF gives 15/3 and 18/3."""
    scored = alike({1: (1, 13, 1, 3), 2: (8, 2, 8, 3)})
    assert order(rank(scored, seed=1)) == [2, 1]
    urgency = rank(scored, Scenario("urgency"), seed=1)
    assert dict(values(urgency)) == pytest.approx({2: 32 / 3, 1: 26 / 3})
    assert order(urgency) == [2, 1]
    assert LENSES["urgency"] == "Time criticality × (value + risk / opportunity) ÷ job size"


def test_cd3_divides_money_per_week_by_weeks_where_all_weeks_are_known() -> None:
    """Worked by hand: 900 ÷ 3 is 300, 1000 ÷ 5 is 200; the cards play no part."""
    scored = alike(
        {1: (20, 20, 20, 1), 2: (1, 1, 1, 20), 3: (8, 8, 8, 1)},
        money_per_week={1: 1000, 2: 900},
        weeks={1: 5, 2: 3},
    )
    ranking = rank(scored, Scenario("cd3"), seed=1)
    assert values(ranking) == [(2, 300), (1, 200)]
    assert ranking.duration == "weeks"
    assert ranking.unranked == (Unranked(3, "No cost of delay per week is known."),)


def test_cd3_takes_the_job_size_for_all_once_one_duration_is_unknown() -> None:
    """Weeks and cards in one list would compare what cannot be compared."""
    scored = alike(
        {1: (1, 1, 1, 5), 2: (1, 1, 1, 1)}, money_per_week={1: 1000, 2: 900}, weeks={1: 1}
    )
    ranking = rank(scored, Scenario("cd3"), seed=1)
    assert values(ranking) == [(2, 900), (1, 200)]
    assert ranking.duration == "job size"


def test_cd3_needs_no_votes_it_does_not_use() -> None:
    """Money and weeks are enough; a column without votes only says nothing in a tie."""
    candidates = [item(key, money_per_week=100, weeks=2) for key in (1, 2)]
    by_weeks = rank(score_batch(candidates, []), Scenario("cd3"), seed=1)
    assert order(by_weeks) == [1, 2]

    unsized = rank(score_batch([item(1, money_per_week=100)], []), Scenario("cd3"), seed=1)
    assert unsized.unranked == (Unranked(1, "No score: Job size lacks 3 votes."),)


def test_a_moved_job_size_is_tried_without_a_vote() -> None:
    """ "What if it were half the work?" is answered on the spot, for that item alone."""
    scored = alike({1: (8, 8, 8, 8), 2: (5, 5, 5, 3)})
    assert order(rank(scored, seed=1)) == [2, 1]
    moved = rank(scored, Scenario(sizes={1: 3}), seed=1)
    assert values(moved) == [(1, 8), (2, 5)]


def test_a_moved_job_size_stands_in_for_missing_votes() -> None:
    """An item that only lacks its size can be tried at any."""
    scored = batch({1: [(8, 8, 8, "?")] * 5, 2: [(5, 5, 5, 3)] * 5})
    assert order(rank(scored, Scenario(sizes={1: 3}), seed=1)) == [1, 2]


@pytest.mark.parametrize(
    ("lens", "vetoed", "value"),
    [
        ("wsjf", "ubv", (3 + 2) / 5),
        ("wsjf", "tc", (8 + 2) / 5),
        ("wsjf", "rroe", (8 + 3) / 5),
        ("wsjf", "size", 8 + 3 + 2),
        ("urgency", "ubv", (3 * 2) / 5),
        ("urgency", "tc", (8 + 2) / 5),
        ("urgency", "rroe", (3 * 8) / 5),
        ("urgency", "size", 3 * (8 + 2)),
        ("cd3", "size", 40),
        ("cd3", "tc", 40 / 5),
    ],
)
def test_a_vetoed_column_drops_out_of_the_formula(lens: Any, vetoed: Any, value: float) -> None:
    """ "Does it matter that we cannot agree on this?" is worth asking before another round."""
    scored = alike({1: (8, 3, 2, 5)}, money_per_week={1: 40})
    assert rank(scored, Scenario(lens, vetoed), seed=1).ranked[0].value == value


def test_a_vetoed_column_neither_breaks_ties_nor_needs_votes() -> None:
    """It counts for nothing at all, or the veto would be half a veto."""
    scored = batch({1: [(5, "?", 3, 1)] * 5, 2: [(5, 20, 3, 1)] * 5})
    assert order(rank(scored, Scenario(vetoed="tc"), seed=1)) == [1, 2]


def test_scenarios_only_take_what_the_batch_and_the_scale_have() -> None:
    """A slip in a form must not be answered with an unchanged ranking."""
    with pytest.raises(ValueError, match="not in the batch"):
        rank(alike({1: (1, 1, 1, 1)}), Scenario(sizes={2: 3}), seed=1)
    with pytest.raises(ValueError, match="at least one"):
        rank(alike({1: (1, 1, 1, 1)}), seed=1, resamples=0)
    with pytest.raises(NotACard):
        Scenario(sizes={1: 4})
    with pytest.raises(ValueError, match="not a column"):
        Scenario(vetoed="value")  # type: ignore[arg-type]


def test_the_top_5_names_what_enters_and_what_leaves() -> None:
    """The one thing a what-if is asked for."""
    scored = alike({key: (20, 20, 20, size) for key, size in enumerate((1, 2, 3, 5, 8, 13), 1)})
    as_voted = rank(scored, seed=1)
    moved = rank(scored, Scenario(sizes={6: 1}), seed=1)
    assert top_change(as_voted, moved) == TopChange(entered=(6,), left=(5,), reordered=False)
    assert [top_change(as_voted, now).changes for now in (moved, as_voted)] == [True, False]


def test_the_same_five_in_another_order_are_told_from_the_same_order() -> None:
    """Which of the two it is decides whether anyone has to act."""
    scored = alike({key: (20, 20, 20, size) for key, size in enumerate((1, 2, 3, 5, 8, 13), 1)})
    swapped = top_change(rank(scored, seed=1), rank(scored, Scenario(sizes={1: 8}), seed=1))
    assert swapped == TopChange(entered=(), left=(), reordered=True)
    assert swapped.changes
    below = rank(scored, Scenario(sizes={6: 20}), seed=1)
    assert not top_change(rank(scored, seed=1), below).changes
