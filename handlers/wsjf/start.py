"""Start a vote: name the items, take the top of the backlog, or choose and search in a form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from bot.cards import (
    Form,
    Typed,
    filled,
)
from bot.text import alike, plain
from bot.turn import Ask, Direct, Mistake, NotFound, Post, Reply, Show, Turn, whisper
from handlers.phrases import counted, listed, shortened
from handlers.reader.deadlines import begins_a_phrase
from handlers.reader.finding import find_items
from handlers.reader.moments import Unreadable, until_when
from handlers.rules.naming import Named, items_named, keys_spelled_out
from handlers.rules.numbers import SPELT_OUT, number_in
from handlers.ui.actions import OpenStart
from handlers.wsjf import access, closing, forms
from handlers.wsjf.actions import Add, AddedView, OpenAdd, PollView, Search, Start
from handlers.wsjf.cards import ITEMS_MAX
from handlers.wsjf.deadline import read_deadline
from storage import Store
from storage.backlog import Wanted
from storage.items import Item
from storage.polls import OPEN, Poll
from storage.states import OPEN_STATES

TOP = re.compile(
    rf"(?:the )?(?:top|first|next|best) ?([0-9]{{1,3}}|{'|'.join(SPELT_OUT)})(?: items?| stories)?"
    "(?= |$)",
    re.IGNORECASE,
)
_FOR_SO_LONG = re.compile(r"^(?:open )?for (?=(?:the next )?[0-9a-z]+ ?[a-z])", re.IGNORECASE)
SEARCH_WORDS_MAX = 8
NEAR_MAX = 3


async def wsjf(turn: Turn, store: Store, line: str) -> Reply:
    """Start a vote on the items named; without any, show the open vote or the form."""
    access.in_a_channel(turn)
    if line:
        return await start_named(turn, store, line)
    poll = await store.polls.open_in(turn.place.channel)
    if poll is not None:
        return Show(PollView(poll.id))
    return await _ask_items(turn, store)


async def start_named(turn: Turn, store: Store, line: str) -> Reply:
    """Start a vote on items named by number, or on the top of the backlog, `by` some time."""
    access.in_a_channel(turn)
    if not line:
        return await _ask_items(turn, store)
    named, deadline = await _divided(turn, store, line)
    closes_at = await _closes_at(turn, store, deadline)
    numbers, left_out = await _without_closed(store, named)
    reply = await _start(turn, store, numbers, closes_at)
    if not left_out:
        return reply
    others = listed([f"#{number}" for number in left_out])
    told = whisper(f"Left out, for only open items are voted on: {others}.")
    assert reply is not None, "a vote that begins is shown"
    return (*reply, told) if isinstance(reply, tuple) else (reply, told)


async def open_start(turn: Turn, store: Store, _: OpenStart) -> Reply:
    """Open the form that chooses items; on one's own page, for where the team talks."""
    await _where(turn, store)
    return await _ask_items(turn, store)


async def start(turn: Turn, store: Store, _: Start) -> Reply:
    """Start a vote on the items chosen in the form."""
    chosen, errors = _chosen(turn, ITEMS_MAX)
    closes_at = None
    try:
        closes_at = await _closes_at(turn, store, turn.answers.one("closes"))
    except Mistake as mistake:
        errors["closes"] = str(mistake)
    if errors:
        return Ask(await _choosing(turn, store, None), errors)
    return await _start(turn, store, chosen, closes_at)


async def search(turn: Turn, store: Store, act: Search) -> Reply:
    """Offer the items that have the words typed into the form; what is chosen stays chosen."""
    poll = await access.existing(store, act.poll_id) if act.poll_id else None
    return Ask(await _choosing(turn, store, poll))


async def open_add(turn: Turn, store: Store, act: OpenAdd) -> Reply:
    """Open the form that adds items to a vote."""
    poll = await access.existing(store, act.poll_id)
    await access.may_lead(turn, store, poll)
    _takes_items(poll, turn)
    return Ask(await _choosing(turn, store, poll))


