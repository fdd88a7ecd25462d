"""Lead a vote: remind, add a deadline, hand over, reveal, cancel and think better of it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.cards import filled
from bot.turn import Ask, Direct, Mistake, Refresh, Reply, Turn, Whisper, whisper
from handlers.phrases import counted, listed
from handlers.reader.moments import Unreadable
from handlers.rules.access import Permission, may
from handlers.ui.views import UNDO_FOR
from handlers.wsjf import access, cards, closing, draw, forms
from handlers.wsjf.actions import (
    Cancel,
    HandOver,
    LeadView,
    Manage,
    OpenDeadline,
    OpenHandOver,
    PollView,
    Remind,
    Reveal,
    SetDeadline,
    Uncancel,
)
from handlers.wsjf.deadline import read_deadline
from handlers.wsjf.words import why_closed
from storage import Store
from storage.polls import OPEN, Poll

# --- reveal ----------------------------------------------------------------------------------


async def reveal(turn: Turn, store: Store, act: Reveal) -> Reply:
    """Show everyone's cards at once. Nobody absent is waited for."""
    poll = await access.held_for_change(store, act.poll_id)
    if poll.state != OPEN:
        return _already(poll, turn.now)
    await access.may_reveal(turn, store, poll)
    if not await store.ballots.has_votes(poll):
        raise Mistake("Nobody has voted yet, so there is nothing to reveal.")
    return await closing.show_cards(store, poll, turn.person.id)


# --- cancel ----------------------------------------------------------------------------------


async def cancel(turn: Turn, store: Store, act: Cancel) -> Reply:
    """Close the round without showing any card; what was revealed before it stays."""
    poll = await access.held_for_change(store, act.poll_id)
    if poll.state != OPEN:
        return _already(poll, turn.now)
    await access.may_lead(turn, store, poll)
    await closing.end(store, poll, turn.person.id)
    return None


async def uncancel(turn: Turn, store: Store, act: Uncancel) -> Reply:
    """Open a round again that was cancelled less than ten minutes ago, every card still in it."""
    poll = await access.held_for_change(store, act.poll_id)
    await access.may_lead(turn, store, poll)
    if poll.state == OPEN:
        return Refresh(PollView(poll.id)), whisper("This vote is open again already.")
    if poll.cancelled_at is None or turn.now - poll.cancelled_at >= UNDO_FOR:
        raise Mistake("Undo works for ten minutes. Start a new vote instead.")
    await closing.open_again(store, poll)
    return None


# --- tools -----------------------------------------------------------------------------------


async def manage(turn: Turn, store: Store, act: Manage) -> Reply:
    """Show the tools to the one who leads the vote, in private."""
    poll = await access.existing(store, act.poll_id)
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
    asked = await closing.nudged(store, poll, people)
    new = [each.person for each in asked]
    names = await store.people.named(new)
    sentence = f"Reminded {listed(sorted(names.values()))}." if new else "Nobody is left to remind."
    if before := len(people) - len(new):
        sentence += f" {counted(before, 'person was', 'people were')} reminded before."
    return (*asked, whisper(sentence))


async def open_deadline(turn: Turn, store: Store, act: OpenDeadline) -> Reply:
    """Open the form of the deadline."""
    poll = await access.existing(store, act.poll_id)
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
    await closing.put_deadline(store, poll, closes_at)
    return None


def _on_clock(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if at else ""


async def open_hand_over(turn: Turn, store: Store, act: OpenHandOver) -> Reply:
    """Ask who leads the vote from now on."""
    poll = await access.existing(store, act.poll_id)
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
    told = whisper(f"{person.name} leads this vote from now on.")
    if person.id == turn.person.id:
        return told
    return Direct(person.id, LeadView(poll.id, poll.round, person.id)), told


# --- how it is done --------------------------------------------------------------------------


def _already(poll: Poll, now: datetime) -> Reply:
    return Refresh(PollView(poll.id)), whisper(f"This vote {why_closed(poll, now)} already.")
