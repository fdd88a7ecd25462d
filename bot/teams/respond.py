"""What Teams reads at once after a press: a toast, a card for one person, or a dialog."""

from __future__ import annotations

from dataclasses import replace

from bot.cards import Card, Form, Text, plain, quote
from bot.teams.botbuilder import CARD_TYPE
from bot.teams.limits import TOAST_MAX_CHARS
from bot.teams.read import Sent
from bot.teams.render import render
from bot.teams.spans import Json, disarmed
from bot.turn import Whisper

LONG_FORM = 6
"""Fields from which a dialog opens tall."""

DONE = "Done."
OTHER_CARD = "application/vnd.microsoft.activity.message"


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
