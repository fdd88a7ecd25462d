"""A compiled statement does what SQLAlchemy's would, or refuses: nothing is lost without a word."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, delete, select

from storage import Database, Store
from storage.prepared import Prepared, among
from storage.tables import table_of
from storage.timers import Timer
from storage.upsert import insert_on

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WORKSPACE = "test:acme"

TIMERS = table_of(Timer).c


def timer(key: str, **more: object) -> Mapping[str, object]:
    return {"workspace": WORKSPACE, "kind": "nudge", "key": key, "at": NOW, **more}


class Statements:
    """Compiled anew for each test: the first values that a statement is given decide its text."""

    def __init__(self) -> None:
        self.add = Prepared(lambda dialect: insert_on(dialect, Timer))
        self.keys = Prepared(
            lambda _: (
                select(TIMERS.key, TIMERS.channel, TIMERS.attempts)
                .where(TIMERS.workspace == bindparam("workspace_"), TIMERS.kind == "nudge")
                .order_by(TIMERS.key)
            )
        )
        self.drop = Prepared(lambda _: delete(table_of(Timer)).where(TIMERS.key == bindparam("of")))


async def refused(asked: Awaitable[object]) -> str:
    """Return why a statement refused its values."""
    try:
        await asked
    except TypeError as error:
        return str(error)
    raise AssertionError("it was not refused")


@pytest.fixture
def statements() -> Statements:
    return Statements()


async def _kept(database: Database, statements: Statements) -> list[tuple[object, ...]]:
    async with database.read(WORKSPACE, NOW) as store:
        rows = await statements.keys.rows(store.session, {"workspace_": WORKSPACE})
    return [tuple(row) for row in rows]


async def test_values_left_out_are_what_the_table_says(
    database: Database, statements: Statements
) -> None:
    await database.write(
        WORKSPACE, NOW, lambda store: statements.add.change(store.session, timer("1"))
    )
    assert await _kept(database, statements) == [("1", "", 0)]


@pytest.mark.parametrize("earlier", [True, False], ids=["later", "at first"])
async def test_a_value_that_has_no_place_is_refused(
    database: Database, statements: Statements, earlier: bool
) -> None:
    """A filter that is not in the statement would find, or delete, what it should have spared."""

    async def ask(store: Store) -> None:
        if earlier:
            await statements.drop.change(store.session, {"of": "0"})
            await statements.keys.rows(store.session, {"workspace_": WORKSPACE})
        assert "channel" in await refused(
            statements.drop.change(store.session, {"of": "1", "channel": "general"})
        )
        here = {"workspace_": WORKSPACE, "channel": "general"}
        assert "channel" in await refused(statements.keys.rows(store.session, here))

    await database.write(WORKSPACE, NOW, ask)


async def test_a_value_that_is_missing_is_refused(
    database: Database, statements: Statements
) -> None:
    async def ask(store: Store) -> None:
        assert "of" in await refused(statements.drop.change(store.session, {}))
        await statements.drop.change(store.session, {"of": "1"})
        assert "of" in await refused(statements.drop.change(store.session, {}))

    await database.write(WORKSPACE, NOW, ask)


async def test_a_row_with_another_column_than_the_first_is_refused(
    database: Database, statements: Statements
) -> None:
    """The text was worked out for the first row's columns: one more would be lost."""

    async def add(store: Store) -> None:
        await statements.add.change(store.session, timer("1"))
        assert "channel" in await refused(
            statements.add.change(store.session, timer("2", channel="general"))
        )

    await database.write(WORKSPACE, NOW, add)
    assert await _kept(database, statements) == [("1", "", 0)]


@pytest.mark.parametrize("odd", [0, 1, 2])
@pytest.mark.parametrize("earlier", [True, False], ids=["later", "at first"])
async def test_each_row_of_several_has_the_same_columns(
    database: Database, statements: Statements, earlier: bool, odd: int
) -> None:
    rows = [timer(str(at), **({"channel": "general"} if at == odd else {})) for at in range(3)]

    async def add(store: Store) -> None:
        if earlier:
            await statements.add.change(store.session, timer("before"))
        assert "channel" in await refused(statements.add.change(store.session, rows))

    await database.write(WORKSPACE, NOW, add)
    assert await _kept(database, statements) == ([("before", "", 0)] if earlier else [])


async def test_a_list_is_one_value_however_long(database: Database, statements: Statements) -> None:
    """A text for each length of a list would be worked out for each."""
    some = Prepared(
        lambda dialect: (
            select(TIMERS.key).where(among(dialect, TIMERS.key, "of")).order_by(TIMERS.key)
        )
    )

    async def ask(store: Store) -> list[list[str]]:
        await statements.add.change(store.session, [timer(key) for key in ("1", "2", 'a"3')])
        return [
            [key for (key,) in await some.rows(store.session, {"of": of})]
            for of in ([], ["2"], ["2", 'a"3', "4"])
        ]

    assert await database.write(WORKSPACE, NOW, ask) == [[], ["2"], ["2", 'a"3']]


async def test_several_rows_are_written_and_none_changes_nothing(
    database: Database, statements: Statements
) -> None:
    async def add(store: Store) -> None:
        assert await statements.add.change(store.session, []) == 0
        both = [timer("1", channel="general"), timer("2", channel="random")]
        await statements.add.change(store.session, both)

    await database.write(WORKSPACE, NOW, add)
    assert await _kept(database, statements) == [("1", "general", 0), ("2", "random", 0)]


async def test_what_was_refused_names_no_value(database: Database, statements: Statements) -> None:
    """It may end in a log, and values are what people typed."""

    async def ask(store: Store) -> str:
        values = {"of": "1", "secret": "salary talks"}
        return await refused(statements.drop.change(store.session, values))

    why = await database.write(WORKSPACE, NOW, ask)
    assert "secret" in why
    assert "salary" not in why
