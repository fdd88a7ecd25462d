"""Lead a vote: remind, add a deadline, hand over, reveal, cancel and think better of it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.cards import filled
from bot.turn import Ask, Direct, Mistake, Post, Refresh, Reply, Turn, Whisper, whisper
from handlers.phrases import counted, listed
from handlers.reader.moments import Unreadable
from handlers.rules.access import Permission, may
from handlers.wsjf import access, cards, draw, forms
from handlers.wsjf.actions import (
    Cancel,
    HandOver,
    Manage,
    NudgeView,
    OpenDeadline,
    OpenHandOver,
    PollView,
    Remind,
    ResultView,
    Reveal,
    SetDeadline,
    Uncancel,
)
from handlers.wsjf.cards import UNDO_FOR
from handlers.wsjf.deadline import read_deadline
from handlers.wsjf.words import why_closed
from storage import Store
from storage.polls import CANCELLED, OPEN, REVEALED, Poll

DEADLINE = "wsjf.deadline"

# --- reveal ----------------------------------------------------------------------------------


async def reveal(turn: Turn, store: Store, act: Reveal) -> Reply:
    """Show everyone's cards at once. Nobody absent is waited for."""
    poll = await access.held_for_change(store, act.poll_id)
    if poll.state != OPEN:
        return _already(poll, turn.now)
    await access.may_reveal(turn, store, poll)
    if not await store.ballots.has_votes(poll):
        raise Mistake("Nobody has voted yet, so there is nothing to reveal.")
    return await _reveal(store, poll, turn.person.id)


async def ring(turn: Turn, store: Store, key: str) -> Reply:
    """Close a vote at its deadline: reveal it, or end it if nobody has voted."""
    poll = await store.polls.for_change(int(key))
    if poll is None or poll.state != OPEN or poll.takes_votes(turn.now):
        return None
    if await store.ballots.has_votes(poll):
        return await _reveal(store, poll, access.HONE)
    return await _cancel(store, poll, access.HONE)


async def _reveal(store: Store, poll: Poll, by: str) -> Reply:
    numbers = await store.polls.asked(poll)
    await store.polls.close(poll, REVEALED, by)
    await store.timers.cancel(DEADLINE, str(poll.id))
    await store.rounds.reveal(poll, numbers, by)
    await store.ballots.learn_scale(poll)
    poll.version += 1
    return Post(ResultView(poll.id, poll.round), PollView(poll.id), channel=poll.channel)


# --- cancel ----------------------------------------------------------------------------------


async def cancel(turn: Turn, store: Store, act: Cancel) -> Reply:
    """Close the round without showing any card; what was revealed before it stays."""
    poll = await access.held_for_change(store, act.poll_id)
    if poll.state != OPEN:
        return _already(poll, turn.now)
    await access.may_lead(turn, store, poll)
    return await _cancel(store, poll, turn.person.id)


async def _cancel(store: Store, poll: Poll, by: str) -> Reply:
    await store.polls.close(poll, CANCELLED if poll.round == 1 else REVEALED, by)
    await store.timers.cancel(DEADLINE, str(poll.id))
    poll.cancelled_at = store.now
    return None


async def uncancel(turn: Turn, store: Store, act: Uncancel) -> Reply:
    """Open a round again that was cancelled less than ten minutes ago, every card still in it."""
    poll = await access.held_for_change(store, act.poll_id)
    await access.may_lead(turn, store, poll)
    if poll.state == OPEN:
        return Refresh(PollView(poll.id)), whisper("This vote is open again already.")
    if poll.cancelled_at is None or turn.now - poll.cancelled_at >= UNDO_FOR:
        raise Mistake("Undo works for ten minutes. Start a new vote instead.")
    poll.state, poll.cancelled_at, poll.closed_at, poll.closed_by = OPEN, None, None, None
    if poll.closes_at is not None and poll.closes_at <= turn.now:
        poll.closes_at = None
    if poll.closes_at is not None:
        await store.timers.set(DEADLINE, str(poll.id), poll.closes_at, poll.channel)
    return None


