"""Slash commands until Slack has its answer, beside a server that only checks, reads and answers.

    python -m bench.acknowledge [--quick]

A hundred commands a second come on time, whatever happened before, and a latency counts from that
time. The floor is aiohttp, Slack's signature and the form, answered with an empty 200. Hone commits
before it answers, also a command that only reads: the delivery's key, so that a second one of the
same does nothing. Four commands:

- `/hone help` commits that key and answers with a card.
- `/improve` answers with nothing and opens a form beside the answer.
- `/improve …` saves an item; its card follows through the outbox, at the pace that Slack allows.
- `/backlog` reads the team's ranked list.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import aiohttp

from bench.contest import Contender, Plan, client, cpu, ms, p50, p99, run
from bench.replica import Process, databases, floor, hone, on_slack, running, until
from bench.votes import post
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_line import SlackLine
from tests.fakes.slack_person import SlackPerson
from tests.postgres import Server

AT_FIRST = 8
"""How many type at once before anything is measured: there is more to do for new people."""

FLOOR = "aiohttp, signature, form"
DATABASES = ("sqlite", "postgresql")


# No round is longer than two seconds: a form's trigger lives for three.
FULL = Plan(rounds=9, each=200, a_second=100.0)
QUICK = Plan(rounds=2, each=100, a_second=100.0)


@dataclass(frozen=True, slots=True)
class Command:
    """A line to type, a part of its answer (nothing: an empty one), and whether a form opens."""

    line: str
    answer: str = ""
    opens_form: bool = False


COMMANDS = {
    "/hone help": Command("/hone help", answer="What you can type"),
    "/improve": Command("/improve", opens_form=True),
    "/improve …": Command("/improve Matter {}", answer="Saved as"),
    "/backlog": Command("/backlog", answer="Backlog of"),
}


class _Unsent(SlackLine):
    """Keeps what people send instead of delivering it."""

    async def deliver(self, raw: bytes, content_type: str, **headers: str) -> bytes:
        self.sent.append((raw, content_type))
        return b""


@dataclass(frozen=True, slots=True)
class Room:
    """A workspace where everybody types the same command, each in a channel of their own."""

    slack: FakeSlack
    http: aiohttp.ClientSession
    people: Sequence[str]

    def fill(self) -> None:
        for person in self.people:
            self.slack.add_person(person, person.title())
            self.slack.add_channel(f"C{person}", person)

    async def typed(self, command: Command) -> Sequence[bytes]:
        """Return what Slack would send."""
        line = _Unsent(self.slack, self.http, "")
        for person in self.people:
            text = command.line.format(secrets.token_hex(8))
            await SlackPerson(line, person, f"C{person}").types(text)
        return [raw for raw, _ in line.sent]

    @property
    def forms(self) -> int:
        """How many were opened so far."""
        return sum(method == "views.open" for method, _ in self.slack.calls)

    async def until_opened(self, forms: int) -> None:
        await until(lambda: self.forms >= forms)


async def answers(http: aiohttp.ClientSession, server: Process, expected: str, body: bytes) -> bool:
    """Deliver one command; True if the answer is the expected one."""
    said = await post(http, server, body)
    return expected in said if expected else said == ""


async def compare(plan: Plan, folder: Path, server: Server) -> str:
    """Run every round, print the table and return the figure."""
    urls = await databases(folder, server)
    async with FakeSlack(lambda: datetime.now(UTC)) as slack, client() as http:
        settings = on_slack(slack.api_url)
        processes = {FLOOR: floor("bare_floor.serve_slack()", folder, settings)}
        processes |= {name: hone(name, folder, url, settings) for name, url in urls.items()}
        room = Room(slack, http, [f"U{number:04}" for number in range(plan.each)])
        room.fill()
        contenders = {
            (name, shown): Contender(
                process,
                partial(answers, http, process, "" if name == FLOOR else typed.answer),
                partial(room.typed, typed),
            )
            for name, process in processes.items()
            for shown, typed in COMMANDS.items()
            if name != FLOOR or shown == "/hone help"
        }
        async with running(http, processes.values()):
            await _rounds(plan, room, contenders)
        print(_table(contenders), flush=True)
        return _figure(contenders)


async def _rounds(plan: Plan, room: Room, contenders: dict[tuple[str, str], Contender]) -> None:
    for number in range(plan.rounds + 1):
        for (_, shown), contender in contenders.items():
            opened = room.forms
            if number == 0:  # everybody is introduced, and every path is walked once
                sample = await contender.under_closed_load(AT_FIRST)
            else:
                sample = await contender.under_open_load(plan.a_second)
                contender.open.append(sample)
            if COMMANDS[shown].opens_form:  # they must not meet the next contender's round
                await room.until_opened(opened + sample.taken)


# --- what is printed -----------------------------------------------------------------------------


def _table(contenders: dict[tuple[str, str], Contender]) -> str:
    lines = [f"{'':38} {'p50':>7} {'p99':>7} {'CPU':>7}  not answered"]
    for (name, shown), each in contenders.items():
        title = name if name == FLOOR else f"hone, {name:10}  {shown}"
        figures = " ".join(ms(each.of_open(figure)) for figure in (p50, p99, cpu))
        lines.append(f"{title:38} {figures} {each.refused:>13}")
    return "\n".join(lines)


def _figure(contenders: dict[tuple[str, str], Contender]) -> str:
    bare = contenders[FLOOR, "/hone help"]
    parts = []
    for database in DATABASES:
        commands = []
        for shown in COMMANDS:
            middle, tail = (
                contenders[database, shown].of_open(figure) / bare.of_open(figure)
                for figure in (p50, p99)
            )
            commands.append(f"`{shown}` {middle:.2f}× p50, {tail:.2f}× p99")
        parts.append(f"{database} {'; '.join(commands)}")
    return " | ".join(parts)


if __name__ == "__main__":
    run(__doc__, QUICK, FULL, compare, "of a server that only checks, reads and answers")
