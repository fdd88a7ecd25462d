"""Find what says the same, by the measure that is there: words, or words and meaning."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from handlers.likeness import Match, alike
from storage import Store
from storage.vectors import Meaning

READ_MAX = 40
"""Texts whose meaning one turn reads anew, half a second's work; it compares more by words."""


async def similar_items(store: Store, text: str, team_id: int) -> tuple[Match, ...]:
    """Return up to three open items of a team that say the same, best first."""
    titles = await store.titles.open(team_id)
    if store.meaning is None or not titles:
        return alike(text, titles)
    known = await _stored(store, store.meaning, titles)
    known |= await store.meaning.read([text])
    scorer = store.meaning.same_item(known)
    return await asyncio.to_thread(alike, text, titles, scorer=scorer)


async def topics_of(
    store: Store, texts: Sequence[str], items: Sequence[tuple[int, str]] = ()
) -> Mapping[str, str]:
    """Return text → the topic it is about, for texts said together; none without the model.

    `items` are (number, title) of those among them that are items' titles.
    """
    if store.meaning is None:
        return {}
    known = await _stored(store, store.meaning, items)
    new = [text for text in dict.fromkeys(texts) if text not in known]
    return store.meaning.topics(known | await store.meaning.read(new[:READ_MAX]))


def read_ahead(store: Store, texts: Sequence[str]) -> None:
    """Have the meaning of texts worked out that will be compared later; nothing is stored."""
    if store.meaning is not None:
        store.meaning.read_ahead(texts)


async def _stored(
    store: Store, meaning: Meaning, titles: Sequence[tuple[int, str]]
) -> dict[str, bytes]:
    numbers = [number for number, _ in titles]
    stored = await store.vectors.of(numbers, meaning.model)
    return {title: stored[number] for number, title in titles if number in stored}