async def add(turn: Turn, store: Store, act: Add) -> Reply:
    """Add the items chosen in the form; who had finished has these left to fill in."""
    poll = await access.held_for_change(store, act.poll_id)
    await access.may_lead(turn, store, poll)
    _takes_items(poll, turn)
    there = await store.polls.numbers(poll)
    chosen, errors = _chosen(turn, ITEMS_MAX - len(there))
    if errors:
        return Ask(await _choosing(turn, store, poll), errors)
    new = [number for number in chosen if number not in there]
    await _open_items(store, new)
    done = await store.ballots.progress(poll, len(there))
    finished = [person for person, columns in done.items() if columns >= len(poll.columns)]
    await store.polls.add_items(poll, new, after=len(there))
    return (
        *(Direct(person, AddedView(poll.id, poll.round, person)) for person in finished),
        whisper(f"Added {counted(len(new), 'item', 'items')} to this vote."),
    )


# --- how it is done --------------------------------------------------------------------------


async def _start(
    turn: Turn, store: Store, numbers: Sequence[int], closes_at: datetime | None
) -> Reply:
    access.may_start(turn)
    if len(numbers) > ITEMS_MAX:
        raise Mistake(f"A vote takes up to {ITEMS_MAX} items; you named {len(numbers)}.")
    await _open_items(store, numbers)
    where = await _where(turn, store)
    team = await store.teams.resolve(where, turn.person.id)
    await store.teams.locked(team.id)  # two people may start the same vote at once
    if (running := await store.polls.open_on(team.id, numbers)) is not None:
        return await _already_running(store, running, numbers)
    poll = await store.polls.start(
        where,
        team.id,
        turn.person.id,
        numbers,
        closes_at=closes_at,
        anonymous=team.anonymous_votes,
        min_ballots=team.min_ballots,
    )
    if closes_at is not None:
        await closing.put_deadline(store, poll, closes_at)
    post = Post(PollView(poll.id), channel=where)
    if where == turn.place.channel:
        return post
    channel = await store.channels.find(where)
    name = channel.name if channel else ""
    return post, whisper(f"The vote has begun in {shortened(name, 60) or 'your channel'}.")


async def _where(turn: Turn, store: Store) -> str:
    """Return where a vote happens: here, or from a person's own page where their team talks."""
    if not turn.place.private:
        return turn.place.channel
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    channels = await store.channels.of_team(team.id)
    if not channels:
        access.in_a_channel(turn)
    return channels[0].id


async def _already_running(store: Store, poll: Poll, numbers: Sequence[int]) -> Reply:
    """Show the open vote on some of these items; the others can be added to it."""
    there = await store.polls.numbers(poll)
    known = listed([f"#{number}" for number in numbers if number in there])
    others = listed([f"#{number}" for number in numbers if number not in there])
    also = f" To vote on {others} as well, press Manage on it, then Add items." if others else ""
    return whisper(f"There is an open vote on {known} already.{also}"), Show(PollView(poll.id))


async def _open_items(store: Store, numbers: Sequence[int]) -> None:
    """Raise unless each number names an item that is open."""
    items = await store.items.several(numbers)
    for number in numbers:
        if number not in items:
            raise NotFound(f"There is no item #{number} here.")
        if items[number].state not in OPEN_STATES:
            raise Mistake(f"#{number} is {items[number].state}: only open items are voted on.")


def _takes_items(poll: Poll, turn: Turn) -> None:
    if poll.state != OPEN or poll.round > 1 or not poll.takes_votes(turn.now):
        raise Mistake("Items can be added until the first reveal. Start a new vote for more.")


async def _divided(turn: Turn, store: Store, line: str) -> tuple[Named, str]:
    """Return the items that a line names, and the words about time behind them."""
    if top := TOP.match(plain(line)):
        numbers = await _top(turn, store, SPELT_OUT.get(top[1].lower()) or int(top[1]))
        return Named(tuple(numbers), frozenset(), ""), plain(line)[top.end() :].strip(" ,;")
    keys, implied = keys_spelled_out(line)
    words = (await store.records.with_numbers(keys)).split()
    named = items_named(" ".join(word for word in words if word not in implied))
    if not named.numbers:
        return Named((await _titled(turn, store, line),), frozenset(), ""), ""
    rest = until_when(_FOR_SO_LONG.sub("in ", named.rest))
    if rest and not begins_a_phrase(rest.split()[0]):
        raise _unknown(rest.split()[0])
    return named, rest


