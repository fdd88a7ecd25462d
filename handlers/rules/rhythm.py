"""A team's iterations as its settings say: those that run and those that can be told afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from handlers.rules.timeboxes import Rhythm, Timebox
from handlers.rules.velocity import LOOKS_BACK
from storage import Store
from storage.iterations import IterationRow
from storage.teams import Team

PAST_MAX = 8
"""Iterations told afterwards from the items' events: more than any number looks back."""


def rhythm_of(team: Team) -> Rhythm | None:
    first, weeks = team.iteration_first, team.iteration_weeks
    return Rhythm(first, weeks, team.zone) if first and weeks else None


async def note_iterations(store: Store, team: Team) -> None:
    """Note the iteration that runs, and past ones since the team's first item."""
    rhythm = rhythm_of(team)
    boxes = list(islice(rhythm.back_from(store.now), PAST_MAX)) if rhythm else []
    if not boxes:
        return
    noted = await store.iterations.of_team(team.id, boxes[-1].starts_at)
    known = await store.iterations.known_since(team.id)
    for index, box in enumerate(boxes):
        too_early = known is None or box.starts_at < known
        if index and (too_early or _overlaps(box, noted)):
            break
        await store.iterations.begin(team.id, box.starts_at, box.ends_at)


async def tell_iterations_anew(store: Store, team: Team) -> None:
    """Note what was planned in each, now that more is known of the past: a history was imported.

    So it does not matter whether the history or the iterations came first.
    """
    await note_iterations(store, team)
    await store.iterations.tell_anew(team.id, store.now - LOOKS_BACK)


def _overlaps(box: Timebox, noted: Sequence[IterationRow]) -> bool:
    """Whether an iteration of an earlier rhythm ran at the same time."""
    return any(
        row.starts_at < box.ends_at
        and box.starts_at < row.ends_at
        and row.starts_at != box.starts_at
        for row in noted
    )
