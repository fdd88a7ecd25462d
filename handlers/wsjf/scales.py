"""Tell which accepted scores may stand in one ranking, and when one has grown old.

A score is a place on the scale of its own batch: the 1 of one vote may be the 5 of another. Two
batches share a scale when at least two items, the anchors, were scored in both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from typing import Final

from handlers.wsjf.scoring import ANCHORS_TO_COMPARE

PI_LENGTH: Final = timedelta(weeks=10)
"""One Planning Interval, of 8–12 weeks as SAFe has it: an older score wants a new look."""


def is_old(scored_at: datetime, now: datetime) -> bool:
    """Tell whether a score is older than one Planning Interval."""
    return now - scored_at > PI_LENGTH


def on_one_scale(
    present: Mapping[int, int], scored: Iterable[tuple[int, int]]
) -> tuple[tuple[int, ...], ...]:
    """Group items whose scores can be compared, the largest group first.

    `present` is item → the vote its present score comes from; `scored` are (vote, item) of every
    score ever accepted in these votes, through which they may share anchors. Items keep the order
    of `present` within their group.
    """
    batches: dict[int, set[int]] = defaultdict(set)
    for vote, item in scored:
        batches[vote].add(item)
    scale = {vote: vote for vote in {*batches, *present.values()}}
    for one, other in combinations(sorted(scale), 2):
        if len(batches[one] & batches[other]) >= ANCHORS_TO_COMPARE:
            _join(scale, one, other)
    groups: dict[int, list[int]] = defaultdict(list)
    for item, vote in present.items():
        groups[scale[vote]].append(item)
    return tuple(tuple(group) for group in _largest_first(groups.values()))


def _join(scale: dict[int, int], one: int, other: int) -> None:
    kept, gone = scale[one], scale[other]
    for vote, own in scale.items():
        if own == gone:
            scale[vote] = kept


def _largest_first(groups: Iterable[list[int]]) -> Sequence[list[int]]:
    return sorted(groups, key=len, reverse=True)
