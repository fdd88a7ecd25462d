"""What bringing a file in would do, before anything is done: counted item by item.

Every loss is counted here, whoever's it would be: what the file would empty, what both sides
changed, what cannot be read, and what is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from bot.remote import RemoteItem
from bot.text import alike
from handlers.sources.compare import Comparison, compare
from handlers.sources.files import File
from handlers.sources.keys import by_its_title
from handlers.sources.matching import Live
from handlers.sources.owners import written
from handlers.sources.relations import relations, strangers
from handlers.sources.rules import Unread
from handlers.sources.states import folded, kind_of_item
from handlers.sources.words import Words
from storage import Store
from storage.teams import Team

CHUNK_ITEMS: Final = 100
TITLES_SHOWN: Final = 5
TWINS_MAX: Final = 50


@dataclass(slots=True)
class Unknown:
    """A word of the source: as it stands there, what it is taken for, how many items have it."""

    word: str
    guess: str
    items: int = 0


@dataclass(slots=True)
class Survey:
    """What would come of a file, in numbers, and what is unclear about it.

    `kept`, `emptied`, `outdone` and `stands` count fields as `Merged` names them. `left_out`
    counts items by reason; `hiding` items are restricted by now, and lose their words here.
    `first` are the first few that would change, each as (known number, title). `states`, `kinds`
    and `owners` are words that nobody has explained yet, each with a guess; `known` are the
    others, by the sort of word. `twins` are new ones that an item here has the title of, each as
    (its number, id there, key there).
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
    hiding: int = 0
    states: dict[str, Unknown] = field(default_factory=dict)
    kinds: dict[str, Unknown] = field(default_factory=dict)
    owners: dict[str, Unknown] = field(default_factory=dict)
    known: dict[str, dict[str, Unknown]] = field(default_factory=dict)
    twins: list[tuple[int, str, str]] = field(default_factory=list)
    unread: Unread = field(default_factory=Unread)

    def known_of(self, sort: str) -> dict[str, Unknown]:
        return self.known.setdefault(sort, {})

    @property
    def asks(self) -> bool:
        """Whether anything is worth asking about."""
        return bool(self.states or self.kinds or self.owners)

    @property
    def changes(self) -> bool:
        """Whether anything would become another."""
        return self.total > self.same or self.hiding > 0

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
    """Return what names all of the file's items; nothing where no item names another."""
    return frozenset(each_name(file))


def each_name(file: File) -> Iterator[str]:
    """Yield the same, row by row: keys and ids, or what a title makes."""
    if file.names_neighbours:
        layout = file.rules.layout
        places = [place for name in ("key", "id") for place in layout.places.get(name, ())]
        title = layout.places["title"][0]
        for _, cells in file.sheet.rows:
            names = [str(cells[place]) for place in places if cells[place]]
            yield from names or [by_its_title(str(cells[title]))]


async def look_at(
    result: Survey,
    store: Store,
    team: Team,
    chunk: Sequence[RemoteItem],
    words: Words,
    names: Collection[str],
    live: Live | None = None,
) -> None:
    """Add what would become of some items; `names` are those of all items in the file."""
    compared = await compare(store, team, chunk, words, live)
    here = [each for each in compared if each.item is not None and not each.found.left_out]
    pairs = [(each.found, each.item) for each in here if each.item is not None]
    moved = set()
    for (_, item), related in zip(pairs, await relations(store, pairs, names), strict=True):
        result.missing.update(related.missing)
        if related.changes:
            moved.add(item.number)
        result.kept.update(related.part_of.kept)
    new = [each.found for each in compared if each.item is None and not each.found.left_out]
    result.missing.update(await strangers(store, new, names))
    for each in compared:
        _count(result, each, moved)
    await _find_twins(result, store, team, compared)
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


async def _find_twins(
    result: Survey, store: Store, team: Team, compared: Sequence[Comparison]
) -> None:
    """Note new items whose title one item here has, which no tool is known to hold yet."""
    new = [each for each in compared if each.new is not None and each.remote.key]
    if not new or len(result.twins) >= TWINS_MAX:
        return
    titled = await store.imports.titled(team.id, [each.remote.title for each in new])
    held = await store.tracked.of_items([number for number, _ in titled])
    here = [(alike(title), number) for number, title in titled if number not in held]
    taken = {number for number, _, _ in result.twins}
    for each in new:
        numbers = [number for title, number in here if title == alike(each.remote.title)]
        if len(numbers) == 1 and numbers[0] not in taken and len(result.twins) < TWINS_MAX:
            taken.add(numbers[0])
            result.twins.append((numbers[0], each.found.remote_id, each.remote.key))


def _ask(result: Survey, items: Iterable[RemoteItem], words: Words) -> None:
    """Note the words that stand there: known, or not explained by anybody yet."""
    for remote in items:
        if remote.state is not None and (state := words.state(remote)) is not None:
            unclear = result.known_of("states") if state.sure else result.states
            _note(unclear, folded(remote.state), remote.state, state.ours)
        if remote.kind is not None:
            kind = kind_of_item(remote.kind, words.kinds)
            unclear = result.known_of("kinds") if kind.sure else result.kinds
            _note(unclear, folded(remote.kind), remote.kind, kind.ours)
        if remote.owner:
            person = written(remote.owner)
            owner = words.owners.sure(person)
            unclear = result.owners if owner is None else result.known_of("people")
            guess = words.owners.guess(person) if owner is None else owner
            _note(unclear, alike(person.shown), person.shown, guess)


def meet_words(result: Survey, items: Sequence[RemoteItem], words: Words) -> None:
    """Note words that were never met before; those that were stay as they are, uncounted."""
    fresh = Survey()
    _ask(fresh, items, words)
    for sort, unclear, known in (
        ("states", result.states, fresh.states),
        ("kinds", result.kinds, fresh.kinds),
        ("people", result.owners, fresh.owners),
    ):
        met = {**unclear, **result.known_of(sort)}
        unclear.update({name: word for name, word in known.items() if name not in met})
        sure = fresh.known_of(sort).items()
        result.known_of(sort).update({name: word for name, word in sure if name not in met})


def explain(result: Survey, answers: Mapping[str, Mapping[str, str]]) -> None:
    """Take what people said of words that were met; they are unclear no more."""
    unclear = {"states": result.states, "kinds": result.kinds, "people": result.owners}
    for sort, told in answers.items():
        for name, ours in told.items():
            word = unclear[sort].pop(name, None) or result.known_of(sort).get(name)
            if word is not None:
                result.known_of(sort)[name] = Unknown(word.word, ours, word.items)


def _note(unknown: dict[str, Unknown], name: str, word: str, guess: str) -> None:
    unknown.setdefault(name, Unknown(word, guess)).items += 1
