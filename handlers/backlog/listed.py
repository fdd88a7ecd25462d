"""Show the items that somebody's words find, and what lists call people and items."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from bot.turn import Mistake, NotMeant, Reply, Turn, Whisper
from handlers.backlog import cards
from handlers.reader.finding import find_items, find_narrowed, respelled
from handlers.reader.narrowing import read_narrowing
from handlers.reader.turns import asked_by
from handlers.rules.naming import items_named
from storage import Store
from storage.backlog import Ranked, Wanted
from storage.states import STATES
from storage.tracked import KnownAs

WORDS_MAX = 8
"""Words of a search that count; the rest is ignored."""

NEAR_ENOUGH = 0.82
"""How alike a search without a find and a word such as `ready` must be, 0 to 1, to ask about it."""

_LISTS = (
    *("mine", "unowned", "ready", "train", "done", "stale", "deps", "overdue", "due this week"),
    *("no owner", "no due date", "move", "split", "lift", "import", "export", *STATES),
)


async def search_items(turn: Turn, store: Store, line: str) -> Reply:
    """Show the items that a line narrows to, names or has the words of."""
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    words = tuple(line.split()[:WORDS_MAX])
    several = items_named(line)
    numbers: Sequence[int] = several.numbers if not several.rest else ()
    narrowed = None if numbers else read_narrowing(line, asked_by(turn, team))
    if narrowed:
        numbers = await find_narrowed(store, team.id, narrowed, turn.person.id)
    if fits := bool(numbers):
        words = (line,)
    else:
        numbers = await find_items(store, team.id, words)
    if not numbers and narrowed:
        raise (NotMeant if narrowed.words else Mistake)(*cards.nothing_fits(" ".join(words)))
    if not numbers:
        meant = get_close_matches(line.lower(), _LISTS, n=1, cutoff=NEAR_ENOUGH)
        near = "".join(meant) or await respelled(store, team.id, words)
        raise NotMeant(*cards.nothing_found(" ".join(words), near))
    shown = Wanted(numbers=tuple(numbers[: cards.FOUND_MAX]))
    rows = await store.backlog.page(team.id, shown, limit=cards.FOUND_MAX)
    people = await names_of(store, [row.item.owner for row in rows])
    found = cards.Rows(rows, people, known=await keys_of(store, rows))
    return Whisper(cards.search_results(" ".join(words), found, len(numbers), fits=fits))


async def keys_of(
    store: Store, rows: Sequence[Ranked], hidden: frozenset[int] = frozenset()
) -> dict[int, KnownAs]:
    """Return what items are called elsewhere; a key would name the team of a hidden one."""
    numbers = [row.item.number for row in rows if row.item.number not in hidden]
    return await store.tracked.known_as(numbers)


async def names_of(store: Store, people: list[str | None]) -> dict[str, str]:
    return await store.people.named(sorted({person for person in people if person}))
