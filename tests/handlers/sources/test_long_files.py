"""A file of any length costs the same for each of its pieces, and leaves room for others."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import event

import storage.database
from handlers.backlog.exchange.shell import Where, import_text
from handlers.sources.files import read_file
from handlers.sources.intake import TOGETHER, described, go_on
from storage import Database, Store
from storage.intakes import BATCH_ROWS
from storage.sqlite import GIVE_WAY_S, LOCK_CHECK_S

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HEAD = "Issue key,Issue id,Summary,Status,Created,Resolved,Parent"
FOUND_ONE_BY_ONE = ("items", "tracked", "item_events")
"""Tables of which a piece reads its own rows, however many there are."""


def jira(rows: int) -> str:
    """Return an export whose items are all part of the first one."""
    lines = [
        f"PAY-{n},{10_000 + n},Item {n},To Do,04/Nov/26 9:12 AM,,{'PAY-0' if n else ''}"
        for n in range(rows)
    ]
    return "\n".join((HEAD, *lines))


async def begun(database: Database, workspace: str) -> None:
    await database.write(workspace, NOW, lambda store: store.teams.add("Checkout", "UTC"))


async def brought_in(database: Database, workspace: str, rows: int) -> None:
    await import_text(database, NOW, Where(workspace), jira(rows), dry_run=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement with its values, and when SQLite began to run it, in seconds."""

    words: str
    at: float

    @property
    def reads(self) -> bool:
        return self.words.lstrip().startswith("SELECT")


@contextmanager
def asked_of(database: Database) -> Iterator[list[Asked]]:
    """Note each statement that SQLite runs."""
    asked: list[Asked] = []

    def note(words: str) -> None:
        asked.append(Asked(words, time.monotonic()))

    def listen(connection: Any, *_: Any) -> None:
        connection.set_trace_callback(note)

    def leave(connection: Any, *_: Any) -> None:
        connection.set_trace_callback(None)

    engine = database.engine.sync_engine
    event.listen(engine, "checkout", listen)
    event.listen(engine, "checkin", leave)
    try:
        yield asked
    finally:
        event.remove(engine, "checkout", listen)
        event.remove(engine, "checkin", leave)


