"""Bring a large Jira export in while people vote, and kill the process that does it.

    python -m bench.imports            100,000 rows, some minutes
    python -m bench.imports --quick    500

The floor reads the same file and writes each row's cells, 25 rows a commit, with nothing else; a
second one writes the rows that Hone keeps of them. People vote in one process while the shell's
command imports in another, and while a file sent in the chat is read and saved. A process that
imports dies by `kill -9` again and again, and another goes on. Exit status 1 if an item is missing
or stands twice, or a vote is refused.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import json
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.load import Sample, open_loop
from bot.outbox import Outbox
from bot.process import calm_garbage_collector
from bot.router import Router
from bot.turn import Answers, Document, Person, Place, Said, Submission, Turn
from bot.worker import Worker
from handlers import FEATURES
from handlers.backlog.exchange.actions import BeginImport
from handlers.backlog.exchange.shell import Where, import_text
from handlers.wsjf.actions import CastVote
from storage import Database, Store
from storage.migrate import upgrade
from storage.polls import COLUMNS
from storage.states import STATES

WORKSPACE = "bench:imports"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
VOTES_A_SECOND = 20
BATCH = 25
KILLED_AFTER_S = (0.7, 1.3, 1.9, 0.4, 2.5)


def export(rows: int) -> str:
    """Return a file as Jira writes it, most of its columns empty."""
    out = io.StringIO()
    writer = csv.writer(out)
    empty = [f"Custom field (Nothing {n})" for n in range(20)]
    head = ("Issue key", "Issue id", "Summary", "Issue Type", "Status", "Created", "Updated")
    more = ("Resolved", "Labels", "Labels", "Custom field (Story Points)", "Parent", "Description")
    writer.writerow((*head, *more, *empty))
    for n in range(rows):
        done, clock = n % 3 == 0, f"{1 + n // 60 % 12}:{n % 60:02d}"
        writer.writerow(
            (
                *(f"PAY-{n}", 10_000 + n, f"Item {n} of a long backlog", "Story"),
                *("Done" if done else "To Do", f"04/Nov/26 {clock} AM", f"18/Nov/26 {clock} PM"),
                *(f"17/Nov/26 {clock} PM" if done else "", "checkout", "back-end", 1 + n % 8),
                *(f"PAY-{n // 50 * 50}" if n % 50 else "", "Why this matters. " * 10),
                *("",) * len(empty),
            )
        )
    return out.getvalue()


def floor(text: str, path: Path) -> float:
    """Return the seconds it takes to read the file and write its rows, and nothing else."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE item (key TEXT PRIMARY KEY, cells TEXT)")
    began = time.perf_counter()
    rows = list(csv.reader(io.StringIO(text)))[1:]
    for start in range(0, len(rows), BATCH):
        some = [(row[0], json.dumps(row)) for row in rows[start : start + BATCH]]
        database.executemany("INSERT INTO item VALUES (?, ?)", some)
        database.commit()
    took = time.perf_counter() - began
    database.close()
    return took


