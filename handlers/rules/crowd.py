"""Among how many somebody must be to stay unnamed, and what may be told where they are fewer.

Nobody knows who wrote without a name, so people are counted that could have: those Hone knows to be
with the team. A name that is left out, but can be worked out from what is told beside it, is told.
"""

from __future__ import annotations

from typing import Final

CROWD: Final = 5
"""Among fewer people, or fewer teams, a guess is too often right."""


def is_crowd(people: int) -> bool:
    return people >= CROWD


def may_name_team(unsigned: bool, people: int, notes: int | None = None) -> bool:
    """Whether a team may be named for something it reported.

    Of those who wrote without a name there were at most as many as the team has people, and as
    there are notes.
    """
    return not unsigned or is_crowd(min(people, people if notes is None else notes))


def may_count_unnamed(unnamed: int, candidates: int) -> bool:
    """Whether teams may be counted that are not named, of so many that it could be.

    Enough of them must not have reported: what is left over would name those who did.
    """
    return candidates - unnamed >= CROWD - 1
