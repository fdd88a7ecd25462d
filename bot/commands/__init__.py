"""`python app.py …`: what an operator types. `app.py` hands over what the commands run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from bot.commands.console import MISUSED
from bot.commands.manifests import add_manifests
from bot.commands.mending import add_mending
from bot.commands.serving import MeaningOf, add_serving
from bot.feature import Feature
from bot.process import Wire

_MISUSED: type[BaseException] = typer.BadParameter.__mro__[1]
"""What is raised for a line that makes no sense: Typer gives the general case no public name."""

Add = Callable[[typer.Typer], None]
"""Adds the commands that a feature brings along."""


class _InSentences(TyperGroup):
    """Says what is wrong with a line in a sentence, and where to read on."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **more: Any,
    ) -> Any:
        line = (args, prog_name, complete_var, False, windows_expand_args)
        if not standalone_mode:
            return super().main(*line, **more)
        try:
            result = super().main(*line, **more)
        except _MISUSED as error:
            sys.exit(_told(error))
        sys.exit(result if isinstance(result, int) else 0)


def _told(error: Any) -> int:
    """Tell what is wrong and return the exit status; a command without its verb gets its help."""
    said = error.format_message()
    where = error.ctx.command_path if error.ctx else ""
    if not said.startswith("Usage:") and "\n" not in said:
        said = f"{said if said.endswith(('.', '?')) else f'{said}.'} To read on: {where} --help"
    typer.echo(said, err=True)
    return MISUSED


def command_line(
    *,
    wire: Wire,
    meaning_of: MeaningOf,
    features: Sequence[Feature],
    shortcuts: Mapping[str, str],
    more: Sequence[Add],
) -> typer.Typer:
    """Return all commands, in the order in which `--help` names them."""
    cli = typer.Typer(
        cls=_InSentences,
        help="Hone refines a backlog where the team already talks.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    add_serving(cli, wire, meaning_of)
    add_manifests(cli, features, shortcuts)
    for add in more:
        add(cli)
    add_mending(cli)
    return cli
