"""The questions an owner was asked and has not answered yet, on their own page."""

from __future__ import annotations

from datetime import UTC, datetime, time

from bot.cards import Bold, Button, Buttons, text
from bot.feature import Entry, OnPage, Reader
from handlers.due import in_words
from handlers.followthrough.actions import (
    Done,
    OpenDrop,
    OpenEffect,
    OpenLater,
    OpenRecheck,
    SaveEffect,
)
from handlers.followthrough.cards import name
from storage import Store
from storage.items import Item


async def entries(store: Store, reader: Reader) -> OnPage:
    """Find the items whose owner was asked whether they got done, or whether they worked."""
    asked = await store.waiting.questions(reader.id)
    return OnPage(tuple(_got_done(i) if i.state != "accepted" else _worked(i) for i in asked))


def _got_done(item: Item) -> Entry:
    assert item.due is not None, "it was asked about for its due date"
    n = item.number
    words = text(Bold(name(item)), f" was due on {in_words(item.due)}. Did it get done?")
    buttons = (
        Button("Done", Done(n), "primary", hint=f"Mark #{n} as done"),
        Button("Later", OpenLater(n), opens_form=True, hint=f"Choose a new day for #{n}"),
        Button("Drop", OpenDrop(n), opens_form=True, hint=f"Drop #{n} with a reason"),
    )
    return Entry("asked", (words, Buttons(buttons)), datetime.combine(item.due, time(), UTC))


def _worked(item: Item) -> Entry:
    assert item.check_on is not None, "it was asked about for the day of its check"
    n = item.number
    words = text(Bold(name(item)), f": you wanted {item.metric} to change. Did it move?")
    buttons = (
        Button("It moved", OpenEffect(n, "moved"), opens_form=True, hint=f"#{n} moved it"),
        Button("It did not", OpenEffect(n, "not moved"), opens_form=True, hint=f"#{n} did not"),
        Button("Cannot tell", SaveEffect(n, "cannot tell"), hint=f"Nobody can tell about #{n}"),
        Button("Ask me later", OpenRecheck(n), opens_form=True, hint=f"Ask again about #{n}"),
    )
    return Entry("asked", (words, Buttons(buttons)), datetime.combine(item.check_on, time(), UTC))
