"""Take each kind of delivery to the router, and hand the outcome to respond."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from botbuilder.core import TurnContext

from bot.documents import Attached
from bot.news import learn
from bot.outcome import Outcome
from bot.router import Router
from bot.searching import search
from bot.teams.botbuilder import InvokeResponse
from bot.teams.client import Connector
from bot.teams.contents import message_words
from bot.teams.files import WAIT_S, tables
from bot.teams.intents import OWN_WIRE, RunCommand, command_of, intent_of, launcher
from bot.teams.news import movements, new_name
from bot.teams.people import Roster
from bot.teams.read import Delivery, pressed_action, quoted, sent, short_key
from bot.teams.render import LOOK
from bot.teams.respond import Responder, Soon, Visit, own_card, toast
from bot.teams.search import offered, searched_words
from bot.teams.spans import Json
from bot.turn import (
    Click,
    Command,
    Intent,
    Joined,
    Mistake,
    Opened,
    Said,
    Shortcut,
    Submission,
    Turn,
)
from bot.wire import meant
from storage import Unavailable, one_deadline

Removed = Callable[[str, str], Awaitable[None]]
"""Takes the workspace and the conversation that Hone was removed from."""

log = structlog.get_logger()


class NotSaved(Exception):
    """An event that nobody waits for was not saved: Teams may deliver it again."""


class Deliveries:
    def __init__(
        self,
        router: Router,
        roster: Roster,
        connector: Connector,
        clock: Callable[[], datetime],
        on_removed: Removed,
        soon: Soon,
    ) -> None:
        self._router = router
        self._roster = roster
        self._connector = connector
        self._responder = Responder(roster, connector, soon)
        self._clock = clock
        self._on_removed = on_removed
        self._soon = soon

    async def take(
        self, context: TurnContext, workspace: str, delivery: Delivery
    ) -> InvokeResponse:
        """Handle one delivery and answer it; raises NotSaved for an event to be delivered again."""
        visit = Visit(context, workspace, delivery)
        match delivery.type, delivery.name:
            case "message", _:
                await self._message(visit)
            case "invoke", "adaptiveCard/action":
                return InvokeResponse(body=await self._pressed(visit))
            case "invoke", "task/fetch":
                return InvokeResponse(body=await self._fetched(visit))
            case "invoke", "task/submit" | "composeExtension/submitAction":
                return InvokeResponse(body=await self._submitted(visit))
            case "invoke", "composeExtension/fetchTask":
                return InvokeResponse(body=await self._called(visit))
            case "invoke", "composeExtension/query":
                return InvokeResponse(body=await self._searched(visit))
            case "invoke", _:
                return InvokeResponse(400, {})
            case "conversationUpdate" | "installationUpdate", _:
                await self._moved(visit)
            case _:
                pass  # typing, reactions, edits and whatever Teams invents next
        return InvokeResponse()

    # --- one kind each ---

    async def _message(self, visit: Visit) -> None:
        delivery = visit.delivery
        files = tables(delivery.body)
        if not (files or delivery.body.get("text") or message_words(delivery.body, files=False)):
            return  # a picture, or a press of a card that is not ours
        intent = await self._roster.sorted_out(delivery, intent_of(delivery, self._router.commands))
        key = short_key("message", delivery.id)
        if files:
            outcome = await self._handle_with(visit, intent, key, files)
        else:
            outcome = await self._handle(visit, intent, key)
        command = outcome.ask.by or intent if outcome.ask else None
        if outcome.ask and isinstance(command, Command):
            await self._responder.say(visit, launcher(command, outcome.ask.form))
        await self._responder.whisper(visit, outcome.whispers)

    async def _pressed(self, visit: Visit) -> Json:
        """Answer an Action.Execute: privately, since the card itself is redrawn by the outbox."""
        coded = pressed_action(visit.delivery.value)
        if coded == LOOK:
            return await self._looked(visit)
        action = meant(coded, self._router.wire)
        outcome = await self._handle(visit, Click(action), short_key("press", visit.delivery.id))
        if outcome.ask:
            log.error("button_cannot_open_form", action=type(action).__name__)
            return toast("This button can't open its form here. Please type the command instead.")
        return await self._responder.to_one(visit, outcome.whispers)

    async def _looked(self, visit: Visit) -> Json:
        """Answer a client with the card as its person sees it."""
        try:
            card = await self._router.look(await self._turn(visit, Opened(), ""))
        except Unavailable:
            card = None  # what is drawn for all still stands
        return own_card(card) if card else toast("")

    async def _fetched(self, visit: Visit) -> Json:
        """Open the form that a button asks for."""
        data = sent(visit.delivery.value.get("data"))
        action = meant(data.coded, OWN_WIRE, self._router.wire)
        launched = isinstance(action, RunCommand)
        intent = command_of(action) if isinstance(action, RunCommand) else Click(action)
        outcome = await self._handle(visit, intent, _fresh_key())
        return await self._responder.dialog(visit, outcome, launched=launched)

    async def _called(self, visit: Visit) -> Json:
        """Open the form of a message action or of the compose box."""
        name = visit.delivery.value.get("commandId")
        intent = Shortcut(name if isinstance(name, str) else "", quoted(visit.delivery.value))
        outcome = await self._handle(visit, intent, _fresh_key())
        return await self._responder.dialog(visit, outcome)

    async def _searched(self, visit: Visit) -> Json:
        """Offer the cards of what somebody looks for while they write a message."""
        words = searched_words(visit.delivery.value)
        turn = await self._turn(visit, Said(words), _fresh_key())
        try:
            return offered(await search(self._router, turn, words))
        except (Mistake, Unavailable) as error:
            log.warning("not_searched", error=type(error).__name__)
            return offered(())

    async def _submitted(self, visit: Visit) -> Json:
        data = sent(visit.delivery.value.get("data"))
        action = meant(data.coded, self._router.wire)
        key = data.key or short_key("submit", visit.delivery.id)
        if data.pressed:
            outcome = await self._handle(visit, Click(action), key)
        else:
            answers, people = await self._roster.picked(visit.delivery, data.answers, data.picks)
            outcome = await self._handle(visit, Submission(action, answers, people), key)
        if data.launched and not (outcome.ask or outcome.refused):
            self._soon(self._responder.take_away(visit))
        return await self._responder.dialog(visit, outcome, data)

    async def _moved(self, visit: Visit) -> None:
        """Note that Hone was added or removed. Teams says so twice, and the key makes it once."""
        delivery = visit.delivery
        if delivery.event in ("remove", "channelDeleted", "teamDeleted") or (
            delivery.bot in delivery.removed
        ):
            try:
                await self._on_removed(visit.workspace, delivery.place.channel)
            except Unavailable as error:
                raise NotSaved from error
        elif delivery.event == "add" or delivery.bot in delivery.added:
            key = short_key("joined", f"{delivery.place.channel}:{self._acted_at(delivery):%F}")
            outcome = await self._handle(visit, Joined(), key)
            if not outcome.saved:
                raise NotSaved
            await self._responder.whisper(visit, outcome.whispers)
        else:
            await self._learn(visit)

    async def _learn(self, visit: Visit) -> None:
        """Note what Teams tells of names, and of who comes and goes."""
        delivery, database = visit.delivery, self._router.database
        try:
            if renamed := new_name(delivery):
                await learn(database, visit.workspace, renamed, self._clock())
            if not (delivery.added or delivery.removed):
                return
            for channel in await self._roster.channels_of(delivery):
                for news in movements(delivery, channel):
                    await learn(database, visit.workspace, news, self._clock())
        except Unavailable as error:
            raise NotSaved from error

    async def _handle_with(
        self, visit: Visit, intent: Intent, key: str, files: Sequence[Attached]
    ) -> Outcome:
        """Fetch what came along, then commit the turn."""
        turn = await self._turn(visit, intent, key)
        fetched = tuple([await self._connector.fetch(file, WAIT_S / len(files)) for file in files])
        with one_deadline():  # the database has its time, whatever the files took
            return await self._router.handle(replace(turn, documents=fetched))

    async def _handle(self, visit: Visit, intent: Intent, key: str) -> Outcome:
        return await self._router.handle(await self._turn(visit, intent, key))

    async def _turn(self, visit: Visit, intent: Intent, key: str) -> Turn:
        delivery = visit.delivery
        return Turn(
            workspace=visit.workspace,
            place=await self._roster.place(visit.workspace, delivery),
            person=await self._roster.person(visit.workspace, delivery),
            intent=intent,
            now=self._clock(),
            key=key,
            acted_at=self._acted_at(delivery),
            post=delivery.post,
        )

    def _acted_at(self, delivery: Delivery) -> datetime:
        """Return Teams' time of the act, never in the future: newer acts beat older ones."""
        now = self._clock()
        return min(delivery.acted_at or now, now)


def _fresh_key() -> str:
    """Return a key nothing repeats: a form must open however often Teams asks for it."""
    return f"fetch:{secrets.token_hex(16)}"
