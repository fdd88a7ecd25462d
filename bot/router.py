"""Takes a turn to its handler and carries out the reply: once, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, assert_never

import structlog

from bot.cards import Card
from bot.confidential import LooksConfidential, kind_in, question_about, typed_in
from bot.feature import (
    ActionHandler,
    CommandSpec,
    Draw,
    DueHandler,
    Feature,
    Precompute,
    TurnHandler,
)
from bot.hearing import Hearing
from bot.incidents import report
from bot.introducing import introduce, meet_mentioned
from bot.metrics import TURN_SECONDS, TURNS
from bot.outcome import MAYBE_SAVED, NO_TEAM, NOT_SAVED, TOO_FAST, Outcome, our_fault
from bot.pace import Pace
from bot.readers import for_reader
from bot.redrawing import redraw_some
from bot.secrets import NO_KEYS, asks_for_secrets, with_sealed_answers
from bot.turn import (
    Ask,
    Click,
    Command,
    Direct,
    Due,
    Intent,
    Joined,
    Mistake,
    Opened,
    Person,
    Post,
    Pulled,
    Refresh,
    Reply,
    Said,
    Shortcut,
    Show,
    Submission,
    Turn,
    Whisper,
    whisper,
)
from bot.vault import Vault
from bot.wire import Action, Stale, View, Wire, encode
from storage import Database, MaybeSaved, Store, Unavailable
from storage.roles import known_role
from storage.subjects import Shown
from storage.teams import NoTeam
from storage.timers import REDRAW

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A card, what it shows, and until when it holds."""

    card: Card
    shown: Shown


OLD_FORM = (
    "This form is older than I am: I was updated meanwhile, or it was altered, so I can't save it. "
    "Please copy what you typed, and open the form anew."
)
OUT_OF_DATE = whisper("This card is out of date. I've asked for a fresh one; please use that.")


