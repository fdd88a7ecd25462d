"""The question which of a tracker's people somebody is, on their own page, until they answer."""

from __future__ import annotations

from bot.cards import Bold, Button, Buttons, text
from bot.feature import Entry, OnPage, Reader
from handlers.rules.access import Permission, may
from handlers.tracker.access import found
from handlers.tracker.actions import OpenMe
from handlers.tracker.people import may_be
from storage import Store

STEPS = ("links", "following")


async def entries(store: Store, reader: Reader) -> OnPage:
    """Ask once for each tracker that the reader's teams follow."""
    if not may(reader, Permission.SEE_TRACKER):
        return OnPage()
    asked: dict[int, Entry] = {}
    for team_id in reader.teams:
        for scope in await store.trackers.scopes_of(team_id):
            if scope.step not in STEPS or scope.tracker_id in asked:
                continue
            each = await found(store, scope)
            if await may_be(store, each, reader.id):
                words = text(Bold(each.kind.name), ": which of its people are you?")
                open_form = OpenMe(scope.id)
                button = Button("Choose", open_form, opens_form=True, hint="Choose who you are")
                asked[scope.tracker_id] = Entry("asked", (words, Buttons((button,))))
    return OnPage(tuple(asked.values()))
