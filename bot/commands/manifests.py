"""Commands that print what a platform needs to know Hone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.console import MISUSED, give_up, read_settings
from bot.feature import CommandSpec, Feature
from bot.settings.values import public_url

NO_APP = "00000000-0000-0000-0000-000000000000"

HINT_WAYS_MAX = 6
"""What Slack shows behind a command while it is typed is one short line."""


def add_manifests(
    cli: typer.Typer, features: Sequence[Feature], shortcuts: Mapping[str, str]
) -> None:
    manifests = typer.Typer(help="Print what a platform needs to know Hone.", no_args_is_help=True)
    cli.add_typer(manifests, name="manifest")

    @manifests.command("slack")
    def manifest_for_slack(
        url: Annotated[
            str, typer.Option(help="Where Slack reaches Hone (https). Default: Socket Mode")
        ] = "",
    ) -> None:
        """Print the manifest to paste at "Create an app from a manifest"."""
        from bot.slack import manifest as slack_manifest

        settings = read_settings()
        if url and (complaint := public_url(url)):
            give_up(f"--url {complaint}, or leave it out for Socket Mode.", MISUSED)
        described = slack_manifest.manifest(
            url or settings.hone_public_url or None,
            _slash_commands(features),
            reactions=bool(settings.slack_reaction),
        )
        typer.echo(json.dumps(described, indent=2, ensure_ascii=False))

    @manifests.command("teams")
    def manifest_for_teams(
        package: Annotated[
            Path | None, typer.Option(help="Also write the package to upload, such as hone.zip")
        ] = None,
    ) -> None:
        """Print the app manifest, and write the package to upload to Teams."""
        from bot.teams import manifest as teams_manifest

        settings = read_settings()
        if package is not None and not settings.microsoft_app_id:
            give_up(
                "Teams takes no package without the bot's id: write MICROSOFT_APP_ID into .env "
                "first. README.md says where it stands.",
                MISUSED,
            )
        if package is not None and not settings.hone_public_url:
            give_up(
                "Teams shows people the app's pages /about, /privacy and /terms, which have to "
                "answer: write HONE_PUBLIC_URL into .env first, as Hone is reached from outside.",
                MISUSED,
            )
        described = teams_manifest.manifest(
            app_id=settings.microsoft_app_id or NO_APP,
            version=_version(),
            commands=_named(features),
            website=settings.hone_public_url or "https://example.com",
            shortcuts=shortcuts,
        )
        typer.echo(json.dumps(described, indent=2, ensure_ascii=False))
        if package is not None:
            try:
                package.write_bytes(teams_manifest.package(described))
            except OSError as error:
                give_up(f"Cannot write {package}: {error.strerror}.")
            typer.echo(f"Wrote {package}.", err=True)


def _slash_commands(features: Sequence[Feature]) -> dict[str, tuple[str, str]]:
    """Return name → summary, and a hint at what may be typed behind it."""
    return {
        name: (spec.summary, _usage(name, spec))
        for feature in features
        for name, spec in feature.commands.items()
    }


def _usage(name: str, spec: CommandSpec) -> str:
    """Return the rest of a command's example, and its verbs: `[#42 | next]`; `[help]` without."""
    first, _, rest = spec.example.partition(" ")
    ways = [*([rest] if first == name and rest else []), *spec.verbs]
    shown = ways[:HINT_WAYS_MAX] + (["…"] if len(ways) > HINT_WAYS_MAX else [])
    return f"[{' | '.join(shown or ['help'])}]"


def _named(features: Sequence[Feature]) -> dict[str, str]:
    """Return name → summary of what is used often: Teams suggests twelve commands at most.

    It needs no doors: no other app can take a name after @Hone.
    """
    return {
        name: spec.summary
        for feature in features
        for name, spec in feature.commands.items()
        if spec.run is not None and not spec.seldom
    }


def _version() -> str:
    try:
        return version("hone")
    except PackageNotFoundError:
        return "0.1.0"
