"""Hone without any platform's protocol: people act, and see cards and forms as plain values.

    ada = hone.person("Ada")
    await ada.says("improve Estimation runs long")
    assert "Saved as #1" in ada.told

Every turn goes through the real router, storage and outbox; only the platform is a fake that keeps
what it was sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import select
from sqlmodel import col

from bot.cards import Button, Card, Form, Pick
from bot.feature import Feature
from bot.outbox import Outbox, reader_of
from bot.outcome import Outcome
from bot.platform import Address, Platform, SendError
from bot.trackers.http import Door
from bot.trackers.kinds import SignInPages
from bot.trackers.pull import Puller
from bot.trackers.sample.adapter import SampleTracker
from bot.trackers.sign_in.keeper import TokenKeeper
from bot.trackers.sign_in.vendors import App
from bot.trackers.sites import Sites
from bot.trackers.tracker import Access, Opens
from bot.trackers.writer import TrackerWriter
from bot.turn import (
    Answers,
    Click,
    Command,
    Document,
    Intent,
    Named,
    Person,
    Place,
    Quote,
    Role,
    Said,
    Shortcut,
    Submission,
    Turn,
)
from bot.twins import twin
from bot.wire import encode
from bot.words import heard, read_command
from bot.worker import Worker
from handlers import features as every_feature
from storage import Database
from storage.lanes import RateLimits
from storage.posts import PostRow
from tests.keys import VAULT
from tests.redrawn import Answered, RedrawingRouter
from tests.screens import buttons_of as buttons_of
from tests.screens import shown_answers as shown_answers
from tests.standing import posts_that_stand, waits_for_its_turn

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday morning."""

WORKSPACE = "test:acme"

PULLS_MAX = 100
"""Looks for something to read; in a story there is little."""

COMPARED_MAX = 6
"""Cards drawn again after one act."""


@dataclass(slots=True)
class Shown:
    """A message as it stands on the platform now, and every card it ever showed."""

    to: Address
    cards: list[Card]
    pinned: bool = False

    @property
    def card(self) -> Card:
        return self.cards[-1]

    @property
    def text(self) -> str:
        return twin(self.card)


@dataclass(slots=True)
class FakePlatform:
    """Remembers messages; fails as told by `failures`, oldest first."""

    name: str = "test"
    rate_limits: RateLimits = field(default_factory=RateLimits)
    messages: dict[str, Shown] = field(default_factory=dict)
    failures: list[SendError] = field(default_factory=list)
    pin_failures: list[SendError] = field(default_factory=list)
    _refs: count[int] = field(default_factory=lambda: count(1))

    async def post(self, to: Address, card: Card) -> str:
        self._fail()
        ref = f"m{next(self._refs)}"
        self.messages[ref] = Shown(to, [card])
        return ref

    async def update(self, to: Address, ref: str, card: Card) -> None:
        self._fail()
        self.messages[ref].cards.append(card)

    async def pin(self, to: Address, ref: str, pinned: bool) -> None:
        if self.pin_failures:
            raise self.pin_failures.pop(0)
        self.messages[ref].pinned = pinned

    async def open_direct(self, workspace: str, person: str) -> str:
        self._fail()
        return f"dm-{person}"

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)

    def in_channel(self, channel: str) -> list[Shown]:
        return [shown for shown in self.messages.values() if shown.to.channel == channel]


