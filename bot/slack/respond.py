"""Carries out an outcome for the person who acted: forms, private words, and Slack's own answers.

What a request's own answer cannot carry (a form, a second whisper) is sent beside it, so that Slack
has its answer as soon as the turn is committed. All of it is worthless later, so nothing is stored.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from typing import Any

import structlog
from slack_bolt.response import BoltResponse

from bot.cards import Buttons, Card, Chart, Table, says
from bot.outcome import Outcome
from bot.platform import Refused, SendError
from bot.slack.client import SlackApi
from bot.slack.forms import (
    Origin,
    farewell,
    field_ids,
    is_same_form,
    modal,
    still_open,
    takes_files,
)
from bot.slack.intents import AGAIN_ACTION, Delivery, again
from bot.slack.limits import BUTTON_VALUE_MAX_CHARS, TooBig
from bot.slack.render import Native, actions, button, is_browsed, message, ways
from bot.slack.spans import Json
from bot.turn import Ask, Command, Place, Turn, Whisper
from bot.twins import twin

TOO_LATE = says("That took me too long, and Slack let the form go. Please press it again.")
NO_FORM = says("Slack did not open the form. Please try again.")
TOO_BIG = says("That is more than Slack can show. Please tell whoever runs Hone.")
DONE = says("Done. You can close this.")
ON_ITS_WAY = says(
    "Your file is still on its way to me. I go on with you in our chat: see Messages."
)
IN_OUR_CHAT = says("I've answered in our chat: see Messages.")

_NO_FILES = frozenset({"missing_scope", "invalid_arguments", "invalid_blocks"})
"""How Slack refuses a form with a field for files to an app that was installed before it had one.

Which of them it is stands nowhere.
"""

_LET_GO = frozenset({"expired_trigger_id", "exchanged_trigger_id", "trigger_expired"})

LITERAL = {"mrkdwn": False, "unfurl_links": False, "unfurl_media": False}
"""Said with every message: its `text` holds people's words, and no link is drawn twice."""

log = structlog.get_logger()


