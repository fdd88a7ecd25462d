"""From cards to scores: cards shown, values that order, missing votes, what is in dispute."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest

from handlers.wsjf.scale import COLUMNS, Card, Column, NotACard
from handlers.wsjf.scoring import (
    ColumnScore,
    Extreme,
    Hand,
    score_batch,
    why_unanchored,
    why_unscored,
)
from tests.handlers.wsjf.candidates import item

PEOPLE = ("ana", "bo", "cy", "di", "ed", "flo", "gus", "hal", "ivy", "jo")


def votes(key: int, round: int = 1, **columns: Sequence[Card | None]) -> list[Hand]:
    """Ana's, Bo's, Cy's … cards for an item, column by column."""
    return [
        Hand(key, voter, dict(zip(columns, cards, strict=True)), round)  # type: ignore[arg-type]
        for voter, cards in zip(PEOPLE, zip(*columns.values(), strict=True), strict=False)
    ]


def alike(key: int, ubv: int, tc: int, rroe: int, size: int, voters: int = 3) -> list[Hand]:
    """A vote in which everybody plays the same four cards."""
    return votes(
        key, ubv=[ubv] * voters, tc=[tc] * voters, rroe=[rroe] * voters, size=[size] * voters
    )


def column(cards: Sequence[Card | None], agreed: int | None = None, **how: Any) -> ColumnScore:
    """What a vote on one column of one item came to."""
    known: Mapping[Column, int] = {} if agreed is None else {"tc": agreed}
    batch = score_batch([item(agreed=known)], votes(1, tc=cards), **how)
    return batch.items[0].columns["tc"]


# One item


def test_three_voters_give_an_item_its_score() -> None:
    """Worked by hand: of fewer than five cards the steps 4, 4/3, 2 and 8/3 count all."""
    ballots = votes(1, ubv=[5, 8, 13], tc=[3, 3, 1], rroe=[2, 2, 8], size=[5, 5, 3])

    scored = score_batch([item()], ballots).items[0]

    assert [score.card for score in scored.columns.values()] == [8, 3, 2, 5]
    assert [score.step for score in scored.columns.values()] == [
        *(4, Fraction(4, 3), 2, Fraction(8, 3)),
    ]
    ubv, tc, rroe, size = 8, 2 * (3 / 2) ** (1 / 3), 3, 3 * (5 / 3) ** (2 / 3)
    assert scored.score == pytest.approx((ubv + tc + rroe) / size)
    assert list(scored.columns) == list(COLUMNS)


@pytest.mark.parametrize(
    ("cards", "median", "even_split"),
    [
        ([3, 3, 8], 3, False),
        ([1, 20, 20], 20, False),
        ([5, 5, 8, 8], 8, True),
        ([1, 2, 20, 20], 20, True),
        ([1, 5, 5, 20], 5, False),
    ],
)
def test_the_middle_card_counts_and_an_even_split_takes_the_higher(
    cards: list[Card], median: int, even_split: bool
) -> None:
    """The card shown is one that somebody could have played."""
    score = column(cards)
    assert (score.card, score.even_split) == (median, even_split)


def test_agreement_is_the_share_within_one_card_of_the_median() -> None:
    """Around a median of 5 the cards 3, 5 and 8 agree; 1 and 20 do not."""
    score = column([1, 3, 5, 8, 20])
    assert (score.median, score.agreement) == (5, Fraction(3, 5))
    assert score.counts == (1, 0, 1, 1, 1, 0, 1)


def test_two_cards_away_is_no_agreement() -> None:
    """Otherwise 2 and 13 would pass for the same view."""
    assert column([2, 5, 5, 5, 13]).agreement == Fraction(3, 5)


def test_fewer_than_two_thirds_in_agreement_is_a_dispute_with_two_ends_to_hear() -> None:
    """Around the 3 only the 3 and the 5 agree; hearing both ends is what a vote is for."""
    score = column([5, 1, 3, 20, 1])
    assert (score.agreement, score.in_dispute) == (Fraction(2, 5), True)
    assert score.lowest == Extreme(1, ("bo", "ed"))
    assert score.highest == Extreme(20, ("di",))


