"""Commands that run Hone, and what must be there before: its tables and its keys."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import resource
import signal
import threading
from collections.abc import Callable

import typer
from cryptography.fernet import Fernet

from bot.commands.console import FAILED, MISUSED, give_up, read_settings, run
from bot.learner import LoadMeaning
from bot.logs import log_what_nobody_awaits
from bot.platform import BadToken, Refused
from bot.process import Wire, running
from bot.settings import BadSettings, Settings
from storage import SecondProcess, Unavailable
from storage.address import is_file
from storage.migrate import upgrade

PATIENCE_S = 2.0
"""How long starting may take before whoever sits at the terminal is told what is waited for."""

STOPPED_WITHIN_S = 15.0
"""How long stopping may take, as docs/operations.md promises."""

MeaningOf = Callable[[Settings], LoadMeaning | None]
"""Returns how to load what tells the meaning of texts, or None; raises BadSettings."""


def add_serving(cli: typer.Typer, wire: Wire, meaning_of: MeaningOf) -> None:
    @cli.command()
    def serve() -> None:
        """Run Hone: migrates the database, then serves the platforms that are configured."""
        _serve(read_settings(), web_too=True)

    @cli.command()
    def worker() -> None:
        """Run only the worker: posts, deadlines and digests, beside `serve` with HONE_ROLE=web."""
        settings = read_settings().model_copy(update={"hone_role": "worker"})
        if is_file(settings.database_url):
            give_up("A SQLite file belongs to one process: `serve` runs the worker too.", MISUSED)
        _serve(settings, web_too=False)

    @cli.command()
    def migrate() -> None:
        """Bring the database to this version's tables; `serve` does so too."""
        _migrate(read_settings())
        typer.echo("The database is up to date.")

    @cli.command()
    def key() -> None:
        """Print a new key for HONE_SECRET_KEYS."""
        typer.echo(Fernet.generate_key().decode())

    def _serve(settings: Settings, *, web_too: bool) -> None:
        try:
            load_meaning = meaning_of(settings)
        except BadSettings as error:
            give_up(error, MISUSED)
        _migrate(settings)
        _may_open_as_many_connections_as_allowed()
        try:
            run(_until_stopped(wire, settings, web_too=web_too, load_meaning=load_meaning))
        except SecondProcess as error:
            give_up(f"Another Hone is using {error}: stop it first, or use PostgreSQL.")
        except BadToken as error:
            give_up(f"Slack refused the token: {error}. Check {error.setting}.")
        except Refused as error:
            give_up(f"Slack refused the token: {error}. Check SLACK_BOT_TOKEN.")
        except OSError as error:
            give_up(_cannot_listen(settings, error))


def _may_open_as_many_connections_as_allowed() -> None:
    """Each connection is a file, and many systems begin with room for a thousand."""
    _, allowed = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, allowed))


def _cannot_listen(settings: Settings, error: OSError) -> str:
    host, port = settings.hone_host, settings.hone_port
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"Port {port} is in use, perhaps by another Hone: stop it, or write another "
                "HONE_PORT."
            )
        case errno.EACCES:
            return f"Port {port} is for administrators only: write a HONE_PORT above 1023."
        case errno.EADDRNOTAVAIL:
            return f"This machine has no address {host}: write 127.0.0.1 or 0.0.0.0 at HONE_HOST."
        case _:
            return f"Cannot start at {host}:{port}: {error.strerror or error}. See HONE_HOST."


def _migrate(settings: Settings) -> None:
    try:
        upgrade(settings.database_url)
    except Unavailable as error:
        give_up(f"The database does not answer ({error}). Check DATABASE_URL.")


async def _until_stopped(
    wire: Wire, settings: Settings, *, web_too: bool, load_meaning: LoadMeaning | None
) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    log_what_nobody_awaits(loop)
    serving = asyncio.current_task()
    assert serving is not None

    def stop() -> None:
        if not stopped.is_set():
            end_within(STOPPED_WITHIN_S)
        stopped.set()
        if not started:
            serving.cancel()  # still waiting for a platform to answer

    started = False
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_number, stop)
    waiting = loop.call_later(PATIENCE_S, _say_what_is_waited_for, settings)
    with contextlib.suppress(asyncio.CancelledError):
        async with running(wire, settings, web_too=web_too, load_meaning=load_meaning):
            started = True
            waiting.cancel()
            typer.echo(_greeting(settings, web_too))
            await stopped.wait()
            typer.echo("Stopping: finishing what is under way …")


def end_within(seconds: float) -> None:
    """End this process by then, whatever hangs: what was confirmed is committed."""

    def end() -> None:
        typer.echo(
            "Stopping took too long, so Hone was ended. Nothing confirmed is lost.", err=True
        )
        os._exit(FAILED)

    last = threading.Timer(seconds, end)
    last.daemon = True  # who ends in time waits for nothing
    last.start()


def _say_what_is_waited_for(settings: Settings) -> None:
    if settings.slack:
        typer.echo(
            f"Slack does not answer at {settings.slack_api_url} yet: can this machine reach it? "
            "Hone goes on trying; Ctrl-C stops it."
        )


def _greeting(settings: Settings, web_too: bool) -> str:
    if not web_too or settings.hone_role == "worker":
        return "Hone's worker is running. Ctrl-C stops it."
    address = f"http://{settings.hone_host}:{settings.hone_port}"
    lines = [f"Hone is running at {address}/ (Ctrl-C stops it)."]
    if settings.slack:
        how = "Socket Mode" if settings.slack_app_token else f"{address}/slack/events"
        lines.append(f"  Slack: connected through {how}.")
    if settings.slack_installs:
        lines.append(f"  To add it to a workspace: {settings.hone_public_url}/slack/install")
    if settings.teams:
        lines.append(f"  Teams: listening at {address}/api/messages.")
    if settings.local and settings.hone_role == "all":
        lines += [
            "  Open it in a browser: a room with three people and four teams. Try:",
            "    /improve Estimation runs long #estimation @Grace by Friday",
            "    /wsjf #1 #2        vote as each of the three, then reveal",
            "    /digest preview    this week's backlog health",
            "  To connect Slack or Teams, see README.md: five steps for Slack, seven for Teams.",
        ]
    return "\n".join(lines)