def rows_alone(imported: Path, path: Path) -> float:
    """Return the seconds it takes to write the rows that an import has left, and nothing else."""
    upgrade(f"sqlite:///{path}")
    source, database = sqlite3.connect(imported), sqlite3.connect(path)
    database.execute("PRAGMA synchronous=FULL")
    tables = {
        name: source.execute(f"SELECT * FROM {name} ORDER BY number").fetchall()
        for name in ("items", "item_events", "tracked")
    }
    items = len(tables["items"])
    began = time.perf_counter()
    for start in range(0, items, BATCH):
        for name, rows in tables.items():
            some = rows[start * len(rows) // items : (start + BATCH) * len(rows) // items]
            places = ", ".join("?" * len(rows[0]))
            database.executemany(f"INSERT INTO {name} VALUES ({places})", some)
        database.commit()
    took = time.perf_counter() - began
    source.close()
    database.close()
    return took


class Voting:
    """People who vote on one item, again and again."""

    def __init__(self, database: Database) -> None:
        self._router = Router(FEATURES, database)
        self._database = database
        self._votes = 0
        self._poll = 0

    async def begin(self) -> None:
        async def start(store: Store) -> int:
            team = await store.teams.add("Checkout", "UTC")
            item = await store.items.add(team.id, "Builds take forty minutes", by="lead")
            return (await store.polls.start("c", team.id, "lead", [item.number])).id

        self._poll = await self._database.write(WORKSPACE, NOW, start)

    async def vote(self, _: bytes) -> bool:
        self._votes += 1
        person = f"v{self._votes % 40}"
        answers = Answers({f"{column}.1": ("5",) for column in COLUMNS})
        at = NOW + timedelta(seconds=self._votes * 10)  # nobody is asked to slow down
        turn = Turn(
            workspace=WORKSPACE,
            place=Place("c", "c"),
            person=Person(person, person),
            intent=Submission(CastVote(self._poll, 1, 0), answers),
            now=at,
            key=str(self._votes),
            acted_at=at,
        )
        return not (await self._router.handle(turn)).refused

    async def for_seconds(self, seconds: float) -> Sample:
        bodies = [b""] * max(1, int(seconds * VOTES_A_SECOND))
        return await open_loop(self.vote, bodies, VOTES_A_SECOND, time.process_time)


async def beside_the_shell(file: Path, url: str) -> tuple[float, Sample, Sample, float]:
    """Import by the shell's command, in a process of its own, while people vote here.

    Return its seconds, the votes before and beside it, and the MB that it took at most.
    """
    database = Database(url)
    voting = Voting(database)
    await voting.begin()
    idle = await voting.for_seconds(5)
    began = time.perf_counter()
    shell = await asyncio.create_subprocess_exec(*_command(file, url), stdout=subprocess.PIPE)
    ending = asyncio.create_task(shell.communicate())
    busy = []
    while not ending.done():
        busy.append(await voting.for_seconds(2))
    took, memory = (float(word) for word in (await ending)[0].split())
    await database.close()
    assert took <= time.perf_counter() - began
    return took, idle, _together(busy), memory


async def in_the_chat(text: str, url: str) -> tuple[Sample, Sample]:
    """Hand the file over as a person does, and say yes; return votes beside look and import."""
    database = Database(url)
    voting = Voting(database)
    await voting.begin()
    router = Router(FEATURES, database)
    worker = Worker(router, database, Outbox(router, database, {}, lambda: NOW), lambda: NOW)
    file = Document("jira.csv", text.encode())
    samples = []
    for act, step in ((Said(""), "asked"), (Submission(BeginImport(1)), "done")):
        turn = Turn(
            workspace=WORKSPACE,
            place=Place("c", "c"),
            person=Person("lead", "Lead"),
            intent=act,
            now=NOW,
            key=step,
            acted_at=NOW,
            documents=(file,) if step == "asked" else (),
        )
        outcome = await router.handle(turn)
        assert not outcome.refused, outcome
        ringing = asyncio.create_task(_ring(worker, database, step))
        taken = [await voting.for_seconds(2)]
        while not ringing.done():
            taken.append(await voting.for_seconds(2))
        await ringing
        samples.append(_together(taken))
    await database.close()
    look, save = samples
    return look, save


async def _ring(worker: Worker, database: Database, step: str) -> None:
    """Ring what is due until the file stands there."""
    while True:
        await worker.ring_due()
        async with database.read(WORKSPACE, NOW, patient=True) as store:
            intake = await store.intakes.find(1)
        assert intake is not None
        if intake.step == step:
            return


def _together(samples: Sequence[Sample]) -> Sample:
    return Sample(
        sum(each.taken for each in samples),
        sum(each.refused for each in samples),
        0.0,
        [latency for each in samples for latency in each.latencies_s],
        0.0,
    )


async def _found(url: str) -> None:
    database = Database(url)
    await database.write(WORKSPACE, NOW, lambda store: store.teams.add("Checkout", "UTC"))
    await database.close()


def killed(file: Path, url: str) -> int:
    """Import in processes that die, until one is through; returns how many died."""
    deaths = 0
    for seconds in _patience():
        child = subprocess.Popen(_command(file, url), stdout=subprocess.DEVNULL)
        try:
            if child.wait(timeout=seconds) == 0:
                return deaths
            raise RuntimeError("the import failed by itself")
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
            deaths += 1
    raise AssertionError("unreachable")


def _command(file: Path, url: str) -> tuple[str, ...]:
    return sys.executable, "-m", "bench.imports", "--child", str(file), "--url", url


def _patience() -> Iterator[float]:
    """Yield how long each process lives: longer and longer, so that one is through in the end."""
    lives = 0
    while True:
        lives += 1
        yield KILLED_AFTER_S[lives % len(KILLED_AFTER_S)] + 6.0 * lives


async def _standing(url: str) -> list[str]:
    database = Database(url)
    async with database.read(WORKSPACE, NOW, patient=True) as store:
        titles = [item.title for item in await store.items.of_team(1, states=STATES)]
    await database.close()
    return titles


async def _child(file: Path, url: str) -> None:
    """Import as the shell does, and print the seconds that took and the MB at most."""
    database = Database(url)
    text = await asyncio.to_thread(file.read_text)
    began = time.perf_counter()
    await import_text(database, NOW, Where(WORKSPACE, "Checkout"), text, dry_run=False)
    took = time.perf_counter() - began
    await database.close()
    print(f"{took:.2f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="500 rows")
    parser.add_argument("--rows", type=int, default=100_000, help="so many rows")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.child:
        asyncio.run(_child(given.child, given.url))
        return 0
    rows = 500 if given.quick else given.rows
    text = export(rows)
    calm_garbage_collector()  # as `serve` does once it has started
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "jira.csv"
        file.write_text(text)
        url = _fresh(folder / "hone.db")
        took, idle, busy, memory = asyncio.run(beside_the_shell(file, url))
        raw = floor(text, folder / "floor.db")
        bare = rows_alone(folder / "hone.db", folder / "bare.db")
        print(
            f"{rows:,} rows: raw {raw:.1f} s, Hone's own rows written by plain SQL {bare:.1f} s, "
            f"import {took:.1f} s ({took / raw:.1f}×, {took / bare:.1f}×), {memory:.0f} MB\n"
            f"votes alone {_told(idle)}; beside the shell's import {_told(busy)}",
            flush=True,
        )
        look, save = asyncio.run(in_the_chat(text, _fresh(folder / "chat.db")))
        print(f"in the chat {_told(look)} while it is read, {_told(save)} while it is saved")
        again = _fresh(folder / "killed.db")
        asyncio.run(_found(again))
        deaths = killed(file, again)
        titles = asyncio.run(_standing(again))
    lost, doubled = rows - len(set(titles)), len(titles) - len(set(titles))
    print(f"{deaths} deaths: {lost} lost, {doubled} doubled")
    return 1 if lost or doubled or busy.refused or look.refused or save.refused else 0


def _fresh(path: Path) -> str:
    upgrade(f"sqlite:///{path}")
    return f"sqlite:///{path}"


def _told(votes: Sample) -> str:
    median, late = (round(1_000 * votes.percentile(percent)) for percent in (50, 99))
    return f"p50 {median} ms, p99 {late} ms" + f", {votes.refused} refused" * bool(votes.refused)


if __name__ == "__main__":
    sys.exit(main())
