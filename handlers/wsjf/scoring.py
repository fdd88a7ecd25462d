"""Turn the cards people played into WSJF scores, and say what is worth talking about.

A batch is scored column by column. The card shown is the median card; the value that orders is the
mean step of all cards (`steps`). Where votes are missing there is no score but a reason. `ranking`
orders a scored batch.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Final, TypeAlias

from handlers.phrases import counted
from handlers.wsjf.scale import (
    CARD_INDEX,
    COLUMNS,
    NO_VALUE,
    SCALE,
    Card,
    Column,
    require_card,
    require_column,
    require_number,
)
from handlers.wsjf.steps import mean_step, value_at

Key: TypeAlias = int | str
"""How the caller names an item; never interpreted here."""

DEFAULT_MIN_BALLOTS: Final = 3
FEWEST_MIN_BALLOTS: Final = 1
MOST_MIN_BALLOTS: Final = 10
AGREEMENT_REACH_CARDS: Final = 1
IN_DISPUTE_BELOW: Final = Fraction(2, 3)
NEEDS_REFINEMENT_SHARE: Final = Fraction(1, 3)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item up for scoring.

    `agreed` holds cards the group settled on aloud; each overrides the vote on its column. `older`
    holds the cards that a score accepted by the older rule stands on: they place the item, while
    its ballots still say how sure that is. `shift` moves a column's steps to another list's scale.
    `money_per_week` is the cost of delay in whole units of one currency, `weeks` the duration;
    both are positive, or None when unknown. `gone` says in a sentence why an item that was finished
    or dropped is out of the ranking. `created_at` settles ties: the older item goes first.
    """

    key: Key
    created_at: datetime
    agreed: Mapping[Column, int] = field(default_factory=dict)
    older: Mapping[Column, int] = field(default_factory=dict)
    shift: Mapping[Column, float] = field(default_factory=dict)
    money_per_week: int | None = None
    weeks: int | None = None
    gone: str = ""

    def __post_init__(self) -> None:
        for column, card in (*self.agreed.items(), *self.older.items()):
            require_column(column)
            require_number(card)
        for amount in (self.money_per_week, self.weeks):
            if amount is not None and (type(amount) is not int or amount < 1):
                raise ValueError("Money per week and weeks are positive whole numbers.")


@dataclass(frozen=True, slots=True)
class Hand:
    """One person's cards for one item in one round; a column left out or None is unanswered."""

    item: Key
    voter: str
    cards: Mapping[Column, Card | None]
    round: int = 1

    def __post_init__(self) -> None:
        for column, card in self.cards.items():
            require_column(column)
            if card is not None:
                require_card(card)


@dataclass(frozen=True, slots=True)
class Extreme:
    """A lowest or highest card and who played it, in order; nobody when the vote is anonymous."""

    card: int
    voters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnScore:
    """What one column of one item came to.

    `card` is what is shown: the agreed card, else the median of enough ballots, else None; `value`
    is what orders, above 0 on the scale of the list, None without a card. `median` and everything
    below it describe the ballots even then; None means no number was played. The flags ask for a
    conversation, so an agreed card, its outcome, clears them.
    """

    column: Column
    card: int | None
    step: Fraction | None
    """Where the cards meet on the scale of their own vote, 0–6; an agreed card is its own step."""
    value: float | None
    agreed: bool
    median: int | None
    round: int | None
    """The newest round in which anyone answered this column."""
    counts: tuple[int, ...]
    """Ballots per card of the SCALE."""
    unsure: int
    passed: int
    agreement: Fraction | None
    """Share of numbers within one card of the median, 0 excluded to 1."""
    lowest: Extreme | None
    highest: Extreme | None
    even_split: bool
    """The two middle cards differed and the higher one was taken."""
    in_dispute: bool
    """Fewer than two thirds lie within one card of the median: hear the lowest and the highest."""
    needs_refinement: bool
    """At least a third of those who answered said "?"."""
    missing: int
    """Numbers still lacking for a score; 0 when there are enough."""

    @property
    def valued(self) -> int:
        return sum(self.counts)

    @property
    def answered(self) -> int:
        return self.valued + self.unsure + self.passed


