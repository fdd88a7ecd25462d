"""Brings a database to this version's tables. Call from sync code: Alembic starts a loop."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.patience import Unavailable

FOLDER = Path(__file__).parent / "migrations"


def upgrade(url: str, revision: str = "head") -> None:
    """Create or migrate the database; a missing folder of a SQLite file is made.

    A `revision` stops at an older version's tables. Raises Unavailable if the database does not
    answer or its folder cannot be made.
    """
    parsed = make_url(url)
    try:
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            _make_private(Path(parsed.database))
        command.upgrade(config(url), revision)
    except (DBAPIError, OSError) as error:
        cause = getattr(error, "orig", None) or error
        raise Unavailable(type(cause).__name__) from error


def _make_private(file: Path) -> None:
    """Make the file and its folder if they are not there, for their owner only.

    SQLite gives the files beside it the same rights.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600)


def config(url: str) -> Config:
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.set_main_option("path_separator", "os")
    made.attributes["url"] = url
    return made


async def is_current(engine: AsyncEngine) -> bool:
    """Whether the database stands at this version's migration level."""
    head = ScriptDirectory(str(FOLDER)).get_current_head()
    try:
        async with engine.connect() as connection:
            version = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    except DBAPIError:
        return False
    return bool(version == head)
