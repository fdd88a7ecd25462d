"""INVEST hints: what six questions say about an item, each with its evidence. They never gate.

The letters are Bill Wake's (2003); the thresholds are ours: at most 8 points and half the velocity,
70 % agreement on the size, at least one criterion that somebody can check.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from handlers.phrases import cut, listed
from handlers.rules.velocity import NO_ITERATIONS, Velocity
from storage.scale import SCALE

Verdict = Literal["good", "weak", "ask"]
"""`ask`: no program can tell, only people can."""

POINTS_MAX: Final = 8
AGREEMENT_MIN: Final = Fraction(7, 10)
VOTES_MIN: Final = 3
QUOTED_CHARS: Final = 60

_SO_THAT = re.compile(r"\bso that\b|\bin order to\b", re.IGNORECASE)
_VAGUE = re.compile(
    r"\b(appropriate(ly)?|as expected|better|clean|correct(ly)?|easy|easily|efficient(ly)?|etc|"
    r"fast(er)?|good|improved?|intuitive|nice|properly|quick(ly)?|robust|seamless(ly)?|simple|"
    r"smooth(ly)?|user[- ]friendly|well|works?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What the hints look at.

    `words` are title and details. `blockers` name what it still waits for. `sizes` are the numbers
    played for its size in the last revealed vote. `objective` is None where
    nobody links objectives.
    """

    words: str = ""
    criteria: tuple[str, ...] = ()
    points: float | None = None
    velocity: Velocity = NO_ITERATIONS
    hypothesis: bool = False
    objective: bool | None = None
    sizes: tuple[int, ...] = ()
    blockers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hint:
    """One letter of INVEST: `evidence` says in a sentence why."""

    name: str
    verdict: Verdict
    evidence: str


def hints(story: Story) -> tuple[Hint, ...]:
    """Return the six hints in the order of the word."""
    return (
        _independent(story),
        Hint("Negotiable", "ask", "Is how to do it still open? Only you can tell."),
        _valuable(story),
        _estimable(story),
        _small(story),
        _testable(story),
    )


def _independent(story: Story) -> Hint:
    if not story.blockers:
        return Hint("Independent", "good", "It waits for nothing.")
    return Hint("Independent", "weak", f"It waits for {_listed(story.blockers)}.")


def _valuable(story: Story) -> Hint:
    if story.hypothesis:
        why = "It names the metric it moves"
    elif _SO_THAT.search(story.words):
        why = "It says what for"
    else:
        return Hint("Valuable", "weak", "No metric is named, and no “so that” says what for.")
    if story.objective is False:
        return Hint("Valuable", "weak", f"{why}, but serves no objective.")
    return Hint("Valuable", "good", f"{why}{' and serves an objective' * bool(story.objective)}.")


def _estimable(story: Story) -> Hint:
    votes = len(story.sizes)
    if votes < VOTES_MIN:
        return Hint("Estimable", "weak", f"Its size has {_votes(votes)}; {VOTES_MIN} are needed.")
    near = _near_the_median(story.sizes)
    evidence = f"{near} of {votes} votes for its size are within one card of the median."
    agreed = Fraction(near, votes) >= AGREEMENT_MIN
    return Hint("Estimable", "good" if agreed else "weak", evidence)


def _votes(count: int) -> str:
    return f"{count or 'no'} {'vote' if count == 1 else 'votes'}"


def _near_the_median(sizes: Sequence[int]) -> int:
    """Count the cards within one step of the median card; an even split takes the higher one."""
    places = sorted(SCALE.index(size) for size in sizes)
    median = places[len(places) // 2]
    return sum(abs(place - median) <= 1 for place in places)


def _small(story: Story) -> Hint:
    if story.points is None:
        return Hint("Small", "weak", "It has no points.")
    points = f"{story.points} {'point' if story.points == 1 else 'points'}"
    if story.points > POINTS_MAX:
        return Hint("Small", "weak", f"{points}: more than {POINTS_MAX}. Split it?")
    pace = story.velocity
    if pace.value is None:
        evidence = f"{points}: at most {POINTS_MAX}. Velocity is n/a: {pace.reason_if_na}."
        return Hint("Small", "good", evidence)
    if not pace.value:
        return Hint("Small", "good", f"{points}: at most {POINTS_MAX}.")
    if story.points > pace.value / 2:
        evidence = f"{points}: more than half of the {_number(pace.value)} of an iteration."
        return Hint("Small", "weak", evidence)
    return Hint("Small", "good", f"{points}: at most half of an iteration.")


def _number(value: Fraction) -> str:
    return f"{float(value):.1f}".removesuffix(".0")


def _testable(story: Story) -> Hint:
    if not story.criteria:
        return Hint("Testable", "weak", "It has no acceptance criteria.")
    vague = [criterion for criterion in story.criteria if not is_checkable(criterion)]
    total, clear = len(story.criteria), len(story.criteria) - len(vague)
    counted = f"{clear} of {total} {'criterion' if total == 1 else 'criteria'} can be checked."
    if vague:
        counted += f" Hard to check: “{cut(vague[0], QUOTED_CHARS)}”."
    return Hint("Testable", "good" if clear else "weak", counted)


def is_checkable(criterion: str) -> bool:
    """Tell whether two people would agree that it holds: no vague word, or a number beside it."""
    return bool(re.search(r"[0-9]", criterion)) or not _VAGUE.search(criterion)


def _listed(names: Sequence[str]) -> str:
    return listed([cut(name, QUOTED_CHARS) for name in names], 3)
