"""What people say, as labelled data.

`tests/fixtures/other_hands.txt` has seventy troubles in three wordings each, by eight hands, and
only measures, as `fresh_hands.txt` (seventy, by eight others), `hands.txt` (seventy, by six),
`more_lookalikes.txt` and `fresh_improvements.txt` do: leave them out of any tuning.
`wordings.txt`, ninety troubles in four wordings, `later_hands.txt`, sixty by six hands, and
`improvements.txt` were looked at: the thresholds were chosen on them. `lookalikes.txt` has pairs of
one shape about different subjects, `product_items.txt` what a product's backlog holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from random import Random

from handlers.likeness import ALIKE, Scorer
from handlers.themes.patterns import Report, systemic_from

FIXTURES = Path(__file__).parents[2] / "fixtures"

Divided = Iterable[Sequence[int]]
"""Groups of positions, each position in one."""

Troubles = Sequence[Sequence[str]]
"""What teams suffer from, each in the wordings of several people."""


def _blocks(name: str) -> list[tuple[str, ...]]:
    text = (FIXTURES / name).read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if not line.startswith("#")]
    blocks = "\n".join(lines).strip().split("\n\n")
    return [tuple(block.strip().split("\n")) for block in blocks]


def wordings() -> list[tuple[str, ...]]:
    """Return troubles, each as several people say it: blunt, a story, vague, not a native."""
    return _blocks("wordings.txt")


ByHands = Sequence[Sequence[tuple[str, str]]]
"""Troubles, each as several hands write it: (hand, sentence)."""


def by_hands(name: str = "hands.txt") -> ByHands:
    """Return troubles, each as three hands of the file write it."""
    said = [[line.split(": ", 1) for line in block] for block in _blocks(name)]
    return [tuple((hand, text) for hand, text in block) for block in said]


def by_later_hands() -> ByHands:
    return by_hands("later_hands.txt")


def by_fresh_hands() -> ByHands:
    return by_hands("fresh_hands.txt")


def by_other_hands() -> ByHands:
    return by_hands("other_hands.txt")


def hands() -> list[tuple[str, ...]]:
    return _unsigned(by_hands())


def later_hands() -> list[tuple[str, ...]]:
    return _unsigned(by_later_hands())


def fresh_hands() -> list[tuple[str, ...]]:
    return _unsigned(by_fresh_hands())


def other_hands() -> list[tuple[str, ...]]:
    return _unsigned(by_other_hands())


def _unsigned(said: ByHands) -> list[tuple[str, ...]]:
    return [tuple(text for _, text in block) for block in said]


def improvements() -> tuple[str, ...]:
    return _blocks("improvements.txt")[0]


def fresh_improvements() -> tuple[str, ...]:
    return _blocks("fresh_improvements.txt")[0]


def product_items() -> tuple[str, ...]:
    return _blocks("product_items.txt")[0]


def lookalikes(name: str = "lookalikes.txt") -> list[tuple[str, str]]:
    pairs = [line.split(" | ") for line in _blocks(name)[0]]
    return [(one, other) for one, other in pairs]


def more_lookalikes() -> list[tuple[str, str]]:
    return lookalikes("more_lookalikes.txt")


@dataclass(frozen=True, slots=True)
class Share:
    """How many of so many pairs were taken for alike."""

    taken: int
    pairs: int

    @property
    def of_all(self) -> float:
        return self.taken / self.pairs

    def __str__(self) -> str:
        return f"{self.taken:,} of {self.pairs:,} ({100 * self.of_all:.1f} %)"


def taken(scorer: Scorer, pairs: Iterable[tuple[str, str]]) -> Share:
    scores = [scorer(one, [other])[0] for one, other in pairs]
    return Share(sum(score >= ALIKE for score in scores), len(scores))


def taken_at_random(scorer: Scorer, groups: Sequence[Sequence[str]]) -> Share:
    """Return how many pairs of different groups are taken for alike."""
    count = pairs = 0
    for place, group in enumerate(groups):
        others = [text for other in groups[place + 1 :] for text in other]
        for text in group:
            pairs += len(others)
            count += sum(score >= ALIKE for score in scorer(text, others))
    return Share(count, pairs)


def same(groups: Iterable[Sequence[str]]) -> list[tuple[str, str]]:
    """Return the pairs that say the same."""
    return [pair for group in groups for pair in combinations(group, 2)]


# --- retros and trains out of them -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """How good a division is: of the pairs it joins, and of those it should."""

    right: int
    joined: int
    alike: int

    @property
    def precision(self) -> float:
        return self.right / self.joined if self.joined else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.alike

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __add__(self, other: Found) -> Found:
        return Found(self.right + other.right, self.joined + other.joined, self.alike + other.alike)

    def __str__(self) -> str:
        return f"precision {self.precision:.2f}, recall {self.recall:.2f}, F1 {self.f1:.2f}"


def a_retro(random: Random, everything: Troubles) -> list[tuple[str, int]]:
    """Return some thirty notes with what they are about: seven shared troubles, seven single."""
    notes = []
    for place, trouble in enumerate(random.sample(range(len(everything)), 14)):
        voices = random.randint(2, len(everything[trouble])) if place < 7 else 1
        notes += [(text, trouble) for text in random.sample(everything[trouble], voices)]
    return random.sample(notes, len(notes))


def rated(truth: Sequence[int], divided: Divided) -> Found:
    joined = {pair for group in divided for pair in combinations(sorted(group), 2)}
    alike = {
        (one, other)
        for one, other in combinations(range(len(truth)), 2)
        if truth[one] == truth[other]
    }
    return Found(len(joined & alike), len(joined), len(alike))


@dataclass(frozen=True, slots=True)
class Train:
    """What the teams of a train reported, and the wordings of what really is systemic there."""

    teams: int
    reports: tuple[Report, ...]
    systemic: tuple[frozenset[str], ...]


def a_train(random: Random, everything: Troubles) -> Train:
    """Return four teams or more: two troubles of enough teams, single ones, and product items.

    Each team that has a trouble says it in words of its own, so three wordings make six teams.
    """
    teams = random.randint(4, 2 * min(map(len, everything)))
    troubles = random.sample(everything, 2 + teams)
    said: list[tuple[int, str]] = []
    for trouble in troubles[:2]:
        having = random.sample(range(teams), systemic_from(teams))
        said += zip(having, random.sample(trouble, len(having)), strict=True)
    said += [(team, random.choice(troubles[2 + team])) for team in range(teams)]
    items = random.sample(product_items(), 4 * teams)
    said += [(place % teams, item) for place, item in enumerate(items)]
    reports = (Report(f"i{number}", team, text) for number, (team, text) in enumerate(said))
    return Train(teams, tuple(reports), tuple(frozenset(trouble) for trouble in troubles[:2]))


def rated_trains(
    trains: Iterable[Train], patterns: Callable[[Train], Iterable[Sequence[Report]]]
) -> Found:
    """Rate the systemic patterns found: right is one whose reports are mostly of one trouble."""
    found = Found(0, 0, 0)
    for train in trains:
        proposed = list(patterns(train))
        right = {
            trouble
            for reports in proposed
            for trouble in train.systemic
            if 2 * sum(report.text in trouble for report in reports) > len(reports)
        }
        found += Found(len(right), max(len(proposed), len(right)), len(train.systemic))
    return found
