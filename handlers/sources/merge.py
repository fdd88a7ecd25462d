"""Two sides edited one item: field by field, what both last agreed on tells who changed what.

Where only one side differs from it, that side is right. Where both do, the source is, for it is
the home of the work; of estimates the newer one. A source that is empty where Hone has something
takes it away only if that is what both last agreed on: an empty column is no wish.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Protocol

NEWER_WINS: Final = frozenset({"points"})
"""Fields that either side may own."""

_UNKNOWN: Final = object()


@dataclass(slots=True)
class Merged:
    """What becomes of an item. `base` is what both sides agree on afterwards, as JSON holds it.

    `kept` are fields that the source has empty and Hone has not, `emptied` those that go because
    they were emptied there. `outdone` are fields that both changed: Hone's value gives way, and
    stays in the item's story; in `stands` it is Hone's that stays.
    """

    take: dict[str, Any] = field(default_factory=dict)
    base: dict[str, Any] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    emptied: list[str] = field(default_factory=list)
    outdone: list[str] = field(default_factory=list)
    stands: list[str] = field(default_factory=list)


def merged(
    ours: Mapping[str, Any],
    theirs: Mapping[str, Any],
    base: Mapping[str, Any],
    *,
    ours_is_newer: bool,
) -> Merged:
    """Merge what the source tells, `theirs`, with what Hone has.

    `base` lacks what the two never agreed on. Nothing that the source does not tell is touched.
    """
    result = Merged(base=dict(base))
    for name, value in theirs.items():
        _merge(result, name, ours[name], value, base.get(name, _UNKNOWN), ours_is_newer)
    return result


def _merge(
    result: Merged, name: str, ours: Any, theirs: Any, agreed: Any, ours_is_newer: bool
) -> None:
    mine, told = plain(ours), plain(theirs)
    if mine == told:
        result.base[name] = told
    elif told == agreed:
        if is_empty(told):
            result.kept.append(name)
    elif mine == agreed or (agreed is _UNKNOWN and is_empty(mine)):
        if is_empty(told):
            result.emptied.append(name)
        result.take[name] = theirs
        result.base[name] = told
    elif is_empty(told):
        result.kept.append(name)
    elif ours_is_newer and name in NEWER_WINS:
        result.stands.append(name)
        result.base[name] = told
    else:
        result.outdone.append(name)
        result.take[name] = theirs
        result.base[name] = told


def is_empty(value: Any) -> bool:
    """Tell whether a field says nothing; a 0 does."""
    return value is None or value in ("", [])


def plain(value: Any) -> Any:
    """Return a field as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value


class Event(Protocol):
    """A change of an item: field → [before, after]."""

    @property
    def at(self) -> datetime: ...
    @property
    def person(self) -> str | None: ...
    @property
    def changes(self) -> Mapping[str, Any]: ...


def as_exported(
    now: Mapping[str, Any], events: Iterable[Event], changed_at: datetime
) -> dict[str, Any]:
    """Return an item's fields as they were when it had last been changed at `changed_at`.

    That is what an export of Hone's own said, whatever happened here since.
    """
    return _without(now, (e for e in events if e.at.replace(microsecond=0) > changed_at))


def as_imported(now: Mapping[str, Any], events: Iterable[Event]) -> dict[str, Any]:
    """Return an item's fields as they would be had nobody here changed them.

    That is what its source last said, where nothing else is kept of it.
    """
    return _without(now, (event for event in events if event.person is not None))


def _without(now: Mapping[str, Any], events: Iterable[Event]) -> dict[str, Any]:
    then = {name: plain(value) for name, value in now.items()}
    for event in sorted(events, key=lambda event: event.at, reverse=True):
        then |= {name: change[0] for name, change in event.changes.items() if name in then}
    return then
