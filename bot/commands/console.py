"""What every command does first and last: read the settings, run, end with a sentence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NoReturn, TypeVar

import typer

from bot.logs import write_json
from bot.settings import BadSettings, Settings, load
from storage import Database, Unavailable

T = TypeVar("T")

FAILED, MISUSED = 1, 2
"""Exit statuses: it did not work, and it cannot work like this."""


def give_up(sentence: object, status: int = FAILED) -> NoReturn:
    """Say why on standard error and end."""
    typer.echo(str(sentence), err=True)
    raise typer.Exit(status) from None


def read_settings() -> Settings:
    """Return the settings, once logs are written as JSON; gives up if they cannot work."""
    write_json()
    logging.getLogger("dotenv").setLevel(logging.ERROR)  # what it warns of stops the start
    try:
        return load()
    except BadSettings as error:
        give_up(error, MISUSED)


def run(main: Coroutine[Any, Any, T]) -> T:
    try:
        import uvloop
    except ImportError:
        return asyncio.run(main)
    return uvloop.run(main)


def on_database(work: Callable[[Database], Awaitable[T]]) -> T:
    """Run the work on the database of the settings, and return what it does."""
    settings = read_settings()

    async def opened() -> T:
        database = Database(settings.database_url)
        try:
            return await work(database)
        finally:
            await database.close()

    try:
        return run(opened())
    except Unavailable as error:
        give_up(f"The database does not answer ({error}). Check DATABASE_URL.")
