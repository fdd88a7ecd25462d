"""Somebody who holds the whole database and all logs tries to learn who wrote what."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from math import sqrt
from typing import Any

from sqlalchemy import text
from structlog.testing import capture_logs

from storage import Database, Store
from storage.notes import Note
from tests.attacker import Found, everything, on_the_disk, write_anonymously
from tests.hone import START, Hone

TRIALS = 4
AUTHORS = 12

Guesses = Mapping[str, str]
"""Note → the person the attacker believes wrote it."""


@dataclass(slots=True)
class Trial:
    """A retro: who wrote which note, in the order they wrote."""

    channel: str
    wrote: dict[str, str] = field(default_factory=dict)


# --- what happens ----------------------------------------------------------------------------


def word(dice: random.Random) -> str:
    """Return a word like no other, so that no item is offered as one that says the same."""
    return "".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=12))


async def hold_a_retro(hone: Hone, dice: random.Random, number: int) -> Trial:
    """Let people act by name just before each writes a note without it: the worst case."""
    trial = Trial(f"team-{number}")
    lead = hone.person(f"Lead{number}", channel=trial.channel)
    await lead.says("retro start anonymous")
    authors = [f"Author{number}x{position:02}" for position in range(AUTHORS)]
    dice.shuffle(authors)
    for name in authors:
        person = hone.person(name, channel=trial.channel)
        note = f"{word(dice)} {word(dice)}"
        hone.now += timedelta(seconds=dice.randint(5, 60))
        await person.says(f"improve {word(dice)} {word(dice)}")
        hone.now += timedelta(seconds=dice.randint(1, 20))
        await write_anonymously(person, note)
        trial.wrote[note] = person.who.id
        await write_plainly(hone.database, note)
    return trial


async def write_plainly(database: Database, note: str) -> None:
    """Store the note the usual way as well: the attack must find its author there."""
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE IF NOT EXISTS plain (note TEXT)"))
        await connection.execute(text("INSERT INTO plain VALUES (:note)"), {"note": note})


# --- how the attacker guesses ----------------------------------------------------------------


def last_seen(found: Iterable[Found], people: Iterable[str]) -> list[str]:
    """Return people in the order of what they did by name, by the times of all their rows."""
    first: dict[str, datetime] = {}
    rows = [row for row in found if row.table == "item_events"]
    for person in people:
        times = [_time(row.values["at"]) for row in rows if row.names(person)]
        if times:
            first[person] = min(times)
    return sorted(first, key=lambda person: first[person])


def _time(value: Any) -> datetime:
    return datetime.fromisoformat(str(value)).replace(tzinfo=None)


def in_order(notes: Sequence[str], people: Sequence[str]) -> Guesses:
    """Guess that notes lie in the order in which their authors were around."""
    return dict(zip(notes, people, strict=False))


def by_transaction(found: Sequence[Found], notes: Mapping[str, Found], people: set[str]) -> Guesses:
    """Guess the person whom the transaction of a note names anywhere else."""
    guesses = {}
    for note, row in notes.items():
        together = [other for other in found if other.place[0] == row.place[0]]
        named = {p for p in people for other in together if other.names(p)}
        if len(named) == 1:
            guesses[note] = named.pop()
    return guesses


def hits(guesses: Guesses, truth: Mapping[str, str]) -> int:
    return sum(truth[note] == person for note, person in guesses.items())


BY_CHANCE = TRIALS
"""A random order puts one of n notes right, on average, whatever n is; its variance is one, too."""

NO_BETTER = BY_CHANCE + 5 * sqrt(BY_CHANCE)


async def test_the_whole_database_and_all_logs_tell_no_better_than_chance(hone: Hone) -> None:
    """The promise itself, while notes are private and after the reveal, on both databases.

    The same attack finds every author of notes that were stored the plain way beside them.
    """
    dice = random.Random(7)  # of the test's own acts; Hone shuffles by itself
    hone.looks_each_time = False  # its hundred cards are another test's
    scores: dict[str, int] = {}
    with capture_logs() as logs:
        for number in range(TRIALS):
            trial = await hold_a_retro(hone, dice, number)
            for method, guesses in (await attack(hone, trial)).items():
                scores[method] = scores.get(method, 0) + hits(guesses, trial.wrote)
            lead = hone.person(f"Lead{number}", channel=trial.channel)
            await lead.clicks("Reveal")
            for method, guesses in (await attack(hone, trial)).items():
                name = f"after the reveal: {method}"
                scores[name] = scores.get(name, 0) + hits(guesses, trial.wrote)
            hone.now += timedelta(hours=2)
            for entry in logs:
                assert not any(p in str(entry) for p in (*trial.wrote, *trial.wrote.values()))
    plain = [score for method, score in scores.items() if method.endswith("stored plainly")]
    assert min(plain) == TRIALS * AUTHORS, "the attack itself must work"
    guessed = {m: score for m, score in scores.items() if not m.endswith("stored plainly")}
    assert max(guessed.values()) <= NO_BETTER, guessed


async def attack(hone: Hone, trial: Trial) -> dict[str, Guesses]:
    """Guess the authors of a retro's notes in every way this attacker knows."""
    found = await everything(hone.database, "plain")
    people = set(trial.wrote.values())
    order = last_seen(found, people)
    plain = {str(r.values["note"]): r for r in found if r.table == "plain"}
    notes = {str(r.values["text"]): r for r in found if r.table == "retro_notes"}
    notes = {note: row for note, row in notes.items() if note in trial.wrote}
    groups = {str(r.values["title"]): r for r in found if r.table == "retro_groups"}

    def sort(rows: Mapping[str, Found]) -> list[str]:
        mine = {note: row for note, row in rows.items() if note in trial.wrote}
        return sorted(mine, key=lambda note: mine[note].place)

    by_id = sorted(notes, key=lambda note: str(notes[note].values["id"]))
    methods = {
        "in the order of rows, stored plainly": in_order(sort(plain), order),
        "in the order of rows": in_order(sort(notes), order),
        "in the reverse order of rows": in_order(sort(notes)[::-1], order),
        "in the order of ids": in_order(by_id, order),
        "by who shares a transaction": by_transaction(found, notes, people),
    }
    if any(note in groups for note in trial.wrote):
        methods["in the order of groups"] = in_order(sort(groups), order)
    if hone.database.is_sqlite:
        disk = on_the_disk(hone.database)
        places = sorted(trial.wrote, key=lambda note: disk.find(note.encode()))
        methods["in the order of bytes on the disk"] = in_order(places, order)
    return methods


