"""Wires settings → storage → handlers → adapters → HTTP, and gives Hone its commands.

python app.py serve            run Hone (all, or the role in HONE_ROLE)
python app.py worker           run only what is due: posts, deadlines, digests
python app.py migrate          bring the database to this version
python app.py manifest slack   print the app manifest to paste into Slack
python app.py import FILE      bring a team's backlog in from CSV or JSON
python app.py export FILE      write a team's backlog as CSV or JSON
python app.py outbox list      list messages that could not be delivered
python app.py recount          take the sums anew that digests count with
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import logging
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import aiohttp
import structlog
import typer
from aiohttp import web
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy.exc import DBAPIError

from bot import pages
from bot.learner import Learner
from bot.local.adapter import LocalRoom
from bot.local.room import CHANNELS, RESIDENTS
from bot.local.room import WORKSPACE as LOCAL_WORKSPACE
from bot.outbox import Outbox
from bot.platform import Platform, Refused
from bot.router import Router
from bot.server import listen, make_app, not_ready
from bot.settings import BadSettings, Settings, load
from bot.vault import Vault
from bot.worker import Worker
from handlers import FEATURES, sample
from handlers.backlog.exchange import shell
from handlers.semantic import NotInstalled, Semantic
from storage import Database, SecondProcess, Store, Unavailable
from storage.migrate import upgrade
from storage.sending import dead_posts, retry_dead
from storage.vectors import Meaning

if TYPE_CHECKING:
    from bot.slack.install import OwnApp

HTTP_TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5)

SHORTCUTS = {"log_improvement": "Log improvement"}

T = TypeVar("T")

log = structlog.get_logger()


def clock() -> datetime:
    return datetime.now(UTC)


# --- wiring ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Hone:
    """Everything that runs in this process."""

    settings: Settings
    database: Database
    router: Router
    worker: Worker
    platforms: dict[str, Platform] = field(default_factory=dict)
    routes: list[web.RouteDef] = field(default_factory=list)
    starts: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    before_stop: list[Callable[[], None]] = field(default_factory=list)
    stops: list[Callable[[], Awaitable[None]]] = field(default_factory=list)


def wire(settings: Settings, database: Database, http: aiohttp.ClientSession) -> Hone:
    """Connect the features to every platform that the settings name."""
    router = Router(FEATURES, database)
    platforms: dict[str, Platform] = {}
    outbox = Outbox(router, database, platforms, clock)
    hone = Hone(settings, database, router, Worker(router, database, outbox, clock), platforms)
    if settings.slack:
        _add_slack(hone, http)
    if settings.teams:
        _add_teams(hone, http)
    if settings.local:
        _add_local(hone)
    return hone


def _add_slack(hone: Hone, http: aiohttp.ClientSession) -> None:
    from bot.slack.adapter import SlackAdapter  # imported where it is used: Bolt loads slowly

    settings = hone.settings

    async def removed(workspace: str) -> None:
        await hone.database.write(workspace, clock(), _forget_workspace)

    slack = SlackAdapter(
        bot_token=_revealed(settings.slack_bot_token),
        signing_secret=_revealed(settings.slack_signing_secret),
        app=_own_app(settings),
        vault=_vault(settings),
        app_token=_revealed(settings.slack_app_token) or None,
        api_url=settings.slack_api_url,
        reaction=settings.slack_reaction,
        router=hone.router,
        database=hone.database,
        http=http,
        clock=clock,
        on_removed=removed,
    )
    hone.platforms[slack.name] = slack
    hone.starts.append(slack.start)
    hone.stops.append(slack.stop)
    hone.routes += slack.routes()


def _own_app(settings: Settings) -> OwnApp | None:
    """Return the Slack app that workspaces may add themselves, if there is one."""
    from bot.slack.install import OwnApp

    if not settings.slack_installs:
        return None
    secret = _revealed(settings.slack_client_secret)
    return OwnApp(settings.slack_client_id, secret, settings.hone_public_url)


def _vault(settings: Settings) -> Vault | None:
    keys = [key.get_secret_value() for key in settings.hone_secret_keys]
    return Vault(keys) if keys else None


def _revealed(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


def _add_teams(hone: Hone, http: aiohttp.ClientSession) -> None:
    from bot.teams.adapter import TeamsAdapter  # imported where it is used: botbuilder too

    settings = hone.settings

    async def removed(workspace: str, channel: str) -> None:
        await hone.database.write(workspace, clock(), lambda store: store.posts.abandon(channel))

    teams = TeamsAdapter(
        app_id=settings.microsoft_app_id,
        app_password=_revealed(settings.microsoft_app_password),
        tenant_id=settings.microsoft_app_tenant_id,
        openid_url=settings.microsoft_openid_url,
        token_url=settings.microsoft_token_url,
        service_urls=settings.teams_service_urls,
        anonymous=settings.teams_anonymous,
        router=hone.router,
        database=hone.database,
        http=http,
        clock=clock,
        on_removed=removed,
    )
    hone.platforms[teams.name] = teams
    hone.starts.append(teams.start)
    hone.stops.append(teams.stop)
    hone.routes += teams.routes()


def _add_local(hone: Hone) -> None:
    room = LocalRoom(hone.router, hone.database, clock)
    hone.platforms[room.name] = room
    hone.routes += room.routes()
    hone.before_stop.append(room.close)
    if hone.settings.hone_sample:
        hone.starts.append(lambda: _furnish(hone.database))


async def _furnish(database: Database) -> None:
    people = {someone.person.id: someone.person.name for someone in RESIDENTS}
    zone = RESIDENTS[0].person.zone
    await database.write(
        LOCAL_WORKSPACE, clock(), lambda store: sample.furnish(store, CHANNELS[0], people, zone)
    )


async def _forget_workspace(store: Store) -> None:
    await store.workspaces.mark_removed()
    await store.posts.abandon()


# --- running -----------------------------------------------------------------------------------


@asynccontextmanager
async def running(
    settings: Settings, *, web_too: bool = True, meaning: Meaning | None = None
) -> AsyncIterator[Hone]:
    """Run Hone until the block ends, then stop it cleanly: finish, let go, close."""
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url, meaning)
        stack.push_async_callback(database.close)
        database.claim_file()
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=HTTP_TIMEOUT))
        hone = wire(settings, database, http)
        for start in hone.starts:
            await start()
        for stop in hone.stops:
            stack.push_async_callback(stop)
        if settings.hone_role != "web":
            hone.worker.start()
            stack.push_async_callback(hone.worker.stop)
            if meaning is not None:
                learner = Learner(database, meaning, clock)
                learner.start()
                stack.push_async_callback(learner.stop)
        app = make_app(database, [*pages.routes(), *hone.routes] if web_too else [])
        runner = await listen(app, settings.hone_host, settings.hone_port)
        stack.push_async_callback(runner.cleanup)
        for before in hone.before_stop:
            stack.callback(before)
        stack.callback(not_ready, app)
        _calm_garbage_collector()
        yield hone


def _calm_garbage_collector() -> None:
    """Keep what was loaded at start out of every later collection: it made the slowest 1 %."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


