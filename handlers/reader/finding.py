"""Find a team's items by words, as people compare them: `tomas` finds what Tomás owns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.text import alike
from handlers.reader.narrowing import Narrowed
from storage import Store


async def find_items(store: Store, team_id: int, words: Iterable[str]) -> Sequence[int]:
    """Return the numbers of the items that have every word: open ones by rank, then finished.

    A word may stand in the title, in the owner's name or in a #theme, in part; case, accents and
    the shape of quotes and dashes do not matter.
    """
    wanted = [alike(word).removeprefix("owner:").removeprefix("@") for word in words]
    return [
        item.number
        for item in await store.backlog.words(team_id)
        if _has_all(wanted, item.title, item.owner, item.themes)
    ]


async def find_narrowed(store: Store, team_id: int, wanted: Narrowed, person: str) -> Sequence[int]:
    """Return the numbers of the open items that fit, by rank; `person` is who says mine."""
    words = [alike(word).removeprefix("@") for word in wanted.words]
    return [
        item.number
        for item in await store.backlog.words(team_id)
        if item.is_open
        and wanted.fits(item.due, item.points)
        and (item.owned_by == person or not wanted.mine)
        and _has_all(words, item.title, item.owner, item.themes)
    ]


def _has_all(wanted: Sequence[str], title: str, owner: str | None, themes: Sequence[str]) -> bool:
    said = alike(" ".join((title, owner or "", *(f"#{theme}" for theme in themes))))
    return all(word in said for word in wanted)