# --- what came last --------------------------------------------------------------------------

ROUNDS = 20
ROWS = 4


async def test_what_came_last_lies_anywhere(database: Database) -> None:
    """Whoever was active last is easily known; their note must not be the last row, nor their key.

    In each round one of four rows is the newest: it lies last a quarter of the time, and first.
    """
    lies = {"retro_notes": [0, 0], "unseen_deliveries": [0, 0]}
    for number in range(ROUNDS):
        for newest in (False, True):
            await database.write(f"test:{number}", START, partial(_write, newest=newest))
    found = await everything(database)
    disk = on_the_disk(database) if database.is_sqlite else b""
    for number in range(ROUNDS):
        for table, counted in lies.items():
            rows = [
                r for r in found if r.table == table and r.values["workspace"] == f"test:{number}"
            ]
            assert len(rows) == ROWS
            told = {str(row.values.get("text") or row.values["key"]): row.place for row in rows}
            if database.is_sqlite:  # whose rows have no numbers: but where do their bytes lie?
                told = {words: (disk.find(words.encode()),) for words in told}
            placed = sorted(told, key=lambda words: told[words])
            last = f"newest note of test:{number}"
            if table == "unseen_deliveries":
                last = sha256(f"newest key of test:{number}".encode()).hexdigest()
            [at] = [at for at, words in enumerate(placed) if words.startswith(last)]
            counted[0] += at == 0
            counted[1] += at == ROWS - 1
    by_chance = ROUNDS / ROWS
    assert max(map(max, lies.values())) <= by_chance + 5 * sqrt(by_chance * (1 - 1 / ROWS)), lies


async def _write(store: Store, *, newest: bool) -> None:
    """Write three rows of each kind, or the one that comes last."""
    if not newest:
        await store.retros.start(
            "refinement", 1, "lead", template="4Ls", columns=["Liked"], anonymous=True
        )
    names = ("newest",) if newest else ("first", "second", "third")
    await store.notes.add(1, [Note(0, f"{name} note of {store.workspace}") for name in names])
    for name in names:
        assert await store.inbox.take_anonymous(f"{name} key of {store.workspace}")
