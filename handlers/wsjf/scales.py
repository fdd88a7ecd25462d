"""Tell which accepted scores may stand in one ranking, and when one has grown old.

A score is a place on the scale of its own vote: the 1 of one vote may be the 5 of another. Two
votes join when at least two items, the anchors, were scored in both: each column of the newer vote
moves by as much as its anchors lie apart on average. Anchors that moved apart by more than a card
tell of another view, not of another scale; by those no vote can be joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from statistics import fmean
from typing import Final, TypeAlias

from handlers.wsjf.scale import COLUMNS, Column

PI_LENGTH: Final = timedelta(weeks=10)
"""One Planning Interval, of 8–12 weeks as SAFe has it: an older score wants a new look."""

ANCHORS_TO_COMPARE: Final = 2

APART_MAX_CARDS: Final = 1.0

Steps: TypeAlias = Mapping[Column, float]
Shift: TypeAlias = Mapping[Column, float]
"""By how many steps each column moves."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Two votes that share anchors and do not join, and the column whose anchors moved apart most,
    by so many cards."""

    one: int
    other: int
    anchors: tuple[int, ...]
    column: Column
    cards: float


@dataclass(frozen=True, slots=True)
class Joined:
    """Groups of items whose scores compare, the largest first; how far each vote's columns move to
    its group's scale; and the votes that could not be joined."""

    groups: tuple[tuple[int, ...], ...]
    shifts: Mapping[int, Shift]
    refused: tuple[Refusal, ...]


def is_old(scored_at: datetime, now: datetime) -> bool:
    """Tell whether a score is older than one Planning Interval."""
    return now - scored_at > PI_LENGTH


def on_one_scale(present: Mapping[int, int], scored: Mapping[int, Mapping[int, Steps]]) -> Joined:
    """Group items whose scores can be compared.

    `present` is item → the vote its present score comes from; `scored` is vote → item → its steps,
    of every item ever scored in these votes, through which they may share anchors. Votes are
    numbered in the order in which they began. Items keep the order of `present` in their group.
    """
    votes = sorted({*scored, *present.values()})
    group = {vote: vote for vote in votes}
    shifts: dict[int, Shift] = {vote: dict.fromkeys(COLUMNS, 0.0) for vote in votes}
    refused = []
    for older, newer in combinations(votes, 2):
        one, other = scored.get(older, {}), scored.get(newer, {})
        anchors = tuple(sorted(one.keys() & other.keys()))
        if len(anchors) < ANCHORS_TO_COMPARE or group[older] == group[newer]:
            continue
        apart = {c: [one[item][c] - other[item][c] for item in anchors] for c in COLUMNS}
        widest = max(COLUMNS, key=lambda c: max(apart[c]) - min(apart[c]))
        cards = max(apart[widest]) - min(apart[widest])
        if cards > APART_MAX_CARDS:
            refused.append(Refusal(older, newer, anchors, widest, cards))
            continue
        move = {c: shifts[older][c] + fmean(apart[c]) - shifts[newer][c] for c in COLUMNS}
        if group[newer] < group[older]:  # the oldest vote of all keeps its scale
            move = {c: -steps for c, steps in move.items()}
            _join(group, shifts, group[newer], group[older], move)
        else:
            _join(group, shifts, group[older], group[newer], move)
    groups: dict[int, list[int]] = defaultdict(list)
    for item, vote in present.items():
        groups[group[vote]].append(item)
    return Joined(
        tuple(tuple(items) for items in sorted(groups.values(), key=len, reverse=True)),
        shifts,
        tuple(each for each in refused if group[each.one] != group[each.other]),
    )


def _join(
    group: dict[int, int], shifts: dict[int, Shift], kept: int, gone: int, move: Shift
) -> None:
    """Move all votes of one group to the scale of the other."""
    for vote in [vote for vote, own in group.items() if own == gone]:
        group[vote] = kept
        shifts[vote] = {column: shifts[vote][column] + move[column] for column in COLUMNS}
