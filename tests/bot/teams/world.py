"""A feature of a few words, and everything between a person's client and the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Choice,
    Confirm,
    Form,
    FormButton,
    Input,
    Option,
    Pick,
    Toggle,
    heading,
    says,
    text,
)
from bot.feature import CommandSpec, Feature
from bot.outbox import Outbox
from bot.teams.adapter import TeamsAdapter
from bot.turn import Ask, Direct, Mistake, Post, Refresh, Reply, Turn, Whisper, whisper
from bot.wire import Action, View, action, view
from storage import Database, Store
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_person import TeamsPerson

NOW = datetime(2026, 11, 23, 9, 0, 5, tzinfo=UTC)


@view("test.board")
@dataclass(frozen=True, slots=True)
class Board(View):
    """The one thing this feature shows: what was written on it."""


@action("test.write")
@dataclass(frozen=True, slots=True)
class OpenNote(Action):
    pass


@action("test.note")
@dataclass(frozen=True, slots=True)
class SaveNote(Action):
    pass


@action("test.similar")
@dataclass(frozen=True, slots=True)
class LookForSimilar(Action):
    pass


@action("test.wipe")
@dataclass(frozen=True, slots=True)
class Wipe(Action):
    pass


@action("test.help")
@dataclass(frozen=True, slots=True)
class More(Action):
    pass


@action("test.collapse")
@dataclass(frozen=True, slots=True)
class Collapse(Action):
    pass


@dataclass
class Notes:
    """The feature's state and every turn it saw."""

    written: list[str] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)

    async def board(self, turn: Turn, store: Store, words: str) -> Reply:
        self.turns.append(turn)
        return Post(Board())

    async def write(self, turn: Turn, store: Store, words: str) -> Reply:
        """Save what follows the command, or ask for it."""
        self.turns.append(turn)
        if not words:
            return self.form()
        self.written.append(words)
        return Refresh(Board()), whisper("Saved: ", words)

    async def secret(self, turn: Turn, store: Store, words: str) -> Reply:
        self.turns.append(turn)
        return whisper("For your eyes: ", words)

    async def open(self, turn: Turn, store: Store, act: OpenNote) -> Reply:
        self.turns.append(turn)
        return self.form()

    async def save(self, turn: Turn, store: Store, act: SaveNote) -> Reply:
        self.turns.append(turn)
        note = turn.answers.one("note")
        if not note:
            return Ask(self.form().form, {"note": "Please write something."})
        if note == "forbidden":
            raise Mistake("This board is closed.")
        self.written.append(note)
        return Refresh(Board())

    async def similar(self, turn: Turn, store: Store, act: LookForSimilar) -> Reply:
        self.turns.append(turn)
        return Whisper(
            Card(
                "Similar",
                (text(Bold("Nothing like it")), Buttons((Button("Back", OpenNote()),))),
            )
        )

    async def wipe(self, turn: Turn, store: Store, act: Wipe) -> Reply:
        self.turns.append(turn)
        self.written.clear()
        return Refresh(Board()), whisper("Wiped.")

    async def more(self, turn: Turn, store: Store, act: More) -> Reply:
        self.turns.append(turn)
        return Whisper(Card("More", (text("Details"), Buttons((Button("Less", Collapse()),)))))

    async def collapse(self, turn: Turn, store: Store, act: Collapse) -> Reply:
        self.turns.append(turn)
        return Whisper(says("Folded"), replaces=True)

    async def quoted(self, turn: Turn, store: Store) -> Reply:
        self.turns.append(turn)
        return self.form(turn.intent.quote.text)  # type: ignore[union-attr]

    async def on_message(self, turn: Turn, store: Store) -> Reply:
        self.turns.append(turn)
        return whisper("You said: ", turn.intent.text)  # type: ignore[union-attr]

    async def joined(self, turn: Turn, store: Store) -> Reply:
        self.turns.append(turn)
        return Direct(turn.person.id, Board())

    async def draw(self, store: Store, shown: Board) -> Card:
        return Card(
            f"{len(self.written)} notes",
            (
                heading("Notes"),
                *(text(note) for note in self.written),
                Buttons(
                    (
                        Button("Write", OpenNote(), "primary", opens_form=True),
                        Button("Wipe", Wipe(), "danger", confirm=Confirm("Wipe?", "All.", "Yes")),
                        Button("More", More()),
                    )
                ),
            ),
        )

    def form(self, note: str = "") -> Ask:
        return Ask(
            Form(
                "Write a note",
                SaveNote(),
                (
                    Input("note", "Note", note, multiline=True),
                    Choice("tags", "Tags", (Option("A", "a"), Option("B", "b")), many=True),
                    Toggle("loud", "Tell everybody"),
                    Pick("owner", "Owner"),
                ),
                also=(FormButton("Look for similar", LookForSimilar()),),
            )
        )

    def feature(self) -> Feature:
        def spec(run: Any, free_text: bool = True) -> CommandSpec:
            return CommandSpec("Test", run, "note x", "Tests", free_text=free_text)

        return Feature(
            "notes",
            commands={
                "board": spec(self.board),
                "note": spec(self.write),
                "secret": spec(self.secret),
            },
            actions={
                OpenNote: self.open,
                SaveNote: self.save,
                LookForSimilar: self.similar,
                Wipe: self.wipe,
                More: self.more,
                Collapse: self.collapse,
            },
            views={Board: self.draw},
            shortcuts={"log_note": self.quoted},
            on_message=self.on_message,
            joined=self.joined,
        )


@dataclass
class Clock:
    """Stands still until a test moves it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class World:
    """Everything between a person's client and the database, all real but Teams itself."""

    teams: FakeTeams
    notes: Notes
    adapter: TeamsAdapter
    outbox: Outbox
    database: Database
    clock: Clock
    url: str
    removed: list[tuple[str, str]]

    def person(self, name: str = "Ana", **settings: Any) -> TeamsPerson:
        return self.teams.person(name, self.url, **settings)

    async def settle(self) -> None:
        """Send everything that is due by a few seconds from now."""
        for _ in range(5):
            self.clock.now += timedelta(seconds=3)
            await self.outbox.send_due()
            await self.outbox.drain()
        await self.adapter.stop()

    @property
    def turn(self) -> Turn:
        """The last turn that reached the feature."""
        return self.notes.turns[-1]