@dataclass(frozen=True, slots=True)
class ItemScore:
    """An item's four columns, and its WSJF where every column has a card."""

    candidate: Candidate
    columns: Mapping[Column, ColumnScore]
    score: float | None
    """The WSJF of the four values."""
    comparable: bool
    """False for an item voted alone: its score stands on its own scale."""

    @property
    def key(self) -> Key:
        return self.candidate.key

    @property
    def lacking(self) -> tuple[ColumnScore, ...]:
        return tuple(column for column in self.columns.values() if column.missing)


@dataclass(frozen=True, slots=True)
class BatchScore:
    """Items scored against each other, oldest first."""

    items: tuple[ItemScore, ...]
    unanchored: tuple[Column, ...]
    """Columns in which no item is the 1, the smallest that all others are measured against."""
    hands: tuple[bytes, ...] = field(repr=False)
    """What each voter played, without names, in an order that names cannot change: per item four
    card indexes, or NO_VALUE where the voter's card does not count. `ranking` resamples these."""


_Cell: TypeAlias = tuple[Key, Column]
_CellCards: TypeAlias = Mapping[str, tuple[int, Card]]
"""Who answered a cell with which card, and in which round: the newest of each."""


def score_batch(
    candidates: Sequence[Candidate],
    hands: Iterable[Hand],
    *,
    min_ballots: int = DEFAULT_MIN_BALLOTS,
    anonymous: bool = False,
) -> BatchScore:
    """Score items that were voted together; one item alone is a batch of one.

    Of several rounds each voter's newest card counts: it stands until they play another one. Pass
    revealed rounds only.
    Raises ValueError for a repeated item or hand, a hand for an item not in the batch, and a
    `min_ballots` outside 1–10.
    """
    hands = tuple(hands)
    _require_sound(candidates, hands, min_ballots)
    answers = _newest_cards(hands)
    comparable = len(candidates) > 1
    items = tuple(
        _score_item(candidate, answers, min_ballots, anonymous, comparable)
        for candidate in sorted(candidates, key=lambda candidate: candidate.created_at)
    )
    return BatchScore(
        items=items,
        unanchored=_unanchored(items) if comparable else (),
        hands=_hands(items, answers),
    )


def wsjf(ubv: float, tc: float, rroe: float, size: float) -> float:
    """Divide the cost of delay by the job size: 0.15 to 60 for four cards."""
    return (ubv + tc + rroe) / size


def why_unscored(columns: Iterable[ColumnScore]) -> str:
    """Say which of the columns lack votes and how many; empty when none does."""
    lacks = [
        f"{COLUMNS[score.column]} lacks {counted(score.missing, 'vote')}"
        for score in columns
        if score.missing
    ]
    return f"No score: {', '.join(lacks)}." if lacks else ""


def why_unanchored(columns: Sequence[Column]) -> str:
    """Say which columns of a batch have no smallest item to measure by, and what to do."""
    *names, last = (COLUMNS[column] for column in columns)
    named = f"{', '.join(names)} or {last}" if names else last
    return f"No item is the 1 in {named}: say which is smallest (Re-anchor), or vote again."


def _require_sound(
    candidates: Sequence[Candidate], hands: Sequence[Hand], min_ballots: int
) -> None:
    if not FEWEST_MIN_BALLOTS <= min_ballots <= MOST_MIN_BALLOTS:
        raise ValueError(f"Ballots needed per column: {FEWEST_MIN_BALLOTS} to {MOST_MIN_BALLOTS}.")
    keys = {candidate.key for candidate in candidates}
    if len(keys) < len(candidates):
        raise ValueError("An item stands in the batch twice.")
    if not all(hand.item in keys for hand in hands):
        raise ValueError("A hand is for an item that is not in the batch.")
    if len({(hand.item, hand.voter, hand.round) for hand in hands}) < len(hands):
        raise ValueError("A voter has two hands for one item in one round.")


def _newest_cards(hands: Iterable[Hand]) -> dict[_Cell, _CellCards]:
    newest: dict[_Cell, dict[str, tuple[int, Card]]] = {}
    for hand in hands:
        for column, card in hand.cards.items():
            if card is None:
                continue
            answers = newest.setdefault((hand.item, column), {})
            if hand.voter not in answers or answers[hand.voter][0] < hand.round:
                answers[hand.voter] = hand.round, card
    return dict(newest)


