"""Ten thousand digests due at the same minute, while people vote.

    python -m bench.herd                          both databases, some minutes each
    python -m bench.herd --database sqlite        one of them
    python -m bench.herd --quick                  100 channels, under 45 s
    python -m bench.herd --keep FOLDER            leaves database and logs there

Slack and Teams are played with the limits they publish (bench/limits.py) and answer 429 past them.
Everything is real time: processes, clock and databases as in production. What counts as the limit's
own duration is that of the slowest workspace, called as fast as its limit allows. Votes come on
time, whatever happened before, first without a herd and then meanwhile.

What is there twice is held against the replicas' logs: a send that was not answered may have
arrived, and is repeated; one that was answered must not be.

Exit status 1 if a digest is missing, or there twice after an answered send.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

import aiohttp
import orjson
from cryptography.fernet import Fernet

from bench.contest import client, ms
from bench.herds import Found, Herd, Size, become_due, unexplained
from bench.limits import LimitedSlack, LimitedTeams
from bench.load import Sample, open_loop
from bench.replica import Process, databases, hone, on_teams, running, until
from bench.votes import Ballots, send, start_vote
from bot.vault import Vault
from storage import Database, patience
from tests.fakes.slack import CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET
from tests.postgres import own_server

VOTERS = 100
"""Nobody may do more than thirty things a minute."""

OVERDUE = 3.0
"""Times the limit's own duration, and a minute more: what is not there by then is missing."""


@dataclass(frozen=True, slots=True)
class Plan:
    size: Size
    votes_a_second: float
    idle_s: float


FULL = Plan(Size(workspaces=6, loud=1_200, quiet=300, teams_channels=1_000), 20.0, 30.0)
QUICK = Plan(Size(workspaces=6, loud=8, quiet=3, teams_channels=34), 20.0, 4.0)


@dataclass(frozen=True, slots=True)
class Result:
    name: str
    plan: Plan
    found: Found
    unexplained: int
    refused: dict[str, int]
    took_s: float
    idle: Sample
    meanwhile: Sample

    @property
    def told_to_wait(self) -> int:
        """Return how often the herd was refused; looking up people is not its doing."""
        return sum(count for what, count in self.refused.items() if "users.info" not in what)

    @property
    def figure(self) -> str:
        return (
            f"{self.name} missed {self.found.missed}, doubled {self.found.doubled} "
            f"({self.unexplained} of them after an answered send), "
            f"429s {self.told_to_wait}, {self.took_s / self.plan.size.limit_s:.2f}× the "
            f"limit's duration, votes' p99 "
            f"{self.meanwhile.percentile(99) / self.idle.percentile(99):.1f}× idle"
        )

    def __str__(self) -> str:
        lines = [
            f"{self.name}: {self.plan.size.channels:,} channels in {self.took_s:.1f} s; "
            f"the limit alone takes {self.plan.size.limit_s:.1f} s"
        ]
        lines += [f"  there twice: {what} {count}" for what, count in self.found.twice.items()][:20]
        for when, sample in (("idle", self.idle), ("meanwhile", self.meanwhile)):
            lines.append(
                f"  votes, {when:9}: {sample.taken} of {len(sample.latencies_s)} saved, "
                f"p50 {ms(sample.percentile(50))}, p99 {ms(sample.percentile(99))}, "
                f"CPU {sample.cpu_s / sample.took_s:.0%} of a core"
            )
        lines += [f"  refused: {what} {count}" for what, count in self.refused.items()]
        return "\n".join(lines)


