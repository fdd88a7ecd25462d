"""What every test stands on: no network, a real PostgreSQL, and how hard Hypothesis looks."""

from __future__ import annotations

import asyncio
import gc
import inspect
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvloop
from sqlalchemy import make_url

import tests.examples  # noqa: F401 - sets how hard Hypothesis looks
from storage import Database
from storage.migrate import upgrade
from tests.bound import watching
from tests.engines import Engines
from tests.hone import Hone
from tests.postgres import Postgres, SharedDatabase, in_memory
from tests.postgres import postgres as running_postgres
from tests.spared import is_spared

LONG = tuple(
    f"tests/{name}.py"
    for name in (
        "test_every_action",
        "bench/test_kill_votes",
        "test_anonymity",
        "bot/test_crashes",
        "test_app",
    )
)
"""Files with a test of many seconds: begun last, it would leave all processors but one idle."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Let tests reach this machine and the database named for them, and write to memory."""
    hosts = ["127.0.0.1", "::1", "localhost"]
    if named := os.environ.get("TEST_DATABASE_URL"):
        hosts += [host for host in [make_url(named).host] if host]
    config.option.allow_hosts = ",".join(hosts)
    config.option.allow_unix_socket = True
    # Each test has one processor: several threads of numpy would wait for those of other tests.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.disable()  # what is imported and collected stays
    if memory := in_memory():
        # A commit waits for the disk, and a story has many; what a crash would lose is a bench's.
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", memory)


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run tests on the event loop that Hone runs on."""
    return {"uvloop": uvloop.new_event_loop}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what PostgreSQL is spared, begin with what is long; refuse what ends the loop."""
    left_out = [item for item in items if is_spared(item.nodeid)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not is_spared(item.nodeid)]
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
    for item in items:
        if isinstance(item, pytest.Function) and not _waits(item.function):
            names = item._fixtureinfo.name2fixturedefs
            if any(_waits(made.func) for several in names.values() for made in several):
                raise pytest.UsageError(
                    f"{item.nodeid} uses asynchronous fixtures: write async def"
                )


def _waits(called: Any) -> bool:
    called = called.hypothesis.inner_test if hasattr(called, "hypothesis") else called
    return inspect.iscoroutinefunction(called) or inspect.isasyncgenfunction(called)


def pytest_collection_finish() -> None:
    """Have the garbage collector look at what tests leave, not at all that was ever imported."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL server for the whole run; give each test a database of its own."""
    with running_postgres() as server:
        yield server


# --- databases -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("migrated") / "hone.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Postgres) -> str:
    """The name of an empty, migrated PostgreSQL database to copy."""
    upgrade(asyncio.run(postgres.create("migrated")))
    return "migrated"


@pytest.fixture(scope="session")
def shared_postgres(postgres: Postgres, migrated_postgres: str) -> Iterator[SharedDatabase]:
    """A migrated database that one test after the other has to itself."""
    with asyncio.Runner() as runner:
        url = runner.run(postgres.create("shared", migrated_postgres))
        shared = SharedDatabase(url, runner)
        yield shared
        shared.close()


@pytest.fixture(scope="session")
def all_engines() -> Engines:
    return Engines()


@pytest.fixture(scope="session")
async def lasting(all_engines: Engines) -> AsyncIterator[None]:
    """Keep connections from test to test, on the loop that all share."""
    all_engines.loop = asyncio.get_running_loop()
    yield
    await all_engines.close()


@pytest.fixture
def engines(all_engines: Engines, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Engines that know their statements from earlier tests.

    Hone waits for its database however busy this machine is; a test about impatience sets its own.
    """
    monkeypatch.setattr("storage.patience.PATIENCE_S", 60.0)
    monkeypatch.setattr("storage.postgresql.IDLE_IN_TRANSACTION_S", 60.0)
    monkeypatch.setattr("storage.database.make_engine", all_engines.lend)
    yield
    all_engines.rest()


@pytest.fixture
def sqlite_url(engines: None, migrated_sqlite: Path, tmp_path: Path) -> str:
    """The address of an empty, migrated database, where it does not matter which kind it is."""
    path = tmp_path / "hone.db"
    shutil.copy(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(engines: None, shared_postgres: SharedDatabase) -> Iterator[str]:
    yield shared_postgres.url
    shared_postgres.empty()


@pytest.fixture(params=["sqlite", "postgresql"])
def each_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty, migrated database of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database_url(each_url: str) -> str:
    """The address of an empty, migrated database: the same tests run on both.

    A folder whose tests ask nothing of the database that others do not ask has its own.
    """
    return each_url


@pytest.fixture
async def database(database_url: str, lasting: None) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def hone(database: Database) -> AsyncIterator[Hone]:
    """Hone with every feature, on a platform that only remembers what it was told."""
    with watching(database) as loose:
        running = Hone(database)
        yield running
        await running.do_what_is_due(ring=True)  # whole teams have heard, too
        await running.compare_cards()
        await running.stop()
    assert not loose, "asked without its workspace"