def _score_item(
    candidate: Candidate,
    answers: Mapping[_Cell, _CellCards],
    min_ballots: int,
    anonymous: bool,
    comparable: bool,
) -> ItemScore:
    columns = {
        column: _score_column(
            column, answers.get((candidate.key, column), {}), candidate, min_ballots, anonymous
        )
        for column in COLUMNS
    }
    values = [score.value for score in columns.values() if score.value is not None]
    score = wsjf(*values) if len(values) == len(COLUMNS) else None
    return ItemScore(candidate, columns, score, comparable)


def _score_column(
    column: Column, answers: _CellCards, candidate: Candidate, min_ballots: int, anonymous: bool
) -> ColumnScore:
    cards = {voter: card for voter, (_, card) in answers.items()}
    indexes = sorted(CARD_INDEX[card] for card in cards.values() if card in CARD_INDEX)
    played = Counter(cards.values())
    answered, unsure, valued = len(cards), played["?"], len(indexes)
    lower, middle = _middle(indexes)
    agreed = candidate.agreed.get(column)
    is_open = agreed is None
    median = None if middle is None else SCALE[middle]
    agreement = None if middle is None else _agreement(indexes, middle)
    card = agreed if not is_open else median if valued >= min_ballots else None
    step = None if card is None else _step(column, candidate, indexes)
    return ColumnScore(
        column=column,
        card=card,
        step=step,
        value=None if step is None else value_at(step + candidate.shift.get(column, 0)),
        agreed=not is_open,
        median=median,
        round=max((round for round, _ in answers.values()), default=None),
        counts=tuple(played[card] for card in SCALE),
        unsure=unsure,
        passed=played["pass"],
        agreement=agreement,
        lowest=_extreme(indexes[:1], cards, anonymous),
        highest=_extreme(indexes[-1:], cards, anonymous),
        even_split=is_open and lower != middle,
        in_dispute=is_open and agreement is not None and agreement < IN_DISPUTE_BELOW,
        needs_refinement=is_open
        and unsure > 0
        and Fraction(unsure, answered) >= NEEDS_REFINEMENT_SHARE,
        missing=max(0, min_ballots - valued) if is_open else 0,
    )


def _step(column: Column, candidate: Candidate, indexes: Sequence[int]) -> Fraction:
    """Return the step of the card that was agreed on or accepted long ago, else of the cards."""
    settled = candidate.agreed.get(column, candidate.older.get(column))
    return mean_step(indexes) if settled is None else Fraction(CARD_INDEX[settled])


def _middle(indexes: Sequence[int]) -> tuple[int, int] | tuple[None, None]:
    """Give the two middle card indexes, the same one twice for an odd number; the higher counts."""
    if not indexes:
        return None, None
    return indexes[(len(indexes) - 1) // 2], indexes[len(indexes) // 2]


def _agreement(indexes: Sequence[int], middle: int) -> Fraction:
    near = sum(abs(index - middle) <= AGREEMENT_REACH_CARDS for index in indexes)
    return Fraction(near, len(indexes))


def _extreme(end: Sequence[int], cards: Mapping[str, Card], anonymous: bool) -> Extreme | None:
    if not end:
        return None
    card = SCALE[end[0]]
    voters = () if anonymous else sorted(voter for voter in cards if cards[voter] == card)
    return Extreme(card, tuple(voters))


def _unanchored(items: Iterable[ItemScore]) -> tuple[Column, ...]:
    """Find the columns with cards but no 1; a column nobody could score has nothing to anchor."""

    def played(column: Column) -> set[int]:
        return {card for item in items if (card := item.columns[column].card) is not None}

    return tuple(column for column in COLUMNS if (cards := played(column)) and 1 not in cards)


def _hands(items: Sequence[ItemScore], answers: Mapping[_Cell, _CellCards]) -> tuple[bytes, ...]:
    scores = [(item.key, score) for item in items for score in item.columns.values()]
    hands: dict[str, bytearray] = {}
    for place, (key, score) in enumerate(scores):
        if score.agreed or score.card is None:
            continue
        for voter, (_, card) in answers[key, score.column].items():
            if card in CARD_INDEX:
                hand = hands.setdefault(voter, bytearray([NO_VALUE]) * len(scores))
                hand[place] = CARD_INDEX[card]
    return tuple(sorted(bytes(hand) for hand in hands.values()))
