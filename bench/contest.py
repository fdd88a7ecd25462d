"""Servers under the same load, in turn: whatever else the machine does slows all of them alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.load import Sample, Send, closed_loop, open_loop
from bench.replica import Process

Figure = Callable[[Sample], float]


def per_second(sample: Sample) -> float:
    return sample.per_second


def cpu(sample: Sample) -> float:
    return sample.cpu_each_s


def p50(sample: Sample) -> float:
    return sample.percentile(50)


def p99(sample: Sample) -> float:
    return sample.percentile(99)


@dataclass(slots=True)
class Contender:
    """A server, what it is sent in each round, and what the rounds measured."""

    process: Process
    send: Send
    bodies: Callable[[], Awaitable[Sequence[bytes]]]
    closed: list[Sample] = field(default_factory=list)
    open: list[Sample] = field(default_factory=list)

    async def under_closed_load(self, at_once: int) -> Sample:
        return await closed_loop(self.send, await self.bodies(), at_once, self.process.cpu_s)

    async def under_open_load(self, a_second: float) -> Sample:
        return await open_loop(self.send, await self.bodies(), a_second, self.process.cpu_s)

    def of_closed(self, figure: Figure) -> float:
        return median(map(figure, self.closed))

    def of_open(self, figure: Figure) -> float:
        return median(map(figure, self.open))

    @property
    def refused(self) -> int:
        return sum(sample.refused for sample in (*self.closed, *self.open))


def ms(seconds: float) -> str:
    return f"{seconds * 1000:5.1f}ms"
