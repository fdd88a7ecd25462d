"""Find what says the same, by the measure that is there: words, or words and meaning."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.likeness import Match, alike
from handlers.phrases import listed, shortened
from storage import Store
from storage.vectors import Meaning

COMPARED_ELSEWHERE, TEAMS_SHOWN = 30, 3
"""Matches that are looked at for one of each other team, and how many teams are named."""

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


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another team's open item that says the same."""

    team: str
    number: int
    title: str


async def similar_elsewhere(store: Store, text: str, team_id: int) -> tuple[Elsewhere, ...]:
    """Return up to three items of other teams of the train that say the same, one a team."""
    team = await store.teams.find(team_id)
    assert team is not None, "texts are compared for a team that exists"
    rows = await store.titles.elsewhere(team.train_id, team_id)
    titles = [(number, title) for number, title, _, _ in rows]
    scorer = None
    if store.meaning is not None and titles:
        known = await _stored(store, store.meaning, titles)
        scorer = store.meaning.same_item(known | await store.meaning.read([text]))
    matches = await asyncio.to_thread(alike, text, titles, limit=COMPARED_ELSEWHERE, scorer=scorer)
    of_item = {number: (team, name) for number, _, team, name in rows}
    found: dict[int, Elsewhere] = {}
    for match in matches:
        other, name = of_item[match.id]
        found.setdefault(other, Elsewhere(name, match.id, match.text))
    return tuple(found.values())[:TEAMS_SHOWN]


def elsewhere_words(found: Sequence[Elsewhere]) -> str:
    """Return "Two other teams have this: search #3, mobile #9", "" for none."""
    if not found:
        return ""
    count = "Another team has" if len(found) == 1 else f"{_COUNTS[len(found)]} other teams have"
    named = listed([f"{shortened(each.team, 40)} #{each.number}" for each in found])
    return f"{count} this: {named}."


_COUNTS = {2: "Two", 3: "Three"}


async def topics_of(
    store: Store, texts: Sequence[str], items: Sequence[tuple[int, str]] = ()
) -> Mapping[str, str]:
    """Return text → the topic it is about, for texts said together; what people said comes first.

    Without the model nothing else is known. `items` are (number, title) of those among them that
    are items' titles.
    """
    said = await _said(store, items)
    if store.meaning is None:
        return {text: topic for text, topic in said.items() if topic}
    known = await _stored(store, store.meaning, items)
    new = [text for text in dict.fromkeys(texts) if text not in known]
    known |= await store.meaning.read(new[:READ_MAX])
    taught = await store.phrasings.taught(store.meaning.model)
    about = {**store.meaning.topics(known, taught), **said}
    return {text: topic for text, topic in about.items() if topic}


MAYBE = 0.05
"""From this share of its own on, a text may be about a topic that it is not counted for."""


async def maybe_topics(
    store: Store, texts: Sequence[str], items: Sequence[tuple[int, str]] = ()
) -> Mapping[str, frozenset[str]]:
    """Return text → topics that a person may see in it; none of what somebody has said."""
    if store.meaning is None:
        return {}
    said = await _said(store, items)
    known = await _stored(store, store.meaning, items)
    new = [text for text in dict.fromkeys(texts) if text not in known]
    known |= await store.meaning.read(new[:READ_MAX])
    taught = await store.phrasings.taught(store.meaning.model)
    return {
        text: frozenset(topic for topic, share in shares if share >= MAYBE)
        for text, shares in store.meaning.shares(known, taught, 3).items()
        if text not in said
    }


async def _said(store: Store, items: Sequence[tuple[int, str]]) -> dict[str, str]:
    """Return title → topic, "" for none of them, of those items of which a person said so."""
    said = await store.phrasings.of([number for number, _ in items])
    return {title: said[number] for number, title in items if number in said}


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
