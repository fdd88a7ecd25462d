"""A team adds a topic of its own with five sentences, changes it, and takes it away."""

from __future__ import annotations

from bot.learner import Learner
from tests.handlers.likeness.standin import Topics
from tests.hone import Hone

SAID = "Licences run out\nThe licence expired\nNo seats left\nTool seats are gone\nRenew it in time"


async def test_a_topic_of_ones_own_is_heard_from_then_on(hone: Hone) -> None:
    """What only this company suffers from is in nobody's list of troubles."""
    ada = hone.person("Ada")
    await ada.says("themes topics")
    assert "none of your own yet" in ada.told
    await ada.says("themes add Licences run out")
    await ada.fills({"said": "Licences run out\nlicences RUN out"})
    assert "I found 2 different sentences. Write 5 or more" in ada.errors["said"]
    await ada.fills({"said": SAID})
    assert "“Licences run out” is a topic now" in ada.told
    await ada.says("improve We cannot draw, the tool locked us out")
    await ada.says("backlog theme #1")
    await ada.fills({"theme": "own-1"})
    assert "Theme: Licences run out" in hone.last()

    await ada.says("themes add Licences run out")
    await ada.fills({"said": SAID})
    assert "There is a topic of that name already" in ada.errors["title"]
    await ada.says("themes topics")
    await ada.clicks("Change", on=ada.whispered)
    await ada.fills({"title": "Licences"})
    assert "Theme: Licences\n" in hone.last(), "the card follows its topic's name"
    await ada.says("themes topics")
    await ada.clicks("Remove", on=ada.whispered)
    assert "none of your own yet" in ada.told
    assert "Theme: Licences" not in hone.last()


async def test_its_sentences_make_a_pattern_of_other_words(hone: Hone) -> None:
    """Three teams report it in words that no list has, and are heard together."""
    topics = hone.database.meaning = Topics()
    ada = hone.person("Ada", channel="checkout")
    await ada.says("themes add Ports")
    await ada.fills({"said": "\n".join(f"port {number}" for number in range(5))})
    assert "what sounds like its sentences belongs to it" in ada.told
    async with hone.database.read(hone.workspace, hone.now) as store:
        assert ("own-1") in {topic for _, topic in await store.phrasings.taught(topics.model)}
    for team in ("checkout", "search", "mobile"):
        await hone.person(team, channel=team).says(f"improve Another port of {team} is shut")
    await ada.says("themes")
    assert "Ports is systemic: 3 of 3 teams" in ada.told


async def test_what_was_added_before_the_model_was_there_is_read_later(hone: Hone) -> None:
    """In the first seconds after a start, or with words alone, nothing can be read yet."""
    ada = hone.person("Ada")
    await ada.says("themes add Ports")
    await ada.fills({"said": "\n".join(f"port {number}" for number in range(5))})
    topics = hone.database.meaning = Topics()
    assert await taught(hone, topics) == []
    await Learner(hone.database, topics, lambda: hone.now).learn()
    assert await taught(hone, topics) == ["own-1"] * 5


async def test_another_model_reads_anew_what_people_taught(hone: Hone) -> None:
    """Numbers of two models cannot be compared, and nobody teaches the same twice."""
    topics = hone.database.meaning = Topics()
    ada = hone.person("Ada")
    await ada.says("themes add Ports")
    await ada.fills({"said": "\n".join(f"port {number}" for number in range(5))})
    await ada.says("improve Stories queue before testing")
    await Learner(hone.database, topics, lambda: hone.now).learn()
    await ada.clicks("Right", on=ada.whispered)
    await ada.says("backlog finish #1")
    newer = hone.database.meaning = Topics()
    newer.model = "topics of next year"
    assert await taught(hone, newer) == []
    learner = Learner(hone.database, newer, lambda: hone.now)
    assert [await learner.learn() for _ in range(3)] == [1, 0, 0]
    assert sorted(await taught(hone, newer)) == ["own-1"] * 5 + ["waiting-team"]


async def taught(hone: Hone, topics: Topics) -> list[str]:
    async with hone.database.read(hone.workspace, hone.now) as store:
        return [topic for _, topic in await store.phrasings.taught(topics.model)]


async def test_guests_do_not_change_what_hone_knows(hone: Hone) -> None:
    gus = hone.person("Gus", role="guest")
    await gus.says("themes add Mine")
    assert "Guests cannot change the topics that Hone knows here." in gus.told
