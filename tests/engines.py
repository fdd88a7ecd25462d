"""Engines that outlive a test, since what SQLAlchemy learns costs more than most tests do.

    engines.lend(url)   # what Database asks for instead of an engine of its own
    engines.rest()      # after the test: those whose database was closed wait for the next

An engine compiles each statement once. Hone keeps its engine as long as it runs; so does a test
run, which only points it at the next test's database. No connection is ever kept.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from storage import database

Kind = tuple[str, float]
"""The kind of database, and the patience that an engine was made with."""


class Engines:
    def __init__(self) -> None:
        self._make = database.make_engine
        self._resting: defaultdict[Kind, list[AsyncEngine]] = defaultdict(list)
        self._lent: list[tuple[Kind, AsyncEngine]] = []
        self._disposed: set[AsyncEngine] = set()

    def lend(self, url: str, *, foreign_keys: bool = True) -> AsyncEngine:
        """Return an engine to this database that nobody else has."""
        if not foreign_keys:  # a migration's
            return self._make(url, foreign_keys=False)
        kind = (make_url(url).get_backend_name(), database.PATIENCE_S)
        engine = self._resting[kind].pop() if self._resting[kind] else self._new(url)
        engine.sync_engine.url = make_url(url)
        self._lent.append((kind, engine))
        return engine

    def rest(self) -> None:
        """Keep the engines that were disposed of; one that is still open belongs to its test."""
        for kind, engine in self._lent:
            if engine in self._disposed:
                self._resting[kind].append(engine)
        self._lent.clear()
        self._disposed.clear()

    def _new(self, url: str) -> AsyncEngine:
        engine = self._make(url)

        @event.listens_for(engine.sync_engine, "do_connect")
        def _connect_today(dialect: Any, _: Any, args: list[Any], named: dict[str, Any]) -> None:
            args[:], today = dialect.create_connect_args(engine.sync_engine.url)
            named.update(today)

        @event.listens_for(engine.sync_engine, "engine_disposed")
        def _closed(_: Any) -> None:
            self._disposed.add(engine)

        return engine
