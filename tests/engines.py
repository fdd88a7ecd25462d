"""Engines that outlive a test, since what SQLAlchemy and PostgreSQL learn costs more than most do.

    engines.lend(url)   # what Database asks for instead of an engine of its own
    engines.rest()      # after the test: those whose database was closed wait for the next
    await engines.close()

An engine compiles each statement once, and a connection to PostgreSQL prepares it once. Hone keeps
both as long as it runs; so does a test run. On SQLite the next test has another file, so there the
engine is pointed at it and no connection is kept.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any

from sqlalchemy import Engine, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from storage import database, patience

Kind = tuple[str, float, bool]
"""The database, the patience an engine was made with, and whether it keeps its connections."""


class Engines:
    """Connections are kept on `loop`, which tests share: one that starts its own keeps none."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self._make = database.make_engine
        self._resting: defaultdict[Kind, list[LastingEngine]] = defaultdict(list)
        self._lent: list[tuple[Kind, LastingEngine]] = []

    def lend(self, url: str, *, migrates: bool = False) -> AsyncEngine:
        """Return an engine to this database that nobody else has."""
        if migrates:
            return self._make(url, migrates=True)
        kind = self._kind(url)
        engine = self._resting[kind].pop() if self._resting[kind] else self._new(url, kind)
        engine.sync_engine.url = make_url(url)
        engine.is_resting = False
        self._lent.append((kind, engine))
        return engine

    def rest(self) -> None:
        """Keep the engines that were disposed of; one that is still open belongs to its test."""
        for kind, engine in self._lent:
            if engine.is_resting:
                self._resting[kind].append(engine)
        self._lent.clear()

    async def close(self) -> None:
        """Close the connections of those that rest."""
        for engines in self._resting.values():
            for engine in engines:
                if engine.keeps_connections:
                    await AsyncEngine.dispose(engine)

    def _kind(self, url: str) -> Kind:
        backend = make_url(url).get_backend_name()
        if backend == "postgresql" and self.loop is not None and self.loop is _running_loop():
            return url, patience.PATIENCE_S, True
        return backend, patience.PATIENCE_S, False

    def _new(self, url: str, kind: Kind) -> LastingEngine:
        made = self._make(url).sync_engine
        engine = LastingEngine(made, keeps_connections=kind[-1])

        @event.listens_for(made, "do_connect")
        def _connect_today(dialect: Any, _: Any, args: list[Any], named: dict[str, Any]) -> None:
            args[:], today = dialect.create_connect_args(made.url)
            named.update(today)

        return engine


class LastingEngine(AsyncEngine):
    """An engine that only rests when it is disposed of, if nothing is left open."""

    __slots__ = ("is_resting", "keeps_connections")

    def __init__(self, engine: Engine, *, keeps_connections: bool) -> None:
        super().__init__(engine)
        self.keeps_connections = keeps_connections
        self.is_resting = False

    async def dispose(self, close: bool = True) -> None:
        pool: Any = self.sync_engine.pool
        if not self.keeps_connections or pool.checkedout():
            await super().dispose(close)
        self.is_resting = True


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
