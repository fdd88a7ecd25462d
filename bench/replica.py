"""Hone as it runs in production, in processes that a bench starts, kills and measures."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from storage.migrate import upgrade
from tests.fakes.slack import BOT_TOKEN, SIGNING_SECRET
from tests.fakes.teams import FakeTeams
from tests.postgres import Server

APP = Path(__file__).parents[1] / "app.py"
START_MAX_S = 300.0
STOP_MAX_S = 15.0

# Linux ends the process should the bench be killed before it can; elsewhere it would stay.
_WATCHED = ("setpriv", "--pdeathsig", "KILL") if shutil.which("setpriv") else ()


HERE = {"PATH": os.environ["PATH"], "HONE_LIKENESS": "words"}
"""What a server finds around it. What reading sentences costs is measured apart, by `likeness`."""


class Process:
    """One server on a port of its own, with its output in a file of `folder`."""

    def __init__(self, name: str, command: list[str], folder: Path, env: Mapping[str, str]) -> None:
        self.port = free_port()
        self.alive = False
        self._command = [*_WATCHED, sys.executable, *command]
        self._folder = folder
        self.log = folder / f"{name}.log"
        self._env = {**HERE, "PYTHONPATH": str(APP.parent), **env}
        self._process: subprocess.Popen[bytes] | None = None

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def start(self, http: aiohttp.ClientSession, until: str = "/readyz") -> None:
        """Start and return once it is ready; a process that ends before is started again.

        Raises RuntimeError with its output when that does not help.
        """
        try:
            async with asyncio.timeout(START_MAX_S):
                while not await self._answers(http, until):
                    if self._process is None or self._process.poll() is not None:
                        self._process = self._spawn()
                    await asyncio.sleep(0.05)
        except TimeoutError:
            self.kill()
            raise RuntimeError(self.log.read_text()) from None
        self.alive = True

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self._command,
                cwd=self._folder,  # without a `.env` of the developer
                env=self._env | {"HONE_PORT": str(self.port), "PORT": str(self.port)},
                stdout=log,
                stderr=log,
            )

    async def _answers(self, http: aiohttp.ClientSession, path: str) -> bool:
        try:
            async with http.get(self.address(path)) as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    def kill(self) -> None:
        """Let it die without a word, as `kill -9` or a lost machine does."""
        self.alive = False
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """Let it end as a deployment does, or kill it if it will not."""
        if self._process is not None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_MAX_S)
        self.kill()

    def cpu_s(self) -> float:
        """Return the processor time its threads have used so far, in seconds (Linux)."""
        threads = Path(f"/proc/{self.pid}/task").glob(
            "*/schedstat"
        )  # exact; `stat` counts in 10 ms
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid


def hone(name: str, folder: Path, database_url: str, platform: Mapping[str, str]) -> Process:
    """Return a Hone with its worker, connected to a platform by its settings."""
    return Process(name, [str(APP), "serve"], folder, {"DATABASE_URL": database_url, **platform})


def floor(call: str, folder: Path, platform: Mapping[str, str]) -> Process:
    """Return a floor in a process of its own, as Hone has: `bare_floor.serve_slack()`."""
    module = call.partition(".")[0]
    return Process(call, ["-c", f"from bench import {module}; {call}"], folder, platform)


@asynccontextmanager
async def running(
    http: aiohttp.ClientSession, processes: Collection[Process]
) -> AsyncIterator[None]:
    """Have them all running, until the block ends or one of them does not start."""
    try:
        await asyncio.gather(*(process.start(http) for process in processes))
        yield
    finally:
        for process in processes:
            process.kill()


async def databases(folder: Path, server: Server) -> dict[str, str]:
    """Return the addresses of a new database of each kind, with Hone's tables."""
    urls = {
        "sqlite": f"sqlite:///{folder / 'hone.db'}",
        "postgresql": await server.postgres.create("bench"),
    }
    for url in urls.values():
        await asyncio.to_thread(upgrade, url)
    return urls


def on_slack(api_url: str) -> dict[str, str]:
    """Return the settings that connect to a fake Slack."""
    return {
        "SLACK_API_URL": api_url,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
    }


def on_teams(cloud: FakeTeams) -> dict[str, str]:
    """Return the settings that connect to a fake of Teams' cloud."""
    known = cloud.settings()
    return {
        "MICROSOFT_APP_ID": known["app_id"],
        "MICROSOFT_APP_PASSWORD": known["app_password"],
        "MICROSOFT_APP_TENANT_ID": known["tenant_id"],
        "MICROSOFT_OPENID_URL": known["openid_url"],
        "MICROSOFT_TOKEN_URL": known["token_url"],
        "TEAMS_SERVICE_URLS": ",".join(known["service_urls"]),
    }


async def living(replicas: list[Process]) -> Process:
    """Wait for a replica that lives and return it, as a load balancer chooses."""
    await until(lambda: any(replica.alive for replica in replicas))
    return random.choice([replica for replica in replicas if replica.alive])


async def until(true: Callable[[], bool], every_s: float = 0.05) -> None:
    """Look again and again until it is true: processes and fakes do not call back."""
    while not true():  # noqa: ASYNC110
        await asyncio.sleep(every_s)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