async def _until_stopped(settings: Settings, *, web_too: bool, meaning: Meaning | None) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    serving = asyncio.current_task()
    assert serving is not None

    def stop() -> None:
        stopped.set()
        if not started:
            serving.cancel()  # still waiting for a platform to answer

    started = False
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_number, stop)
    with contextlib.suppress(asyncio.CancelledError):
        async with running(settings, web_too=web_too, meaning=meaning) as hone:
            started = True
            typer.echo(_greeting(hone, web_too))
            await stopped.wait()
            typer.echo("Stopping: finishing what is under way …")


def _greeting(hone: Hone, web_too: bool) -> str:
    settings = hone.settings
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
            "  Open it in a browser: a room with three people and two channels. Try:",
            "    /improve Estimation runs long #estimation @Grace by Friday",
            "    /wsjf #1 #2        vote as each of the three, then reveal",
            "    /digest preview    this week's backlog health",
            "  To connect Slack or Teams, see README.md: five steps for Slack, seven for Teams.",
        ]
    return "\n".join(lines)


def _run(main: Coroutine[Any, Any, T]) -> T:
    try:
        import uvloop
    except ImportError:
        return asyncio.run(main)
    return uvloop.run(main)


# --- commands ----------------------------------------------------------------------------------

cli = typer.Typer(
    help="Hone refines a backlog where the team already talks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
manifests = typer.Typer(help="Print what a platform needs to know Hone.", no_args_is_help=True)
outbox = typer.Typer(help="Messages that could not be delivered.", no_args_is_help=True)
cli.add_typer(manifests, name="manifest")
cli.add_typer(outbox, name="outbox")


def _settings() -> Settings:
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        return load()
    except BadSettings as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


@cli.command()
def serve() -> None:
    """Run Hone: migrates the database, then serves the platforms that are configured."""
    settings = _settings()
    _serve(settings, web_too=True)


@cli.command()
def worker() -> None:
    """Run only the worker: posts, deadlines and digests, beside `serve` with HONE_ROLE=web."""
    settings = _settings().model_copy(update={"hone_role": "worker"})
    if settings.database_url.startswith("sqlite"):
        typer.echo("A SQLite file belongs to one process: `serve` runs the worker too.", err=True)
        raise typer.Exit(2)
    _serve(settings, web_too=False)


def _serve(settings: Settings, *, web_too: bool) -> None:
    meaning = _meaning(settings)
    _migrate(settings)
    try:
        _run(_until_stopped(settings, web_too=web_too, meaning=meaning))
    except SecondProcess as error:
        typer.echo(f"Another Hone is using {error}: stop it first, or use PostgreSQL.", err=True)
        raise typer.Exit(1) from None
    except Refused as error:
        typer.echo(f"Slack refused the token: {error}. Check SLACK_BOT_TOKEN.", err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        where = f"{settings.hone_host}:{settings.hone_port}"
        typer.echo(f"Cannot start at {where}: {error.strerror or error}.", err=True)
        raise typer.Exit(1) from None


def _meaning(settings: Settings) -> Meaning | None:
    if settings.hone_likeness == "words":
        return None
    try:
        return Semantic()
    except NotInstalled as missing:
        typer.echo(
            f"HONE_LIKENESS is semantic, but {missing}: type make semantic, or leave it out.",
            err=True,
        )
        raise typer.Exit(2) from None


def _migrate(settings: Settings) -> None:
    try:
        upgrade(settings.database_url)
    except (DBAPIError, OSError) as error:
        cause = type(getattr(error, "orig", None) or error).__name__
        typer.echo(f"The database does not answer ({cause}). Check DATABASE_URL.", err=True)
        raise typer.Exit(1) from None


@cli.command()
def migrate() -> None:
    """Bring the database to this version's tables; `serve` does so too."""
    settings = _settings()
    _migrate(settings)
    typer.echo("The database is up to date.")


@cli.command()
def key() -> None:
    """Print a new key for HONE_SECRET_KEYS."""
    typer.echo(Fernet.generate_key().decode())


@manifests.command("slack")
def manifest_for_slack(
    url: Annotated[
        str, typer.Option(help="Where Slack reaches Hone (https). Default: Socket Mode")
    ] = "",
) -> None:
    """Print the manifest to paste at "Create an app from a manifest"."""
    from bot.slack import manifest as slack_manifest

    try:
        described = slack_manifest.manifest(
            url or _public_url() or None, _commands(), reactions=bool(_settings().slack_reaction)
        )
    except ValueError as error:
        typer.echo(f"{error}: write --url https://…, or leave it out for Socket Mode.", err=True)
        raise typer.Exit(2) from None
    typer.echo(json.dumps(described, indent=2, ensure_ascii=False))


@manifests.command("teams")
def manifest_for_teams(
    package: Annotated[
        Path | None, typer.Option(help="Also write the package to upload, such as hone.zip")
    ] = None,
) -> None:
    """Print the app manifest, and write the package to upload to Teams."""
    from bot.teams import manifest as teams_manifest

    app_id = _settings().microsoft_app_id or "00000000-0000-0000-0000-000000000000"
    described = teams_manifest.manifest(
        app_id=app_id,
        version=_version(),
        commands=_commands(doors=False),
        website=_public_url() or "https://example.com",
        shortcuts=SHORTCUTS,
    )
    typer.echo(json.dumps(described, indent=2, ensure_ascii=False))
    if package is not None:
        package.write_bytes(teams_manifest.package(described))
        typer.echo(f"Wrote {package}.", err=True)


Workspace = Annotated[str, typer.Option(help="Such as slack:T0123 or local:room")]
TeamName = Annotated[str, typer.Option(help="Its name or number; not needed if there is one")]


@cli.command("import")
def import_backlog(
    file: Annotated[Path, typer.Argument(help="CSV or JSON; - reads standard input")],
    workspace: Workspace,
    team: TeamName = "",
    dry_run: Annotated[bool, typer.Option(help="Say what would happen, and write nothing")] = False,
) -> None:
    """Bring a backlog in: all of the file, or nothing. The same file twice changes nothing."""
    text = _read(file)
    where = shell.Where(workspace, team)

    async def imported(database: Database) -> None:
        for line in await shell.import_text(database, clock(), where, text, dry_run=dry_run):
            typer.echo(line)

    _with_database(imported)


@cli.command("export")
def export_backlog(
    file: Annotated[Path, typer.Argument(help="Ends in .csv or .json; - writes standard output")],
    workspace: Workspace,
    team: TeamName = "",
) -> None:
    """Write a team's backlog to a file that `import` reads and no spreadsheet runs."""
    where = shell.Where(workspace, team)
    as_json = file.suffix.lower() == ".json"
    written = _with_database(
        lambda database: shell.export_text(database, clock(), where, json=as_json)
    )
    if str(file) == "-":
        typer.echo(written, nl=False)
        return
    try:
        # The mark at the beginning tells Excel that it is UTF-8.
        file.write_text(written, encoding="utf-8" if as_json else "utf-8-sig", newline="")
    except OSError as error:
        typer.echo(f"Cannot write {file}: {error.strerror}.", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"Wrote {file}.")


def _read(file: Path) -> str:
    try:
        read = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return read.decode("utf-8-sig")
    except OSError as error:
        typer.echo(f"Cannot read {file}: {error.strerror}.", err=True)
    except UnicodeDecodeError:
        typer.echo(f"{file} is not UTF-8. Save it as “CSV UTF-8”.", err=True)
    raise typer.Exit(1)


@outbox.command("list")
def outbox_list() -> None:
    """List messages that were given up after ten tries."""

    async def listed(database: Database) -> None:
        async with database.read("", clock()) as store:
            rows = await dead_posts(store.session)
        for row in rows:
            where = row.channel or row.person
            typer.echo(
                f"{row.created_at:%Y-%m-%d %H:%M} {row.workspace} {where} {row.view} "
                f"{row.last_error}"
            )
        typer.echo(f"{len(rows)} undelivered.")

    _with_database(listed)


@outbox.command("retry")
def outbox_retry() -> None:
    """Send them again."""

    async def retried(database: Database) -> None:
        count = await database.write("", clock(), lambda s: retry_dead(s.session, s.now))
        typer.echo(f"{count} will be sent again.")

    _with_database(retried)


@cli.command()
def recount() -> None:
    """Take the sums anew that digests count with, after items were changed by hand."""

    async def recounted(database: Database) -> None:
        async with database.read("", clock()) as store:
            workspaces = await store.workspaces.all()
        for workspace in workspaces:
            await database.write(workspace, clock(), lambda store: store.excerpts.recount())
        typer.echo(f"Counted the backlogs of {len(workspaces)} workspaces anew.")

    _with_database(recounted)


def _with_database(work: Callable[[Database], Awaitable[T]]) -> T:
    settings = _settings()

    async def opened() -> T:
        database = Database(settings.database_url)
        try:
            return await work(database)
        finally:
            await database.close()

    try:
        return _run(opened())
    except shell.Refused as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except Unavailable as error:
        typer.echo(f"The database does not answer ({error}). Check DATABASE_URL.", err=True)
        raise typer.Exit(1) from None


def _commands(*, doors: bool = True) -> dict[str, str]:
    """Return name → summary. Teams needs no doors: no other app can take a name after @Hone."""
    return {
        name: spec.summary
        for feature in FEATURES
        for name, spec in feature.commands.items()
        if doors or spec.run is not None
    }


def _public_url() -> str:
    return _settings().hone_public_url


def _version() -> str:
    try:
        return version("hone")
    except PackageNotFoundError:
        return "0.1.0"


main = cli

if __name__ == "__main__":
    main()
