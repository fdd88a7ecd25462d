"""Where likeness by meaning is on, offers and groups follow it; it is read beside the turns."""

from __future__ import annotations

from asyncio import create_task
from collections.abc import Sequence
from threading import Event

import pytest
from sqlalchemy import select

from bot.learner import Learner, follow
from handlers.likeness.minilm import NotInstalled
from storage.vectors import ItemVector
from tests.handlers.likeness.standin import Topics
from tests.hone import WORKSPACE, Hone


@pytest.fixture
def topics(hone: Hone) -> Topics:
    hone.database.meaning = Topics()
    return hone.database.meaning


async def learn(hone: Hone, topics: Topics) -> int:
    return await Learner(hone.database, topics, lambda: hone.now).learn()


async def learnt(hone: Hone) -> dict[tuple[str, int], str]:
    async with hone.database.read(WORKSPACE, hone.now) as store:
        rows = await store.session.scalars(select(ItemVector))
        return {(row.workspace, row.number): row.vector.decode() for row in rows}


async def test_words_serve_until_the_model_is_loaded(hone: Hone) -> None:
    """A start never waits for half a second's reading, and nobody is asked to."""
    ada, model, may_load = hone.person("Ada"), Topics(), Event()

    def load() -> Topics:
        may_load.wait()
        return model

    loading = create_task(follow(hone.database, load, lambda: hone.now, reads_titles=False))
    await ada.says("improve Stories queue before testing")
    await ada.says("improve Testers are idle")
    assert "Saved as #2" in ada.told
    may_load.set()
    await loading
    assert hone.database.meaning is model


async def test_a_model_that_cannot_be_loaded_leaves_the_words(hone: Hone) -> None:
    def load() -> Topics:
        raise NotInstalled("model.safetensors is not the model that Hone was tried with")

    await follow(hone.database, load, lambda: hone.now, reads_titles=True)
    assert hone.database.meaning is None
    await hone.person("Ada").says("improve Stories queue before testing")


async def test_an_item_that_means_the_same_is_offered(hone: Hone, topics: Topics) -> None:
    """Not one word is shared, and still nobody saves it twice."""
    ada = hone.person("Ada")
    await ada.says("improve Stories queue before testing")
    await learn(hone, topics)
    topics.was_read.clear()
    await ada.says("improve Testers are idle all morning")
    assert ada.form is not None
    assert "Add mine to #1" in [also.label for also in ada.form.also]
    assert topics.was_read == ["Testers are idle all morning"], "a turn reads only what is new"


async def test_what_nobody_read_yet_is_compared_by_words(hone: Hone, topics: Topics) -> None:
    """Right after an import: the offer is as good as without the model, and as quick."""
    ada = hone.person("Ada")
    await ada.says("improve Stories queue before testing")
    await ada.says("improve Stories queue up before the testing")
    assert ada.form is not None
    await ada.says("improve Testers are idle all morning")
    assert "Saved as #2" in ada.told


async def test_titles_of_all_workspaces_are_read_once_and_anew_when_they_change(
    hone: Hone, topics: Topics
) -> None:
    ada, eve = hone.person("Ada"), hone.person("Eve", workspace="test:other")
    await ada.says("improve Stories queue before testing")
    await ada.says("improve Nobody owns staging")
    await ada.clicks("Done")
    await eve.says("improve Open ports faster")
    assert await learn(hone, topics) == 2, "what is done is compared with nothing"
    assert await learn(hone, topics) == 0
    assert await learnt(hone) == {(WORKSPACE, 1): "waiting-team", ("test:other", 1): "ops-tickets"}

    await ada.clicks("Edit", on=hone.channel()[0].card)
    await ada.fills({"title": "Ask for ports early"})
    assert (WORKSPACE, 1) not in await learnt(hone), "numbers of a text that is gone are kept"
    await learn(hone, topics)
    assert (await learnt(hone))[WORKSPACE, 1] == "ops-tickets"


async def test_a_title_that_changes_while_it_is_read_is_not_kept(
    hone: Hone, topics: Topics
) -> None:
    ada = hone.person("Ada")
    await ada.says("improve Stories queue before testing")

    async def read(texts: Sequence[str]) -> dict[str, bytes]:
        await ada.clicks("Edit")
        await ada.fills({"title": "Open ports faster"})
        return dict.fromkeys(texts, b"waiting-team")

    topics.read = read  # type: ignore[method-assign]
    await learn(hone, topics)
    assert await learnt(hone) == {}


async def test_notes_are_grouped_by_what_they_mean_and_nothing_of_it_is_kept(
    hone: Hone, topics: Topics
) -> None:
    """Read while people still write, so that the reveal waits for nothing."""
    ada = hone.person("Ada")
    await ada.says("retro start anonymous")
    for note in ("Stories queue before testing", "Testers are idle", "Bring cake"):
        await ada.clicks("Add a note")
        await ada.fills({"c1": note})
    await ada.clicks("Reveal")
    await ada.clicks("Reveal all the same")
    assert "3 notes in 2 groups" in hone.channel()[0].text
    assert topics.was_read == [], "the reveal had to read a note"
    assert await learnt(hone) == {}


async def test_teams_that_mean_the_same_make_a_theme(hone: Hone, topics: Topics) -> None:
    said = {"checkout": "Stories queue up", "search": "Testers are idle", "mobile": "We wait a lot"}
    for channel, words in said.items():
        await hone.person(channel, channel=channel).says(f"improve {words}")
    ann = hone.person("Ann", channel="checkout")
    await ann.says("themes")
    assert "Waiting for another team is systemic: 3 of 3 teams" in ann.told
