"""Which of Hone's items a source's item is: by its id there, its key, or a title of its own.

Hone's own number counts only in Hone's own export: #1 of another tool is another thing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.remote import RemoteItem
from bot.text import alike
from handlers.sources.keys import by_its_title, own_number
from storage import Store
from storage.records import UNBORN
from storage.teams import Team
from storage.tracked import Tracked, new_row

BY_HAND: Final = "file"
"""The source of tables that people made: their keys may be those of any tool."""

OF_ANOTHER_TEAM: Final = "belongs to another team here"
SEVERAL_TITLES: Final = "several items here have its title"
GONE: Final = "has a number that no item has here"
FOLLOWED: Final = "is read from its tracker already"
ELSEWHERE: Final = "belongs to something else that is followed"
AT_HOME: Final = "is read from Jira already, where it is at home"
STALE: Final = "is known in a later version"
TWICE: Final = "is the same item as one before it"


@dataclass(frozen=True, slots=True)
class Live:
    """The scope of a tracker that items are read from, beside all others that are followed there.

    `named`: the scope that an item was in has been asked first, and has it no more. `rehomed`:
    scores have other fields there since it was read last.
    """

    scope_id: int
    followed: frozenset[int] = frozenset()
    named: bool = False
    rehomed: bool = False


@dataclass(slots=True)
class Found:
    """Who a source's item is. `number` is None for a new one; `left_out` says why nothing happens.

    `source` and `remote_id` name it from now on, unless it was named by Hone's `own` number.
    `moves`: it belongs to another team here, and to this one there. `unlinked` are neighbours that
    a tracker told and nothing here has; None where nobody has looked for them. `left` are fields
    that differ there and are left as they are: Hone's value, and why. `home` is how Jira, where it
    is at home, knows an item of Jira Align.
    """

    remote: RemoteItem
    source: str
    remote_id: str
    number: int | None = None
    tracked: Tracked | None = None
    left_out: str = ""
    own: bool = False
    moves: bool = False
    left: dict[str, tuple[object, str]] = field(default_factory=dict)
    unlinked: dict[str, object] | None = None
    home: Tracked | None = None


async def match(
    store: Store,
    team: Team,
    items: Sequence[RemoteItem],
    live: Live | None = None,
    *,
    lock: bool = False,
) -> list[Found]:
    """Return who each item is in the team's backlog; with `lock`, what is tracked stays so."""
    found = [_named(store.workspace, remote) for remote in items]
    ids = [id for each in found for _, id in _names(each)]
    by_id = await store.tracked.with_ids(ids, lock=lock)
    keys = [key for remote in items for key in (remote.key, remote.twin) if _tells(key)]
    by_key = await store.tracked.by_key(keys)
    by_twin = await _only_in_align(store, [r.key for r in items if _is_jira(r.source) and r.key])
    strange = [each for each in found if each.number is None]
    for each in strange:
        _find(each, by_id, by_key, by_twin)
    nameless = [each for each in strange if each.number is None and not each.remote.key]
    by_title = await _by_title(store, team, [each.remote.title for each in nameless])
    for each in nameless:
        _find_by_title(each, by_title)
    for each in strange:
        _judge(each, team, live)
    taken: set[int] = set()
    for each in found:
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
        remote.id or by_its_title(remote.title),
        number,
        own=number is not None,
    )


def _names(found: Found) -> Iterator[tuple[str, str]]:
    """Return the names an item may be known by, the best one first."""
    yield found.source, found.remote_id
    if found.remote.marker:  # put there by Hone, which may not have had an answer yet
        yield found.source, unborn(found.remote.marker)
    tool, _, place = found.source.partition(":")
    repository, _, number = found.remote.key.rpartition("#")
    if repository:  # a file's source is the repository, and its key the number alone
        yield f"{tool}:{repository.lower()}", found.remote_id
        yield f"{tool}:{repository.lower()}", number
    created = found.remote.created
    if place and created:  # an earlier file did not say which repository it was
        yield tool, f"{number}@{created:%Y-%m-%dT%H:%M:%S}"


def unborn(marker: str) -> str:
    """Return the id of an item that is being created with a marker, until its tracker gives one."""
    return f"{UNBORN}{marker}"


def _tells(key: str) -> bool:
    """Tell whether a key names its tool or project, too: 7 may be anybody's."""
    return bool(key) and not key.isdigit()


