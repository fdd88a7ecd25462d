"""Loads what tells the meaning of texts, and reads titles with it, outside of any turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog

from bot.incidents import report
from storage import Database, Store, Unavailable
from storage.phrasings import own_to_read
from storage.titles import titles_to_read, titles_to_read_anew
from storage.vectors import Meaning

LoadMeaning = Callable[[], Meaning]
"""Loads the language model: half a second's work, for a thread."""

BATCH = 20
"""Titles read between two looks at the database: a quarter of a second's work."""

OWN_BATCH = 2
"""Own topics read between two looks: each has five sentences or more."""

LOOK_EVERY_S = 10.0

log = structlog.get_logger()


async def follow(
    database: Database, load: LoadMeaning, clock: Callable[[], datetime], *, reads_titles: bool
) -> None:
    """Load the model while people are answered already; until then texts are compared by words.

    Then read titles, for ever, unless another process does so.
    """
    try:
        database.meaning = await asyncio.to_thread(load)
    except Exception as error:  # words serve on
        report(error, "meaning_not_loaded")
        return
    if reads_titles:
        await Learner(database, database.meaning, clock).learn_for_ever()


class Learner:
    """A loop that any number of replicas may run: who is second writes the same numbers again."""

    def __init__(self, database: Database, meaning: Meaning, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._meaning = meaning
        self._clock = clock
        self._all_anew = False

    async def learn(self) -> int:
        """Read some titles and own topics this model did not read yet; return how many titles."""
        now = self._clock()
        async with self._database.read("", now) as store:
            own = await own_to_read(store, self._meaning.model, OWN_BATCH)
            titles = await self._titles(store)
        for workspace, id, said in own:
            meant = await self._meaning.read(said)
            vectors = b"".join(meant[line] for line in said)
            keep_own = partial(self._keep_own, id, said, vectors)
            await self._database.write(workspace, now, keep_own)
        read = await self._meaning.read([title for _, _, title in titles])
        for workspace in dict.fromkeys(workspace for workspace, _, _ in titles):
            numbers = [number for place, number, _ in titles if place == workspace]
            keep = partial(self._keep, read, numbers)
            await self._database.write(workspace, now, keep)
        return len(titles)

    async def _titles(self, store: Store) -> list[tuple[str, int, str]]:
        """Return titles that nobody read yet; once there are none, those another model read."""
        titles = await titles_to_read(store, self._meaning.model, BATCH)
        if not titles and not self._all_anew:
            titles = await titles_to_read_anew(store, self._meaning.model, BATCH)
            self._all_anew = not titles  # this process keeps no others, so it need not look again
        return titles

    async def _keep_own(self, id: int, said: list[str], vectors: bytes, store: Store) -> None:
        await store.phrasings.keep_own(id, said, self._meaning.model, vectors)

    async def _keep(self, read: dict[str, bytes], numbers: list[int], store: Store) -> None:
        titles = await store.titles.held(numbers)  # one that changed meanwhile has none
        vectors = {number: read[title] for number, title in titles.items() if title in read}
        await store.vectors.keep(self._meaning.model, vectors)

    async def learn_for_ever(self) -> None:
        while True:
            try:
                learnt = await self.learn()
            except Unavailable as error:
                log.warning("database_unavailable", cause=str(error))
                learnt = 0
            except Exception as error:  # the loop outlives any one failure
                report(error, "learner_failed")
                learnt = 0
            await asyncio.sleep(0 if learnt == BATCH else LOOK_EVERY_S)
