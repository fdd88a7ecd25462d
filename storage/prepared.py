"""Statements that every turn runs: written with SQLAlchemy, worked out once.

SQLAlchemy knows how to write the SQL and how values travel. Asked again for each vote, it takes
ten times as long as SQLite does for the answer, so there the driver gets the finished text. On
PostgreSQL the text goes through SQLAlchemy, which begins the transaction and names the errors, to
asyncpg, which keeps it prepared.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    ColumnElement,
    Connection,
    CursorResult,
    Delete,
    Dialect,
    Insert,
    Select,
    Update,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeEngine
from sqlalchemy.util import greenlet_spawn

from storage.repository import flush

Statement = Select[Any] | Insert | Update | Delete
Values = Mapping[str, object]
Row = Sequence[Any]

Convert = Callable[[Any], Any]


class Prepared:
    """A statement on plain tables, given as a function of the dialect's name.

    Its values are named by `bindparam`s, or are an insert's columns: then the first row decides
    which, and a column left out gets the table's default. Values with another set of names are
    refused with a TypeError, since the text has no place for them.
    """

    def __init__(self, build: Callable[[str], Statement]) -> None:
        self._build = build
        self._finished: dict[str, _Finished] = {}

    async def rows(self, session: AsyncSession, values: Values) -> Sequence[Row]:
        """Return the rows, their columns in the order in which they were asked for."""
        connection = await _connection(session)
        finished = self._finish(connection.dialect, values)
        if connection.dialect.name == "sqlite":
            return finished.read(finished.run_here(connection, values).fetchall())
        result = await greenlet_spawn(finished.run, connection, values)
        return finished.read(result.all())

    async def change(self, session: AsyncSession, values: Values | Sequence[Values]) -> int:
        """Return how many rows were changed; several values are executed one after the other."""
        if not values and not isinstance(values, Mapping):
            return 0
        connection = await _connection(session)
        finished = self._finish(connection.dialect, values)
        if connection.dialect.name == "sqlite":
            return finished.run_here(connection, values).rowcount
        return (await greenlet_spawn(finished.run, connection, values)).rowcount

    def _finish(self, dialect: Dialect, values: Values | Sequence[Values]) -> _Finished:
        name = dialect.name
        if name not in self._finished:
            every = [values] if isinstance(values, Mapping) else values
            for each in every:
                _expect(every[0].keys(), each)
            self._finished[name] = _Finished(self._build(name), dialect, every[0])
        return self._finished[name]


def among(dialect: str, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Return that a column's value is in the list given as `name`: one value, however long."""
    if dialect == "sqlite":
        listed = func.json_each(bindparam(name, type_=JSON)).table_valued("value")
        return column.in_(select(listed.c.value))
    return column == any_(bindparam(name, type_=ARRAY(column.type)))


async def _connection(session: AsyncSession) -> Connection:
    await flush(session)
    connection = session.sync_session.bind
    assert isinstance(connection, Connection), "Database binds sessions to connections"
    return connection


class _Finished:
    """The text for the driver, and how values are converted on their way in and out."""

    def __init__(self, statement: Statement, dialect: Dialect, example: Values) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(example))
        assert isinstance(compiled, SQLCompiler)
        assert compiled.positiontup is not None
        assert not compiled.post_compile_params, "a text that depends on its values is not finished"
        self._text = str(compiled)
        self._constants = _constants_of(compiled, example)
        self._names = frozenset(compiled.binds) - self._constants.keys()
        _expect(self._names, example)
        names = compiled.positiontup
        self._values_of = _values_of(names)
        into = [_in_of(compiled.binds[name].type, dialect) for name in names]
        self._into = [(place, convert) for place, convert in enumerate(into) if convert]
        columns = (
            statement.selected_columns
            if isinstance(statement, Select)
            else statement.exported_columns  # of RETURNING
        )
        self._out = [_out_of(column.type, dialect) for column in columns]

    def run(self, connection: Connection, values: Values | Sequence[Values]) -> CursorResult[Any]:
        return connection.exec_driver_sql(self._text, self._given(values))

    def run_here(self, connection: Connection, values: Values | Sequence[Values]) -> sqlite3.Cursor:
        """Run it on SQLite's own driver, past everything."""
        driver: Any = connection.connection.dbapi_connection
        cursor = sqlite3.Cursor(driver)
        given = self._given(values)
        try:
            if isinstance(given, tuple):
                return cursor.execute(self._text, given)
            return cursor.executemany(self._text, given)
        except sqlite3.Error as error:
            raise DBAPIError.instance(
                self._text, None, error, sqlite3.Error, hide_parameters=True
            ) from error

    def read(self, rows: Sequence[Row]) -> Sequence[Row]:
        if not any(self._out):
            return rows
        return [
            [
                convert(value) if convert else value
                for convert, value in zip(self._out, row, strict=True)
            ]
            for row in rows
        ]

    def _given(self, values: Values | Sequence[Values]) -> tuple[Any, ...] | list[tuple[Any, ...]]:
        if isinstance(values, Mapping):
            return self._converted(values)
        return [self._converted(each) for each in values]

    def _converted(self, values: Values) -> tuple[Any, ...]:
        _expect(self._names, values)
        given = self._values_of({**self._constants, **values} if self._constants else values)
        for place, convert in self._into:
            given[place] = convert(given[place])
        return tuple(given)


def _values_of(names: Sequence[str]) -> Callable[[Values], list[Any]]:
    """Return what takes the values of these names, in their order."""
    if len(names) < 2:  # an itemgetter of one gives no tuple
        return lambda values: [values[name] for name in names]
    pick = itemgetter(*names)
    return lambda values: list(pick(values))


def _constants_of(compiled: SQLCompiler, example: Values) -> dict[str, Any]:
    """Return the values that a statement brings along: its own, and its table's defaults."""
    of_its_own = {
        name: bind.effective_value
        for name, bind in compiled.binds.items()
        if name not in example and not bind.required
    }
    for column in compiled.insert_prefetch:
        default = column.default
        assert isinstance(default, ScalarElementColumnDefault), f"{column} needs a value each time"
        of_its_own[column.key] = default.arg
    return of_its_own


def _expect(names: AbstractSet[str], values: Values) -> None:
    """Raise a TypeError that tells names, never values, unless these are the ones expected."""
    if values.keys() != names:
        odd = ", ".join(sorted(values.keys() ^ names))
        raise TypeError(f"a compiled statement takes the same values each time; here differ: {odd}")


def _in_of(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _out_of(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
