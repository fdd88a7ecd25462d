"""Import and export as an operator's commands: a team's whole backlog from and to a file."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn, Protocol, TypeVar

import typer

from handlers.backlog.exchange.shell import Refused, Where, export_text, import_text
from storage import Database

T = TypeVar("T")

Workspace = Annotated[str, typer.Option(help="Such as slack:T0123 or local:room")]
TeamName = Annotated[str, typer.Option(help="Its name or number; not needed if there is one")]


class OnDatabase(Protocol):
    """Runs work on the database of the settings and returns what it does."""

    def __call__(self, work: Callable[[Database], Awaitable[T]]) -> T: ...


def add_exchange(cli: typer.Typer, on_database: OnDatabase, clock: Callable[[], datetime]) -> None:
    @cli.command("import")
    def import_backlog(
        file: Annotated[Path, typer.Argument(help="CSV or JSON; - reads standard input")],
        workspace: Workspace,
        team: TeamName = "",
        dry_run: Annotated[
            bool, typer.Option(help="Say what would happen, and write nothing")
        ] = False,
    ) -> None:
        """Bring a backlog in: all of the file, or nothing. The same file twice changes nothing."""
        text, where = _read(file), Where(workspace, team)
        try:
            lines = on_database(
                lambda database: import_text(database, clock(), where, text, dry_run=dry_run)
            )
        except Refused as error:
            _give_up(error)
        for line in lines:
            typer.echo(line)

    @cli.command("export")
    def export_backlog(
        file: Annotated[
            Path, typer.Argument(help="Ends in .csv or .json; - writes standard output")
        ],
        workspace: Workspace,
        team: TeamName = "",
    ) -> None:
        """Write a team's backlog to a file that `import` reads and no spreadsheet runs."""
        where, as_json = Where(workspace, team), file.suffix.lower() == ".json"
        try:
            text = on_database(lambda database: export_text(database, clock(), where, json=as_json))
        except Refused as error:
            _give_up(error)
        if str(file) == "-":
            typer.echo(text, nl=False)
        else:
            _write(file, text, as_json)


def _read(file: Path) -> str:
    try:
        read = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return read.decode("utf-8-sig")
    except OSError as error:
        _give_up(f"Cannot read {file}: {error.strerror}.")
    except UnicodeDecodeError:
        _give_up(f"{file} is not UTF-8. Save it as “CSV UTF-8”.")


def _write(file: Path, text: str, as_json: bool) -> None:
    try:
        # The mark at the beginning tells Excel that it is UTF-8.
        file.touch(mode=0o600)  # a new one is for its owner only
        file.write_text(text, encoding="utf-8" if as_json else "utf-8-sig", newline="")
    except OSError as error:
        _give_up(f"Cannot write {file}: {error.strerror}.")
    typer.echo(f"Wrote {file}.")


def _give_up(sentence: object) -> NoReturn:
    typer.echo(str(sentence), err=True)
    raise typer.Exit(1) from None
