"""What holds of every score, whatever people play."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handlers.wsjf.scale import COLUMNS, SCALE
from handlers.wsjf.scoring import Candidate, Hand, score_batch, why_unscored
from tests.handlers.wsjf.candidates import MONDAY

ITEM = Candidate(1, MONDAY)
PEOPLE = ("ana", "bo", "cy", "di", "ed", "flo", "gus", "hal", "ivy", "jo")
NUMBERS = st.sampled_from(SCALE)
CARDS = st.one_of(NUMBERS, st.sampled_from(["?", "pass"]), st.none())
HANDS = st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS, CARDS)), max_size=len(PEOPLE))
NUMBER_HANDS = st.lists(
    st.fixed_dictionaries(dict.fromkeys(COLUMNS, NUMBERS)), min_size=3, max_size=len(PEOPLE)
)


def played(hands: Sequence[Mapping[Any, Any]]) -> list[Hand]:
    return [Hand(1, voter, hand) for voter, hand in zip(PEOPLE, hands, strict=False)]


@given(HANDS, st.randoms(use_true_random=False))
def test_the_order_in_which_people_vote_changes_nothing(hands: Any, random: Any) -> None:
    """Rows come back from a database in any order."""
    ballots = played(hands)
    shuffled = random.sample(ballots, k=len(ballots))
    assert score_batch([ITEM], shuffled) == score_batch([ITEM], ballots)


@given(HANDS, st.permutations(PEOPLE))
def test_who_played_which_card_changes_no_number(hands: Any, people: list[str]) -> None:
    """A score depends on the cards alone; names only say whom to ask."""
    ballots = played(hands)
    renamed = [Hand(1, voter, ballot.cards) for voter, ballot in zip(people, ballots, strict=False)]
    one = score_batch([ITEM], ballots, anonymous=True)
    other = score_batch([ITEM], renamed, anonymous=True)
    assert one == other


@given(NUMBER_HANDS, st.data())
def test_raising_one_value_card_never_lowers_the_score(hands: Any, data: st.DataObject) -> None:
    """Otherwise people would learn to play against their own view."""
    voter = data.draw(st.integers(0, len(hands) - 1))
    name = data.draw(st.sampled_from(["ubv", "tc", "rroe"]))
    higher = data.draw(NUMBERS.filter(lambda card: card >= hands[voter][name]))
    raised = [*hands[:voter], {**hands[voter], name: higher}, *hands[voter + 1 :]]

    before = score_batch([ITEM], played(hands)).items[0].score
    after = score_batch([ITEM], played(raised)).items[0].score

    assert before is not None
    assert after is not None
    assert after >= before


@given(HANDS, st.integers(1, 10), st.dictionaries(st.sampled_from(list(COLUMNS)), NUMBERS))
def test_cards_stay_on_the_scale_and_scores_above_0(
    hands: Any, min_ballots: int, agreed: Any
) -> None:
    """Missing data is None with a reason; no 0 and no NaN can reach a card."""
    scored = score_batch(
        [Candidate(1, MONDAY, agreed)], played(hands), min_ballots=min_ballots
    ).items[0]

    for score in scored.columns.values():
        assert score.card is None or score.card in SCALE
        assert score.median is None or score.median in SCALE
        assert (score.value is None) == (score.card is None)
        assert score.value is None or 1 <= score.value <= 20
        assert (score.card is None) == (score.missing > 0)
        assert score.agreed == (score.column in agreed)
        assert score.agreement is None or 0 < score.agreement <= 1
        assert (score.median is None) == (score.valued == 0)
    if scored.score is None:
        assert scored.lacking
        assert why_unscored(scored.columns.values()).startswith("No score: ")
    else:
        assert not scored.lacking
        assert 0.15 <= scored.score <= 60