async def test_a_piece_is_looked_up_at_once_however_many_rows_it_has(database: Database) -> None:
    """A question for each row is a hundred thousand questions for a long file."""
    counts = []
    for rows in (5, BATCH_ROWS):
        workspace = f"test:{rows}"
        await begun(database, workspace)
        with asked_of(database) as asked:
            await brought_in(database, workspace, rows)
            changed = jira(rows).replace("Item 3,", "Item three,")
            await import_text(database, NOW, Where(workspace), changed, dry_run=False)
        counts.append(sum(each.reads for each in asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("named_by", ["key", "title"])
async def test_no_piece_reads_all_that_came_before_it(database: Database, named_by: str) -> None:
    """Else the last of ten thousand items takes ten thousand times as long as the first."""
    workspace = f"test:long-{named_by}"
    await begun(database, workspace)
    with asked_of(database) as asked:
        if named_by == "key":
            await brought_in(database, workspace, 2)
        else:
            table = "title,state\nPay,open\nOwe,open"
            await import_text(database, NOW, Where(workspace), table, dry_run=False)
    async with database.read(workspace, NOW) as store:
        connection = await store.session.connection()
        for statement in {each.words for each in asked if each.reads}:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
            for step in (str(row.detail) for row in plan):
                table = step.removeprefix("SEARCH ").removeprefix("SCAN ").partition(" ")[0]
                everything = step.startswith("SCAN") or step.endswith(
                    ("(workspace=?)", "(workspace=? AND team_id=?)")
                )
                assert not (table in FOUND_ONE_BY_ONE and everything), f"{step}: {statement}"


async def test_another_program_may_write_between_any_two_pieces(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shell's import is a second program beside the Hone that serves: votes go on."""
    assert GIVE_WAY_S > LOCK_CHECK_S, "whoever waits looks at least once meanwhile"
    monkeypatch.setattr(storage.database, "GIVE_WAY_S", long := 0.1)
    await begun(database, "test:shell")
    with asked_of(database) as asked:
        await brought_in(database, "test:shell", 4 * BATCH_ROWS)
    ends = [each for each in asked if each.words in ("COMMIT", "BEGIN IMMEDIATE")]
    free_s = [
        later.at - earlier.at
        for earlier, later in pairwise(ends)
        if earlier.words == "COMMIT" and later.words == "BEGIN IMMEDIATE"
    ]
    assert len(free_s) >= 4, "each batch is saved by itself"
    assert min(free_s[-3:]) > long


# --- neighbours ------------------------------------------------------------------------------


def commits(asked: list[Asked]) -> int:
    return sum(each.words == "COMMIT" for each in asked)


async def parents(database: Database, workspace: str) -> list[int | None]:
    async with database.read(workspace, NOW) as store:
        items = await store.items.of_team(1)
    return [item.part_of for item in sorted(items, key=lambda item: item.number)]


async def test_items_below_what_they_are_part_of_are_linked_as_they_are_saved(
    database: Database,
) -> None:
    """Else each batch is read and saved twice, for what nearly every file has in that order."""
    await begun(database, "test:below")
    with asked_of(database) as asked:
        await brought_in(database, "test:below", 3 * BATCH_ROWS)
    kept, agreed, batches = 1, 1, 3
    assert commits(asked) == kept + agreed + batches
    assert await parents(database, "test:below") == [None] + [1] * (3 * BATCH_ROWS - 1)


async def test_items_above_what_they_are_part_of_are_linked_in_the_end(database: Database) -> None:
    """Only the batches that have such items are gone over again."""
    await begun(database, "test:above")
    head, first, *rest = jira(3 * BATCH_ROWS).splitlines()
    upside_down = "\n".join((head, *rest, first))
    with asked_of(database) as asked:
        await import_text(database, NOW, Where("test:above"), upside_down, dry_run=False)
    assert commits(asked) == 2 + 3 + 2, "the last batch has its parent in it"
    last = 3 * BATCH_ROWS
    assert await parents(database, "test:above") == [last] * (last - 1) + [None]


async def test_the_same_file_again_links_nothing_anew(database: Database) -> None:
    await begun(database, "test:again")
    await brought_in(database, "test:again", BATCH_ROWS)
    file = jira(BATCH_ROWS).replace("Item 7,", "Item seven,")
    with asked_of(database) as asked:
        await import_text(database, NOW, Where("test:again"), file, dry_run=False)
    assert commits(asked) == 3, "kept, agreed on, saved"


async def test_an_item_linked_as_it_is_saved_tells_so_in_its_story(database: Database) -> None:
    await begun(database, "test:story")
    await brought_in(database, "test:story", 2)
    async with database.read("test:story", NOW) as store:
        captured, joined = await store.items.history(2)
        (row,) = (await store.tracked.of_items([2]))[2]
    assert captured.changes == {"state": [None, "captured"]}
    assert (joined.at, joined.kind, joined.changes) == (NOW, "imported", {"part_of": [None, 1]})
    assert row.base["part_of"] == 1


# --- taken up again --------------------------------------------------------------------------


async def test_a_file_kept_by_an_earlier_hone_goes_on(database: Database) -> None:
    """It kept a piece for each batch, and nothing of which items are to be linked later."""
    await begun(database, "test:earlier")
    file = read_file(jira(2 * BATCH_ROWS), "UTC")
    told = described(file, {}) | {"new": 2 * BATCH_ROWS}
    told.pop(TOGETHER)
    rows = list(file.sheet.rows)
    batches = (rows[:BATCH_ROWS], rows[BATCH_ROWS:])
    pieces = [zlib.compress(json.dumps(batch).encode()) for batch in batches]

    async def keep(store: Store) -> None:
        intake = await store.intakes.begin(1, "ada", told, pieces, len(rows), pieces=2)
        await store.intakes.move_on(intake, "items", 0)

    async def save(store: Store) -> str:
        intake, team = await store.intakes.locked(1), await store.teams.find(1)
        assert intake is not None
        assert team is not None
        await go_on(store, team, intake)
        return intake.step

    await database.write("test:earlier", NOW, keep)
    steps = [await database.write("test:earlier", NOW, save) for _ in batches]
    assert steps == ["items", "done"]
    assert await parents(database, "test:earlier") == [None] + [1] * (2 * BATCH_ROWS - 1)
