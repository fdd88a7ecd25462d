"""A small feature that uses every kind of node and field, and the local room running with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from bot.cards import (
    Bold,
    Button,
    Buttons,
    Card,
    Code,
    Confirm,
    Facts,
    LinkButton,
    Mention,
    Table,
    When,
    heading,
    quote,
    subtle,
    text,
)
from bot.feature import CommandSpec, Feature, Verb
from bot.local.adapter import LocalRoom
from bot.local.tickets import TicketsPage
from bot.outbox import Outbox
from bot.router import Router
from bot.server import listen, make_app
from bot.turn import Ask, Direct, Mistake, Post, Refresh, Reply, Shortcut, Turn, Whisper, whisper
from bot.wire import Action, View, view
from bot.worker import Worker
from storage import Database, Store, Unavailable
from storage.database import Work
from tests.bot.local.demo_cards import (
    COLUMNS,
    Cast,
    Count,
    Draft,
    OpenBallot,
    Reveal,
    Save,
    ballot_form,
    counter_card,
    digest_card,
    improvement_form,
)

T = TypeVar("T")


@view("demo.item")
@dataclass(frozen=True, slots=True)
class ItemView(View):
    number: int


@view("demo.poll")
@dataclass(frozen=True, slots=True)
class PollView(View):
    pass


@view("demo.digest")
@dataclass(frozen=True, slots=True)
class DigestView(View):
    pass


@dataclass(slots=True)
class Demo:
    """The feature's state, in memory: enough for a test, wrong for a bot."""

    items: list[str] = field(default_factory=list)
    votes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    revealed: bool = False

    def feature(self) -> Feature:
        return Feature(
            "demo",
            commands={
                "improve": CommandSpec(
                    "Capture",
                    self.improve,
                    "/improve Checkout times out on slow phones",
                    "Capture an improvement; opens a short form",
                    free_text=True,
                ),
                "wsjf": CommandSpec(
                    "Vote",
                    self.wsjf,
                    "/wsjf #1 #2 #3",
                    "Vote WSJF on items: blind ballots, one reveal",
                    verbs={
                        "counter": Verb(self.counter, "/wsjf counter", "Count privately"),
                    },
                ),
                "digest": CommandSpec(
                    "Digest", self.digest, "/digest", "Read this week's backlog health"
                ),
                "help": CommandSpec("Help", self.help, "/help", "See what Hone can do"),
            },
            actions={
                Save: self.save,
                Draft: self.save,
                OpenBallot: self.ballot,
                Cast: self.cast,
                Reveal: self.reveal,
                Count: self.count,
            },
            views={ItemView: self.item, PollView: self.poll, DigestView: self.digest_card},
            shortcuts={"log_improvement": self.log},
            on_message=self.on_message,
        )

    # --- capture ---

    async def improve(self, turn: Turn, store: Store, words: str) -> Reply:
        return Ask(improvement_form(words))

    async def log(self, turn: Turn, store: Store) -> Reply:
        assert isinstance(turn.intent, Shortcut)
        assert turn.intent.quote is not None
        return Ask(improvement_form(turn.intent.quote.text, turn.intent.quote.author))

    async def save(self, turn: Turn, store: Store, action: Action) -> Reply:
        title = turn.answers.one("title")
        if not title:
            form = improvement_form("")
            return Ask(form, {"title": "Give it a title, so that others find it."})
        self.items.append(title)
        return Post(ItemView(len(self.items))), whisper("Saved as #", str(len(self.items)), ".")

    async def item(self, store: Store, shown: ItemView) -> Card:
        title = self.items[shown.number - 1]
        return Card(
            f"#{shown.number} {title}",
            (
                heading(f"#{shown.number} {title}"),
                quote("It spins for ten seconds, then I lose my basket."),
                Facts(
                    (
                        ("State", ("captured",)),
                        ("Owner", (Mention("grace", "Grace Lin"),)),
                        ("Due", (When(datetime(2026, 12, 4, 16, 30, tzinfo=UTC)),)),
                        (
                            "Hypothesis",
                            (
                                "Time-outs fall from ",
                                Bold("4 %"),
                                " to 1 %.",
                            ),
                        ),
                    )
                ),
                Buttons(
                    (
                        Button("Refine", OpenBallot(), "primary", opens_form=True),
                        LinkButton("Open the report", "https://example.test/report?a=1&b=2"),
                    )
                ),
            ),
        )

    # --- voting ---

    async def wsjf(self, turn: Turn, store: Store, words: str) -> Reply:
        return Post(PollView())

    async def ballot(self, turn: Turn, store: Store, action: OpenBallot) -> Reply:
        return Ask(ballot_form())

    async def cast(self, turn: Turn, store: Store, action: Cast) -> Reply:
        cards = tuple(turn.answers.one(column) for column, _ in COLUMNS)
        if not all(cards):
            errors = {
                column: "Choose a card, or pass."
                for (column, _), card in zip(COLUMNS, cards, strict=True)
                if not card
            }
            return Ask(ballot_form(), errors)
        self.votes[turn.person.name] = cards
        return Refresh(PollView()), whisper(
            "Your ballot counts. You can change it until the reveal."
        )

    async def reveal(self, turn: Turn, store: Store, action: Reveal) -> Reply:
        if not self.votes:
            raise Mistake("Nobody has voted yet, so there is nothing to reveal.")
        self.revealed = True
        return (
            Refresh(PollView()),
            Post(DigestView(), under=PollView()),
            Direct("grace", PollView()),
        )

    async def poll(self, store: Store, shown: PollView) -> Card:
        count = len(self.votes)
        people = f"{count} person has voted" if count == 1 else f"{count} people have voted"
        nodes = (
            heading("WSJF for #1 Checkout times out on slow phones"),
            text(people, ": ", ", ".join(self.votes) or "nobody yet", "."),
        )
        if self.revealed:
            rows = tuple((name, *cards) for name, cards in self.votes.items())
            header = ("Who", "Value", "Time", "Risk", "Size")
            table = Table(header, rows, frozenset({1, 2, 3, 4}), "Ballots of round 1")
            return Card("WSJF revealed", (*nodes, table))
        confirm = Confirm("Reveal now?", "Two people have not voted yet.", "Reveal")
        buttons = Buttons(
            (
                Button("Vote", OpenBallot(), "primary", opens_form=True),
                Button("Reveal", Reveal(), confirm=confirm, hint="Reveal all ballots"),
            )
        )
        secret = subtle("Ballots stay hidden until the reveal.")
        return Card(f"WSJF: {people}", (*nodes, buttons, secret))

    # --- the rest ---

    async def counter(self, turn: Turn, store: Store, words: str) -> Reply:
        return Whisper(counter_card(0))

    async def count(self, turn: Turn, store: Store, action: Count) -> Reply:
        return Whisper(counter_card(action.number), replaces=True)

    async def digest(self, turn: Turn, store: Store, words: str) -> Reply:
        return Post(DigestView())

    async def digest_card(self, store: Store, shown: DigestView) -> Card:
        return digest_card()

    async def help(self, turn: Turn, store: Store, words: str) -> Reply:
        return whisper("Try ", Code("/improve"), " or ", Code("/wsjf"), ".")

    async def on_message(self, turn: Turn, store: Store) -> Reply:
        return whisper("You can type ", Code("help"), " here.")


