"""Load, closed (the next when one is answered) and open (on time, whatever happened before)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import quantiles

Send = Callable[[bytes], Awaitable[bool]]
"""Sends a body; True if it was taken."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What one round measured. Seconds, and seconds of processor time of the server."""

    taken: int
    refused: int
    took_s: float
    latencies_s: Sequence[float]
    cpu_s: float

    @property
    def per_second(self) -> float:
        return self.taken / self.took_s

    @property
    def cpu_each_s(self) -> float:
        return self.cpu_s / len(self.latencies_s)

    def percentile(self, percent: int) -> float:
        return quantiles(self.latencies_s, n=100, method="inclusive")[percent - 1]


async def closed_loop(
    send: Send, bodies: Sequence[bytes], at_once: int, cpu: Callable[[], float]
) -> Sample:
    """Send all bodies, `at_once` at a time."""
    left = iter(bodies)
    latencies: list[float] = []
    taken: list[bool] = []

    async def sender() -> None:
        for body in left:
            began = time.perf_counter()
            taken.append(await send(body))
            latencies.append(time.perf_counter() - began)

    return await _measured(
        [asyncio.create_task(sender()) for _ in range(at_once)], taken, latencies, cpu
    )


async def open_loop(
    send: Send, bodies: Sequence[bytes], per_second: float, cpu: Callable[[], float]
) -> Sample:
    """Send each body at its time; a latency counts from then, even if the sender came late."""
    start = time.perf_counter() + 0.01
    latencies: list[float] = []
    taken: list[bool] = []

    async def sender(index: int, body: bytes) -> None:
        due = start + index / per_second
        await asyncio.sleep(due - time.perf_counter())
        taken.append(await send(body))
        latencies.append(time.perf_counter() - due)

    return await _measured(
        [asyncio.create_task(sender(*each)) for each in enumerate(bodies)], taken, latencies, cpu
    )


async def _measured(
    senders: Sequence[asyncio.Task[None]],
    taken: list[bool],
    latencies: list[float],
    cpu: Callable[[], float],
) -> Sample:
    cpu_before, began = cpu(), time.perf_counter()
    await asyncio.gather(*senders)
    took = time.perf_counter() - began
    return Sample(sum(taken), taken.count(False), took, latencies, cpu() - cpu_before)
