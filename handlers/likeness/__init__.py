"""Find sentences that say the same: items to join instead of doubling, insights to group.

Two questions have two answers. Whether two texts are *the same item* is asked before something is
saved twice; whether they belong to *the same theme* when notes are grouped and teams compared.
By words both are one measure; by meaning (`semantic.py`) they differ.

Two sentences are as alike as the share of each that the other one also says. Words are matched
by their stem, so spelling and endings may differ, and by what teams abbreviate. Words about how
bad it is, when and for whom ("takes days", "never", "nobody") count less than the words that
say what it is about: everything is slow in a retro, and a slow build is not a slow review.

This is the soft matching of words of Cohen, Ravikumar and Fienberg (2003), with fixed weights
in the place of inverse document frequencies: a retro has too few sentences to count words, and
a likeness that does not depend on the other candidates keeps its threshold. The vocabulary is
English; in other languages all words count the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import fsum

from rapidfuzz.distance import JaroWinkler

Scorer = Callable[[str, Sequence[str]], Sequence[float]]
"""Says how alike a text is to each candidate, from 0.0 to 1.0, in the candidates' order."""

ALIKE = 0.6
"""From here on a person would rather be asked. Chosen on the labelled pairs of the tests."""

WORDS_MAX = 40
"""Words of a text that are compared: a sentence or two, and no page of them can cost seconds."""


@dataclass(frozen=True, slots=True)
class Match:
    id: int
    text: str
    score: float


def alike(
    text: str,
    candidates: Iterable[tuple[int, str]],
    limit: int = 3,
    threshold: float = ALIKE,
    scorer: Scorer | None = None,
) -> tuple[Match, ...]:
    """Return the candidates most like the text, best first; of equals, the lower id first.

    Candidates are (id, text). Five thousand take some 20 ms with the default scorer, and 100 ms
    if they are as long as it reads.
    """
    known = tuple(candidates)
    scores = (scorer or word_scorer())(text, [candidate for _, candidate in known])
    matches = [
        Match(key, candidate, score)
        for (key, candidate), score in zip(known, scores, strict=True)
        if score >= threshold
    ]
    return tuple(sorted(matches, key=lambda match: (-match.score, match.id))[:limit])


def grouped(
    texts: Sequence[str], threshold: float = ALIKE, scorer: Scorer | None = None
) -> tuple[tuple[int, ...], ...]:
    """Divide texts into groups of those that say the same; return their positions.

    Every position stands in exactly one group, a text that is like no other in one of its own.
    Groups and their members come in the order of the texts, but who is in a group with whom
    does not depend on it. Two groups join when their members are alike on average, so a chain
    of neighbours does not pull strangers together. Work grows with the square: 200 sentences take
    some 0.1 s, 200 texts of WORDS_MAX words a second.
    """
    distinct = sorted(set(texts))
    sums = _pair_scores(distinct, scorer or word_scorer())
    members = {place: [place] for place in range(len(distinct))}
    group_of = list(members)
    near = [(-sums[i][j], i, j) for i, j in combinations(members, 2) if sums[i][j] >= threshold]
    for _, one, other in sorted(near):
        first, second = group_of[one], group_of[other]
        pairs = len(members[first]) * len(members[second])
        if first == second or sums[first][second] / pairs < threshold:
            continue
        for third in members:  # what groups share adds up, so that no pair is counted again
            sums[first][third] += sums[second][third]
            sums[third][first] = sums[first][third]
        for place in members[second]:
            group_of[place] = first
        members[first] += members.pop(second)
    place_of = {text: place for place, text in enumerate(distinct)}
    positions: dict[int, list[int]] = {}
    for position, text in enumerate(texts):
        positions.setdefault(group_of[place_of[text]], []).append(position)
    return tuple(map(tuple, positions.values()))


def _pair_scores(texts: Sequence[str], scorer: Scorer) -> list[list[float]]:
    """Return how alike each is to each, having scored every pair once."""
    scores = [[0.0] * len(texts) for _ in texts]
    for one, text in enumerate(texts):
        for more, score in enumerate(scorer(text, texts[one + 1 :]), start=1):
            scores[one][one + more] = scores[one + more][one] = score
    return scores


def themed(topics: Mapping[str, str]) -> Scorer:
    """Return a scorer for texts of the same theme: the same topic, or by words alike.

    `topics` names what each text is about, where that is known. Make one for each use.
    """
    by_words = word_scorer()

    def score(text: str, candidates: Sequence[str]) -> Sequence[float]:
        own = topics.get(text)
        return [
            1.0 if own is not None and own == topics.get(other) else likeness
            for other, likeness in zip(candidates, by_words(text, candidates), strict=True)
        ]

    return score


# --- the default scorer ----------------------------------------------------------------------

FAINT_WEIGHT = 0.4
"""What a word counts that says how bad, when or for whom; other words count 1."""

SAME_WORD = 0.85
"""Jaro-Winkler similarity from which two stems are one word: prioritise, prioritize."""

UNSAID = frozenset(
    re.findall(
        r"\w+",
        """
        a an the is are was were be been am i we our us you your he she they their them it its
        this that these those to of in on at by for from with and or but if so as than not no
        have has had do does did can could should would will just only too very more most much
        many every all some any there when who what which how why dont doesnt cant isnt
        """,
    )
)

