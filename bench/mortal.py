"""Processes that die by `kill -9`, again and again, until one of them has done its work."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from itertools import cycle
from multiprocessing.synchronize import Event
from typing import Any

import structlog

KILLED_AFTER_S = (2.0, 1.3, 2.9, 0.9, 2.4)
READY_MAX_S = 300.0


async def killed(
    work: Callable[..., None], *given: Any, has_lived: Callable[[], bool] = lambda: True
) -> int:
    """Run `work(ready, *given)` in processes that are killed, and return how many died.

    Each lives for about two seconds from when it set `ready`, on a busy machine until it
    `has_lived`. They are forked from one that has imported everything: to live is most of a life.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([work.__module__])
    for deaths, seconds in enumerate(cycle(KILLED_AFTER_S)):
        ready = context.Event()
        child = context.Process(target=_live, args=(work, ready, *given))
        child.start()
        assert await asyncio.to_thread(ready.wait, READY_MAX_S), "it never began"
        await asyncio.to_thread(child.join, seconds)
        while child.is_alive() and not has_lived():
            await asyncio.to_thread(child.join, 0.1)
        child.kill()
        await asyncio.to_thread(child.join)
        if child.exitcode == 0:
            return deaths
        assert child.exitcode == -9, "the work failed by itself"
    raise AssertionError("one of them gets through")


def _live(work: Callable[..., None], ready: Event, *given: Any) -> None:
    """Do the work, and log nothing but errors; should the bench be ended, end with it."""
    threading.Thread(target=_end_with_bench, daemon=True).start()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    work(ready, *given)


def _end_with_bench() -> None:
    bench = multiprocessing.parent_process()
    assert bench is not None
    bench.join()
    os.kill(os.getpid(), signal.SIGKILL)
