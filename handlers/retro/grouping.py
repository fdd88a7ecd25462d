"""Divide revealed notes into groups of one theme each, column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.likeness import grouped, themed
from handlers.phrases import cut
from handlers.retro.reading import themes_in

TITLE_MAX_CHARS = 90


@dataclass(frozen=True, slots=True)
class Written:
    """A note to be grouped."""

    id: str
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Notes that say the same, counted from 1 through all columns."""

    no: int
    column: int
    title: str
    themes: tuple[str, ...]
    notes: tuple[str, ...]


def divide(notes: Sequence[Written], topics: Mapping[str, str]) -> tuple[Group, ...]:
    """Return the groups, by column, then the largest first. Every note stands in exactly one.

    `topics` names what a note's text is about, where that is known.
    """
    groups: list[Group] = []
    scorer = themed(topics)
    for column in sorted({note.column for note in notes}):
        in_column = [note for note in notes if note.column == column]
        found_alike = grouped([note.text for note in in_column], scorer=scorer)
        clusters = [[in_column[i] for i in positions] for positions in found_alike]
        for cluster in sorted(clusters, key=len, reverse=True):
            texts = [note.text for note in cluster]
            groups.append(
                Group(
                    no=len(groups) + 1,
                    column=column,
                    title=title_of(texts),
                    themes=themes_in(texts),
                    notes=tuple(note.id for note in cluster),
                )
            )
    return tuple(groups)


def title_of(texts: Sequence[str]) -> str:
    """Return the shortest of the notes, which most likely says it plainest, cut to a line."""
    return cut(min(texts, key=lambda text: (len(text), text)), TITLE_MAX_CHARS)
