"""Somebody who holds the whole database and all logs tries to learn who wrote what.

They know everything but the answer: who acted by name, when, in which order, what every table
holds, where each row lies on the disk and which transaction wrote it. docs/anonymity.md says what
else there is to know, outside of Hone.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel
from structlog.testing import capture_logs

from bot.cards import Input
from bot.turn import Answers, Command, Submission
from storage import Database
from storage.notes import RetroNote
from storage.tables import table_of
from tests.hone import Hone, Someone, buttons_of

TRIALS = 4
AUTHORS = 12

Guesses = Mapping[str, str]
"""Note → the person the attacker believes wrote it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A row as an attacker sees it; `place` sorts rows as they were written, as far as one sees."""

    table: str
    values: Mapping[str, Any]
    place: tuple[int, ...]

    def names(self, person: str) -> bool:
        """Whether any value names the person; a random id may say `ada`, but never `grace`."""
        return any(person in str(value) for value in self.values.values())


@dataclass(slots=True)
class Trial:
    """A retro: who wrote which note, in the order they wrote."""

    channel: str
    wrote: dict[str, str] = field(default_factory=dict)


# --- what happens ----------------------------------------------------------------------------


def word(dice: random.Random) -> str:
    """Return a word like no other, so that no item is offered as one that says the same."""
    return "".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=12))


async def write_anonymously(person: Someone, note: str) -> None:
    await person.clicks("Add a note")
    await person.fills({"c0": note})
    assert "without your name" in person.told


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


def note_field(person: Someone) -> str:
    """Return the field of the only note in the open form."""
    assert person.form is not None
    return next(f.id for f in person.form.fields if isinstance(f, Input))


async def write_plainly(database: Database, note: str) -> None:
    """Store the note the usual way as well: the attack must find its author there."""
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE IF NOT EXISTS plain (note TEXT)"))
        await connection.execute(text("INSERT INTO plain VALUES (:note)"), {"note": note})


# --- what the attacker sees ------------------------------------------------------------------


async def everything(database: Database) -> list[Found]:
    """Read every row of every table, with where it lies and who wrote it with what."""
    found: list[Found] = []
    async with database.engine.connect() as connection:
        for name in [*SQLModel.metadata.tables, "plain"]:
            hidden = "xmin::text::bigint AS x, ctid::text AS c" if not database.is_sqlite else ""
            if database.is_sqlite:
                table = SQLModel.metadata.tables.get(name)
                has_rowid = table is None or table.dialect_options["sqlite"]["with_rowid"]
                hidden = "rowid AS x" if has_rowid else "0 AS x"
            rows = await connection.execute(text(f"SELECT {hidden}, * FROM {name}"))
            for position, row in enumerate(rows.mappings()):
                values = {key: value for key, value in row.items() if key not in ("x", "c")}
                found.append(Found(name, values, (int(row["x"]), *_ctid(row, position))))
    return found


def _ctid(row: Any, position: int) -> tuple[int, ...]:
    return tuple(map(int, row["c"].strip("()").split(","))) if "c" in row else (position,)


def on_the_disk(database: Database) -> bytes:
    """Return SQLite's file as it lies there, its log moved into it."""
    path = str(database.engine.url.database)
    with sqlite3.connect(path) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(path).read_bytes()


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
    found = await everything(hone.database)
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


# --- what must not be there at all -----------------------------------------------------------


async def test_an_anonymous_note_leaves_no_trace_of_a_person(hone: Hone) -> None:
    """A person unknown before is unknown after: not even that they were here is kept."""
    await hone.person("Lead").says("retro start anonymous")
    grace = hone.person("Grace", zone="Asia/Tokyo")
    await write_anonymously(grace, "Nobody listens")
    await grace.clicks("Change or remove", on=grace.whispered)
    await grace.fills({note_field(grace): "Nobody listens to testers"})
    found = await everything_but_plain(hone.database)
    assert not [row for row in found if row.names("grace") or row.names("Tokyo")]
    keys = [str(row.values["key"]) for row in found if row.table == "deliveries"]
    assert len(keys) == 1, "only the start of the retro was delivered by somebody"


async def everything_but_plain(database: Database) -> list[Found]:
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE IF NOT EXISTS plain (note TEXT)"))
    return await everything(database)


async def test_no_time_finer_than_an_hour_and_soon_none(hone: Hone) -> None:
    """Who was at their desk at 9:07 is easy to find out."""
    await hone.person("Lead").says("retro start anonymous by tomorrow 12:00")
    await hone.wait(minutes=7)
    await write_anonymously(hone.person("Ada"), "Nobody listens")
    async with hone.database.read(hone.workspace, hone.now) as store:
        [note] = await store.notes.of(1)
        assert note.token_hour is not None
        assert (note.token_hour.minute, note.token_hour.second) == (0, 0)
    await hone.wait(minutes=64)
    async with hone.database.read(hone.workspace, hone.now) as store:
        [note] = await store.notes.of(1)
        assert (note.token, note.token_hour, note.author) == (None, None, None)


async def test_what_was_deleted_is_not_left_on_the_disk(hone: Hone) -> None:
    """SQLite leaves deleted rows where they were, unless it is told to overwrite them."""
    if not hone.database.is_sqlite:
        pytest.skip("PostgreSQL removes old rows when it vacuums; docs/anonymity.md says so")
    await hone.person("Lead").says("retro start anonymous")
    ada = hone.person("Ada")
    await write_anonymously(ada, "first words of mine")
    await ada.clicks("Change or remove", on=ada.whispered)
    await ada.fills({note_field(ada): "second words of mine"})
    disk = on_the_disk(hone.database)
    assert disk.count(b"first words of mine") == 0
    assert disk.count(b"second words of mine") == 1


