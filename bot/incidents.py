"""Our own faults: logged with a number and a place, never with what people typed."""

from __future__ import annotations

import secrets
from typing import Any

import structlog

log = structlog.get_logger()


def report(error: BaseException, doing: str, **ids: Any) -> str:
    """Log a fault of ours and return its incident number, which the person is shown.

    An exception's message and its frames' values may hold people's text: only its type and the
    lines it passed through are logged. `ids` name rows, never their contents.
    """
    incident = secrets.token_hex(4)
    log.error(doing, incident=incident, error=type(error).__name__, where=where(error), **ids)
    return incident


def where(error: BaseException) -> list[str]:
    """Return the last lines of code that an error passed."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
        trace = trace.tb_next
    return frames[-6:]
