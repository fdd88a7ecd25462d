"""Every card and form of the tests' gallery, out of conversations held on databases thrown away."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import storage.patience
from storage import Database
from storage.migrate import upgrade
from tests.gallery import ROOMS
from tests.gallery.specimen import Specimen
from tests.hone import Hone


def specimens() -> dict[str, Specimen]:
    """Return name → card or form, such as `wsjf-open`.

    It is for a process of its own: there Hone waits for its database however busy the machine is.
    """
    storage.patience.PATIENCE_S = 60.0
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.db"
        upgrade(f"sqlite:///{empty}")
        return asyncio.run(_played(empty))


async def _played(empty: Path) -> dict[str, Specimen]:
    return {
        f"{room}-{specimen.name}": specimen
        for room in ROOMS
        async for specimen in _played_in(room, empty)
    }


async def _played_in(room: str, empty: Path) -> AsyncIterator[Specimen]:
    database = Database(f"sqlite:///{shutil.copy(empty, empty.with_name(f'{room}.db'))}")
    hone = Hone(database)
    async for specimen in ROOMS[room](hone):
        yield specimen
    await hone.stop()
    await database.close()
