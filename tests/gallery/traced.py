"""Which lines ran while something was drawn, and which of the same functions did not."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any, TypeGuard

Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines_run(files: Iterable[Path], act: Callable[[], object]) -> Mapping[Path, set[int]]:
    """Return the lines of these files that run during the act."""
    ran: dict[str, set[int]] = {str(path): set() for path in files}

    def look(frame: FrameType, event: str, _: Any) -> Any:
        lines = ran.get(frame.f_code.co_filename)
        if lines is None:
            return None
        lines.add(frame.f_lineno)
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        act()
    finally:
        sys.settrace(before)
    return {Path(name): lines for name, lines in ran.items()}


def lines_left(path: Path, ran: set[int]) -> list[int]:
    """Return where functions that ran have statements that did not.

    What refuses (`raise`) and what cannot be (`assert_never`) is left out.
    """
    functions = [node for node in ast.walk(ast.parse(path.read_text())) if _is_function(node)]
    return sorted(
        statement.lineno
        for function in functions
        if any(_ran(statement, ran) for statement in function.body)
        for statement in _statements(function.body)
        if not _refuses(statement) and not _ran(statement, ran)
    )


def _is_function(node: ast.AST) -> TypeGuard[Function]:
    return isinstance(node, Function)


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield what a function's body has to do, inner blocks included, inner functions not."""
    for statement in body:
        if isinstance(statement, Function) or _does_nothing(statement):
            continue
        yield statement
        for name in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(statement, name, ()))
        for arm in (*getattr(statement, "cases", ()), *getattr(statement, "handlers", ())):
            yield from _statements(arm.body)


def _does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(ast.Constant()) | ast.AnnAssign(value=None):
            return True
        case _:
            return False


def _refuses(statement: ast.stmt) -> bool:
    match statement:
        case ast.Raise() | ast.Expr(ast.Call(ast.Name("assert_never"))):
            return True
        case _:
            return False


def _ran(statement: ast.stmt, ran: set[int]) -> bool:
    """Whether any line of the statement ran; of a block, any of its first line's own."""
    inner = [*getattr(statement, "body", ()), *getattr(statement, "cases", ())]
    first = getattr(inner[0], "pattern", inner[0]).lineno if inner else None
    last = max(statement.lineno, first - 1) if first else statement.end_lineno or statement.lineno
    return not ran.isdisjoint(range(statement.lineno, last + 1))