# --- tools -----------------------------------------------------------------------------------


async def manage(turn: Turn, store: Store, act: Manage) -> Reply:
    """Show the tools to the one who leads the vote, in private."""
    poll = await access.found(store, act.poll_id)
    await access.may_lead(turn, store, poll)
    if poll.state != OPEN:
        return _already(poll, turn.now)
    left = await store.people.named(await draw.missing(store, poll))
    items = await draw.asked_items(store, poll)
    return Whisper(cards.tools(poll, items, sorted(left.values())))


async def remind(turn: Turn, store: Store, act: Remind) -> Reply:
    """Remind those who have not finished, each once a round and in private."""
    poll = await access.held_for_change(store, act.poll_id)
    await access.may_lead(turn, store, poll)
    if not poll.takes_votes(turn.now):
        return _already(poll, turn.now)
    people = [each for each in await draw.missing(store, poll) if each != turn.person.id]
    new = await store.polls.nudge(poll, people)
    names = await store.people.named(list(new))
    told = f"Reminded {listed(sorted(names.values()))}." if new else "Nobody is left to remind."
    if before := len(people) - len(new):
        told += f" {counted(before, 'person was', 'people were')} reminded before."
    asked = (Direct(person, NudgeView(poll.id, poll.round, person)) for person in new)
    return (*asked, whisper(told))


async def open_deadline(turn: Turn, store: Store, act: OpenDeadline) -> Reply:
    """Open the form of the deadline."""
    poll = await access.found(store, act.poll_id)
    await access.may_lead(turn, store, poll)
    return Ask(forms.deadline(poll, _on_clock(poll.closes_at, turn.person.zone)))


async def set_deadline(turn: Turn, store: Store, act: SetDeadline) -> Reply:
    """Have the vote close by itself at this time, or lift its deadline."""
    poll = await access.held_for_change(store, act.poll_id)
    await access.may_lead(turn, store, poll)
    if not poll.takes_votes(turn.now):
        return _already(poll, turn.now)
    try:
        closes_at = await read_deadline(turn, store, turn.answers.one("closes"))
    except Unreadable as error:
        return Ask(filled(forms.deadline(poll, ""), turn.answers), {"closes": str(error)})
    await put_deadline(store, poll, closes_at)
    return None


async def put_deadline(store: Store, poll: Poll, closes_at: datetime | None) -> None:
    """Let the poll close by itself then, or not at all."""
    poll.closes_at = closes_at
    if closes_at is None:
        await store.timers.cancel(DEADLINE, str(poll.id))
    else:
        await store.timers.set(DEADLINE, str(poll.id), closes_at, poll.channel)


def _on_clock(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if at else ""


async def open_hand_over(turn: Turn, store: Store, act: OpenHandOver) -> Reply:
    """Ask who leads the vote from now on."""
    poll = await access.found(store, act.poll_id)
    await access.may_lead(turn, store, poll)
    return Ask(forms.hand_over(poll))


async def hand_over(turn: Turn, store: Store, act: HandOver) -> Reply:
    """Let somebody else lead the vote."""
    poll = await access.held_for_change(store, act.poll_id)
    await access.may_lead(turn, store, poll)
    person = await store.people.find(turn.answers.one("person"))
    if person is None or not may(person, Permission.START_VOTE):
        error = "Choose a member of this workspace." if person else "Choose a person from the list."
        return Ask(filled(forms.hand_over(poll), turn.answers), {"person": error})
    poll.facilitator = person.id
    return whisper(f"{person.name} leads this vote from now on.")


# --- how it is done --------------------------------------------------------------------------


def _already(poll: Poll, now: datetime) -> Reply:
    return Refresh(PollView(poll.id)), whisper(f"This vote {why_closed(poll, now)} already.")
