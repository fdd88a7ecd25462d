"""Somebody whom Hone asks one question after the other."""

from __future__ import annotations

from bot.cards import Card
from tests.hone import Hone, Someone

GRUMBLE = "we keep waiting for test data"


def open_card(someone: Someone) -> Card:
    """The newest card in somebody's chat with Hone."""
    return someone.hone.channel(someone.place.channel)[-1].card


def asked(someone: Someone) -> str:
    return open_card(someone).summary


async def coached(hone: Hone) -> Someone:
    """Ada, at the first question about her grumble."""
    ada = hone.person("Ada").alone()
    await ada.chats(GRUMBLE)
    await ada.clicks("Coach me")
    assert asked(ada) == "What happens now?"
    return ada


async def at(hone: Hone, question: str) -> Someone:
    """Ada at a question, having skipped those before it."""
    ada = await coached(hone)
    while asked(ada) != question:
        await ada.chats("days a story waits" if "metric" in asked(ada) else "skip")
    return ada
