"""Capture an item without its author, who alone can take it back, for ten minutes.

A timer's name holds the hash of the author's secret. It rings, and is gone, once the hour is well
over; it rings at the same minute for all, so that it tells no more of the time than the item does.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.cards import says
from bot.turn import Click, Command, Intent, Mistake, Reply, Turn, Whisper
from handlers.capture.actions import TakeBack
from handlers.capture.draft import Draft
from handlers.capture.reading import read
from handlers.reader.anonymity import asks
from handlers.reader.asked import Asked
from handlers.rules.edit_token import EDIT_FOR, EditToken, new_token
from storage import Store
from storage.items import Item

TIMER = "capture.unsigned"

_ANY_DAY = Asked(datetime(2000, 1, 1, tzinfo=UTC))


def is_anonymous(intent: Intent) -> bool:
    """Whether this is `improve … --anon` or takes such an item back: nothing is kept of who did.

    What only looks like it is not saved; nor is it noted who typed it just now.
    """
    match intent:
        case Click(TakeBack()):
            return True
        case Command("improve", text, mentions):
            return asks(text) or read(text, _ANY_DAY, mentions).anonymous
        case _:
            return False


async def add_unsigned(turn: Turn, store: Store, draft: Draft) -> tuple[Item, EditToken]:
    """Save an item without its author, and no closer in time than the hour."""
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    then = store.to_the_hour()
    item = await then.items.add(team.id, by=None, link=draft.link, **draft.fields())
    token = new_token(turn.now)
    over = then.now + timedelta(hours=1) + EDIT_FOR
    await store.timers.set(TIMER, token.hash(item.number), over)
    return item, token


async def take_back(turn: Turn, store: Store, act: TakeBack) -> Reply:
    """Drop an item for whoever holds its secret, unless somebody has worked on it since."""
    token = EditToken(act.secret, act.until)
    timer = await store.timers.find(TIMER, token.hash(act.number))
    item = await store.items.locked(act.number)
    if timer is None or item is None or token.is_over(turn.now):
        raise Mistake("The ten minutes are over: nobody can tell any more whose item this is.")
    event = await store.items.last_event(item.number)
    if event is None or event.kind != "created":
        raise Mistake(f"Somebody has changed #{item.number} since, so it stays.")
    await store.timers.take(timer)
    await store.to_the_hour().items.undo(item, event, by=None)
    return Whisper(says(f"Taken back: #{item.number} is dropped."), replaces=True)


async def expired(turn: Turn, store: Store, key: str) -> Reply:
    """Let a secret go; the timer is gone with it."""
    return None
