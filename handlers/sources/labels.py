"""Labels of trackers as themes: one theme each, spelled alike however it was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal

from handlers.reader.tags import theme_of

Separator = Literal["marks", "spaces", "none"]
"""What parts the labels within a cell: commas and semicolons, spaces, or nothing."""

_MARKS: Final = re.compile(r"[,;|]")


def separator(cells: Iterable[str], *, spaced: bool) -> Separator:
    """Return what parts labels in a whole column; `spaced` tools write labels without spaces."""
    if any(_MARKS.search(cell) for cell in cells):
        return "marks"
    return "spaces" if spaced else "none"


def read_labels(cell: str, parted: Separator) -> list[str]:
    """Return the labels of a cell as they are written there."""
    if parted == "marks":
        return [label for each in _MARKS.split(cell) if (label := each.strip())]
    return cell.split() if parted == "spaces" else [cell.strip()] if cell.strip() else []


def themes(labels: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the themes that labels make, each once, and the labels that make none."""
    made = {label: theme_of(label) for label in labels}
    found = dict.fromkeys(theme for theme in made.values() if theme)
    return list(found), [label for label, theme in made.items() if theme is None]
