"""How long anybody waits for the database: one deadline for all that a turn asks of it."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections.abc import AsyncIterator, Iterator
from contextvars import ContextVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

PATIENCE_S = 2.0
"""How long a turn waits for the database before a person reads "not saved"."""

PATIENT_S = 30.0
"""How long a read may take that nobody waits for."""

_OUT_OF_REACH = ("08", "40", "53", "57", "25P03", "25P04", "55P03")
"""PostgreSQL's errors that pass: connection, rollback, resources, shutdown; and its own deadlines.

https://www.postgresql.org/docs/current/errcodes-appendix.html
"""


class Unavailable(Exception):
    """The database did not answer in time: nothing was saved, trying again is safe."""


class MaybeSaved(Unavailable):
    """It stopped answering during the commit: nobody knows yet whether that was saved."""


_DEADLINE: ContextVar[float] = ContextVar("deadline", default=math.inf)


@contextlib.contextmanager
def one_deadline() -> Iterator[None]:
    """Have everything that is asked of the database in this block share one patience."""
    token = _DEADLINE.set(time.monotonic() + PATIENCE_S)
    try:
        yield
    finally:
        _DEADLINE.reset(token)


def time_left(at_most: float) -> float:
    """Return for how many more seconds the turn may wait, 0 if its deadline is over."""
    return max(0.0, min(at_most, _DEADLINE.get() - time.monotonic()))


def time_to_spare(at_most: float) -> float:
    """Return for how many seconds a turn may wait for what it can do without: half of its time."""
    return min(at_most, time_left(math.inf) / 2)


@contextlib.asynccontextmanager
async def in_time(at_most: float) -> AsyncIterator[None]:
    """Give up what takes longer, or longer than the turn has left; raises Unavailable then."""
    left = time_left(at_most)
    if left == 0:
        raise Unavailable("the turn's time is over")
    with out_of_reach():
        async with asyncio.timeout(left):
            yield


@contextlib.contextmanager
def out_of_reach() -> Iterator[None]:
    """Raise Unavailable for an error that says that the database does not answer."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout, OSError) as error:
        raise Unavailable(type(error).__name__) from error
    except DBAPIError as error:
        # A server that is stopping or starting refuses with an error of no class of its own.
        state = getattr(error.orig, "sqlstate", None) or ""
        if error.connection_invalidated or state.startswith(_OUT_OF_REACH):
            raise Unavailable(state or "connection lost") from error
        raise
