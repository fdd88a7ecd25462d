"""Write docs/schema.md anew from the tables as the code names them.

Run it as `make schema`; a test compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Constraint,
    ForeignKeyConstraint,
    Index,
    Table,
    UniqueConstraint,
)
from sqlalchemy.dialects import postgresql
from sqlmodel import SQLModel

from storage import store  # noqa: F401 - names every table
from storage.tables import table_of

SCHEMA = Path(__file__).with_name("schema.md")

HEAD = """\
# The tables

Made by `make schema` from the classes in `storage/`; each stands there with its queries.
Types are PostgreSQL's. SQLite keeps an instant as text in UTC, and JSON as text.
Every table but `workspaces` begins its key with the workspace: nothing crosses from one to another.
"""

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def models() -> list[type[SQLModel]]:
    """Return the class of every table, by the table's name."""
    found = [model for model in _below(SQLModel) if hasattr(model, "__table__")]
    return sorted(found, key=lambda model: table_of(model).name)


def _below(parent: type[SQLModel]) -> Iterator[type[SQLModel]]:
    for model in parent.__subclasses__():
        yield model
        yield from _below(model)


def described() -> str:
    """Return the whole document."""
    return "\n".join([HEAD, *(_described(model) for model in models())])


def purpose_of(model: type[SQLModel]) -> str:
    """Return the first sentence of a table's class, or an empty text if it says nothing."""
    own = vars(model).get("__doc__") or ""
    paragraph = " ".join(cleandoc(own).partition("\n\n")[0].split())
    sentence, dot, _ = paragraph.partition(". ")
    return sentence + dot.rstrip()


def _described(model: type[SQLModel]) -> str:
    table = table_of(model)
    path = f"{model.__module__.replace('.', '/')}.py"
    lines = [
        f"## {table.name}",
        "",
        f"{purpose_of(model)} [`{path}`](../{path})",
        "",
        "| column | type | |",
        "|---|---|---|",
        *(f"| `{column.name}` | {_type_of(column)} | {_role_of(column)} |" for column in table.c),
        "",
    ]
    rules = [f"- {rule}" for rule in _rules_of(table)]
    return "\n".join([*lines, *rules, ""] if rules else lines)


def _type_of(column: Column[Any]) -> str:
    return str(column.type.compile(dialect=_DIALECT)).lower()


def _role_of(column: Column[Any]) -> str:
    if column.primary_key:
        return "key"
    return "or nothing" if column.nullable else ""


def _rules_of(table: Table) -> Iterator[str]:
    for constraint in sorted(table.constraints, key=_place_of):
        match constraint:
            case ForeignKeyConstraint(elements=elements):
                to = ", ".join(element.column.name for element in elements)
                yield f"({_columns(constraint)}) names a row of `{_parent_of(constraint)}` ({to})"
            case UniqueConstraint():
                yield f"unique `{_name_of(constraint)}` ({_columns(constraint)})"
            case CheckConstraint(sqltext=rule):
                yield f"check `{_name_of(constraint)}`: `{rule}`"
    for index in sorted(table.indexes, key=_name_of):
        kind = "unique index" if index.unique else "index"
        columns = ", ".join(getattr(each, "name", str(each)) for each in index.expressions)
        only = index.dialect_options["postgresql"]["where"]
        where = "" if only is None else f" where `{only}`"
        yield f"{kind} `{index.name}` ({columns}){where}"


def _place_of(rule: Constraint) -> tuple[str, str, str]:
    """Return what sorts a table's rules, which SQLAlchemy keeps as a set."""
    columns = _columns(rule) if isinstance(rule, ForeignKeyConstraint) else ""
    return type(rule).__name__, _name_of(rule), columns


def _name_of(rule: Constraint | Index) -> str:
    return str(rule.name or "")


def _columns(constraint: ForeignKeyConstraint | UniqueConstraint) -> str:
    return ", ".join(column.name for column in constraint.columns)


def _parent_of(constraint: ForeignKeyConstraint) -> str:
    return constraint.referred_table.name


if __name__ == "__main__":
    SCHEMA.write_text(described())
