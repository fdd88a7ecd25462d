"""Find what says the same, by the measure that is switched on: words, or words and meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.likeness import Match, Scorer, alike
from storage import Store

READ_MAX = 40
"""Texts whose meaning one turn reads anew, half a second's work; it compares more by words."""


async def similar_items(store: Store, text: str, team_id: int) -> tuple[Match, ...]:
    """Return up to three open items of a team that say the same, best first."""
    titles = await store.items.open_titles(team_id)
    if store.meaning is None or not titles:
        return alike(text, titles)
    known = await _stored(store, titles)
    known |= await store.meaning.read([text])
    return alike(text, titles, scorer=store.meaning.scorer(known))


async def scorer_for(
    store: Store, texts: Sequence[str], items: Sequence[tuple[int, str]] = ()
) -> Scorer | None:
    """Return the measure for comparing these texts with each other; None is that by words.

    `items` are (number, title) of those among them that are items' titles.
    """
    if store.meaning is None:
        return None
    known = await _stored(store, items)
    new = [text for text in dict.fromkeys(texts) if text not in known]
    return store.meaning.scorer(known | await store.meaning.read(new[:READ_MAX]))


def read_ahead(store: Store, texts: Sequence[str]) -> None:
    """Have the meaning of texts worked out that will be compared later; nothing is stored."""
    if store.meaning is not None:
        store.meaning.read_ahead(texts)


async def _stored(store: Store, titles: Sequence[tuple[int, str]]) -> dict[str, bytes]:
    assert store.meaning is not None
    numbers = [number for number, _ in titles]
    stored: Mapping[int, bytes] = await store.vectors.of(numbers, store.meaning.model)
    return {title: stored[number] for number, title in titles if number in stored}