# --- running it ------------------------------------------------------------------------------


def now() -> datetime:
    return datetime.now(UTC)


class BreakableDatabase(Database):
    """A database that a test can make unreachable."""

    broken = False

    async def write(self, workspace: str, now: datetime, work: Work[T]) -> T:
        if self.broken:
            raise Unavailable("unplugged")
        return await super().write(workspace, now, work)


@dataclass(frozen=True, slots=True)
class Running:
    url: str
    demo: Demo
    room: LocalRoom
    database: BreakableDatabase


@asynccontextmanager
async def running_room(
    database_url: str, features: Sequence[Feature] = ()
) -> AsyncIterator[Running]:
    """Serve the room on a free port, with the demo feature unless others are given.

    Router, outbox and database are the real ones.
    """
    database = BreakableDatabase(database_url)
    demo = Demo()
    router = Router(features or [demo.feature()], database)
    room = LocalRoom(router, database, now)
    worker = Worker(router, database, Outbox(router, database, {"local": room}, now), now)
    routes = [*room.routes(), *TicketsPage(database, now).routes()]
    runner = await listen(make_app(database, routes, now), "127.0.0.1", 0)
    worker.start()
    try:
        port = runner.addresses[0][1]
        yield Running(f"http://127.0.0.1:{port}", demo, room, database)
    finally:
        await worker.stop()
        room.close()
        await runner.cleanup()
        await database.close()