_FAINT = """
    slow slowly fast long short late early big large small huge high low hard difficult easy bad
    badly poor good great better best worse missing miss lack unclear clear outdated old new
    stale unstable stable broken break broke fail failed noisy risky risk chaotic expensive
    scary painful annoying confusing
    take took taken need want get got getting give make made use used go come happen run ran
    wait know knew find found discover see saw look write written change changed improve add
    remove fix update clean automate document prepare reach help helped reduce increase limit
    stop start keep move upgrade split seem feel become turn
    never always often rarely sometimes still again already ever daily weekly day week month
    hour minute time night today
    nobody noone everybody everyone somebody someone person people team one two several few lot
    thing way work first last before after during until end middle
"""

_SHORT_FORMS = {
    "acceptance criteria": "ac",
    "app": "application",
    "auth": "authentication",
    "cd": "pipeline",
    "ci": "pipeline",
    "config": "configuration",
    "criteria": "ac",
    "daily scrum": "standup",
    "db": "database",
    "definition of done": "dod",
    "definition of ready": "dor",
    "doc": "documentation",
    "end to end": "e2e",
    "env": "environment",
    "hot fix": "hotfix",
    "incident review": "postmortem",
    "infra": "infrastructure",
    "k8s": "kubernetes",
    "merge request": "pr",
    "mr": "pr",
    "on call": "oncall",
    "perf": "performance",
    "post mortem": "postmortem",
    "prod": "production",
    "product owner": "po",
    "pull request": "pr",
    "repo": "repository",
    "retro": "retrospective",
    "scrum master": "sm",
    "spec": "specification",
    "sprint": "iteration",
    "stand up": "standup",
    "tech debt": "techdebt",
    "technical debt": "techdebt",
    "time zone": "timezone",
    "work in progress": "wip",
}
_SHORT_FORM = re.compile(rf"\b({'|'.join(sorted(_SHORT_FORMS, reverse=True))})s?\b")


def word_scorer() -> Scorer:
    """Return a scorer by shared words. It keeps what it has read: make one for each use."""
    read: dict[str, _Words] = {}

    def words(text: str) -> _Words:
        if text not in read:
            read[text] = _words(text)
        return read[text]

    def score(text: str, candidates: Sequence[str]) -> Sequence[float]:
        own = words(text)
        if not own.weights:  # only an emoji, or "how is it?"
            return [float(candidate == text) for candidate in candidates]
        near = _Near(own.weights)
        return [_likeness(own, near, words(candidate)) for candidate in candidates]

    return score


@dataclass(frozen=True, slots=True)
class _Words:
    """The stems of a text with their weights, and the sum of these."""

    weights: Mapping[str, float]
    total: float


class _Near(dict[str, "Sequence[tuple[str, float]]"]):
    """A word → those of a text that it may be, with their similarity; each is compared once."""

    def __init__(self, texts_words: Iterable[str]) -> None:
        super().__init__()
        self._by_initial: dict[str, list[str]] = {}
        for word in texts_words:
            self._by_initial.setdefault(word[0], []).append(word)

    def __missing__(self, word: str) -> Sequence[tuple[str, float]]:
        same = self._by_initial.get(
            word[0], ()
        )  # a slip of the finger rarely hits the first letter
        compared = [(own, _similarity(own, word)) for own in same]
        self[word] = [(own, similarity) for own, similarity in compared if similarity]
        return self[word]


def _likeness(mine: _Words, near: _Near, other: _Words) -> float:
    """Average the share of either's words that the other says too; symmetric to the last bit."""
    if not other.weights:
        return 0.0
    nearest: dict[str, float] = {}
    shared: list[float] = []
    for word, weight in other.weights.items():
        best = 0.0
        for own, similarity in near[word]:
            if similarity > nearest.get(own, 0.0):
                nearest[own] = similarity
            if similarity > best:
                best = similarity
        if best:
            shared.append(weight * best)
    own_shared = [mine.weights[own] * similarity for own, similarity in nearest.items()]
    # fsum: the same in whatever order
    return (fsum(own_shared) / mine.total + fsum(shared) / other.total) / 2


def _similarity(one: str, other: str) -> float:
    """Return Jaro-Winkler similarity, which depends on the order, as if it did not; 0.0 if low."""
    return JaroWinkler.similarity(min(one, other), max(one, other), score_cutoff=SAME_WORD)


def _words(text: str) -> _Words:
    """Return the stems of the words that carry meaning, with their weights."""
    stems = [stem(word) for word in plain_words(text) if word not in UNSAID][:WORDS_MAX]
    weights = {stem: FAINT_WEIGHT if stem in _FAINT_STEMS else 1.0 for stem in stems}
    return _Words(weights, fsum(weights.values()))


def plain_words(text: str) -> list[str]:
    """Return a text's words in order, without case, and what teams abbreviate as one word."""
    plain = re.sub("['’]", "", text.casefold()).replace("-", " ")
    return re.findall(r"\w+", _SHORT_FORM.sub(lambda short: _SHORT_FORMS[short[1]], plain))


def names_something(word: str) -> bool:
    """Whether a word says what a text is about, rather than how bad it is, when or for whom."""
    return word not in UNSAID and stem(word) not in _FAINT_STEMS


def stem(word: str) -> str:
    """Cut the endings that most often differ; SAME_WORD forgives the rest."""
    return _ENDING.sub("", word)


_ENDING = re.compile(r"(?<=\w\w\w)(?:ing|ed|ly|(?<![sui])s)$")
_FAINT_STEMS = frozenset(map(stem, re.findall(r"\w+", _FAINT)))
