"""Let a vote close by itself: one reminder before it, and never on fewer people than a score takes.

Too few at the deadline: it is put off once, by as long again as is fitting, and whoever leads the
vote is asked. Too few at the second: the vote stays open until somebody decides. A lone ballot is
never shown because the clock struck.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.turn import Direct, Post, Reply, Turn
from handlers.wsjf import access, draw
from handlers.wsjf.actions import NudgeView, PollView, ResultView, ThinView
from handlers.wsjf.outcome import votes_needed
from storage import Store
from storage.polls import CANCELLED, OPEN, REVEALED, Poll

DEADLINE: Final = "wsjf.deadline"
REMIND: Final = "wsjf.remind"

REMIND_BEFORE_MAX: Final = timedelta(hours=1)
REMIND_SHARE: Final = 4
"""The reminder leaves a quarter of the time the vote had, and an hour at most."""

WORTH_REMINDING: Final = timedelta(minutes=15)
"""A vote that closes sooner has everybody in the room."""

PUT_OFF_BY_MAX: Final = timedelta(days=1)
PUT_OFF_BY_MIN: Final = timedelta(hours=1)


async def put_deadline(store: Store, poll: Poll, closes_at: datetime | None) -> None:
    """Let the poll close by itself then, or not at all; before it, those who are late are asked."""
    poll.closes_at = closes_at
    await _set_timers(store, poll)


async def _set_timers(store: Store, poll: Poll) -> None:
    key = str(poll.id)
    await store.timers.cancel(REMIND, key)
    if poll.closes_at is None:
        await store.timers.cancel(DEADLINE, key)
        return
    await store.timers.set(DEADLINE, key, poll.closes_at, poll.channel)
    left = poll.closes_at - store.now
    if left >= WORTH_REMINDING:
        before = min(left / REMIND_SHARE, REMIND_BEFORE_MAX)
        await store.timers.set(REMIND, key, poll.closes_at - before, poll.channel)


async def remind_late(turn: Turn, store: Store, key: str) -> Reply:
    """Remind whoever has not finished, each once a round, before the vote closes by itself."""
    poll = await store.polls.for_change(int(key))
    if poll is None or poll.closes_at is None or not poll.takes_votes(turn.now):
        return None
    return await nudged(store, poll, await draw.missing(store, poll))


async def nudged(store: Store, poll: Poll, people: list[str]) -> tuple[Direct, ...]:
    """Return a private reminder for each of them who had none in this round."""
    new = await store.polls.nudge(poll, people)
    return tuple(Direct(person, NudgeView(poll.id, poll.round, person)) for person in new)


async def ring(turn: Turn, store: Store, key: str) -> Reply:
    """Close a vote at its deadline: reveal it if enough have voted, end it if nobody has."""
    poll = await store.polls.for_change(int(key))
    if poll is None or poll.state != OPEN or poll.takes_votes(turn.now):
        return None
    voted = len(await store.ballots.progress(poll, items=1))
    if not voted:
        await end(store, poll, access.HONE)
        return None
    if voted < votes_needed(poll):
        return await _put_off(store, poll)
    return await show_cards(store, poll, access.HONE)


async def _put_off(store: Store, poll: Poll) -> Reply:
    """Give a vote that too few took part in more time, once; then leave it to its leader."""
    later = None
    if not poll.extended and poll.closes_at is not None:
        had = poll.closes_at - poll.opened_at
        later = store.now + min(max(had, PUT_OFF_BY_MIN), PUT_OFF_BY_MAX)
    poll.extended = True
    await put_deadline(store, poll, later)
    asked = ThinView(poll.id, poll.round, poll.facilitator)
    return Direct(poll.facilitator, asked)


async def show_cards(store: Store, poll: Poll, by: str) -> Post:
    """Reveal the round for everybody at once."""
    numbers = await store.polls.asked(poll)
    await store.polls.close(poll, REVEALED, by)
    await _stop(store, poll)
    await store.rounds.reveal(poll, numbers, by)
    await store.ballots.learn_scale(poll)
    poll.version += 1
    return Post(ResultView(poll.id, poll.round), PollView(poll.id), channel=poll.channel)


async def end(store: Store, poll: Poll, by: str) -> None:
    """Close the round without showing any card; for ten minutes it can be opened again."""
    await store.polls.close(poll, CANCELLED if poll.round == 1 else REVEALED, by)
    await _stop(store, poll)
    poll.cancelled_at = store.now


async def _stop(store: Store, poll: Poll) -> None:
    for kind in (DEADLINE, REMIND):
        await store.timers.cancel(kind, str(poll.id))


async def open_again(store: Store, poll: Poll) -> None:
    """Open a round that was ended a moment ago; its deadline holds if it is still to come."""
    poll.state, poll.cancelled_at, poll.closed_at, poll.closed_by = OPEN, None, None, None
    if poll.closes_at is not None and poll.closes_at <= store.now:
        poll.closes_at = None
    await put_deadline(store, poll, poll.closes_at)
