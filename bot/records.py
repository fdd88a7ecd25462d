"""What Hone wants written in a tracker: a card like any other, drawn from the state when sent.

The outbox delivers it as it does messages: one at a time an item, leased, paced, tried again; and
not at all where it would change nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from bot.cards import Card

CHANNEL = "tracker:"
"""What the channels of records begin with; behind it stands the number of a scope."""


MARKER = re.compile(r"\bhone-[0-9a-f]{6,}-\w{1,40}\b")
"""What Hone leaves in an item that it creates, and finds it by, whoever meets it first."""


def new_marker(number: int) -> str:
    """Return a marker for an item of Hone's that no other item has."""
    return f"hone-{uuid4().hex}-{number}"


@dataclass(frozen=True, slots=True)
class Change:
    """What an item should have there that it has not: Hone's name of a field → its value.

    Owners are accounts of the tracker ("" for nobody), states the tracker's own words, days are
    dates, points and cards numbers; None empties a field. Labels are told one by one, `+name` to
    add and `-name` to take away, whichever way that one is spelled there: all others stay.
    """

    fields: Mapping[str, str | float | date | tuple[str, ...] | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.fields)


@dataclass(frozen=True, slots=True)
class Record(Card):
    """An item as it should stand in a tracker; to be sent to a channel that begins with CHANNEL.

    `change` is what differs from what both sides last agreed on. `id` names it there; for a new one
    that is None, `marker` finds what was created already, and `body` is its description. `by` says
    on whose behalf, such as "Ada, via Hone"; "" for an author who stays unnamed. `backlink` leads
    to Hone, and is kept there once. `version` is the one that was read last: a tracker with a lock
    takes a change of no other, and says Outdated. `values` are the changed fields as Hone has them:
    owners are people, labels all of them, days ISO texts. `asked_again` is when somebody pressed
    *Try again*: what looks like what was sent last is not sent.
    """

    number: int = 0
    id: str | None = None
    marker: str = ""
    change: Change = field(default_factory=Change)
    kind: str = ""
    body: str = ""
    by: str = ""
    backlink: str = ""
    version: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    asked_again: str = ""
