"""The last digests on a person's own page: verdict and numbers, and whether it comes every week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.cards import Bold, Button, Buttons, Text, text
from bot.feature import Entry, OnPage, Reader
from handlers.digest.actions import OpenSchedule, ReadNow, StopMine
from handlers.digest.telling import as_told
from handlers.phrases import shortened
from handlers.rules.access import Permission, may
from storage import Store
from storage.digests import TEAM, Digest
from storage.waiting import DIGESTS_KEPT_FOR

TEAMS_SHOWN = 2


async def entries(store: Store, reader: Reader) -> OnPage:
    """Find the reader's own digest or, if they have none, their teams'; guests change nothing."""
    lines = await _own(store, reader) or await _of_teams(store, reader)
    may_schedule = may(reader, Permission.SCHEDULE_DIGEST)
    if not lines and not may_schedule:
        return OnPage()
    shown = [Entry("digest", (line,)) for line in lines or (text("None has come yet."),)]
    if may_schedule:
        shown.append(Entry("digest", (await _buttons(store, reader),)))
    return OnPage(tuple(shown))


async def _own(store: Store, reader: Reader) -> list[Text]:
    if reader.direct_channel is None:
        return []
    kept = await store.digests.latest(reader.direct_channel, TEAM)
    line = _last_told(tuple(reversed(kept)), "Yours")
    return [line] if line else []


async def _of_teams(store: Store, reader: Reader) -> list[Text]:
    shown = await store.waiting.digests(reader.teams) if reader.teams else ()
    for digest, _ in shown:
        store.holds_until(_forgotten_at(digest))
    names = {digest.team_id: shortened(team, 60) for digest, team in shown}
    lines = [
        _last_told([digest for digest, _ in shown if digest.team_id == team], name)
        for team, name in names.items()
    ]
    return [line for line in lines if line][:TEAMS_SHOWN]


def _forgotten_at(digest: Digest) -> datetime:
    """Return when a digest is too old to say anything; see `Waiting.digests`."""
    year, week = digest.iso_week.split("-W")
    monday = datetime.fromisocalendar(int(year), int(week), 1).replace(tzinfo=UTC)
    return monday + DIGESTS_KEPT_FOR + timedelta(weeks=1)


def _last_told(newest_first: Sequence[Digest], whose: str) -> Text | None:
    """Return the last digest that was told in full: a quiet week says nothing of its own."""
    for row in newest_first:
        if (story := as_told(row)) is not None:
            numbers = " · ".join(map(str, story.numbers))
            week = f"{whose}, week {int(story.week[-2:])}: "
            return text(week, Bold(story.verdict.sentence), f"\n{numbers}")
    return None


async def _buttons(store: Store, reader: Reader) -> Buttons:
    chat = reader.direct_channel
    buttons = [Button("Read it now", ReadNow(), hint="Read this week's digest in our chat")]
    if chat is not None and await store.digests.schedule(chat) is not None:
        buttons.append(Button("Stop the weekly one", StopMine(), hint="No more weekly digests"))
    elif chat is not None:
        weekly = OpenSchedule(chat)
        hint = "Get the digest in our chat every week, opens a form"
        buttons.append(Button("Get it every week", weekly, opens_form=True, hint=hint))
    return Buttons(tuple(buttons))
