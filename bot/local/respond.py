"""What only the page that acted is answered."""

from __future__ import annotations

from uuid import uuid4

from aiohttp import web

from bot.local.forms import form_html
from bot.local.messages import echo_html, whisper_html
from bot.local.people import PEOPLE
from bot.local.read import Request
from bot.outcome import Outcome


def answer(sent: Request, outcome: Outcome, echo: str = "") -> web.Response:
    """Return what only this person's page shows. `form` null closes the form that was sent."""
    zone = sent.who.person.zone
    ask = outcome.ask
    return web.json_response(
        {
            "echo": echo_html(echo) if echo else None,
            "whispers": [
                {
                    "html": whisper_html(whisper.card, zone, f"whisper-{uuid4().hex}"),
                    "replaces": whisper.replaces,
                    "summary": whisper.card.summary,
                }
                for whisper in outcome.whispers
            ],
            "form": form_html(ask.form, ask.errors, PEOPLE, zone, uuid4().hex) if ask else None,
            "repeated": outcome.repeated,
            "saved": outcome.saved and not outcome.refused,
        }
    )