class Hone:
    """Everything but a platform, and a clock that tests move."""

    def __init__(
        self,
        database: Database,
        workspace: str = WORKSPACE,
        features: Sequence[Feature] = (),
    ) -> None:
        self.now, self.workspace, self.database = START, workspace, database
        self.platform = FakePlatform()
        self.clouds: dict[str, tuple[str, ...]] = {}
        self.apps: dict[str, App] = {}  # `tests.signing_in` registers vendors
        self.pages = SignInPages("https://hone.example", self.clouds)
        self.router = RedrawingRouter(features or every_feature(self.pages), database, VAULT)
        self.opens: dict[str, Opens] = {"sample": self._sample}
        self.door = Door(lambda: self.now)
        self.tokens = TokenKeeper(self.apps, database, VAULT, self.door, lambda: self.now)
        self.sites = Sites(self.opens, VAULT, self.tokens)
        writer = TrackerWriter(self.router, database, self.sites, lambda: self.now)
        self.platforms: dict[str, Platform] = {"test": self.platform, "tracker": writer}
        self.outbox = Outbox(self.router, database, self.platforms, lambda: self.now)
        self.worker = Worker(self.router, database, self.outbox, lambda: self.now)
        self.puller = Puller(self.router, database, self.sites, lambda: self.now)
        self.rings_at_once = False
        """Whether to look for timers after each act; else only once the clock has moved."""
        self.looks_each_time = database.is_sqlite
        """Whether to compare cards after each act, and not only at the end."""
        self._turns = count()
        self._settled: datetime | None = None
        self._keys = count(1)
        self._people: dict[str, Named] = {}

    def person(
        self,
        name: str,
        *,
        channel: str = "refinement",
        zone: str = "UTC",
        role: Role = "member",
        workspace: str | None = None,
    ) -> Someone:
        """Return a person who talks in a channel; `.alone()` is their chat with Hone."""
        who = Person(name.lower(), name, zone, "en", role)
        self._people[who.id] = Named(who.id, name)
        return Someone(self, who, Place(channel, channel), workspace or self.workspace)

    def known(self, form: Form, given: Mapping[str, tuple[str, ...]]) -> tuple[Named, ...]:
        """Return who was chosen in a form, as a platform's own people picker would say."""
        picks = [asked.id for asked in form.fields if isinstance(asked, Pick)]
        chosen = [person for pick in picks for person in given[pick]]
        return tuple(self._people[person] for person in chosen if person in self._people)

    def next_key(self) -> str:
        return f"delivery-{next(self._keys)}"

    async def settle(self) -> None:
        """Ring what is due, send what is due by now, and see that no card is stale then."""
        await self.do_what_is_due()
        await self.look_around()

    async def look_around(self) -> None:
        """See after an act that no card is stale; what this leaves out, the test's end looks at.

        What a card shows and what a change marks are the same on both databases, and a look costs
        as much as the act: on PostgreSQL it is left to the end.
        """
        if self.looks_each_time:
            await self.compare_cards(in_turns=True)

    async def compare_cards(self, *, in_turns: bool = False) -> None:
        stale = await self.stale_cards(in_turns=in_turns)
        assert not stale, "\n".join(["stale cards:", *stale])

    async def stale_cards(self, *, in_turns: bool = False) -> list[str]:
        """Draw every live post again and return those that would say something else now.

        What a whole team hears of may wait for its timer. `in_turns`: only so many, and the others
        at the next times.
        """
        stale, known = [], Answered()
        async with self.database.read(self.workspace, self.now) as store:
            posts = await posts_that_stand(store)
            if in_turns and len(posts) > COMPARED_MAX:
                posts = [posts[next(self._turns) % len(posts)] for _ in range(COMPARED_MAX)]
            for post in posts:
                drawn = await self.router.fingerprint(store, post, known)
                if drawn != post.drawn and not await waits_for_its_turn(store, post):
                    card = (await self.router.draw(store, post.view, reader_of(post))).card
                    stale.append(self._compared(post, twin(card)))
        return stale

    def _compared(self, post: PostRow, now: str) -> str:
        stands = shown.text if (shown := self.platform.messages.get(post.ref or "")) else ""
        return f"{post.view}\n  stands: {only_in(stands, now)}\n  is now: {only_in(now, stands)}"

    async def do_what_is_due(self, *, ring: bool = False) -> None:
        """Ring what is due and send what is due by now; `ring` though no time has passed."""
        if ring or self.rings_at_once or self.now != self._settled:
            while await self.worker.ring_due():
                pass
        woken = self.database.woken
        if self.now != self._settled:
            woken.set()  # what had to wait may go now
        self._settled = self.now
        while woken.is_set():
            woken.clear()
            if await self.outbox.send_due():
                await self.outbox.drain()

    def _sample(self, _: str, access: Access) -> SampleTracker:
        return SampleTracker(self.database, access.workspace, lambda: self.now, "", access.called)

    async def pulls(self) -> None:
        """Read all that is due in trackers by now, and do what follows from it."""
        for _ in range(PULLS_MAX):
            was_due = await self.puller.read_due()
            await self.do_what_is_due(ring=True)
            await self.look_around()
            if not was_due:
                return
        raise AssertionError("something is due in a tracker again and again")

    async def wait(self, **time: float) -> None:
        """Let time pass, then do what became due."""
        self.now += timedelta(**time)
        await self.settle()

    async def stop(self) -> None:
        await self.outbox.stop(0)
        await self.door.close()

    def channel(self, name: str = "refinement") -> list[Shown]:
        return self.platform.in_channel(name)

    def last(self, channel: str = "refinement") -> str:
        """What the channel's newest message says now."""
        return self.channel(channel)[-1].text


