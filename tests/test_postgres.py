"""The tests' own PostgreSQL, since every promise about that database rests on it."""

from __future__ import annotations

import asyncio
import signal
import socket
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url

from tests.postgres import Postgres, own_server


async def ask(url: str, *statements: str) -> Any:
    """Run the statements one after the other and return the value the last one selects."""
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(dsn)
    try:
        *before, last = statements
        for statement in before:
            await connection.execute(statement)
        return await connection.fetchval(last)
    finally:
        await connection.close()


async def test_each_test_gets_a_copy_of_the_template_to_itself(postgres: Postgres) -> None:
    """What one test writes must never be what another one reads."""
    async with postgres.database() as template:
        await ask(template, "CREATE TABLE item (title text)", "SELECT 1")
        name = make_url(template).database or ""
        async with postgres.database(name) as one, postgres.database(name) as other:
            await ask(one, "INSERT INTO item VALUES ('Cut build time')", "SELECT 1")
            assert await ask(one, "SELECT count(*) FROM item") == 1
            assert await ask(other, "SELECT count(*) FROM item") == 0


async def test_a_database_goes_even_while_someone_is_connected(postgres: Postgres) -> None:
    """A test that leaks a connection must not keep its database, nor fail the next test."""
    url = await postgres.create("left behind")
    leaked = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string())
    await postgres.drop("left behind")
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await ask(url, "SELECT 1")
    leaked.terminate()


def test_a_durable_server_keeps_what_was_committed_before_a_crash() -> None:
    """Otherwise the benches that stop it at once would show nothing about what Hone loses."""
    with own_server(durable=True) as server:
        url = server.postgres.url_of("postgres")
        asyncio.run(
            ask(url, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)", "SELECT 1")
        )
        server.stop(signal.SIGQUIT)
        server.start()
        assert asyncio.run(ask(url, "SELECT n FROM kept")) == 7


def test_no_test_reaches_the_network() -> None:
    """A test that needs the network passes here and fails on a train. 192.0.2.0/24 is nobody's."""
    with socket.socket() as connection, pytest.raises(Exception, match=r"192\.0\.2\.1"):
        connection.connect(("192.0.2.1", 443))
