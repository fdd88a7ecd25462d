"""What theme a new item may have: the train's own tags first, then topics; sure, or best of three.

A theme is a tag or a topic. The train's tag of a topic is the one that most of its items about that
topic have, so a team that says the same in other words is offered the word the others use.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.turn import Turn
from handlers.likeness import ALIKE, word_scorer
from handlers.likeness.taxonomy import trouble_titles
from handlers.rules.access import Permission, may
from storage import Store
from storage.vectors import Meaning

MOST = 3
"""Suggestions that are offered where none is sure."""

CLAIMED = 0.7
"""From this share on a topic is claimed; below, the best few are offered."""

OFFERED = 0.05
"""A smaller share is not even offered."""

TAG_FITS = 0.5
"""A topic that the train has a tag for comes first if it has this part of the best one's share."""

BACK = timedelta(weeks=26)
"""How far back tags count as the train's."""

LISTED = 25


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme to choose: a topic by its name, a tag without its #, or the tag of a topic."""

    topic: str = ""
    tag: str = ""
    title: str = ""

    @property
    def words(self) -> str:
        """What people read: `#code-review`, or the topic's title."""
        return f"#{self.tag}" if self.tag else self.title


@dataclass(frozen=True, slots=True)
class Suggested:
    """The best themes for a sentence, and whether the first is sure enough to be claimed."""

    themes: tuple[Theme, ...] = ()
    is_sure: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """Whose words somebody may be offered: all of a train's, or as a guest those of one team."""

    train_id: int
    only_team: int | None = None

    @property
    def all(self) -> bool:
        return self.only_team is None


async def heard_by(turn: Turn, store: Store, team_id: int) -> Heard:
    """Return whose words the person may be offered for an item of a team."""
    team = await store.teams.find(team_id)
    assert team is not None, "items belong to teams that exist"
    return Heard(team.train_id, None if may(turn.person, Permission.READ_TRAIN) else team.id)


async def suggested(store: Store, text: str, heard: Heard) -> Suggested:
    """Return the themes that a sentence may have; none where nothing is known."""
    tagged = await _tagged(store, heard)
    if store.meaning is not None:
        ranked = await _by_meaning(store, store.meaning, text, tagged, heard)
    else:
        ranked = _by_words(text, tagged)
    themes = tuple(theme for theme, _ in ranked[:MOST])
    return Suggested(themes, bool(ranked) and ranked[0][1] >= CLAIMED)


async def listed(store: Store, text: str, heard: Heard) -> tuple[Theme, ...]:
    """Return the themes to choose from: what fits best, the train's other tags, own topics."""
    tagged = await _tagged(store, heard)
    own = await store.phrasings.own() if heard.all else ()
    titles = await _titles(store, heard)
    fitting: list[Theme] = []
    if store.meaning is not None:
        shares = await _shares(store, store.meaning, text, titles, most=10)
        tags = await _tags_of_topics(store, store.meaning, tagged)
        ranked = [(Theme(name, tags.get(name, ""), titles[name]), share) for name, share in shares]
        fitting = [theme for theme, _ in _own_words_first(ranked)]
    used = Counter(tag for _, _, those in tagged for tag in those)
    named = {theme.tag for theme in fitting}
    others = [Theme(tag=tag) for tag, _ in used.most_common() if tag not in named]
    known = {theme.topic for theme in fitting}
    more = [Theme(each.name, title=each.title) for each in own if each.name not in known]
    return (*fitting, *others[:LISTED], *more[:LISTED])


async def _tagged(store: Store, heard: Heard) -> list[tuple[int, str, list[str]]]:
    """Return the tagged items, tags that count as another one under that name."""
    joined = await _joined(store, heard)
    since = store.now - BACK
    return [
        (number, title, list(dict.fromkeys(joined.get(tag, tag) for tag in tags)))
        for number, title, tags in await store.phrasings.tagged(
            heard.train_id, since, heard.only_team
        )
    ]


async def _joined(store: Store, heard: Heard) -> Mapping[str, str]:
    """Return tag → the tag that it counts as, which may be another team's word."""
    return await store.themes.joined(heard.train_id) if heard.all else {}


async def _by_meaning(
    store: Store,
    meaning: Meaning,
    text: str,
    tagged: Sequence[tuple[int, str, list[str]]],
    heard: Heard,
) -> list[tuple[Theme, float]]:
    titles = await _titles(store, heard)
    tags = await _tags_of_topics(store, meaning, tagged)
    ranked = [
        (Theme(name, tags.get(name, ""), titles[name]), share)
        for name, share in await _shares(store, meaning, text, titles, most=MOST)
        if share >= OFFERED
    ]
    return _own_words_first(ranked)