async def stampede(name: str, url: str, replicas: int, plan: Plan, folder: Path) -> Result:
    """Fill a database, let people vote, let the minute come, and look for every digest."""
    key = Fernet.generate_key().decode()
    slack, cloud = LimitedSlack(lambda: datetime.now(UTC)), LimitedTeams()
    async with slack, cloud, client() as http:
        herd = Herd(plan.size, slack, cloud)
        database = Database(url)
        began = time.perf_counter()
        await herd.fill(database, Vault([key]), datetime.now(UTC))
        print(f"{name}: filled in {time.perf_counter() - began:.0f} s", flush=True)
        settings = {
            "SLACK_API_URL": slack.api_url,
            "SLACK_CLIENT_ID": CLIENT_ID,
            "SLACK_CLIENT_SECRET": CLIENT_SECRET,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "HONE_SECRET_KEYS": key,
            "HONE_PUBLIC_URL": "https://hone.example",
            **on_teams(cloud),
        }
        servers = [hone(f"{name}-{n}", folder, url, settings) for n in range(replicas)]
        async with running(http, servers):
            voters = Voters(http, servers, slack, await start_vote(slack, http, servers[0]))
            await voters.vote(plan.votes_a_second, 2.0)  # everybody is introduced
            idle = await voters.vote(plan.votes_a_second, plan.idle_s)
            slack.refused.clear()
            await become_due(database, datetime.now(UTC))
            took, meanwhile = await asyncio.gather(
                _until_complete(herd), voters.vote(plan.votes_a_second, plan.size.limit_s)
            )
        found = herd.found()
        twice = await unexplained(database, found.twice, _unsure(server.log for server in servers))
        await database.close()
        refused = dict(slack.refused + cloud.refused)
        return Result(name, plan, found, twice, refused, took, idle, meanwhile)


def _unsure(logs: Iterable[Path]) -> Counter[str]:
    """Count by post the sends whose answer was lost, came too late or could not be noted."""
    lines = (line for log in logs for line in log.read_bytes().splitlines())
    events = (orjson.loads(line) for line in lines if line.startswith(b"{"))  # after the greeting
    return Counter(each["post"] for each in events if each.get("event") in ("unsure", "not_noted"))


async def _until_complete(herd: Herd) -> float:
    """Return how long it took until every digest was there, or until it was given up."""
    began = time.perf_counter()
    patience = OVERDUE * herd.size.limit_s + 60
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(patience):
            await until(lambda: herd.is_complete, 0.2)
    took = time.perf_counter() - began
    await asyncio.sleep(2)  # what comes twice comes later
    return took


@dataclass(slots=True)
class Voters:
    """People who vote on one card again and again, each time on any replica."""

    http: aiohttp.ClientSession
    servers: Sequence[Process]
    slack: LimitedSlack
    ballots: Ballots

    async def vote(self, a_second: float, seconds: float) -> Sample:
        people = [f"U{number:03}" for number in range(VOTERS)]
        for person in people:
            if person not in self.slack.people:
                self.slack.add_person(person, person.title())
        bodies = [
            self.ballots.of(person) for person in islice(cycle(people), round(a_second * seconds))
        ]
        return await open_loop(self._deliver, bodies, a_second, self._cpu_s)

    async def _deliver(self, body: bytes) -> bool:
        try:
            return await send(self.http, random.choice(self.servers), body)
        except aiohttp.ClientError:  # a connection that was let go meanwhile: one vote less
            return False

    def _cpu_s(self) -> float:
        return sum(server.cpu_s() for server in self.servers)


async def run(plan: Plan, wanted: Sequence[str], folder: Path) -> list[Result]:
    results = []
    with own_server(durable=True) as server:
        urls = await databases(folder, server)
        for name in wanted:
            replicas = 1 if name == "sqlite" else 2
            result = await stampede(name, urls[name], replicas, plan, folder)
            print(result, flush=True)
            results.append(result)
    return results


def main() -> int:
    patience.PATIENCE_S = 600.0  # nobody waits for the filling
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="100 channels, under 45 s")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="only this one")
    parser.add_argument("--keep", type=Path, help="a folder for what is else thrown away")
    given = parser.parse_args()
    plan = QUICK if given.quick else FULL
    wanted = [given.database] if given.database else ["sqlite", "postgresql"]
    with contextlib.ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        results = asyncio.run(run(plan, wanted, folder))
    print(f"{plan.size.channels:,} digests at once: {'; '.join(each.figure for each in results)}")
    return 1 if any(result.found.missed or result.unexplained for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
