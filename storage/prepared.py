"""Statements that every turn runs: written with SQLAlchemy, worked out once.

SQLAlchemy knows how to write the SQL and how values travel. Asked again for each vote, it takes
ten times as long as SQLite does for the answer, so there the driver gets the finished text. On
PostgreSQL the network takes longer than either, and the statement goes the usual way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine
from sqlalchemy.util import greenlet_spawn

from storage.scope import flush

Statement = Select[Any] | Insert | Update | Delete
Values = Mapping[str, object]
Row = Sequence[Any]

Convert = Callable[[Any], Any]


class Prepared:
    """A statement on plain tables, given as a function of the dialect's name.

    Its values are named by `bindparam`s, or are an insert's columns.
    """

    def __init__(self, build: Callable[[str], Statement]) -> None:
        self._build = build
        self._built: dict[str, Statement] = {}
        self._finished: _Finished | None = None

    async def rows(self, session: AsyncSession, values: Values) -> Sequence[Row]:
        """Return the rows, their columns in the order in which they were asked for."""
        connection = await _connection(session)
        if connection.dialect.name == "sqlite":
            return self._finish(connection.dialect, values).rows(connection, values)
        result = await greenlet_spawn(connection.execute, self._statement(connection), values)
        return result.all()

    async def change(self, session: AsyncSession, values: Values | Sequence[Values]) -> int:
        """Return how many rows were changed; several values are executed one after the other."""
        connection = await _connection(session)
        if connection.dialect.name == "sqlite":
            first = values if isinstance(values, Mapping) else values[0]
            return self._finish(connection.dialect, first).change(connection, values)
        result = await greenlet_spawn(connection.execute, self._statement(connection), values)
        return result.rowcount

    def _statement(self, connection: Connection) -> Statement:
        name = connection.dialect.name
        if name not in self._built:
            self._built[name] = self._build(name)
        return self._built[name]

    def _finish(self, dialect: Dialect, values: Values) -> _Finished:
        if self._finished is None:
            self._finished = _Finished(self._build(dialect.name), dialect, values)
        return self._finished


async def _connection(session: AsyncSession) -> Connection:
    await flush(session)
    connection = session.sync_session.bind
    assert isinstance(connection, Connection), "Database binds sessions to connections"
    return connection


class _Finished:
    """The text for SQLite's driver, and how values are converted on their way in and out."""

    def __init__(self, statement: Statement, dialect: Dialect, example: Values) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(example))
        assert isinstance(compiled, SQLCompiler)
        assert compiled.positiontup is not None
        assert not compiled.post_compile_params, "a text that depends on its values is not finished"
        self._text = str(compiled)
        every = compiled.construct_params(dict(example))
        self._constants = {name: value for name, value in every.items() if name not in example}
        self._into = [
            (name, _in_of(compiled.binds[name].type, dialect)) for name in compiled.positiontup
        ]
        columns = (
            statement.selected_columns
            if isinstance(statement, Select)
            else statement.exported_columns  # of RETURNING
        )
        self._out = [_out_of(column.type, dialect) for column in columns]

    def rows(self, connection: Connection, values: Values) -> Sequence[Row]:
        found = self._execute(connection, values).fetchall()
        if not any(self._out):
            return found
        return [
            [
                convert(value) if convert else value
                for convert, value in zip(self._out, row, strict=True)
            ]
            for row in found
        ]

    def change(self, connection: Connection, values: Values | Sequence[Values]) -> int:
        return self._execute(connection, values).rowcount

    def _execute(self, connection: Connection, values: Values | Sequence[Values]) -> sqlite3.Cursor:
        driver: Any = connection.connection.dbapi_connection
        cursor = sqlite3.Cursor(driver)
        try:
            if isinstance(values, Mapping):
                return cursor.execute(self._text, self._converted(values))
            return cursor.executemany(self._text, [self._converted(each) for each in values])
        except sqlite3.Error as error:
            raise DBAPIError.instance(
                self._text, None, error, sqlite3.Error, hide_parameters=True
            ) from error

    def _converted(self, values: Values) -> list[Any]:
        given = {**self._constants, **values} if self._constants else values
        return [convert(given[name]) if convert else given[name] for name, convert in self._into]


def _in_of(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _out_of(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