@pytest.mark.parametrize("cards", [[1, 2, 3], [3, 5, 13], [1] + [5] * 9 + [20]])
def test_two_thirds_near_the_middle_are_no_dispute(cards: list[Card | None]) -> None:
    """In a crowd somebody always stands far out: the range would call everything a dispute."""
    assert not column(cards).in_dispute


def test_the_card_shown_and_the_value_that_orders_may_differ() -> None:
    """Four on the 3 and five on the 8 meet between them: without the ends 25 steps of eight."""
    score = column([3] * 4 + [5] + [8] * 5)
    assert score.card == 8
    assert score.step == Fraction(3 * 2 + 3 + 4 * 4, 8)
    assert 5 < (score.value or 0) < 8


def test_an_anonymous_vote_shows_its_extremes_without_names() -> None:
    """The cards invite the talk; who played them stays with the voters."""
    batch = score_batch([item()], votes(1, tc=[1, 20, 3]), anonymous=True)
    score = batch.items[0].columns["tc"]
    assert (score.lowest, score.highest) == (Extreme(1, ()), Extreme(20, ()))
    assert not any(repr(name) in repr(batch) for name in PEOPLE)


@pytest.mark.parametrize(
    ("cards", "needs_refinement"),
    [
        (["?", 3, 3], True),
        (["?", 3, 3, 3], False),
        (["?", 3, 3, "pass"], False),
        (["?", 3, 3, None], True),
        (["pass", "pass", "pass"], False),
        ([3, 3, 3], False),
    ],
)
def test_a_third_of_question_marks_among_the_answers_asks_for_refinement(
    cards: list[Card | None], needs_refinement: bool
) -> None:
    """A pass is an answer; someone who has not answered says nothing either way."""
    assert column(cards).needs_refinement is needs_refinement


def test_question_marks_and_passes_are_answers_but_no_values() -> None:
    """They are counted as having taken part and never drag the median to an end."""
    score = column(["?", "pass", 8, 8, 8, None])
    assert (score.card, score.valued, score.unsure, score.passed) == (8, 3, 1, 1)
    assert score.answered == 5


def test_nobody_having_played_a_number_leaves_nothing_to_show() -> None:
    """No data is None with a reason, never a 0 that looks like a vote."""
    score = column(["?", "?", "pass"])
    assert (score.card, score.value, score.step, score.agreement) == (None,) * 4
    assert (score.lowest, score.highest, score.in_dispute, score.even_split) == (
        *(None, None),
        *(False, False),
    )


def test_too_few_votes_give_no_score_but_say_where_they_lack() -> None:
    """Two people's view is not the team's; the card says what to do about it."""
    ballots = votes(1, ubv=[5, 8, 13], tc=[3, "?", 1], rroe=[2, 2, 2], size=[5, "?", None])

    scored = score_batch([item()], ballots).items[0]

    assert scored.score is None
    assert [(lack.column, lack.missing) for lack in scored.lacking] == [("tc", 1), ("size", 2)]
    assert why_unscored(scored.columns.values()) == (
        "No score: Time criticality lacks 1 vote, Job size lacks 2 votes."
    )
    assert scored.columns["tc"].median == 3  # what was played can still be looked at


def test_a_scored_item_has_no_reason_to_be_unscored() -> None:
    """The reason is empty so that a card may simply ask for it."""
    scored = score_batch([item()], alike(1, 5, 3, 2, 1)).items[0]
    assert why_unscored(scored.columns.values()) == ""


def test_an_item_nobody_voted_on_lacks_every_vote() -> None:
    """A vote may be revealed while everyone is away."""
    scored = score_batch([item()], []).items[0]
    assert [lack.missing for lack in scored.lacking] == [3, 3, 3, 3]
    assert [lack.round for lack in scored.lacking] == [None] * 4


