"""Import and export from the command line: whole files, one transaction, plain sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.text import alike, clean
from bot.wire import encode
from handlers.backlog.exchange.cards import planned, told_problem
from handlers.backlog.exchange.export import export_rows
from handlers.backlog.exchange.file import as_csv, as_json, read_file
from handlers.backlog.exchange.plan import Plan, carry_out, make_plan
from handlers.ui.views import ItemView
from storage import Database, Store
from storage.teams import Team


class Refused(Exception):
    """Nothing was done; its lines say why."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Where:
    """A team as it was named: by its number or its name, which may stay empty if there is one."""

    workspace: str
    team: str = ""


async def import_text(
    database: Database, now: datetime, where: Where, text: str, *, dry_run: bool
) -> list[str]:
    """Import a file into a team and return what to print; raises Refused."""
    reading = read_file(clean(text))

    async def work(store: Store) -> Plan:
        team = await _team(store, where)
        plan = await make_plan(store, team, reading)
        if not plan.problems and not dry_run:
            for number in await carry_out(store, team, plan):
                await store.posts.refresh(encode(ItemView(number)))
            what = f"team {team.id}: import of {plan.new} new, {plan.changed} changed"
            await store.audit.add("command line", what)
        return plan

    plan = await database.write(where.workspace, now, work)
    if plan.problems:
        raise Refused(*map(told_problem, plan.problems), "Nothing was imported.")
    verb = "Would import" if dry_run else "Imported"
    return [*plan.notes, f"{verb}: {planned(plan)}"]


async def export_text(database: Database, now: datetime, where: Where, *, json: bool) -> str:
    """Return a team's backlog as a file; raises Refused."""
    write: Callable[..., str] = as_json if json else as_csv
    async with database.read(where.workspace, now) as store:
        return write(await export_rows(store, await _team(store, where)))


async def _team(store: Store, where: Where) -> Team:
    teams = await store.teams.all()
    if not teams:
        raise Refused(
            f"There is no workspace {where.workspace} with a team yet. Say something to Hone "
            "there first. Its name looks like slack:T0123, teams:<tenant> or local:room."
        )
    if not where.team and len(teams) == 1:
        return teams[0]
    wanted = alike(where.team)
    for team in teams:
        if wanted in (str(team.id), alike(team.name)):
            return team
    raise Refused(f"There is no team “{where.team}”. There is: {_listed(teams)}")


def _listed(teams: Sequence[Team]) -> str:
    return ", ".join(f"{team.name} ({team.id})" for team in teams)
