"""An item as another tool holds it: plain values, in that tool's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """The item reached a state, at an instant, for a reason if it was sent back or dropped."""

    at: datetime
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteItem:
    """What a source tells of one item; whatever it has no column for is None or missing.

    `source` and `id` name it for ever, `key` is how people there call it; a row with neither is
    known by its title. `fields` are those of Hone's that are read as they stand. `state`, `kind`,
    `owner`, `part_of`, `blocked_by` and `blocks` are the source's own words: `mapping` translates
    them. `steps` lead up to the state, oldest first; `finished` is when it was finished. `facts`
    are told on the item's card and nowhere else. `number` is Hone's own, from its own export.
    """

    line: int
    source: str
    id: str = ""
    key: str = ""
    number: int | None = None
    title: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    kind: str | None = None
    state: str | None = None
    category: str = ""
    resolution: str = ""
    owner: str | None = None
    part_of: str | None = None
    blocked_by: tuple[str, ...] | None = None
    blocks: tuple[str, ...] = ()
    created: datetime | None = None
    updated: datetime | None = None
    finished: datetime | None = None
    steps: tuple[Step, ...] = ()
    rank: str | None = None
    link: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
