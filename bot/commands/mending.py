"""Commands for what went wrong: messages that were not delivered, sums that no longer fit."""

from __future__ import annotations

import typer

from bot.commands.console import on_database
from bot.process import clock
from storage import Database
from storage.sending import dead_posts, retry_dead


def add_mending(cli: typer.Typer) -> None:
    outbox = typer.Typer(help="Messages that could not be delivered.", no_args_is_help=True)
    cli.add_typer(outbox, name="outbox")

    @outbox.command("list")
    def outbox_list() -> None:
        """List messages that were given up after ten tries."""

        async def listed(database: Database) -> None:
            async with database.read("", clock()) as store:
                rows = await dead_posts(store)
            for row in rows:
                where = row.channel or row.person
                typer.echo(
                    f"{row.created_at:%Y-%m-%d %H:%M} {row.workspace} {where} {row.view} "
                    f"{row.last_error}"
                )
            typer.echo(f"{len(rows)} undelivered.")

        on_database(listed)

    @outbox.command("retry")
    def outbox_retry() -> None:
        """Send them again."""

        async def retried(database: Database) -> None:
            count = await database.write("", clock(), retry_dead)
            typer.echo(f"{count} will be sent again.")

        on_database(retried)

    @cli.command()
    def recount() -> None:
        """Take the sums anew that digests count with, after items were changed by hand."""

        async def recounted(database: Database) -> None:
            async with database.read("", clock()) as store:
                workspaces = await store.workspaces.all()
            for workspace in workspaces:
                await database.write(workspace, clock(), lambda store: store.excerpts.recount())
            typer.echo(f"Counted the backlogs of {len(workspaces)} workspaces anew.")

        on_database(recounted)
