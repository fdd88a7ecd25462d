"""Divide revealed notes into groups of one theme each, column by column, and name them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from handlers.likeness import ALIKE, grouped, themed
from handlers.likeness.taxonomy import topics as known_topics
from handlers.phrases import cut
from handlers.retro.reading import themes_in

TITLE_MAX_CHARS = 90

NO_TOPICS: Mapping[str, str] = MappingProxyType({})


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
                    title=title_of(texts, topics),
                    themes=themes_in(texts),
                    notes=tuple(note.id for note in cluster),
                )
            )
    return tuple(groups)


def title_of(texts: Sequence[str], topics: Mapping[str, str] = NO_TOPICS) -> str:
    """Return what notes say together: the topic most of them are about, else the shortest of them.

    A note alone speaks for itself. The shortest most likely says it plainest, cut to a line.
    """
    shared = Counter(topics[text] for text in texts if text in topics).most_common(1)
    if len(texts) > 1 and shared and 2 * shared[0][1] > len(texts):
        title = next((each.title for each in known_topics() if each.name == shared[0][0]), "")
        if title:
            return title
    return cut(min(texts, key=lambda text: (len(text), text)), TITLE_MAX_CHARS)


def belongs_to(
    note: Written, groups: Mapping[int, Sequence[str]], topics: Mapping[str, str]
) -> int | None:
    """Return the group, of its column, that a note which comes later says the same as.

    `groups` are number → texts. None: it says something of its own.
    """
    scorer = themed(topics)
    likeness = {
        no: sum(scores) / len(scores)
        for no, texts in groups.items()
        if (scores := scorer(note.text, texts))
    }
    best = max(likeness, key=lambda no: (likeness[no], -no), default=None)
    return best if best is not None and likeness[best] >= ALIKE else None
