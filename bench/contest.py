"""Servers under the same load, in turn: whatever else the machine does slows all of them alike."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import aiohttp

from bench.load import Sample, Send, closed_loop, open_loop
from bench.replica import Process
from tests.postgres import Server, own_server

AT_ONCE = 32
"""How many wait for an answer under closed load."""

Figure = Callable[[Sample], float]


def per_second(sample: Sample) -> float:
    return sample.per_second


def cpu(sample: Sample) -> float:
    return sample.cpu_each_s


def p50(sample: Sample) -> float:
    return sample.percentile(50)


def p99(sample: Sample) -> float:
    return sample.percentile(99)


@dataclass(frozen=True, slots=True)
class Plan:
    """How often `each` of so many people does one thing, and how many of them do `a_second`.

    Nobody may do more than thirty a minute. The pace is that of open load.
    """

    rounds: int
    each: int
    a_second: float


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


def client() -> aiohttp.ClientSession:
    """Return what makes the load: as many connections as there are senders, for all servers."""
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=3)
    return aiohttp.ClientSession(connector=connector)


async def in_turn(contenders: Mapping[str, Contender], plan: Plan) -> None:
    """Put each under closed and then under open load, round after round."""
    for number in range(plan.rounds + 1):
        for contender in contenders.values():
            sample = await contender.under_closed_load(AT_ONCE)
            if number == 0:
                continue  # everybody is introduced, and every path has been walked once
            contender.closed.append(sample)
            contender.open.append(await contender.under_open_load(plan.a_second))


# --- what is printed -----------------------------------------------------------------------------


def table(what: str, contenders: Mapping[str, Contender]) -> str:
    lines = [
        f"{'':30} {f'{what}/s':>8} {'CPU':>7} {'p50':>7} {'p99':>7}"
        f"  on time: {'p50':>7} {'p99':>7}  not saved"
    ]
    for name, each in contenders.items():
        lines.append(
            f"{name:30} {each.of_closed(per_second):8.0f} {ms(each.of_closed(cpu))}"
            f" {ms(each.of_closed(p50))} {ms(each.of_closed(p99))}"
            f"         {ms(each.of_open(p50))} {ms(each.of_open(p99))} {each.refused:>10}"
        )
    return "\n".join(lines)


def ms(seconds: float) -> str:
    return f"{seconds * 1000:5.1f}ms"


Compare = Callable[[Plan, Path, Server], Coroutine[None, None, str]]


def run(about: str | None, quick: Plan, full: Plan, compare: Compare, what: str) -> None:
    """Compare as the command line asks, beside a PostgreSQL that keeps what it says it kept."""
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds, under 45 s")
    plan = quick if parser.parse_args().quick else full
    with tempfile.TemporaryDirectory() as folder, own_server(durable=True) as server:
        figure = asyncio.run(compare(plan, Path(folder), server))
    print(f"{what}: {figure}")
