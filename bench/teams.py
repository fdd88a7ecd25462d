"""Votes in Teams stored and answered, beside a server that only verifies tokens, in the same run.

    python -m bench.teams [--quick]

The floor is aiohttp and PyJWT, which check each delivery's signature (RS256) and read it. Beside
it stands Microsoft's SDK as it comes, with a bot that acknowledges and keeps nothing. A vote of
Hone is verified, read, committed (SQLite with `synchronous=FULL`, or PostgreSQL) and then answered;
the card's updates follow beside it. What is compared is processor time for each vote.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bench.contest import Contender, Plan, client, cpu, in_turn, p99, run, table
from bench.replica import Process, databases, floor, hone, on_teams, running, until
from bench.votes import HAND
from bot.teams.adapter import PATH
from tests.fakes.teams import FakeTeams, Json
from tests.fakes.teams_person import TeamsPerson
from tests.postgres import Server

TOKEN_LIVES_S = 3_600
BARE, STOCK = "aiohttp, PyJWT", "botbuilder, stock"
SQLITE, POSTGRESQL = "hone, sqlite", "hone, postgresql"


FULL = Plan(rounds=9, each=400, a_second=60.0)
QUICK = Plan(rounds=2, each=80, a_second=60.0)


@dataclass(slots=True)
class _Starter(TeamsPerson):
    """A person whose last act is kept, before Teams adds who and where to it."""

    act: Json = field(default_factory=dict)

    async def delivers(self, activity: Json, *, bearer: str | None = None) -> Json:
        self.act = activity
        return await TeamsPerson.delivers(self, _now() | activity, bearer=bearer)


class Ballots:
    """One vote on one item, and copies of the ballot that its starter sent."""

    def __init__(self, sent: Json, people: Sequence[TeamsPerson]) -> None:
        self._sent = sent
        self._people = people

    async def filled(self) -> list[bytes]:
        """Return a new form, filled in and sent, of each person."""
        return [
            json.dumps(person.enveloped(_now() | self._form())).encode() for person in self._people
        ]

    def _form(self) -> Json:
        value = self._sent["value"]
        data = value["data"] | {"nonce": secrets.token_urlsafe(16)}
        return self._sent | {"value": value | {"data": data}}


def _now() -> Json:
    return {"timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"}


async def start_vote(cloud: FakeTeams, hone: Process) -> Json:
    """Have somebody capture an item, start a vote on it and vote first; return their ballot."""
    lead = _Starter(cloud, hone.address(""), "Lead")
    alone = _Starter(cloud, lead.hone_url, "Lead", lead.alone().conversation)
    await alone.says("improve Builds take forty minutes")
    await lead.says("@Hone wsjf #1")
    await until(lambda: "[Vote]" in lead.sees())
    await lead.clicks("Vote")
    assert lead.dialog is not None
    await lead.submits({name.format(1): answer for name, answer in HAND.items()})
    assert "Your vote is in" in lead.toast
    return lead.act


@dataclass(slots=True)
class Line:
    """The line from Teams to a server: one token serves for many deliveries, as Teams' do."""

    http: aiohttp.ClientSession
    server: Process
    bearer: str

    async def deliver(self, body: bytes) -> bool:
        """Deliver one activity; True if the answer says that the form was taken."""
        headers = {"Authorization": self.bearer, "Content-Type": "application/json"}
        async with self.http.post(self.server.address(PATH), data=body, headers=headers) as answer:
            said = await answer.text()
            if answer.status != 200:
                raise ValueError(f"{answer.status} {said}")
            return '"continue"' not in said  # that would be the form again, or why it was not saved


async def compare(plan: Plan, folder: Path, server: Server) -> str:
    """Run every round, print the table and return the figure."""
    urls = await databases(folder, server)
    async with FakeTeams() as cloud, client() as http:
        settings = on_teams(cloud)
        processes = {
            BARE: floor("bare_floor.serve_teams()", folder, settings),
            STOCK: floor("botbuilder_floor.serve()", folder, settings),
            SQLITE: hone("sqlite", folder, urls["sqlite"], settings),
            POSTGRESQL: hone("postgresql", folder, urls["postgresql"], settings),
        }
        bearer = cloud.bearer(exp=int(time.time()) + TOKEN_LIVES_S)
        people = [TeamsPerson(cloud, "", f"Voter{number}") for number in range(plan.each)]
        async with running(http, processes.values()):
            own = {
                name: Ballots(await start_vote(cloud, processes[name]), people)
                for name in (SQLITE, POSTGRESQL)
            }
            contenders = {
                name: Contender(
                    process, Line(http, process, bearer).deliver, own.get(name, own[SQLITE]).filled
                )
                for name, process in processes.items()
            }
            await in_turn(contenders, plan)
        print(table("votes", contenders), flush=True)
        return _figure(contenders)


def _figure(contenders: dict[str, Contender]) -> str:
    stock = contenders[STOCK].of_closed(cpu)
    parts = []
    for name in (SQLITE, POSTGRESQL):
        work, tail = (
            contenders[name].of_closed(figure) / contenders[BARE].of_closed(figure)
            for figure in (cpu, p99)
        )
        database = name.removeprefix("hone, ")
        cheaper = stock / contenders[name].of_closed(cpu)
        parts.append(
            f"{database} {work:.2f}× CPU, {tail:.2f}× p99, {cheaper:.1f}× cheaper than stock"
        )
    return "; ".join(parts)


if __name__ == "__main__":
    run(__doc__, QUICK, FULL, compare, "a vote in Teams, of a server that only verifies tokens")
