"""Import and export from the command line: whole files of any size, told in plain sentences."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Final, TypeVar

from bot.text import alike
from handlers.backlog.exchange import preview
from handlers.backlog.exchange.background import TIMER
from handlers.backlog.exchange.export import export_rows
from handlers.backlog.exchange.written import as_csv, as_json
from handlers.sources.columns import TOOLS, kind_of, spelled
from handlers.sources.files import File, NoTitles, file_of
from handlers.sources.intake import (
    COLUMNS,
    STATES,
    Batch,
    described,
    go_on,
    next_batch,
    percent_saved,
    to_hide,
    words_for,
)
from handlers.sources.rows import packed
from handlers.sources.sheet import Unreadable, read_sheet
from handlers.sources.states import folded
from handlers.sources.survey import CHUNK_ITEMS, Survey, look_at, names_in
from handlers.sources.telling import losses, summary, unclear
from handlers.sources.words import Words
from storage import Database, Store
from storage.intakes import Intake, batches_of
from storage.teams import Team

T = TypeVar("T")

PIECES_AT_ONCE: Final = 10
"""Pieces of a file that are kept in one transaction: two thousand rows."""

TOLD_FROM: Final = 40
"""Batches of a file from which on it is told how far it is."""

PERSON: Final = "command line"


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


@dataclass(frozen=True, slots=True)
class Meaning:
    """What was said about a file's words: state → ours, column → field."""

    states: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)


def _silent(_: str) -> None:
    return None


async def import_text(
    database: Database,
    now: datetime,
    where: Where,
    text: str,
    *,
    dry_run: bool,
    meaning: Meaning = Meaning(),
    report: Callable[[str], None] = _silent,
) -> list[str]:
    """Bring a file into a team and return what to print; raises Refused.

    It is saved piece by piece; stopped anywhere, the same command goes on where it was. `report`
    is told how far it is.
    """
    shell = _Shell(database, now, where.workspace)
    team = await shell.reads(lambda store: _team(store, where))
    file, chosen = await shell.read_file(team, text, meaning, dry_run=dry_run)
    digest = hashlib.sha256(text.encode()).hexdigest()
    intake = await shell.reads(lambda store: store.intakes.unfinished(team.id, digest))
    if intake is not None and not dry_run:
        report(f"Going on with what was begun: {intake.at} of {intake.pieces} pieces.")
        await shell.bring_in(team, intake, report)
        return ["Imported what was left."]
    found = await shell.survey(team, file, meaning)
    notes = [*losses(found, TOOLS[file.tool]), *unclear(found), *preview.gaps(found, file)]
    if not dry_run and found.changes:
        told = described(file, chosen) | {"digest": digest} | preview.remembered(found, notes)
        await shell.bring_in(team, await shell.keep(team, file, told), report)
    verb = "Would import" if dry_run else "Imported"
    return [*notes, f"{verb}: {summary(found)}"]


async def export_text(database: Database, now: datetime, where: Where, *, json: bool) -> str:
    """Return a team's backlog as a file; raises Refused."""
    write: Callable[..., str] = as_json if json else as_csv
    async with database.read(where.workspace, now, patient=True) as store:
        return write(await export_rows(store, await _team(store, where)))