async def test_an_anonymous_improvement_leaves_no_trace_of_a_person(hone: Hone) -> None:
    """`improve … --anon` promises the same, by whichever door it is typed."""
    await hone.person("Lead").says("improve Something else")
    hone.now += timedelta(minutes=17)
    grace = hone.person("Grace")
    await grace.says("improve Reviews are used to blame people --anon")
    assert "Nobody's name is kept with it" in grace.told
    await hone.person("Ann").says("hone improve Reviews take revenge --anon")
    found = await everything_but_plain(hone.database)
    assert not [row for row in found if row.names("grace") or row.names("ann")]
    times = [str(row.values["at"]) for row in found if row.table == "item_events"]
    assert sum("09:00:00" in at for at in times) == 3
    assert len([row for row in found if row.table == "deliveries"]) == 1


async def test_an_anonymous_improvement_is_taken_back_by_its_author_alone(hone: Hone) -> None:
    await hone.person("Lead").says("improve Something else")
    grace = hone.person("Grace")
    hone.now += timedelta(minutes=17)
    await grace.says("improve Reviews are used to blame people --anon")
    await grace.clicks("Take it back", on=grace.whispered)
    assert grace.told == "Taken back: #2 is dropped."
    assert grace.outcome.whispers[0].replaces
    assert "State: dropped: taken back" in hone.last()
    found = await everything_but_plain(hone.database)
    assert not [row for row in found if row.names("grace")]
    assert all("09:17" not in str(row.values.get("at")) for row in found)


async def test_an_anonymous_improvement_stays_after_ten_minutes_or_a_change(hone: Hone) -> None:
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await ada.says("improve Reviews are used to blame people --anon")
    card = ada.whispered
    await grace.clicks("Edit")
    await grace.fills({"details": "Since spring"})
    await ada.clicks("Take it back", on=card)
    assert ada.told == "Somebody has changed #1 since, so it stays."
    await hone.wait(minutes=11)
    await ada.clicks("Take it back", on=card)
    assert ada.told.startswith("The ten minutes are over")
    await hone.wait(hours=2)
    found = await everything_but_plain(hone.database)
    assert not [row for row in found if row.values.get("kind") == "capture.unsigned"]
    assert "State: captured" in hone.last()


async def test_an_anonymous_delivery_that_comes_twice_counts_once(hone: Hone) -> None:
    """Nothing traces it to a person, and still Slack may send it again."""
    ada = hone.person("Ada")
    await hone.person("Lead").says("retro start anonymous")
    await ada.clicks("Add a note")
    assert ada.form is not None
    intent = Submission(ada.form.submit, Answers({"c0": ("Nobody listens",)}))
    for _ in range(4):
        await ada.acts(intent, key="form:V1:nonce")
    assert ada.outcome.repeated
    for _ in range(4):
        await ada.acts(Command("improve", "Reviews blame people --anon"), key="command:1")
    async with hone.database.read(hone.workspace, hone.now) as store:
        assert await store.notes.count(1) == 1
        assert await store.items.find(2) is None


async def test_only_the_private_card_opens_a_note_and_only_for_ten_minutes(hone: Hone) -> None:
    """The secret is on the author's card alone; after ten minutes even it is worth nothing."""
    await hone.person("Lead").says("retro start anonymous")
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await write_anonymously(ada, "Nobody listens")
    card = ada.whispered
    secret = str(buttons_of(card)[0].action)
    async with hone.database.read(hone.workspace, hone.now) as store:
        [note] = await store.notes.of(1)
    assert str(note.token) not in secret
    await write_anonymously(grace, "Another one")
    await grace.clicks("Change or remove", on=grace.whispered)
    assert grace.form is not None
    assert "Nobody listens" not in str(grace.form)
    hone.now += timedelta(minutes=10)
    await ada.clicks("Change or remove", on=card)
    assert "The ten minutes are over" in ada.told


async def test_few_notes_are_not_counted_in_an_anonymous_retro(hone: Hone) -> None:
    """When the third of three people writes, a count of three would say so."""
    await hone.person("Lead").says("retro start anonymous")
    for number in range(4):
        await write_anonymously(hone.person(f"P{number}"), f"Something {number}")
        assert "So far: fewer than 5 notes" in hone.last()
    await write_anonymously(hone.person("P5"), "One more thing")
    assert "So far: 5 notes" in hone.last()


async def test_a_command_never_adds_an_anonymous_note(hone: Hone) -> None:
    """Commands may be logged with the name of whoever typed them; the form says so first."""
    await hone.person("Lead").says("retro start anonymous")
    ada = hone.person("Ada")
    await ada.says("retro add Nobody listens")
    assert "This retro is anonymous" in ada.told
    assert "Nothing was saved" in ada.told
    async with hone.database.read(hone.workspace, hone.now) as store:
        assert await store.notes.count(1) == 0
        assert await store.people.find("ada") is None


def test_rows_without_a_name_have_no_row_numbers() -> None:
    """SQLite numbers rows as they come, unless a table says that it wants none."""
    table = table_of(RetroNote)
    assert table.dialect_options["sqlite"]["with_rowid"] is False