@pytest.mark.parametrize(("needed", "score"), [(1, 10), (2, 10), (3, None), (10, None)])
def test_how_many_votes_a_score_needs_can_be_set(needed: int, score: int | None) -> None:
    """A team of two could never score anything otherwise."""
    batch = score_batch([item()], alike(1, 5, 3, 2, 1, voters=2), min_ballots=needed)
    assert batch.items[0].score == score


@pytest.mark.parametrize("needed", [0, 11, -1])
def test_needing_no_votes_or_a_crowd_is_refused(needed: int) -> None:
    """With 0 an item without votes would have a score out of nothing."""
    with pytest.raises(ValueError, match="1 to 10"):
        score_batch([item()], [], min_ballots=needed)


# Cards agreed aloud


def test_an_agreed_card_overrides_the_median_and_is_marked() -> None:
    """What the group settled on counts; nobody may mistake it for the vote."""
    score = column([1, 8, 8], agreed=3)
    assert (score.card, score.agreed, score.median) == (3, True, 8)
    assert score.step == 2
    assert score.value == 3


def test_an_agreed_card_needs_no_votes() -> None:
    """Settling it aloud is the way out when too few can vote."""
    agreed: Mapping[Column, int] = {"ubv": 5, "tc": 3, "rroe": 2, "size": 1}
    scored = score_batch([item(agreed=agreed)], []).items[0]
    assert scored.score == 10
    assert scored.lacking == ()


def test_an_agreed_card_clears_the_flags_that_asked_for_the_talk() -> None:
    """They are its reason; afterwards they would ask for the same talk again."""
    before, after = column(["?", "?", 1, 20]), column(["?", "?", 1, 20], agreed=5)
    assert (before.in_dispute, before.needs_refinement, before.even_split) == (True,) * 3
    assert (after.in_dispute, after.needs_refinement, after.even_split) == (False,) * 3
    assert (after.agreement, after.unsure) == (before.agreement, before.unsure)


# Batches


def test_a_column_without_a_1_is_flagged_and_the_others_are_not() -> None:
    """Without the smallest item as a measure the numbers are not relative to anything."""
    batch = score_batch([item(1), item(2)], alike(1, 1, 3, 1, 1) + alike(2, 5, 5, 8, 3))
    assert batch.unanchored == ("tc",)
    assert why_unanchored(["tc"]) == (
        "No item is the 1 in Time criticality: say which is smallest (Re-anchor), or vote again."
    )


def test_a_2_is_no_anchor() -> None:
    """Close to the smallest is not the smallest."""
    batch = score_batch([item(1), item(2)], alike(1, 1, 2, 1, 1) + alike(2, 5, 5, 8, 3))
    assert batch.unanchored == ("tc",)


def test_nothing_is_rescaled_for_people() -> None:
    """A column of 5 and 8 stays 5 and 8; it is flagged, not mended."""
    batch = score_batch([item(1), item(2)], alike(1, 5, 5, 5, 5) + alike(2, 8, 8, 8, 8))
    assert [score.columns["tc"].card for score in batch.items] == [5, 8]


def test_an_agreed_1_anchors_its_column() -> None:
    """Re-anchoring aloud is one of the two ways out."""
    ballots = alike(1, 1, 3, 1, 1) + alike(2, 5, 5, 8, 3)
    batch = score_batch([item(1, agreed={"tc": 1}), item(2)], ballots)
    assert batch.unanchored == ()


def test_a_column_without_any_card_has_nothing_to_anchor() -> None:
    """It already says that it lacks votes; one reason is enough."""
    ballots = votes(1, tc=[1, 1, 1]) + votes(2, tc=[3, 3, 3])
    assert score_batch([item(1), item(2)], ballots).unanchored == ()


def test_an_item_alone_is_not_comparable_and_needs_no_1() -> None:
    """Its own scale is the only one it was measured by."""
    batch = score_batch([item()], alike(1, 5, 5, 5, 5))
    assert not batch.items[0].comparable
    assert batch.unanchored == ()


def test_a_batch_stands_oldest_first() -> None:
    """Age is the last word in a tie, so it is settled once."""
    batch = score_batch([item(3), item(1), item(2)], [])
    assert [score.key for score in batch.items] == [1, 2, 3]