class Router:
    """Knows every feature; the same turn always leads to the same handler."""

    def __init__(
        self, features: Sequence[Feature], database: Database, vault: Vault | None = None
    ) -> None:
        self.features = tuple(features)
        self.database = database
        self._vault = vault
        self.specs: dict[str, CommandSpec] = _merged(f.commands for f in features)
        self._actions: dict[type[Action], ActionHandler] = _merged(f.actions for f in features)
        self._views: dict[type[View], Draw] = _merged(f.views for f in features)
        self._shortcuts: dict[str, TurnHandler] = _merged(f.shortcuts for f in features)
        self._due: dict[str, DueHandler] = _merged(
            [{REDRAW: redraw_some}, *(f.due for f in features)]
        )
        self._precompute: dict[str, Precompute] = _merged(f.precompute for f in features)
        self._edited = tuple(f.edited for f in features if f.edited is not None)
        self._captured = tuple(f.captured for f in features if f.captured is not None)
        self._is_anonymous = tuple(f.is_anonymous for f in features if f.is_anonymous is not None)
        self.commands = frozenset(self.specs)
        self._hearing = Hearing(self.features, self.specs)
        self.wire = Wire([*self._actions, *self._views, Stale])
        self._pace = Pace()

    # --- what adapters and the worker call ---

    async def handle(self, turn: Turn) -> Outcome:
        """Handle a turn and return what to do now. Never raises for anything a person did."""
        with TURN_SECONDS.time():
            outcome = await self._handle(turn)
        TURNS.labels(type(turn.intent).__name__, outcome.kind).inc()
        return outcome

    async def _handle(self, turn: Turn) -> Outcome:
        if not self._pace.allows(turn):
            return TOO_FAST
        try:
            return await self.database.write(
                turn.workspace, turn.now, lambda store: self._once(turn, store)
            )
        except Unavailable as error:
            log.warning("not_saved", workspace=turn.workspace, cause=str(error))
            return MAYBE_SAVED if isinstance(error, MaybeSaved) else NOT_SAVED
        except NoTeam:
            return NO_TEAM
        except LooksConfidential as asked:
            return await self._asked(turn, asked)
        except Mistake as mistake:
            return Outcome((Whisper(mistake.card),), refused=True)
        except Exception as error:
            intent = type(turn.intent).__name__
            incident = report(error, "turn_failed", workspace=turn.workspace, intent=intent)
            return our_fault(incident)

    async def _asked(self, turn: Turn, asked: LooksConfidential) -> Outcome:
        """Note that a question was asked: the same text is the answer to it."""
        question = question_about(typed_in(turn.intent))
        is_form = isinstance(turn.intent, Submission)
        leaves_trace = not (is_form or self._must_stay_anonymous(turn.intent))

        async def note(store: Store) -> None:
            await store.to_the_hour().inbox.take(question)
            if leaves_trace:  # delivered again it is no answer; a form is sent again by a person
                await store.inbox.take(turn.key)

        try:
            await self.database.write(turn.workspace, turn.now, note)
        except Unavailable:
            return NOT_SAVED
        return Outcome((Whisper(asked.card),), refused=True)

    async def draw(self, store: Store, coded_view: str, reader: str | None = None) -> Drawn:
        """Draw a view, given as it stands on the wire, from the state; raises NotOnTheWire.

        With a `reader`, who alone sees it, it is drawn for them.
        """
        view = self.wire.decode_view(coded_view)
        with store.drawing() as shown:
            card = await self._views[type(view)](store, view)
        known = await store.people.find(reader) if reader else None
        if known is not None:
            card = for_reader(card, Person(known.id, known.name, role=known_role(known.role)))
        return Drawn(card, shown)

    async def look(self, turn: Turn) -> Card | None:
        """Return what the message that a turn names shows to its person; None if it is not ours.

        Nothing is noted of it: a client asks by itself, whenever the card changes.
        """
        async with self.database.read(turn.workspace, turn.now) as store:
            post = await store.posts.of_message(turn.place.channel, turn.post or "")
            if post is None:
                return None
            return for_reader((await self.draw(store, post.view)).card, turn.person)

    @property
    def due_kinds(self) -> frozenset[str]:
        """The kinds of timers that some feature answers."""
        return frozenset(self._due)

    async def precompute(self, turn: Turn) -> Turn:
        """Return a timer's turn with what its feature can work out before the transaction."""
        assert isinstance(turn.intent, Due)
        precompute = self._precompute.get(turn.intent.kind)
        if precompute is None:
            return turn
        reads = partial(self.database.read, turn.workspace, turn.now, patient=True)
        precomputed = await precompute(turn, reads, turn.intent.key)
        return replace(turn, intent=replace(turn.intent, precomputed=precomputed))

    async def ring(self, turn: Turn, store: Store) -> None:
        """Handle a timer inside the worker's transaction; whatever it raises undoes it."""
        assert isinstance(turn.intent, Due)
        reply = await self._due[turn.intent.kind](turn, store, turn.intent.key)
        await self._carry_out(turn, store, reply)

    async def take_in(self, turn: Turn, store: Store) -> None:
        """Handle what a tracker told, inside a transaction; whatever it raises undoes it."""
        assert isinstance(turn.intent, Pulled)
        await self._carry_out(turn, store, await self._everyone_who("pulled", turn, store))

    # --- one transaction ---

    async def _once(self, turn: Turn, store: Store) -> Outcome:
        turn = with_sealed_answers(turn, self._vault)
        if self._must_stay_anonymous(turn.intent):
            return await self._once_anonymously(turn, store)
        if not await store.inbox.take(turn.key):
            return Outcome(repeated=True)
        turn = await introduce(turn, store)
        outcome = await self._carry_out(turn, store, await self._answer(turn, store))
        if outcome.ask and isinstance(turn.intent, Submission):
            await store.inbox.forget(turn.key)  # the form is sent again, under the same key
        return outcome

    def _must_stay_anonymous(self, intent: Intent) -> bool:
        if isinstance(intent, Command | Said):
            intent = self._hearing.as_meant(intent)
        return any(is_anonymous(intent) for is_anonymous in self._is_anonymous)

    async def _once_anonymously(self, turn: Turn, store: Store) -> Outcome:
        """Handle a turn without keeping who was here; opening a form leaves no trace at all."""
        leaves_trace = not isinstance(turn.intent, Click)
        if leaves_trace and not await store.inbox.take_anonymous(turn.key):
            return Outcome(repeated=True)
        await meet_mentioned(turn.intent, store)
        if not turn.place.private:
            await store.channels.ensure(turn.place.channel, turn.place.name, zone="UTC")
        outcome = await self._carry_out(turn, store, await self._answer(turn, store))
        if outcome.ask and isinstance(turn.intent, Submission):
            await store.inbox.forget_anonymous(turn.key)
        return outcome

    async def _answer(self, turn: Turn, store: Store) -> Reply:
        typed = typed_in(turn.intent)
        if (kind := kind_in(typed)) and not await store.inbox.withdraw(question_about(typed)):
            raise LooksConfidential(kind)
        if turn.documents and (reply := await self._hearing.documents(turn, store)) is not None:
            return reply
        match turn.intent:
            case Command():
                return await self._hearing.command(turn, store)
            case Said():
                return await self._hearing.words(turn, store)
            case Submission(Stale()):
                raise Mistake(OLD_FORM)  # it stays open, with all that was typed
            case Click(Stale()):
                if turn.post:
                    await store.posts.refresh_message(turn.place.channel, turn.post)
                return OUT_OF_DATE
            case Click(action) | Submission(action):
                return await self._actions[type(action)](turn, store, action)
            case Shortcut(name):
                if name not in self._shortcuts:
                    return OUT_OF_DATE
                return await self._shortcuts[name](turn, store)
            case Joined():
                await store.workspaces.ensure()
                return await self._everyone_who("joined", turn, store)
            case Opened():
                return await self._everyone_who("opened", turn, store)
            case Pulled():
                raise AssertionError("news of trackers come in through take_in()")
            case Due():
                raise AssertionError("timers ring through ring()")
            case _:
                assert_never(turn.intent)

    async def _everyone_who(self, event: str, turn: Turn, store: Store) -> Reply:
        answers: list[Any] = []
        for feature in self.features:
            handler = getattr(feature, event)
            if handler is not None:
                answers.extend(_flat(await handler(turn, store)))
        return tuple(answers)

    async def _carry_out(self, turn: Turn, store: Store, reply: Reply) -> Outcome:
        whispers: list[Whisper] = []
        ask: Ask | None = None
        for answer in (*_flat(reply), *await self._after_edits(turn, store)):
            match answer:
                case Whisper(card):
                    whispers.append(replace(answer, card=for_reader(card, turn.person)))
                case Show(view, replaces):
                    drawn = await self.draw(store, encode(view))
                    whispers.append(Whisper(for_reader(drawn.card, turn.person), replaces))
                case Ask():
                    if asks_for_secrets(answer.form) and self._vault is None:
                        raise Mistake(NO_KEYS)
                    ask = answer
                case Post(view, under, channel, can_wait):
                    channel = channel or turn.place.channel
                    in_this_channel = channel == turn.place.channel
                    await store.posts.add(
                        encode(view),
                        channel=channel,
                        thread=turn.place.thread if in_this_channel else None,
                        under=encode(under) if under else None,
                        can_wait=can_wait,
                        person=turn.person.id if turn.place.private and in_this_channel else None,
                    )
                case Direct(person, view):
                    await self._direct(store, person, view)
                case Refresh(view):
                    await store.posts.refresh(encode(view))
                case _:
                    assert_never(answer)
        return Outcome(tuple(whispers), ask)

    async def _after_edits(self, turn: Turn, store: Store) -> tuple[Any, ...]:
        """Return what follows from items that came or were changed, whichever feature did it."""
        replies: list[Reply] = []
        if captured := store.take_captured():
            replies += [await handler(turn, store, captured) for handler in self._captured]
        if edited := store.take_edited():
            replies += [await handler(turn, store, edited) for handler in self._edited]
        return tuple(answer for reply in replies for answer in _flat(reply))

    async def _direct(self, store: Store, person: str, view: View) -> None:
        known = await store.people.find(person)
        channel = known.direct_channel if known else None
        await store.posts.add(encode(view), channel=channel, person=person)


def _flat(reply: Reply) -> tuple[Any, ...]:
    if reply is None:
        return ()
    return reply if isinstance(reply, tuple) else (reply,)


def _merged(tables: Iterable[Any]) -> dict[Any, Any]:
    merged: dict[Any, Any] = {}
    for table in tables:
        if twice := merged.keys() & table.keys():
            raise ValueError(f"two features answer {twice}")
        merged.update(table)
    return merged