async def _only_in_align(store: Store, keys: Sequence[str]) -> dict[str, list[Tracked]]:
    """Return key in Jira → the items that have it and are known from Jira Align alone."""
    by_twin = await store.tracked.by_twin(keys)
    numbers = [row.number for rows in by_twin.values() for row in rows]
    known = await store.tracked.of_items(numbers)
    in_jira = {number for number in numbers if any(_is_jira(row.source) for row in known[number])}
    return {
        key: [row for row in rows if row.number not in in_jira] for key, rows in by_twin.items()
    }


async def _by_title(store: Store, team: Team, titles: Sequence[str]) -> dict[str, list[int]]:
    by_title: defaultdict[str, list[int]] = defaultdict(list)
    for number, title in await store.imports.titled(team.id, titles):
        by_title[alike(title)].append(number)
    return by_title


def _find(
    found: Found,
    by_id: dict[str, list[Tracked]],
    by_key: dict[str, list[Tracked]],
    by_twin: dict[str, list[Tracked]],
) -> None:
    """Note which item it is by its names, if any; what Align told first, Jira takes over."""
    rows = [
        row
        for source, id in _names(found)
        for row in sorted(by_id.get(id, ()), key=lambda row: row.source != source)
        if same_source(row.source, source)
    ]
    rows += [row for row in by_key.get(found.remote.key, ()) if _same_key(row, found)]
    homes = [row for row in by_key.get(found.remote.twin, ()) if _is_in_jira(row)]
    if homes and (not rows or rows[0].number == homes[0].number):
        found.home, found.left_out = homes[0], AT_HOME
    rows = rows or (by_twin.get(found.remote.key, []) if _is_jira(found.source) else [])
    if rows:
        found.tracked, found.number = rows[0], rows[0].number


def _find_by_title(found: Found, by_title: dict[str, list[int]]) -> None:
    """Note which item it is by its title, if one alone has it."""
    numbers = by_title.get(alike(found.remote.title), [])
    found.number = numbers[0] if len(numbers) == 1 else None
    found.left_out = SEVERAL_TITLES if len(numbers) > 1 else ""


def _is_jira(source: str) -> bool:
    return source.partition(":")[0] == "jira"


def _is_in_jira(row: Tracked) -> bool:
    return _is_jira(row.source) and row.scope_id is not None and row.gone_at is None


def _is_taken_over(row: Tracked, found: Found) -> bool:
    """Tell whether Jira tells of an item that only Jira Align has told of so far."""
    return row.twin == found.remote.key != "" and _is_jira(found.source)


def as_twin(row: Tracked, home: Tracked) -> Tracked:
    """Return how Jira Align knows an item that is at home in Jira: by its name, and no more."""
    return new_row(
        workspace=row.workspace,
        source=row.source,
        remote_id=row.remote_id,
        team_id=home.team_id,
        number=home.number,
        key=row.key,
        link=row.link,
        seen_at=row.seen_at,
        state=row.state,
        twin=row.twin,
    )


def _judge(found: Found, team: Team, live: Live | None) -> None:
    """Note whether what is told of a known item counts, and whether it changes teams."""
    row, remote = found.tracked, found.remote
    if row is None or found.left_out:
        return
    taken_over = _is_taken_over(row, found)
    is_ours = live is not None and (row.source == found.source or taken_over)
    if live is None and row.scope_id is not None:
        found.left_out = FOLLOWED
    elif is_ours and not taken_over and remote.version and remote.version < row.version:
        found.left_out = STALE
    elif live is not None and is_ours and _is_elsewhere(row, live):
        found.left_out = ELSEWHERE
    elif row.team_id != team.id:
        found.moves = is_ours
        found.left_out = "" if is_ours else OF_ANOTHER_TEAM
    if taken_over and not found.left_out:
        found.tracked = as_twin(row, row)  # what Align and Hone agreed on is nothing to Jira


def _is_elsewhere(row: Tracked, live: Live) -> bool:
    """Tell whether another scope that is followed has the item, and would have to let it go."""
    return row.scope_id != live.scope_id and row.scope_id in live.followed and not live.named


def same_source(one: str, other: str) -> bool:
    """Tell whether two sources hold the same items: a file does not say which site it is from."""
    if one == other:
        return True
    tool, _, site = one.partition(":")
    other_tool, _, other_site = other.partition(":")
    return tool == other_tool and not (site and other_site)


def _same_key(row: Tracked, found: Found) -> bool:
    """Tell whether a key means the same: within one source, or where nobody named the tool."""
    return same_source(row.source, found.source) or BY_HAND in (row.source, found.source)