def test_a_column_moves_to_another_lists_scale() -> None:
    """The 8 of a list that plays a card too high is a 5 of the other."""
    batch = score_batch([item(shift={"tc": -1.0})], votes(1, tc=[8, 8, 8]))
    moved = batch.items[0].columns["tc"]
    assert (moved.card, moved.value) == (8, 5)
    assert moved.step == 4


def test_a_score_of_the_older_rule_keeps_its_cards() -> None:
    """What was accepted does not change behind people's backs; ballots only say how sure it is."""
    batch = score_batch([item(older={"tc": 8})], votes(1, tc=[1, 8, 8]))
    old = batch.items[0].columns["tc"]
    assert (old.card, old.value, old.agreed) == (8, 8.0, False)
    assert batch.hands


# Rounds


def test_a_card_stands_until_its_voter_plays_another() -> None:
    """Three voted; in the second round one of them could come, and moves as one of three."""
    first, again = votes(1, tc=[13, 13, 13]), votes(1, 2, tc=[1])
    for rows in (first + again, again + first):
        score = score_batch([item()], rows).items[0].columns["tc"]
        assert (score.valued, score.missing, score.card) == (3, 0, 13)
        assert (score.counts, score.round) == ((1, 0, 0, 0, 0, 2, 0), 2)


def test_a_round_on_one_column_keeps_the_others() -> None:
    first, again = alike(1, 5, 13, 2, 1), votes(1, 2, tc=[3, 3, 5, 3])
    scored = score_batch([item()], first + again).items[0]
    assert [(s.card, s.round) for s in scored.columns.values()] == [(5, 1), (3, 2), (2, 1), (1, 1)]
    assert scored.columns["tc"].counts == (0, 0, 3, 1, 0, 0, 0)


def test_a_question_mark_takes_ones_card_back() -> None:
    first, again = votes(1, tc=[3, 3, 3]), votes(1, 2, tc=["?"])
    score = score_batch([item()], first + again).items[0].columns["tc"]
    assert (score.valued, score.unsure, score.missing) == (2, 1, 1)


def test_a_ballot_opened_but_left_empty_changes_nothing() -> None:
    first, opened = votes(1, tc=[3, 3, 3]), votes(1, 2, tc=[None])
    assert score_batch([item()], first + opened) == score_batch([item()], first)


# What cannot be


def test_a_second_ballot_of_a_voter_in_one_round_is_refused() -> None:
    """The last vote wins where votes are stored; here it would depend on the order."""
    with pytest.raises(ValueError, match="two hands"):
        score_batch([item()], votes(1, tc=[3]) + votes(1, tc=[5]))


def test_a_ballot_for_another_item_is_refused() -> None:
    """Were it passed over, a mistaken key would look like nobody having voted."""
    with pytest.raises(ValueError, match="not in the batch"):
        score_batch([item(1)], votes(2, tc=[3]))


def test_an_item_twice_in_a_batch_is_refused() -> None:
    """It would be ranked against itself."""
    with pytest.raises(ValueError, match="twice"):
        score_batch([item(1), item(1)], [])


@pytest.mark.parametrize("card", [0, 4, True, "?", "pass", None])
def test_no_item_can_be_agreed_at_what_is_not_a_number(card: Any) -> None:
    """Agreeing on "?" is agreeing on nothing."""
    with pytest.raises(NotACard):
        item(agreed={"tc": card})


@pytest.mark.parametrize("amount", [0, -5, 1.5, True, math.nan])
def test_money_and_weeks_are_positive_whole_numbers(amount: Any) -> None:
    """A duration of 0 would divide by it."""
    with pytest.raises(ValueError, match="positive whole"):
        item(money_per_week=amount)
    with pytest.raises(ValueError, match="positive whole"):
        item(weeks=amount)


def test_a_column_nobody_knows_is_refused() -> None:
    """A renamed column would otherwise be a column without votes."""
    with pytest.raises(ValueError, match="not a column"):
        Hand(1, "ana", {"value": 3})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="not a column"):
        item(agreed={"value": 3})