class _Shell:
    """One workspace's database, a transaction for each step."""

    def __init__(self, database: Database, now: datetime, workspace: str) -> None:
        self._database = database
        self._now = now
        self._workspace = workspace

    async def reads(self, work: Callable[[Store], Awaitable[T]]) -> T:
        async with self._database.read(self._workspace, self._now) as store:
            return await work(store)

    async def writes(self, work: Callable[[Store], Awaitable[T]]) -> T:
        return await self._database.write(self._workspace, self._now, work)

    async def read_file(
        self, team: Team, text: str, meaning: Meaning, *, dry_run: bool
    ) -> tuple[File, dict[str, str]]:
        """Return the file, and the columns that somebody explained."""
        try:
            sheet = read_sheet(text)
            tool = kind_of(sheet.names)
            answers = {
                STATES: {folded(word): ours for word, ours in meaning.states.items()},
                COLUMNS: {spelled(name): role for name, role in meaning.columns.items()},
            }
            if any(answers.values()) and not dry_run:
                await self.writes(lambda store: store.tracked.remember(team.id, tool, answers))
            known = await self.reads(lambda store: store.tracked.answers(team.id, tool))
            chosen = {**known.get(COLUMNS, {}), **answers[COLUMNS]}
            return file_of(sheet, team.zone, chosen), chosen
        except Unreadable as error:
            raise Refused(str(error), "Nothing was imported.") from None
        except NoTitles as error:
            names = ", ".join(error.names)
            raise Refused(
                f"No column is called title. There are: {names}",
                f'Say which one it is: --column "{error.names[0]}=title". Nothing was imported.',
            ) from None

    async def survey(self, team: Team, file: File, meaning: Meaning) -> Survey:
        """Look at the whole file, some hundred items a transaction."""
        words = await self.reads(lambda store: words_for(store, team, file.tool))
        told = {folded(word): ours for word, ours in meaning.states.items()}
        words = replace(words, states={**words.states, **told})
        found = Survey()
        names, items = names_in(file), file.items(found.unread)
        while chunk := list(islice(items, CHUNK_ITEMS)):
            async with self._database.read(self._workspace, self._now, patient=True) as store:
                await look_at(found, store, team, chunk, words, names)
        found.hiding = len(await self.reads(lambda store: to_hide(store, team, file.hidden)))
        return found

    async def keep(self, team: Team, file: File, told: dict[str, object]) -> Intake:
        """Keep the file; it counts once all of it is kept."""
        rows = packed(file.sheet.rows)
        first, rest = rows.pieces[:PIECES_AT_ONCE], rows.pieces[PIECES_AT_ONCE:]
        intake = await self.writes(
            lambda store: store.intakes.begin(
                team.id, PERSON, told, first, len(rows), pieces=batches_of(len(rows))
            )
        )
        for start in range(0, len(rest), PIECES_AT_ONCE):
            some = rest[start : start + PIECES_AT_ONCE]
            await self.writes(partial(_add_pieces, intake.id, some, len(first) + start))
            await self._database.give_way()
        return await self.writes(partial(_agreed, team, intake.id))

    async def bring_in(self, team: Team, intake: Intake, report: Callable[[str], None]) -> None:
        """Save batch after batch, and tell each tenth."""
        told = -1
        words = await self.reads(lambda store: words_for(store, team, intake.told["tool"]))
        while intake.step != "done":
            batch, _ = await asyncio.gather(
                self.reads(partial(_read_batch, team, intake, words)), self._database.give_way()
            )
            intake = await self.writes(partial(_next_batch, team, intake.id, batch))
            done = percent_saved(intake) // 10
            if done > told and intake.pieces > TOLD_FROM:
                report(f"{10 * done} % of {intake.rows:,} items")
                told = done


async def _add_pieces(intake_id: int, pieces: Sequence[bytes], first: int, store: Store) -> None:
    await store.intakes.add_pieces(intake_id, pieces, first)


async def _agreed(team: Team, intake_id: int, store: Store) -> Intake:
    """Begin to save. Should this process end, one that serves goes on."""
    intake = await store.intakes.locked(intake_id)
    assert intake is not None, "it was kept just now"
    await store.intakes.move_on(intake, "items", 0)
    await store.timers.set(TIMER, str(intake.id), store.now)
    await store.audit.add(PERSON, f"team {team.id}: import of {intake.rows} items")
    return intake


async def _read_batch(team: Team, intake: Intake, words: Words, store: Store) -> Batch:
    return await next_batch(store, team, intake, words)


async def _next_batch(team: Team, intake_id: int, batch: Batch, store: Store) -> Intake:
    intake = await store.intakes.locked(intake_id)
    assert intake is not None, "an import that was begun is kept"
    if (intake.step, intake.at) != (batch.step, batch.at):
        return intake  # the Hone that serves was first
    await go_on(store, team, intake, batch)
    if intake.step == "done":
        await store.timers.cancel(TIMER, str(intake.id))
    return intake


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
