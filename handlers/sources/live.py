"""What a tracker tells of an item, made to fit: titles of one line, labels as themes, real numbers.

A file's cells are read by `reading`; a tracker's answers are typed already, but as wild as people
write. What does not fit is cut where it is only shown, and left out where it would be untrue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.remote import RemoteItem
from bot.text import clean
from handlers.phrases import cut, shortened
from handlers.rules.limits import TITLE_MAX_CHARS
from handlers.rules.refinement import POINTS_MAX
from handlers.sources.labels import themes
from handlers.sources.reading import CARDS
from handlers.sources.values import DETAILS_MAX_CHARS
from storage.scale import SCALE
from storage.types import exact

UNTITLED = "(no title)"


def fitted(remote: RemoteItem) -> RemoteItem:
    """Return an item of a tracker with fields as an item of Hone can have them."""
    title = shortened(clean(remote.title), TITLE_MAX_CHARS) or UNTITLED
    fields: dict[str, Any] = {**remote.fields, "title": title}
    if "description" in fields:
        fields["description"] = cut(clean(fields["description"] or ""), DETAILS_MAX_CHARS)
    if "points" in fields and not _fits(fields["points"]):
        del fields["points"]
    if "points" in fields and fields["points"] is not None:
        fields["points"] = exact(fields["points"])
    if "themes" in fields:
        fields["themes"] = themes(fields["themes"] or ())[0]
    return replace(remote, title=title, fields=_whole_set(fields))


def not_ahead(remote: RemoteItem, now: datetime) -> RemoteItem:
    """Return an item of which nothing happened later than now: clocks there may be ahead."""

    def by_now(at: datetime | None) -> datetime | None:
        return None if at is None else min(at, now)

    return replace(
        remote,
        created=by_now(remote.created),
        updated=by_now(remote.updated),
        finished=by_now(remote.finished),
        steps=tuple(replace(step, at=min(step.at, now)) for step in remote.steps),
    )


def _fits(points: float | None) -> bool:
    return points is None or 0 <= points <= POINTS_MAX


def _whole_set(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields with all four cards of a score, or none: three would be another score."""
    cards = {name: fields[name] for name in CARDS.values() if name in fields}
    rest = {name: value for name, value in fields.items() if name not in cards}
    if len(cards) == len(CARDS) and all(card in SCALE for card in cards.values()):
        rest |= {name: int(card) for name, card in cards.items()}
    return rest