def _own_words_first(ranked: Sequence[tuple[Theme, float]]) -> list[tuple[Theme, float]]:
    """Return topics with the train's tags first, but never before one that fits far better.

    `ranked` begins with the largest share; one that can be claimed stays first.
    """
    if not ranked or ranked[0][1] >= CLAIMED:
        return [*ranked]
    fits = TAG_FITS * ranked[0][1]
    return sorted(ranked, key=lambda each: not (each[0].tag and each[1] >= fits))


async def _shares(
    store: Store, meaning: Meaning, text: str, titles: Mapping[str, str], most: int
) -> list[tuple[str, float]]:
    taught = await store.phrasings.taught(meaning.model)
    shares = meaning.shares(await meaning.read([text]), taught, 3 * most)[text]
    return [(name, share) for name, share in shares if name in titles][:most]


async def _tags_of_topics(
    store: Store, meaning: Meaning, tagged: Sequence[tuple[int, str, list[str]]]
) -> dict[str, str]:
    """Return topic → the tag that most of a train's items about it have."""
    numbers = [number for number, _, _ in tagged]
    stored = await store.vectors.of(numbers, meaning.model)
    known = {title: stored[number] for number, title, _ in tagged if number in stored}
    taught = await store.phrasings.taught(meaning.model)
    shares = meaning.shares(known, taught, 1)
    said = await store.phrasings.of(numbers)
    counted: dict[str, Counter[str]] = {}
    for number, title, tags in tagged:
        best = shares.get(title, ())
        topic = said.get(number) or (best[0][0] if best and best[0][1] >= CLAIMED else "")
        if topic:
            counted.setdefault(topic, Counter()).update(tags)
    return {topic: tags.most_common(1)[0][0] for topic, tags in counted.items()}


def _by_words(text: str, tagged: Sequence[tuple[int, str, list[str]]]) -> list[tuple[Theme, float]]:
    """Rank the tags of items that say the same in like words; one that is ALIKE is claimed."""
    likeness = word_scorer()(text, [title for _, title, _ in tagged])
    best: dict[str, float] = {}
    for (_, _, tags), score in zip(tagged, likeness, strict=True):
        for tag in tags:
            best[tag] = max(best.get(tag, 0.0), score)
    near = [(Theme(tag=tag), score * CLAIMED / ALIKE) for tag, score in best.items()]
    ranked = [each for each in near if each[1] >= ALIKE_ENOUGH * CLAIMED / ALIKE]
    return sorted(ranked, key=lambda each: (-each[1], each[0].tag))


ALIKE_ENOUGH = 0.4
"""A likeness by words from which a tag is offered."""


async def _titles(store: Store, heard: Heard | None = None) -> Mapping[str, str]:
    if heard is not None and not heard.all:
        return trouble_titles({})  # what the workspace calls its own topics is for its members
    return trouble_titles({each.name: each.title for each in await store.phrasings.own()})


async def title_of(store: Store, topic: str, heard: Heard | None = None) -> str:
    """Return a topic's title; "" for one that there is not any more, or not for this person."""
    return (await _titles(store, heard)).get(topic, "")


async def spelled(
    store: Store, tags: Sequence[str], heard: Heard
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Return tags as others spell them, and which were spelled otherwise, as (typed, kept)."""
    if not tags:
        return (), ()
    tagged = await _tagged(store, heard)
    joined = await _joined(store, heard)
    used = Counter(tag for _, _, those in tagged for tag in those)
    kept: dict[str, str] = {}
    for tag, _ in used.most_common():
        kept.setdefault(_bare(tag), tag)
    alike = [
        joined[tag] if tag in joined else tag if tag in used else kept.get(_bare(tag), tag)
        for tag in tags
    ]
    other = tuple((typed, tag) for typed, tag in zip(tags, alike, strict=True) if typed != tag)
    return tuple(dict.fromkeys(alike)), other


def _bare(tag: str) -> str:
    """Return what two spellings of one tag have in common: #test-data, #testdata; #deps, #dep.

    Very short tags are what they are: #os is not #o.
    """
    bare = "".join(char for char in tag if char.isalnum())
    if len(bare) > 5 and bare.endswith("ies"):
        return f"{bare[:-3]}y"
    return bare[:-1] if len(bare) > 3 and bare.endswith("s") and not bare.endswith("ss") else bare
