"""The questions a person was asked and has not answered yet, on their own page."""

from __future__ import annotations

from datetime import UTC, datetime, time

from bot.cards import Bold, text
from bot.feature import Entry, OnPage, Reader
from handlers.followthrough import who
from handlers.followthrough.cards import due_buttons, effect_buttons, name
from handlers.reader.names import in_words
from storage import Store
from storage.items import Item
from storage.reminders import DUE


async def entries(store: Store, reader: Reader) -> OnPage:
    """Find what the reader was asked: whether items got done, and whether they worked."""
    asked = await store.waiting.questions(reader.id)
    theirs = [
        (item, kind)
        for item, kind in asked
        if await who.answers_for(store, item, kind) == reader.id
    ]
    return OnPage(tuple(_got_done(i) if kind == DUE else _worked(i) for i, kind in theirs))


def _got_done(item: Item) -> Entry:
    assert item.due is not None, "it was asked about for its due date"
    words = text(Bold(name(item)), f" was due on {in_words(item.due)}. Did it get done?")
    day = datetime.combine(item.due, time(), UTC)
    return Entry("asked", (words, due_buttons(item.number)), day)


def _worked(item: Item) -> Entry:
    assert item.check_on is not None, "it was asked about for the day of its check"
    words = text(Bold(name(item)), f": you wanted {item.metric} to change. Did it move?")
    day = datetime.combine(item.check_on, time(), UTC)
    return Entry("asked", (words, effect_buttons(item.number)), day)
