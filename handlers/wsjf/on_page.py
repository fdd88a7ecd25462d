"""The votes that wait for one person, on their own page: what they are on, never a card."""

from __future__ import annotations

from bot.cards import Bold, Button, Buttons, Span, When, text
from bot.feature import Entry, OnPage, Reader
from handlers.phrases import listed, shortened
from handlers.rules.access import Permission, may
from handlers.rules.guard import let_by
from handlers.wsjf.actions import OpenBallot
from handlers.wsjf.words import subject, titled
from storage import Store
from storage.items import Item
from storage.waiting import OpenPoll

TITLES_SHOWN = 2


async def entries(store: Store, reader: Reader) -> OnPage:
    """Find the open votes that the reader may take part in and has not finished."""
    teams = await _voting_teams(store, reader)
    polls = await store.waiting.polls(teams, reader.id) if teams else ()
    for each in polls:
        store.holds_until(each.poll.closes_at)
    items = await store.items.several([n for each in polls for n in each.numbers])
    return OnPage(
        tuple(_entry(each, [items[n] for n in each.numbers], reader.zone) for each in polls)
    )


async def _voting_teams(store: Store, reader: Reader) -> list[int]:
    if may(reader, Permission.VOTE):
        return list(reader.teams)
    teams = [await store.teams.find(team) for team in reader.teams]
    return [team.id for team in teams if team and may(reader, Permission.VOTE, let_by(team))]


def _entry(open_poll: OpenPoll, items: list[Item], zone: str) -> Entry:
    poll = open_poll.poll
    what = listed([titled(item, 70) for item in items], TITLES_SHOWN)
    spans: list[Span] = [Bold(what), f", in {_place(open_poll.channel)}."]
    if poll.closes_at is not None:
        spans += [" Closes by itself: ", When(poll.closes_at, zone), "."]
    hint = shortened(f"Vote on {subject(items)}, opens your private ballot", 75)
    button = Button("Vote", OpenBallot(poll.id), "primary", opens_form=True, hint=hint)
    return Entry("votes", (text(*spans), Buttons((button,))), poll.closes_at)


def _place(channel: str) -> str:
    return shortened(channel, 60) or "your team's channel"
