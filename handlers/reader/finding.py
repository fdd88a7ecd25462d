"""Find a team's items by words, as people compare them: `tomas` finds what Tomás owns."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Sequence

from bot.text import alike
from handlers.reader.narrowing import Narrowed
from storage import Store
from storage.backlog import Words

_SMALL_WORDS = """
    of for by with about the an in on items item stories story owner owned assigned to from tag
    tagged theme label search find show open all von de para
"""
_SMALL = frozenset(_SMALL_WORDS.split())
SLIP_MIN_CHARS = 4
SLIP_CUTOFF = 0.8
"""How alike a word and one of an item's must be, 0 to 1, to ask whether it is meant."""


async def find_items(store: Store, team_id: int, words: Iterable[str]) -> Sequence[int]:
    """Return the numbers of the items that have every word: open ones by rank, then finished.

    A word may stand in the title, in the owner's name or in a #theme, in part; case, accents and
    the shape of quotes and dashes do not matter. Where nothing has them all, small words are left
    out: `items of Grace` finds what Grace owns.
    """
    wanted = [_plain(word) for word in words]
    there = await store.backlog.words(team_id)
    found = [item.number for item in there if _has_all(wanted, item)]
    fewer = [word.removesuffix("'s") for word in wanted if word not in _SMALL]
    if found or not fewer or fewer == wanted:
        return found
    return [item.number for item in there if _has_all(fewer, item)]


async def respelled(store: Store, team_id: int, words: Sequence[str]) -> str:
    """Return a search with its slips put right by what items say: `builds` for `bulids`; or ""."""
    there = await store.backlog.words(team_id)
    known = {word for item in there for word in re.findall(r"[^\W\d_]{4,}", _said(item))}
    right = [_nearest(_plain(word), known) for word in words]
    is_found = any(_has_all(right, item) for item in there)
    return " ".join(right) if is_found and right != [_plain(word) for word in words] else ""


def _nearest(word: str, known: Collection[str]) -> str:
    if len(word) < SLIP_MIN_CHARS or any(word in each for each in known):
        return word
    return next(iter(difflib.get_close_matches(word[:40], known, 1, SLIP_CUTOFF)), word)


async def find_narrowed(store: Store, team_id: int, wanted: Narrowed, person: str) -> Sequence[int]:
    """Return the numbers of the items that fit, by rank; `person` is who says mine.

    They are open, unless their states are named.
    """
    words = [_plain(word) for word in wanted.words]
    return [
        item.number
        for item in await store.backlog.words(team_id)
        if (item.state in wanted.states if wanted.states else item.is_open)
        and wanted.kind in ("", item.kind)
        and wanted.fits(item.due, item.points)
        and (item.owned_by == person or not wanted.mine)
        and _has_all(words, item)
    ]


def _plain(word: str) -> str:
    """Return a word as it is compared, without quotes and what says whose or which it is."""
    folded = alike(word).strip("\"'(),") or alike(word)
    for lead, sign in (("owner:", ""), ("tag:", "#"), ("theme:", "#"), ("label:", "#"), ("@", "")):
        folded = sign + folded.removeprefix(lead) if folded.startswith(lead) else folded
    return folded


def _said(item: Words) -> str:
    themes = (f"#{theme}" for theme in item.themes)
    return alike(" ".join((item.title, item.owner or "", *themes)))


def _has_all(wanted: Sequence[str], item: Words) -> bool:
    said = _said(item)
    return all(word in said for word in wanted)
