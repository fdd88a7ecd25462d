"""Which of Hone's items a source's item is: by its id there, its key, or a title of its own.

Hone's own number counts only in Hone's own export: #1 of another tool is another thing.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.remote import RemoteItem
from bot.text import alike
from handlers.sources.keys import own_number
from storage import Store
from storage.records import UNBORN
from storage.teams import Team
from storage.tracked import Tracked

BY_HAND: Final = "file"
"""The source of tables that people made: their keys may be those of any tool."""

OF_ANOTHER_TEAM: Final = "belongs to another team here"
SEVERAL_TITLES: Final = "several items here have its title"
GONE: Final = "has a number that no item has here"
TWICE: Final = "is the same item as one before it"


@dataclass(slots=True)
class Found:
    """Who a source's item is. `number` is None for a new one; `left_out` says why nothing happens.

    `source` and `remote_id` name it from now on, unless it was named by Hone's `own` number.
    """

    remote: RemoteItem
    source: str
    remote_id: str
    number: int | None = None
    tracked: Tracked | None = None
    left_out: str = ""
    own: bool = False


async def match(store: Store, team: Team, items: Sequence[RemoteItem]) -> list[Found]:
    """Return who each item is in the team's backlog."""
    found = [_named(store.workspace, remote) for remote in items]
    names = [name for each in found for name in _names(each)]
    by_id = await store.tracked.by_id(names)
    by_key = await store.tracked.by_key([r.key for r in items if _tells(r.key)])
    by_title = await _by_title(store, team, [r.title for r in items if not r.key])
    taken: set[int] = set()
    for each in found:
        if each.number is None:
            _find(each, team, by_id, by_key, by_title)
        if each.number is not None and not each.left_out:
            each.left_out = TWICE if each.number in taken else ""
            taken.add(each.number)
    return found


def _named(workspace: str, remote: RemoteItem) -> Found:
    own = remote.source == "hone"
    number = None
    if own:
        number = own_number(workspace, remote.key) if remote.key else remote.number
    source = BY_HAND if own else remote.source
    return Found(
        remote,
        source,
        remote.id or _by_its_title(remote.title),
        number,
        own=number is not None,
    )


def _by_its_title(title: str) -> str:
    return f"title:{hashlib.sha256(alike(title).encode()).hexdigest()[:32]}"


def _names(found: Found) -> Iterator[tuple[str, str]]:
    """Return the names an item may be known by, the best one first."""
    yield found.source, found.remote_id
    if found.remote.marker:  # put there by Hone, which may not have had an answer yet
        yield found.source, unborn(found.remote.marker)
    tool, _, repository = found.source.partition(":")
    created = found.remote.created
    if repository and created:  # an earlier file did not say which repository it was
        yield tool, f"{found.remote.key}@{created:%Y-%m-%dT%H:%M:%S}"


def unborn(marker: str) -> str:
    """Return the id of an item that is being created with a marker, until its tracker gives one."""
    return f"{UNBORN}{marker}"


def _tells(key: str) -> bool:
    """Tell whether a key names its tool or project, too: 7 may be anybody's."""
    return bool(key) and not key.isdigit()


async def _by_title(store: Store, team: Team, titles: Sequence[str]) -> dict[str, list[int]]:
    by_title: defaultdict[str, list[int]] = defaultdict(list)
    for number, title in await store.imports.titled(team.id, titles):
        by_title[alike(title)].append(number)
    return by_title


def _find(
    found: Found,
    team: Team,
    by_id: dict[tuple[str, str], Tracked],
    by_key: dict[str, list[Tracked]],
    by_title: dict[str, list[int]],
) -> None:
    """Note which item it is, if any."""
    rows = [by_id[name] for name in _names(found) if name in by_id]
    rows += [row for row in by_key.get(found.remote.key, ()) if _same_key(row, found)]
    if rows:
        found.tracked, found.number = rows[0], rows[0].number
        if rows[0].team_id != team.id:
            found.left_out = OF_ANOTHER_TEAM
    elif not found.remote.key:
        numbers = by_title.get(alike(found.remote.title), [])
        found.number = numbers[0] if len(numbers) == 1 else None
        found.left_out = SEVERAL_TITLES if len(numbers) > 1 else ""


def _same_key(row: Tracked, found: Found) -> bool:
    """Tell whether a key means the same: within one source, or where nobody named the tool."""
    return row.source == found.source or BY_HAND in (row.source, found.source)
