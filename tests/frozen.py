"""A PostgreSQL that freezes when a test says so: it takes connections and says nothing more.

    async with freezing(url) as (through, line):
        database = Database(through)
        line.freeze()

To whoever is connected that is what a stopped server, a full disk or a cut cable looks like.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import make_url

SOCKET = ".s.PGSQL.5432"


class Line:
    """What passes between Hone and its server, as long as it flows."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._flows = asyncio.Event()
        self._flows.set()
        self._pumps: set[asyncio.Task[None]] = set()

    def freeze(self) -> None:
        self._flows.clear()

    def thaw(self) -> None:
        self._flows.set()

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a connection, now; whether anybody answers is another question."""
        await self._flows.wait()
        back, forth = await asyncio.open_unix_connection(self._server)
        for source, sink in ((reader, forth), (back, writer)):
            pump = asyncio.create_task(self._pump(source, sink))
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while some := await source.read(65_536):
                await self._flows.wait()
                sink.write(some)
                await sink.drain()
        sink.close()

    async def close(self) -> None:
        self.thaw()
        for pump in tuple(self._pumps):
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)


@contextlib.asynccontextmanager
async def freezing(url: str) -> AsyncIterator[tuple[str, Line]]:
    """Yield another address of the same database, and the line that leads there."""
    real = make_url(url)
    line = Line(f"{real.query['host']}/{SOCKET}")
    # In /tmp whatever TMPDIR says: a socket's path is limited to 107 bytes.
    with TemporaryDirectory(prefix="line-", dir="/tmp") as folder:
        server = await asyncio.start_unix_server(line.connect, Path(folder) / SOCKET)
        through = real.update_query_dict({"host": folder})
        yield through.render_as_string(hide_password=False), line
        server.close()
        await line.close()
