"""Carries out an outcome for the person who waits: a toast, a card for them alone, or a dialog.

What Teams reads at once is an answer; the rest is a message beside it, worthless later.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any

import structlog
from botbuilder.core import TurnContext

from bot.cards import Card, Form, Text, plain, quote, says
from bot.outcome import Outcome
from bot.platform import Refused, SendError
from bot.teams.botbuilder import CARD_TYPE, message, say
from bot.teams.client import Connector
from bot.teams.forms import draw_form
from bot.teams.limits import TOAST_MAX_CHARS
from bot.teams.people import Roster
from bot.teams.read import Delivery, Sent
from bot.teams.render import render
from bot.teams.spans import Json, disarmed
from bot.turn import Ask, Whisper

LONG_FORM = 6
"""Fields from which a dialog opens tall."""

DONE = "Done."
OTHER_CARD = "application/vnd.microsoft.activity.message"

TOO_LONG = Whisper(says("There is more to show than Teams takes in one piece."))
NO_CHAT = says("I can't write to you alone. Please add me as a personal app, then ask again.")
IN_OUR_CHAT = "I've answered in our chat."

Soon = Callable[[Coroutine[Any, Any, None]], None]
"""Runs something after the answer."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Visit:
    """One delivery on its way through: what it says, whose it is and where to answer."""

    context: TurnContext
    workspace: str
    delivery: Delivery


class Responder:
    """Shows outcomes to the person who acted, and to nobody else."""

    def __init__(self, roster: Roster, connector: Connector, soon: Soon) -> None:
        self._roster = roster
        self._connector = connector
        self._soon = soon

    async def dialog(
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

    async def to_one(self, visit: Visit, whispers: tuple[Whisper, ...]) -> Json:
        """Answer a press so that nobody else reads it."""
        own = [whisper.card for whisper in whispers if whisper.replaces]
        if own:
            if visit.delivery.place.private:
                self._soon(self._replace(visit, own[-1]))  # so that it lasts longer than the view
            return own_card(own[-1])
        text = words(whispers)
        if text is not None:
            return toast(text or DONE)
        await self.whisper(visit, whispers)
        return toast(DONE if visit.delivery.place.private else IN_OUR_CHAT)

    async def whisper(self, visit: Visit, whispers: tuple[Whisper, ...]) -> None:
        """Write to the person alone: in their own chat with Hone, never in a channel."""
        if not whispers:
            return
        card = together(whispers)
        if visit.delivery.place.private:
            await self.say(visit, card)
            return
        try:
            await self._write_alone(visit.delivery, card)
        except Refused:
            await self.say(visit, NO_CHAT)
        except SendError as error:
            log.warning("whisper_not_sent", error=type(error).__name__)

    async def _write_alone(self, delivery: Delivery, card: Card) -> None:
        direct = await self._connector.open_direct(
            delivery.service_url, delivery.tenant, delivery.bot, delivery.sender.id
        )
        await self._connector.send(
            delivery.service_url, direct, message(_drawn(card), card.summary)
        )

    async def say(self, visit: Visit, card: Card) -> None:
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

    async def take_away(self, visit: Visit) -> None:
        """Delete a launcher whose form was sent."""
        delivery = visit.delivery
        if delivery.pressed:
            await self._connector.delete(
                delivery.service_url, delivery.conversation, delivery.pressed
            )


def _drawn(card: Card) -> Json:
    try:
        return render(card)
    except ValueError as error:
        log.error("not_drawn", error=type(error).__name__, reason=str(error))
        return render(TOO_LONG.card)


# --- what Teams reads at once ---


def words(whispers: tuple[Whisper, ...]) -> str | None:
    """Return the whispers as one short text, or None if they need a card to be shown."""
    lines = []
    for whisper in whispers:
        for node in whisper.card.nodes:
            if not isinstance(node, Text):
                return None
            lines.append(plain(node.spans))
    text = "\n".join(lines)
    return text if len(text) <= TOAST_MAX_CHARS else None


def together(whispers: tuple[Whisper, ...]) -> Card:
    """Return one card that says all of it."""
    summary = " ".join(whisper.card.summary for whisper in whispers)
    return Card(summary, tuple(node for whisper in whispers for node in whisper.card.nodes))


def toast(text: str) -> Json:
    """Answer an Action.Execute with a passing text, for the person alone."""
    return {"statusCode": 200, "type": OTHER_CARD, "value": text}


def own_card(card: Card) -> Json:
    """Answer an Action.Execute with a card, in place of the pressed one, for the person alone."""
    return {"statusCode": 200, "type": CARD_TYPE, "value": render(card)}


def open_dialog(form: Form, drawn: Json) -> Json:
    """Show a form, in a new dialog or in the one that is open."""
    return _continue(form.title, drawn, "large" if len(form.fields) >= LONG_FORM else "medium")


def in_dialog(whispers: tuple[Whisper, ...]) -> Json:
    """Answer a dialog: say it there, or close the dialog when there is nothing to say."""
    if not whispers:
        return {}
    text = words(whispers)
    if text is not None:
        return {"task": {"type": "message", "value": disarmed(text)}}
    return _continue("Hone", render(together(whispers), dialog=True), "medium")


def try_again(whispers: tuple[Whisper, ...], sent: Sent) -> Json:
    """Say why nothing was saved, repeat what was typed, and offer to send the same again.

    The form itself is gone by now: Teams does not send it back, and Hone keeps nothing between
    turns. What the person typed must not be lost with it.
    """
    card = together(whispers)
    drawn = render(replace(card, nodes=card.nodes + tuple(map(quote, sent.typed))), dialog=True)
    again = {"type": "Action.Submit", "title": "Try again", "data": sent.data}
    return _continue("Not saved", drawn | {"actions": [again]}, "medium")


def _continue(title: str, drawn: Json, height: str) -> Json:
    card = {"contentType": CARD_TYPE, "content": drawn}
    value = {"title": title, "width": "medium", "height": height, "card": card}
    return {"task": {"type": "continue", "value": value}}