@dataclass(slots=True)
class Someone:
    """A person at their screen: what they do, and what only they see."""

    hone: Hone
    who: Person
    place: Place
    workspace: str
    outcome: Outcome = field(default_factory=Outcome)
    form: Form | None = None

    def alone(self) -> Someone:
        """The same person in their one-to-one chat with Hone."""
        place = Place(f"dm-{self.who.id}", private=True)
        return Someone(self.hone, self.who, place, self.workspace)

    # --- what they do ---

    async def says(self, line: str, *mentions: Named, quote: Quote | None = None) -> Outcome:
        """Type a command."""
        name, rest = read_command(line)
        return await self.acts(Command(name, rest, mentions, quote))

    async def chats(self, line: str) -> Outcome:
        """Write to Hone as to a colleague: plain words, or a command without its slash."""
        said = heard((line,), (), self.hone.router.commands)
        return await self.acts(said if line.strip() else Said(line))

    async def uses(self, shortcut: str, quote: Quote | None = None) -> Outcome:
        return await self.acts(Shortcut(shortcut, quote))

    async def clicks(self, label: str, *, on: Card | None = None) -> Outcome:
        """Press a button on the newest card of the channel that has it (or on this card)."""
        button = self._button(label, on)
        outcome = await self.acts(Click(button.action))
        assert button.opens_form or outcome.ask is None, f"{label} opens a form and does not say so"
        return outcome

    async def sends(self, *documents: Document, words: str = "") -> Outcome:
        """Send files to Hone, maybe with words beside them."""
        return await self.acts(Said(words), documents=documents)

    async def fills(
        self,
        answers: Mapping[str, str | tuple[str, ...]],
        press: str = "",
        documents: tuple[Document, ...] = (),
    ) -> Outcome:
        """Send the open form, by its main button or the one labelled `press`.

        Fields that are not named keep what they show, as on a screen.
        """
        assert self.form is not None, "no form is open"
        given = shown_answers(self.form)
        for field_id, answer in answers.items():
            assert field_id in given, f"the form has no field {field_id}: {list(given)}"
            given[field_id] = (answer,) if isinstance(answer, str) else answer
        action = self.form.submit
        if press:
            action = next(also.action for also in self.form.also if also.label == press)
        people = self.hone.known(self.form, given)
        return await self.acts(Submission(action, Answers(given), people), documents=documents)

    async def acts(
        self, intent: Intent, key: str = "", documents: tuple[Document, ...] = ()
    ) -> Outcome:
        await self.begins(intent, key, documents)
        await self.hone.do_what_is_due()
        if not (self.outcome.refused or self.outcome.ask):  # a form that opens changes no card
            await self.hone.look_around()
        return self.outcome

    async def begins(
        self, intent: Intent, key: str = "", documents: tuple[Document, ...] = ()
    ) -> Outcome:
        """Act, and look away before Hone has sent anything to the channel."""
        turn = Turn(
            workspace=self.workspace,
            place=self.place,
            person=self.who,
            intent=intent,
            now=self.hone.now,
            key=key or self.hone.next_key(),
            acted_at=self.hone.now,
            documents=documents,
        )
        self.outcome = await self.hone.router.handle(turn)
        self.form = self.outcome.ask.form if self.outcome.ask else None
        return self.outcome

    # --- what only they see ---

    @property
    def told(self) -> str:
        """The private answers to the last thing they did, as text."""
        return "\n".join(twin(whisper.card) for whisper in self.outcome.whispers)

    @property
    def errors(self) -> Mapping[str, str]:
        """What the open form says is wrong, by field."""
        return self.outcome.ask.errors if self.outcome.ask else {}

    @property
    def whispered(self) -> Card:
        return self.outcome.whispers[-1].card

    def _button(self, label: str, on: Card | None) -> Button:
        shown = [on] if on else [m.card for m in reversed(self.hone.channel(self.place.channel))]
        shown += [whisper.card for whisper in self.outcome.whispers]
        for card in shown:
            for button in buttons_of(card):
                if button.label == label:
                    encode(button.action)  # it must fit on the wire
                    return button
        raise AssertionError(f"no button {label!r} on {[twin(card) for card in shown]}")


async def posts_of(hone: Hone) -> set[str]:
    """Return the wire names of all views that stand somewhere."""
    async with hone.database.read(hone.workspace, hone.now) as store:
        here = col(PostRow.workspace) == hone.workspace
        views = await store.session.scalars(select(col(PostRow.view)).where(here))
    return {json.loads(view)[0] for view in views}


def only_in(one: str, other: str) -> list[str]:
    """Return the first lines of a card that another one does not have."""
    return [line for line in one.splitlines() if line not in other.splitlines()][:4]