async def _titled(turn: Turn, store: Store, line: str) -> int:
    """Return the one open item of this title; raise with what may be meant."""
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    title = alike(line).strip("\"' ")
    words = title.split()[:SEARCH_WORDS_MAX]
    found = await store.items.several((await find_items(store, team.id, words))[:NEAR_MAX])
    items = [item for item in found.values() if item.state in OPEN_STATES]
    if exact := [item for item in items if alike(item.title) == title]:
        return exact[0].number
    if not items:
        raise _unknown(line.split()[0])
    near = " or ".join(f"#{item.number} {shortened(item.title, 60)}" for item in items)
    raise Mistake(f"Did you mean {near}? Name items by number: ", Typed(f"wsjf #{items[0].number}"))


def _unknown(word: str) -> Mistake:
    return Mistake(
        f"I don't know “{shortened(word, 60)}”. Name items by number, such as: ",
        Typed("wsjf #1 #2"),
    )


async def _without_closed(store: Store, named: Named) -> tuple[list[int], list[int]]:
    """Return the items to vote on, and those that only a range named and nobody can vote on."""
    items = await store.items.several(sorted(named.between))
    closed = [
        number
        for number in named.numbers
        if number in named.between
        and (number not in items or items[number].state not in OPEN_STATES)
    ]
    return [number for number in named.numbers if number not in closed], closed


async def _closes_at(turn: Turn, store: Store, words: str) -> datetime | None:
    try:
        return await read_deadline(turn, store, words)
    except Unreadable as error:
        raise Mistake(str(error)) from None


async def _top(turn: Turn, store: Store, count: int) -> list[int]:
    if not 1 <= count <= ITEMS_MAX:
        raise Mistake(
            f"A vote takes 1 to {ITEMS_MAX} items; write for example: ", Typed("wsjf start top 8")
        )
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    items = await store.items.ranked(team.id, limit=count)
    if not items:
        raise _nothing_to_vote_on()
    return [item.number for item in items]


def _chosen(turn: Turn, limit: int) -> tuple[list[int], dict[str, str]]:
    named = map(number_in, turn.answers.many("items"))
    numbers = list(dict.fromkeys(number for number in named if number is not None))
    if not numbers or len(numbers) > limit:
        return numbers, {"items": f"Choose one to {limit} items; you chose {len(numbers)}."}
    return numbers, {}


# --- the form --------------------------------------------------------------------------------


async def _ask_items(turn: Turn, store: Store) -> Reply:
    access.may_start(turn)
    return Ask(await _choosing(turn, store, None))


async def _choosing(turn: Turn, store: Store, poll: Poll | None) -> Form:
    """Return the form for a new vote, or for more items of this one, as far as it is filled in."""
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    count = await store.items.count_open(team.id)
    if not count:
        raise _nothing_to_vote_on()
    chosen, _ = _chosen(turn, ITEMS_MAX)
    words = tuple(turn.answers.one("words").split()[:SEARCH_WORDS_MAX])
    there = await store.polls.numbers(poll) if poll else ()
    kept = await store.items.several(chosen)
    offered = [kept[number] for number in chosen if number in kept]
    offered += await _offered(store, team.id, words)
    unique = {item.number: item for item in offered if item.number not in there}
    form = forms.choose_items(poll, list(unique.values()), count, words, len(there))
    return filled(form, turn.answers)


async def _offered(store: Store, team_id: int, words: tuple[str, ...]) -> Sequence[Item]:
    if not words:
        return await store.items.ranked(team_id, limit=forms.OPTIONS_MAX)
    numbers = await find_items(store, team_id, words)
    wanted = Wanted(numbers=tuple(numbers[: forms.OPTIONS_MAX]))
    rows = await store.backlog.page(team_id, wanted, limit=forms.OPTIONS_MAX)
    return [row.item for row in rows if row.item.state in OPEN_STATES]


def _nothing_to_vote_on() -> Mistake:
    return Mistake("There is nothing to vote on yet. Log something first: ", Typed("improve"))
