"""Commands that print what a platform needs to know Hone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.console import MISUSED, give_up, read_settings
from bot.feature import Feature

NO_APP = "00000000-0000-0000-0000-000000000000"


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
        try:
            described = slack_manifest.manifest(
                url or settings.hone_public_url or None,
                _named(features),
                reactions=bool(settings.slack_reaction),
            )
        except ValueError as error:
            give_up(f"{error}: write --url https://…, or leave it out for Socket Mode.", MISUSED)
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
        described = teams_manifest.manifest(
            app_id=settings.microsoft_app_id or NO_APP,
            version=_version(),
            commands=_named(features, prefixes=False),
            website=settings.hone_public_url or "https://example.com",
            shortcuts=shortcuts,
        )
        typer.echo(json.dumps(described, indent=2, ensure_ascii=False))
        if package is not None:
            package.write_bytes(teams_manifest.package(described))
            typer.echo(f"Wrote {package}.", err=True)


def _named(features: Sequence[Feature], *, prefixes: bool = True) -> dict[str, str]:
    """Return name → summary. Teams needs no doors: no other app can take a name after @Hone."""
    return {
        name: spec.summary
        for feature in features
        for name, spec in feature.commands.items()
        if prefixes or spec.run is not None
    }


def _version() -> str:
    try:
        return version("hone")
    except PackageNotFoundError:
        return "0.1.0"
