"""How a file's cells are read: what one of them cannot tell alone, its column and the others do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from handlers.phrases import shortened
from handlers.sources.columns import Layout
from handlers.sources.labels import Separator, separator
from handlers.sources.moments import DayOrder, day_orders
from handlers.sources.sheet import Sheet

STATE_DAYS: Final = ("refining", "ready", "planned", "in_progress", "in_review")
_MOMENTS: Final = (*STATE_DAYS, "created", "updated", "accepted", "dropped", "due")
_SPACED: Final = frozenset({"jira", "hone", "file"})
"""Tools whose labels have no spaces in them."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How the cells of a file are read; `orders` and `parted` are settled for a whole column."""

    layout: Layout
    zone: str
    orders: Mapping[int, DayOrder] = field(default_factory=dict)
    parted: Separator = "none"


@dataclass(slots=True)
class Unread:
    """What was left out: field → the lines, and an example of what stood there."""

    lines: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, line: int, cell: str = "") -> None:
        self.lines[name].append(line)
        self.examples.setdefault(name, shortened(cell, 40))


def rules_for(sheet: Sheet, layout: Layout, zone: str) -> Rules:
    """Settle what each column's cells have in common."""
    told = day_orders(sheet.rows, [at for name in _MOMENTS for at in layout.places.get(name, ())])
    settled = {order for order in told.values() if order}  # one program has written them all
    otherwise: DayOrder = settled.pop() if len(settled) == 1 else "day first"
    orders = {place: order or otherwise for place, order in told.items()}
    labels = layout.places.get("themes", ())
    parted: Separator = "none"  # several columns, or a list: a cell is a label
    if len(labels) == 1:
        cells = (row[labels[0]] for _, row in sheet.rows)
        texts = (cell for cell in cells if isinstance(cell, str))
        parted = separator(texts, spaced=layout.kind in _SPACED)
    return Rules(layout, zone, orders, parted)
