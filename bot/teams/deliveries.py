"""Take each kind of delivery to the router, and its outcome back to the person who waits for it."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from botbuilder.core import TurnContext

from bot.cards import Card, says
from bot.platform import Refused, SendError
from bot.router import Outcome, Router
from bot.teams.answers import (
    DONE,
    in_dialog,
    open_dialog,
    own_card,
    toast,
    together,
    try_again,
    words,
)
from bot.teams.connector import Connector
from bot.teams.contents import message_words
from bot.teams.dialog import draw_form
from bot.teams.edge import Answer, message, say
from bot.teams.read import Delivery, Sent, pressed_action, quoted, sent, short_key
from bot.teams.render import render
from bot.teams.roster import Roster
from bot.teams.spans import Json
from bot.teams.turns import OWN_WIRE, RunCommand, command_of, launcher, meant, said
from bot.turn import (
    Ask,
    Click,
    Command,
    Intent,
    Joined,
    Shortcut,
    Submission,
    Turn,
    Whisper,
    whisper,
)
from storage import Unavailable

Removed = Callable[[str, str], Awaitable[None]]
"""Takes the workspace and the conversation that Hone was removed from."""

Soon = Callable[[Coroutine[Any, Any, None]], None]
"""Runs something after the answer."""

TOO_LONG = whisper("There is more to show than Teams takes in one piece.")
NO_CHAT = says("I can't write to you alone. Please add me as a personal app, then ask again.")
IN_OUR_CHAT = "I've answered in our chat."

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Visit:
    """One delivery on its way through: what it says, whose it is and where to answer."""

    context: TurnContext
    workspace: str
    delivery: Delivery


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
        self._clock = clock
        self._on_removed = on_removed
        self._soon = soon

    async def take(self, context: TurnContext, workspace: str, delivery: Delivery) -> Answer:
        """Handle one delivery and answer it; raises NotSaved for an event to be delivered again."""
        visit = Visit(context, workspace, delivery)
        match delivery.type, delivery.name:
            case "message", _:
                await self._message(visit)
            case "invoke", "adaptiveCard/action":
                return Answer(body=await self._pressed(visit))
            case "invoke", "task/fetch":
                return Answer(body=await self._fetched(visit))
            case "invoke", "task/submit" | "composeExtension/submitAction":
                return Answer(body=await self._submitted(visit))
            case "invoke", "composeExtension/fetchTask":
                return Answer(body=await self._called(visit))
            case "invoke", _:
                return Answer(400, {})
            case "conversationUpdate" | "installationUpdate", _:
                await self._moved(visit)
            case _:
                pass  # typing, reactions, edits and whatever Teams invents next
        return Answer()

    # --- one kind each ---

    async def _message(self, visit: Visit) -> None:
        delivery = visit.delivery
        if not delivery.body.get("text") and not message_words(delivery.body, files=False):
            return  # a picture, or a press of a card that is not ours
        intent = await self._roster.sorted_out(delivery, said(delivery, self._router.commands))
        outcome = await self._handle(visit, intent, short_key("message", delivery.id))
        if outcome.ask and isinstance(intent, Command):
            await self._say(visit, launcher(intent, outcome.ask.form))
        await self._whisper(visit, outcome.whispers)

    async def _pressed(self, visit: Visit) -> Json:
        """Answer an Action.Execute: privately, since the card itself is redrawn by the outbox."""
        action = meant(pressed_action(visit.delivery.value), self._router.wire)
        outcome = await self._handle(visit, Click(action), short_key("press", visit.delivery.id))
        if outcome.ask:
            log.error("button_cannot_open_form", action=type(action).__name__)
            return toast("This button can't open its form here. Please type the command instead.")
        return await self._to_one(visit, outcome.whispers)

    async def _fetched(self, visit: Visit) -> Json:
        """Open the form that a button asks for."""
        data = sent(visit.delivery.value.get("data"))
        action = meant(data.coded, OWN_WIRE, self._router.wire)
        launched = isinstance(action, RunCommand)
        intent = command_of(action) if isinstance(action, RunCommand) else Click(action)
        outcome = await self._handle(visit, intent, _fresh_key())
        return await self._dialog(visit, outcome, launched=launched)

    async def _called(self, visit: Visit) -> Json:
        """Open the form of a message action or of the compose box."""
        name = visit.delivery.value.get("commandId")
        intent = Shortcut(name if isinstance(name, str) else "", quoted(visit.delivery.value))
        outcome = await self._handle(visit, intent, _fresh_key())
        return await self._dialog(visit, outcome)

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
            self._soon(self._take_away(visit))
        return await self._dialog(visit, outcome, data)

    async def _moved(self, visit: Visit) -> None:
        """Note that Hone was added or removed. Teams says so twice, and the key makes it once."""
        delivery = visit.delivery
        if delivery.event in ("remove", "channelDeleted", "teamDeleted"):
            try:
                await self._on_removed(visit.workspace, delivery.place.channel)
            except Unavailable as error:
                raise NotSaved from error
        elif delivery.event == "add" or delivery.bot in delivery.added:
            key = short_key("joined", f"{delivery.place.channel}:{self._acted_at(delivery):%F}")
            outcome = await self._handle(visit, Joined(), key)
            if not outcome.saved:
                raise NotSaved
            await self._whisper(visit, outcome.whispers)

    async def _handle(self, visit: Visit, intent: Intent, key: str) -> Outcome:
        delivery = visit.delivery
        turn = Turn(
            workspace=visit.workspace,
            place=await self._roster.place(delivery),
            person=await self._roster.person(visit.workspace, delivery),
            intent=intent,
            now=self._clock(),
            key=key,
            acted_at=self._acted_at(delivery),
            post=delivery.post,
        )
        return await self._router.handle(turn)

    def _acted_at(self, delivery: Delivery) -> datetime:
        """Return Teams' time of the act, never in the future: newer acts beat older ones."""
        now = self._clock()
        return min(delivery.acted_at or now, now)

    # --- answering ---

    async def _dialog(
        self, visit: Visit, outcome: Outcome, data: Sent | None = None, *, launched: bool = False
    ) -> Json:
        """Show a form, show what is said in its place, or close the dialog."""
        try:
            if outcome.ask:
                launched = launched or bool(data and data.launched)
                return open_dialog(
                    outcome.ask.form, await self._drawn_form(visit, outcome.ask, launched)
                )
            if outcome.refused and data:
                return try_again(outcome.whispers, data)
            return in_dialog(outcome.whispers)
        except ValueError as error:
            log.error("not_drawn", error=type(error).__name__, reason=str(error))
            return in_dialog((TOO_LONG,))

    async def _drawn_form(self, visit: Visit, ask: Ask, launched: bool) -> Json:
        form = await self._roster.pickable(visit.delivery, ask.form)
        return draw_form(form, ask.errors, secrets.token_urlsafe(16), launched=launched)

    async def _to_one(self, visit: Visit, whispers: tuple[Whisper, ...]) -> Json:
        """Answer a press so that nobody else reads it."""
        own = [whisper.card for whisper in whispers if whisper.replaces]
        if own:
            if visit.delivery.place.private:
                self._soon(self._replace(visit, own[-1]))  # so that it lasts longer than the view
            return own_card(own[-1])
        text = words(whispers)
        if text is not None:
            return toast(text or DONE)
        await self._whisper(visit, whispers)
        return toast(DONE if visit.delivery.place.private else IN_OUR_CHAT)

    async def _whisper(self, visit: Visit, whispers: tuple[Whisper, ...]) -> None:
        """Write to the person alone: in their own chat with Hone, never in a channel."""
        if not whispers:
            return
        card = together(whispers)
        if visit.delivery.place.private:
            await self._say(visit, card)
            return
        try:
            await self._write_alone(visit.delivery, card)
        except Refused:
            await self._say(visit, NO_CHAT)
        except SendError as error:
            log.warning("whisper_not_sent", error=type(error).__name__)

    async def _write_alone(self, delivery: Delivery, card: Card) -> None:
        direct = await self._connector.open_direct(
            delivery.service_url, delivery.tenant, delivery.bot, delivery.sender.id
        )
        await self._connector.send(
            delivery.service_url, direct, message(_drawn(card), card.summary)
        )

    async def _say(self, visit: Visit, card: Card) -> None:
        """Show a card where the turn happened."""
        try:
            await say(visit.context, _drawn(card), card.summary)
        except SendError as error:
            log.warning("answer_not_sent", error=type(error).__name__)

    async def _replace(self, visit: Visit, card: Card) -> None:
        delivery = visit.delivery
        if delivery.pressed:
            await self._connector.update(
                delivery.service_url,
                delivery.conversation,
                delivery.pressed,
                message(_drawn(card), card.summary),
            )

    async def _take_away(self, visit: Visit) -> None:
        """Delete a launcher whose form was sent."""
        delivery = visit.delivery
        if delivery.pressed:
            await self._connector.delete(
                delivery.service_url, delivery.conversation, delivery.pressed
            )


def _fresh_key() -> str:
    """Return a key nothing repeats: a form must open however often Teams asks for it."""
    return f"fetch:{secrets.token_hex(16)}"


def _drawn(card: Card) -> Json:
    try:
        return render(card)
    except ValueError as error:
        log.error("not_drawn", error=type(error).__name__, reason=str(error))
        return render(TOO_LONG.card)
