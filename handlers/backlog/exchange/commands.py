"""Import and export as an operator's commands: a team's whole backlog from and to a file."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn, Protocol, TypeVar

import typer

from handlers.backlog.exchange.forms import ROLES
from handlers.backlog.exchange.shell import Meaning, Refused, Where, export_text, import_text
from handlers.phrases import listed
from handlers.sources.decoding import NoText, text_of
from storage import Database
from storage.states import STATES

T = TypeVar("T")

Workspace = Annotated[str, typer.Option(help="Such as slack:T0123 or local:room")]
TeamName = Annotated[str, typer.Option(help="Its name or number; not needed if there is one")]


class OnDatabase(Protocol):
    """Runs work on the database of the settings and returns what it does."""

    def __call__(self, work: Callable[[Database], Awaitable[T]]) -> T: ...


def add_exchange(cli: typer.Typer, on_database: OnDatabase, clock: Callable[[], datetime]) -> None:
    @cli.command("import")
    def import_backlog(
        file: Annotated[Path, typer.Argument(help="CSV, JSON or .xlsx; - reads standard input")],
        workspace: Workspace,
        team: TeamName = "",
        dry_run: Annotated[
            bool, typer.Option(help="Say what would happen, and write nothing")
        ] = False,
        state: Annotated[
            list[str] | None, typer.Option(help='What a state means: "Code Review=in review"')
        ] = None,
        column: Annotated[
            list[str] | None, typer.Option(help='What a column holds: "Aufgabe=title"')
        ] = None,
    ) -> None:
        """Bring a backlog in. The same file twice changes nothing; a killed import goes on."""
        where = Where(workspace, team)
        meaning = Meaning(_pairs(state, STATES), _pairs(column, tuple(ROLES)))
        try:
            text = text_of(_read(file))
            lines = on_database(
                lambda database: import_text(
                    database,
                    clock(),
                    where,
                    text,
                    dry_run=dry_run,
                    meaning=meaning,
                    report=typer.echo,
                )
            )
        except (NoText, Refused) as error:
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


def _pairs(given: Sequence[str] | None, known: Sequence[str]) -> dict[str, str]:
    """Return word → meaning of `word=meaning`; gives up on a meaning there is none of."""
    pairs = {}
    for pair in given or ():
        word, _, meaning = pair.rpartition("=")
        if not word or meaning.strip() not in known:
            _give_up(f"“{pair}”: write a word, =, and one of {listed(known, len(known))}.")
        pairs[word.strip()] = meaning.strip()
    return pairs


def _read(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        _give_up(f"Cannot read {file}: {error.strerror}.")


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
