"""What is kept is kept for somebody: a column that nothing reads is only a burden and a risk."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.storage.rows import tables

ROOT = Path(__file__).parents[2]


def test_every_column_is_read_somewhere() -> None:
    """Who did what is kept where it can be shown, or not at all.

    Names are compared, not tables: a column whose name another one has may slip through.
    """
    read = {name for path in sources() for name in names_read(ast.parse(path.read_text()))}
    unread = [f"{t.name}.{c.name}" for t in tables() for c in t.c if c.name not in read]
    assert not unread, "show them, or drop them by a migration"


def sources() -> Iterator[Path]:
    for folder in ("bot", "handlers", "storage"):
        for path in (ROOT / folder).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path


def names_read(tree: ast.AST) -> Iterator[str]:
    """Yield the names of attributes that are read, of keys, and of what patterns take apart."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name, ctx=ast.Load()):
                yield name
            case ast.Subscript(slice=ast.Constant(value=str(name)), ctx=ast.Load()):
                yield name
            case ast.MatchClass(kwd_attrs=names):
                yield from names


def test_a_column_that_is_only_written_is_found() -> None:
    written = "row.told = now\ninsert(Row).values(told=now)\nRow(told=now)\nupsert(Row, 'told')"
    assert "told" not in set(names_read(ast.parse(written)))
    for reads in ("print(row.told)", "fields['told']", "match row:\n case Row(told=1): pass"):
        assert "told" in set(names_read(ast.parse(reads)))
