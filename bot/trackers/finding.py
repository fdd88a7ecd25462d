"""Single items that somebody named: found where they were last, or where they are now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from bot.remote import RemoteItem, Seen
from bot.trackers.tracker import Lost, Missing, NotAllowed, Rejected, Tracker
from storage.trackers import TrackerHint

SCOPES_ASKED_MAX = 10
"""Where an item is looked for; should it be in another one, that one's next page tells it."""

Named = tuple[TrackerHint, RemoteItem | Lost]
"""What a hint led to."""


async def find(
    tracker: Tracker,
    id: str,
    home: int | None,
    followed: Mapping[int, str],
    call: Callable[[Awaitable[Any]], Awaitable[Any]],
) -> tuple[int | None, RemoteItem | Lost]:
    """Return the scope that shows an item, and the item; where none does, its home and why.

    `followed` are scopes with their ids there. Without a home an item that no scope shows is
    nobody's: the scope is None.
    """
    lost = Lost()
    places = dict.fromkeys([*([] if home is None else [home]), *followed])
    for scope in list(places)[:SCOPES_ASKED_MAX]:
        try:
            found = await call(tracker.one(followed[scope], id))
        except (Missing, NotAllowed, Rejected):  # it says so of this one item
            continue
        if isinstance(found, RemoteItem):
            return scope, found
        lost = found if found.restricted else lost
    return home, lost


def seen(named: Sequence[Named]) -> Seen:
    """Return what one scope told of items that were named."""
    lost = [(hint.remote_id, found) for hint, found in named if isinstance(found, Lost)]
    return Seen(
        tuple(found for _, found in named if isinstance(found, RemoteItem)),
        gone=tuple(id for id, found in lost if not found.restricted),
        restricted=tuple(id for id, found in lost if found.restricted),
    )
