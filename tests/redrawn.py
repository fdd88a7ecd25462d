"""A router that draws a card again only where something that was read for it reads otherwise now.

    await router.fingerprint(store, post, {})   # what tells the card of now from every other one

A card is made of its view, the time and the rows that are read for it, one question after the
other. So while each question that was asked for it, asked again as it stands, has the answer that
it had, the card is the one that was drawn: by the outbox, or when somebody looked last. To ask
SQLite takes a tenth of what drawing does. On PostgreSQL every card is drawn.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.feature import Feature
from bot.outbox import fingerprint, reader_of
from bot.router import Drawn, Router
from bot.vault import Vault
from storage import Database, Store
from storage.posts import PostRow
from storage.prepared import _Finished
from storage.session import open_session
from storage.sqlite import _Cursor

Question = tuple[str, tuple[Any, ...]]
"""A statement and its values, as the driver gets them."""

Answered = dict[Question, list[tuple[Any, ...]]]
"""Rows by what was asked. A read sees one moment: there is one answer in it."""


@dataclass(frozen=True, slots=True)
class _Made:
    """What a card was made of, and what tells it from every other one."""

    now: datetime
    meaning: object
    answers: Answered
    fingerprint: str

    def is_true(self, store: Store, known: Answered) -> bool:
        return (
            self.now == store.now
            and self.meaning is store.meaning
            and all(_ask(store, asked, known) == said for asked, said in self.answers.items())
        )


class RedrawingRouter(Router):
    """Remembers what it drew last of each view, for whom and in which workspace."""

    def __init__(
        self, features: Sequence[Feature], database: Database, vault: Vault | None = None
    ) -> None:
        super().__init__(features, database, vault)
        self._remembered: dict[tuple[str, str, str | None], _Made] = {}

    async def fingerprint(self, store: Store, post: PostRow, known: Answered) -> str:
        """Return the fingerprint of a post's card as it would be now; raises what drawing does.

        `known` is what the read that `store` stands for has answered before.
        """
        reader = reader_of(post)
        made = self._remembered.get((store.workspace, post.view, reader))
        if made is not None and made.is_true(store, known):
            return made.fingerprint
        if not self.database.is_sqlite:
            return fingerprint((await self.draw(store, post.view, reader)).card)
        with open_session(_connection(store)) as session:  # nothing is known from other cards
            alone = Store(session, store.workspace, store.now, store.meaning)
            return fingerprint((await self._noted(alone, post.view, reader, known)).card)

    async def draw(self, store: Store, coded_view: str, reader: str | None = None) -> Drawn:
        if not self.database.is_sqlite or len(store.session.sync_session.identity_map):
            return await super().draw(store, coded_view, reader)  # some answers are known already
        return await self._noted(store, coded_view, reader, {})

    async def _noted(
        self, store: Store, coded_view: str, reader: str | None, known: Answered
    ) -> Drawn:
        with _heard(_driver(store)) as answers:
            drawn = await super().draw(store, coded_view, reader)
        known.update(answers)
        self._remembered[store.workspace, coded_view, reader] = _Made(
            store.now, store.meaning, answers, fingerprint(drawn.card)
        )
        return drawn


# --- what the driver is asked ----------------------------------------------------------------

_EXECUTE, _RUN_HERE = _Cursor.execute, _Finished.run_here

_LISTENED_TO: dict[int, Answered] = {}
"""By connection: draws may take turns."""


@contextlib.contextmanager
def _heard(driver: object) -> Iterator[Answered]:
    """Note what SQLite's driver is asked over one connection, and what it answers."""
    answers = _LISTENED_TO[id(driver)] = Answered()
    _Cursor.execute, _Finished.run_here = _executed, _ran  # type: ignore[method-assign,assignment]
    try:
        yield answers
    finally:
        del _LISTENED_TO[id(driver)]
        if not _LISTENED_TO:
            _Cursor.execute, _Finished.run_here = _EXECUTE, _RUN_HERE  # type: ignore[method-assign]


def _executed(cursor: _Cursor, statement: str, values: Any = ()) -> _Cursor:
    _EXECUTE(cursor, statement, values)
    if (answers := _LISTENED_TO.get(id(cursor.connection))) is not None:
        answers[statement, tuple(values)] = rows = cursor.fetchall()
        cursor._rows = iter(rows)
    return cursor


def _ran(finished: _Finished, connection: Connection, values: Any) -> Any:
    cursor = _RUN_HERE(finished, connection, values)
    if (answers := _LISTENED_TO.get(id(cursor.connection))) is None:
        return cursor
    answers[finished._text, finished._converted(values)] = rows = cursor.fetchall()
    return SimpleNamespace(fetchall=lambda: rows)


def _ask(store: Store, question: Question, known: Answered) -> list[tuple[Any, ...]]:
    if question not in known:
        known[question] = sqlite3.Cursor(_driver(store)).execute(*question).fetchall()
    return known[question]


def _driver(store: Store) -> Any:
    sync: Any = _connection(store).sync_connection
    return sync.connection.dbapi_connection


def _connection(store: Store) -> AsyncConnection:
    bound = store.session.bind
    assert isinstance(bound, AsyncConnection), "Database binds sessions to connections"
    return bound
