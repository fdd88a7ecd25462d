"""`python app.py …`: what an operator types. `app.py` hands over what the commands run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import typer

from bot.commands.manifests import add_manifests
from bot.commands.mending import add_mending
from bot.commands.serving import MeaningOf, add_serving
from bot.feature import Feature
from bot.process import Wire

Add = Callable[[typer.Typer], None]
"""Adds the commands that a feature brings along."""


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