class Responder:
    """Answers one workspace's people. `place` of a turn is where Hone can write, always."""

    def __init__(self, api: SlackApi, workspace: str) -> None:
        self._api = api
        self._workspace = workspace
        self._sending: set[asyncio.Task[None]] = set()

    async def settled(self) -> None:
        """Wait until everything sent beside an answer has arrived or failed."""
        while self._sending:
            await asyncio.gather(*self._sending, return_exceptions=True)

    # --- commands, presses, shortcuts, mentions ---

    def aside(self, delivery: Delivery, turn: Turn, outcome: Outcome) -> BoltResponse:
        """Answer a press or a shortcut: nothing of it fits into Slack's own answer."""
        if outcome.whispers and delivery.home and not outcome.ask:
            self.beside(self._show_at_home(delivery, turn, outcome.whispers))
        elif outcome.whispers:
            self.beside(self._tell(delivery, turn, outcome.whispers))
        if outcome.ask:
            self.beside(self._open(delivery, turn, outcome.ask))
        return BoltResponse(status=200)

    def to_event(self, delivery: Delivery, turn: Turn, outcome: Outcome) -> BoltResponse:
        """Answer an event; one that was not saved is refused, so that Slack brings it again."""
        return self.aside(delivery, turn, outcome) if outcome.saved else BoltResponse(status=503)

    def to_command(self, delivery: Delivery, turn: Turn, outcome: Outcome) -> BoltResponse:
        """Return the answer to a slash command: whispering in it is the fastest way there is."""
        if outcome.ask:
            self.beside(self._open(delivery, turn, outcome.ask))
        if not outcome.whispers:
            return BoltResponse(status=200)
        if any(is_browsed(node) for each in outcome.whispers for node in each.card.nodes):
            # What Slack refuses in this answer, nobody hears of; beside it the next way is tried.
            self.beside(self._tell(delivery, turn, outcome.whispers))
            return BoltResponse(status=200)
        first, *more = outcome.whispers
        if more:
            self.beside(self._tell(delivery, turn, tuple(more)))
        return _body({"response_type": "ephemeral", **LITERAL, **drawn(first.card)})

    async def _open(self, delivery: Delivery, turn: Turn, ask: Ask) -> None:
        if not delivery.trigger:
            await self._offer(delivery, turn, ask)
            return
        try:
            await self._open_view(delivery, turn, ask)
        except TooBig as error:
            log.error("form_too_big", workspace=self._workspace, cause=str(error))
            await self._whisper(delivery, turn, Whisper(TOO_BIG))
        except SendError as error:
            log.warning("form_not_opened", workspace=self._workspace, cause=str(error))
            late = isinstance(error, Refused) and error.reason in _LET_GO
            await self._whisper(delivery, turn, Whisper(TOO_LATE if late else NO_FORM))

    async def _open_view(self, delivery: Delivery, turn: Turn, ask: Ask) -> None:
        """Open the form; without its files where this installation may not read any yet."""
        origin = origin_of(delivery, turn.place)
        view = modal(ask.form, origin, ask.errors)
        try:
            await self._api.write("views.open", {"trigger_id": delivery.trigger, "view": view})
        except Refused as error:
            if not takes_files(view) or error.reason not in _NO_FILES:
                raise
            view = modal(ask.form, origin, ask.errors, files=False)
            await self._api.write("views.open", {"trigger_id": delivery.trigger, "view": view})

    async def _offer(self, delivery: Delivery, turn: Turn, ask: Ask) -> None:
        """Offer the form of a typed command with a button, since words bring no trigger."""
        command = ask.by or turn.intent
        value = again(command) if isinstance(command, Command) else ""
        if not value or len(value) > BUTTON_VALUE_MAX_CHARS:
            sentence = says("Slack opens forms for commands only; please use the slash command.")
            await self._whisper(delivery, turn, Whisper(sentence))
            return
        sentence = says("This takes a few answers.")
        row = actions([button(AGAIN_ACTION, "Open the form", value)])
        payload = drawn(sentence)
        await self._privately(turn, payload | {"blocks": [*payload["blocks"], row]})

    async def _tell(self, delivery: Delivery, turn: Turn, whispers: tuple[Whisper, ...]) -> None:
        for each in whispers:
            await self._whisper(delivery, turn, each)

    async def _show_at_home(
        self, delivery: Delivery, turn: Turn, whispers: tuple[Whisper, ...]
    ) -> None:
        """Say it over the Home tab; what a modal cannot show goes to the chat, and it says so."""
        view = _at_home(whispers)
        if view is None:
            await self._tell(delivery, turn, whispers)
            view = _at_home((Whisper(IN_OUR_CHAT),))
        try:
            await self._api.write("views.open", {"trigger_id": delivery.trigger, "view": view})
        except SendError as error:
            log.warning("answer_at_home_lost", workspace=self._workspace, cause=str(error))

    async def _whisper(self, delivery: Delivery, turn: Turn, whisper: Whisper) -> None:
        try:
            if delivery.reply and await self._respond(delivery, whisper):
                return
            await self._privately(turn, drawn(whisper.card, Native.TABLES))
        except SendError as error:
            log.warning("whisper_lost", workspace=self._workspace, cause=str(error))

    async def _respond(self, delivery: Delivery, whisper: Whisper) -> bool:
        """Answer through the `response_url`; False once it is used up, after 5 times or 30 min."""
        # Only a private card may be replaced: everybody else reads the other ones.
        replaces = whisper.replaces and delivery.whispered
        thread = (
            {"thread_ts": delivery.place.thread} if delivery.place and delivery.place.thread else {}
        )
        envelope = {"response_type": "ephemeral", "replace_original": replaces} | thread | LITERAL
        for way in ways(whisper.card):
            try:
                await self._api.respond(delivery.reply, envelope | drawn(whisper.card, way))
                return True
            except Refused as error:
                if error.reason != "invalid_blocks":
                    return False
        return False

    async def _privately(self, turn: Turn, payload: Json) -> None:
        """Tell the person here, or in their own chat with Hone where Slack refuses that."""
        place = turn.place
        envelope = {"channel": place.channel, **LITERAL, **payload}
        if place.thread:
            envelope["thread_ts"] = place.thread
        if place.private:
            await self._api.write("chat.postMessage", envelope)
            return
        try:
            await self._api.write("chat.postEphemeral", envelope | {"user": turn.person.id})
        except Refused:
            chat = await self._api.open_direct(turn.person.id)
            await self._api.write("chat.postMessage", {"channel": chat, **LITERAL, **payload})

    # --- forms ---

    def to_submission(self, delivery: Delivery, turn: Turn, outcome: Outcome) -> BoltResponse:
        """Return the answer to a sent form: close it, or keep it open and say what was wrong."""
        assert delivery.view is not None
        if outcome.refused:
            return _updated(still_open(delivery.view, _said(outcome)))
        at_home = _at_home(outcome.whispers) if delivery.home and outcome.ask is None else None
        if at_home:
            return _updated(at_home)
        if outcome.whispers:
            self.beside(self._tell(delivery, turn, outcome.whispers))
        if outcome.ask is None:
            return _body({"response_action": "clear"})
        ask = outcome.ask
        fields = set(field_ids(ask.form))
        if ask.errors and fields >= ask.errors.keys() and is_same_form(delivery.view, ask.form):
            return _body({"response_action": "errors", "errors": dict(ask.errors)})
        files = takes_files(delivery.view) or not is_same_form(delivery.view, ask.form)
        try:
            view = modal(ask.form, origin_of(delivery, turn.place), ask.errors, files=files)
        except TooBig as error:
            log.error("form_too_big", workspace=self._workspace, cause=str(error))
            view = still_open(delivery.view, TOO_BIG.summary)
        return _updated(view)

    def on_its_way(self, delivery: Delivery) -> BoltResponse:
        """Return the answer to a sent form whose file takes longer than Slack waits."""
        assert delivery.view is not None
        title = delivery.view["title"]["text"]
        return _updated(farewell(title, drawn(ON_ITS_WAY)["blocks"]))

    def to_press_in_form(self, delivery: Delivery, turn: Turn, outcome: Outcome) -> BoltResponse:
        """Answer a press of a form's second button, which Slack's own answer cannot."""
        if not outcome.repeated:
            self.beside(self._update_form(delivery, turn, outcome))
        return BoltResponse(status=200)

    async def _update_form(self, delivery: Delivery, turn: Turn, outcome: Outcome) -> None:
        assert delivery.view is not None
        try:
            view = self._next_view(delivery, turn, outcome)
            target = {"view_id": delivery.view["id"], "hash": delivery.view.get("hash")}
            await self._api.write("views.update", target | {"view": view})
        except (SendError, TooBig) as error:
            log.warning("form_not_updated", workspace=self._workspace, cause=str(error))
            await self._tell(delivery, turn, outcome.whispers)

    def _next_view(self, delivery: Delivery, turn: Turn, outcome: Outcome) -> Json:
        assert delivery.view is not None
        if outcome.refused:
            return still_open(delivery.view, _said(outcome))
        if outcome.ask:
            return modal(outcome.ask.form, origin_of(delivery, turn.place), outcome.ask.errors)
        # Slack cannot close a form after a press inside it, so it becomes its own answer.
        cards = [whisper.card for whisper in outcome.whispers] or [DONE]
        blocks = [block for card in cards for block in _in_modal(card)]
        return farewell(delivery.view["title"]["text"], blocks)

    # --- sending beside the answer ---

    def beside(self, sending: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(sending)
        self._sending.add(task)
        task.add_done_callback(self._sent)

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("answer_lost", workspace=self._workspace, error=type(error).__name__)


def drawn(card: Card, way: Native = Native.ALL) -> Json:
    """Return the card as a message, or the sentence that it is too big for one."""
    try:
        return message(card, way)
    except TooBig as error:
        log.error("card_too_big", cause=str(error))
        return message(TOO_BIG)


def origin_of(delivery: Delivery, place: Place) -> Origin:
    """Return what a form must bring back to answer where it was asked for."""
    return Origin(
        channel=place.channel,
        thread=place.thread,
        private=place.private,
        post=delivery.post,
        reply=delivery.reply,
        whispered=delivery.whispered,
        nonce=secrets.token_urlsafe(9),
        home=delivery.home,
    )


def _at_home(whispers: tuple[Whisper, ...]) -> Json | None:
    """Return the modal that says it all, or None if there is nothing or more than a modal shows."""
    cards = [whisper.card for whisper in whispers]
    if not cards or any(isinstance(n, _CHAT_ONLY) for card in cards for n in card.nodes):
        return None
    return farewell("Hone", [block for card in cards for block in drawn(card)["blocks"]])


_CHAT_ONLY = (Table, Chart, Buttons)
"""A modal shows no tables and no charts, and its buttons are those of its form."""


def _in_modal(card: Card) -> list[Json]:
    """Return the card's blocks for a modal, which shows no tables and no charts."""
    shown = (
        says(twin(card)) if any(isinstance(node, Table | Chart) for node in card.nodes) else card
    )
    blocks: list[Json] = drawn(shown)["blocks"]
    return blocks


def _body(answer: Json) -> BoltResponse:
    return BoltResponse(status=200, body=answer)


def _updated(view: Json) -> BoltResponse:
    return _body({"response_action": "update", "view": view})


def _said(outcome: Outcome) -> str:
    return " ".join(whisper.card.summary for whisper in outcome.whispers)
