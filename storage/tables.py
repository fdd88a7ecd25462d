"""The plain table behind a model: what compiled statements are written on."""

from __future__ import annotations

from sqlalchemy import Table, inspect
from sqlmodel import SQLModel


def table_of(model: type[SQLModel]) -> Table:
    """Return the table that a model's rows stand in; its columns are `table_of(Item).c`."""
    table = inspect(model).local_table
    assert isinstance(table, Table)
    return table
