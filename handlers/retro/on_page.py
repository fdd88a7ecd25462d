"""What retros ask of one person, on their own page. Nothing here looks at who wrote a note."""

from __future__ import annotations

from bot.cards import Bold, Button, Buttons, Span, When, text
from bot.feature import Entry, OnPage, Reader
from handlers.retro.access import may_join
from handlers.retro.actions import OpenDots
from handlers.retro.alone import named
from storage import Store
from storage.retros import COLLECTING, VOTING, Retro


async def entries(store: Store, reader: Reader) -> OnPage:
    """Find the retros that collect notes, and those in which the reader has given no dots yet."""
    retros = await store.waiting.retros(reader.teams) if reader.teams else ()
    entries = []
    for retro, channel in retros:
        if not await may_join(store, retro, reader):
            continue
        if retro.stage == COLLECTING:
            entries.append(_collecting(retro, channel, reader.zone))
        elif retro.stage == VOTING and not await store.waiting.gave_dots(retro.id, reader.id):
            entries.append(_voting(retro, channel))
    return OnPage(tuple(entries))


def _collecting(retro: Retro, channel: str, zone: str) -> Entry:
    """Lead to the channel: an answer in a private chat would stay there and say who wrote when."""
    spans: list[Span] = [Bold(f"The retro in {named(channel)}"), " collects notes"]
    if retro.deadline is not None:
        spans += [" until ", When(retro.deadline, zone)]
    return Entry("asked", (text(*spans, ". Add yours there."),), retro.deadline)


def _voting(retro: Retro, channel: str) -> Entry:
    words = text(Bold(f"The retro in {named(channel)}"), f": you have {retro.dots} dots to give.")
    hint = "Give your dots, opens a form"
    button = Button("Give my dots", OpenDots(retro.id), "primary", opens_form=True, hint=hint)
    return Entry("votes", (words, Buttons((button,))))
