"""The log: one JSON object a line, whoever writes it, and never what people typed.

Libraries and the interpreter itself write texts of many lines, with messages of exceptions in them,
and those may hold anything. Of these only the kind of error and the lines it passed are kept.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any

import structlog

from bot.incidents import report, where

log = structlog.get_logger()


def write_json() -> None:
    """Have everything that is logged in this process written to standard error as JSON."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = _ToStructlog(logging.WARNING)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(True)
    sys.excepthook = _crashed
    sys.unraisablehook = lambda hook: report(hook.exc_value or RuntimeError(), "unraisable")
    threading.excepthook = lambda hook: report(hook.exc_value or RuntimeError(), "thread_failed")


def log_what_nobody_awaits(loop: asyncio.AbstractEventLoop) -> None:
    """Have the loop log failures of tasks that nobody waits for; its own text shows their words."""
    loop.set_exception_handler(_unawaited)


def _unawaited(_: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
    error = context.get("exception")
    if isinstance(error, BaseException):
        report(error, "nobody_awaited")
    else:
        log.warning("loop", says=str(context.get("message", "")).partition("\n")[0])


def _crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    report(error, "crashed")


class _ToStructlog(logging.Handler):
    """Passes on what libraries log: their own words, but for those of exceptions."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        more: dict[str, Any] = {}
        if error is not None:
            more = {"error": type(error).__name__, "where": where(error)}
        says = str(record.msg).partition("\n")[0]  # the template, without what is filled in
        level = logging.getLevelName(record.levelno).lower()
        write = getattr(log, level, log.error)
        write("library", logger=record.name, says=says, **more)
