"""What bringing a file in would do, before anything is done: counted item by item.

Every loss is counted here, whoever's it would be: what the file would empty, what both sides
changed, what cannot be read, and what is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from bot.remote import RemoteItem
from bot.text import alike
from handlers.sources.compare import Comparison, compare
from handlers.sources.files import File
from handlers.sources.owners import written
from handlers.sources.reading import Unread
from handlers.sources.relations import relations
from handlers.sources.states import folded, kind_of_item, state_of
from handlers.sources.words import Words
from storage import Store
from storage.teams import Team

CHUNK_ITEMS: Final = 500
TITLES_SHOWN: Final = 5


@dataclass(slots=True)
class Unknown:
    """A word that nobody has explained yet: as the source writes it, a guess, how many items."""

    word: str
    guess: str
    items: int = 0


@dataclass(slots=True)
class Survey:
    """What would come of a file, in numbers, and what is unclear about it.

    `kept`, `emptied`, `outdone` and `stands` count fields as `Merged` names them. `left_out` counts
    items by reason. `first` are the first few that would change, each as (known number, title).
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    first: list[tuple[int | None, str]] = field(default_factory=list)
    kept: Counter[str] = field(default_factory=Counter)
    emptied: Counter[str] = field(default_factory=Counter)
    outdone: Counter[str] = field(default_factory=Counter)
    stands: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    behind: int = 0
    undated: int = 0
    states: dict[str, Unknown] = field(default_factory=dict)
    kinds: dict[str, Unknown] = field(default_factory=dict)
    owners: dict[str, Unknown] = field(default_factory=dict)
    unread: Unread = field(default_factory=Unread)

    @property
    def asks(self) -> bool:
        """Whether anything is worth asking about."""
        return bool(self.states or self.kinds or self.owners)

    @property
    def total(self) -> int:
        return self.new + self.changed + self.same


async def survey(store: Store, team: Team, file: File, words: Words) -> Survey:
    """Compare a file with a team's backlog; nothing is written."""
    result = Survey()
    names, items = names_in(file), file.items(result.unread)
    while chunk := list(islice(items, CHUNK_ITEMS)):
        await look_at(result, store, team, chunk, words, names)
    return result


def names_in(file: File) -> frozenset[str]:
    """Return the keys and ids of all the file's items."""
    places = [place for name in ("key", "id") for place in file.rules.layout.places.get(name, ())]
    return frozenset(str(cells[at]) for _, cells in file.sheet.rows for at in places)


async def look_at(
    result: Survey,
    store: Store,
    team: Team,
    chunk: Sequence[RemoteItem],
    words: Words,
    names: Collection[str],
) -> None:
    """Add what would become of some items; `names` are those of all items in the file."""
    compared = await compare(store, team, chunk, words)
    here = [each for each in compared if each.item is not None and not each.found.left_out]
    pairs = [(each.found, each.item) for each in here if each.item is not None]
    moved = set()
    for (_, item), related in zip(pairs, await relations(store, pairs, names), strict=True):
        result.missing.update(related.missing)
        if related.changes:
            moved.add(item.number)
        result.kept.update(related.part_of.kept)
    for each in compared:
        _count(result, each, moved)
    _ask(result, (each.remote for each in compared if not each.found.left_out), words)


def _count(result: Survey, each: Comparison, moved: Collection[int]) -> None:
    if each.found.left_out:
        result.left_out[each.found.left_out] += 1
        return
    result.undated += each.undated
    result.behind += each.behind
    for counted, names in (
        (result.kept, each.result.kept),
        (result.emptied, each.result.emptied),
        (result.outdone, each.result.outdone),
        (result.stands, each.result.stands),
    ):
        counted.update(names)
    if each.item is None:
        result.new += 1
    elif each.changes or each.item.number in moved:
        result.changed += 1
    else:
        result.same += 1
        return
    if len(result.first) < TITLES_SHOWN:
        result.first.append((each.item.number if each.item else None, each.remote.title))


def _ask(result: Survey, items: Iterable[RemoteItem], words: Words) -> None:
    """Note the words that nobody has explained yet."""
    for remote in items:
        if remote.state is not None:
            state = state_of(
                words.tool, remote.state, words.states, remote.category, remote.resolution
            )
            if not state.sure:
                _note(result.states, folded(remote.state), remote.state, state.ours)
        if remote.kind is not None:
            kind = kind_of_item(remote.kind, words.kinds)
            if not kind.sure:
                _note(result.kinds, folded(remote.kind), remote.kind, kind.ours)
        if remote.owner and words.owners.sure(person := written(remote.owner)) is None:
            _note(result.owners, alike(person.shown), person.shown, words.owners.guess(person))


def _note(unknown: dict[str, Unknown], name: str, word: str, guess: str) -> None:
    unknown.setdefault(name, Unknown(word, guess)).items += 1
