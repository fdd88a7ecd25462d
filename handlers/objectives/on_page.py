"""The confidence votes that wait for one person, on their own page."""

from __future__ import annotations

from bot.cards import Bold, Button, Buttons, text
from bot.feature import Entry, OnPage, Reader
from handlers.objectives.access import shown
from handlers.objectives.actions import OpenFist
from handlers.rules.access import Permission, may
from storage import Store


async def entries(store: Store, reader: Reader) -> OnPage:
    """Find the open votes on a plan in which the reader has no number yet; guests plan nothing."""
    if not may(reader, Permission.JOIN_PLANNING) or not reader.teams:
        return OnPage()
    votes = await store.waiting.confidence_votes(reader.teams, reader.id)
    return OnPage(tuple(_entry(vote.id, shown(name)) for vote, name in votes))


def _entry(vote_id: int, pi: str) -> Entry:
    hint = "Vote on the plan, opens your private ballot"
    button = Button("Vote", OpenFist(vote_id), "primary", opens_form=True, hint=hint)
    words = text(Bold(f"Confidence in {pi}"), ": a number from 1 to 5, hidden from everybody.")
    return Entry("votes", (words, Buttons((button,))))
