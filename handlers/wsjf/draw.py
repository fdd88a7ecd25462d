"""Draw what posts show. While a round is open, nothing here reads a card of it."""

from __future__ import annotations

from bot.cards import Card
from bot.turn import NotFound
from handlers.rules.access import Permission, may
from handlers.rules.guard import let_by, who_may_lead
from handlers.ui.views import UNDO_FOR
from handlers.wsjf import access, all_cards, cards, result
from handlers.wsjf.actions import (
    AddedView,
    LeadView,
    NudgeView,
    PollView,
    ResultView,
    RoundView,
    ThinView,
)
from handlers.wsjf.cards import Leading, Progress, Underway
from handlers.wsjf.outcome import Outcome, outcome, votes_needed
from storage import Store
from storage.items import Item
from storage.polls import CANCELLED, OPEN, Poll


async def draw_poll(store: Store, view: PollView) -> Card:
    """Draw a vote as it is now."""
    poll = await access.existing(store, view.poll_id)
    if poll.cancelled_at is not None:
        store.holds_until(poll.cancelled_at + UNDO_FOR)
    if poll.accepted_at is not None:
        store.holds_until(poll.accepted_at + UNDO_FOR)
    if poll.state == OPEN:
        store.holds_until(poll.closes_at)
        items = await asked_items(store, poll)
        progress = await progress_of(store, poll, len(items))
        leader = await access.name_of(store, poll.facilitator)
        zone = await zone_of(store, poll)
        leading = Leading(
            await who_may_lead(store, Permission.REVEAL, poll.team_id, poll.facilitator),
            await who_may_lead(store, Permission.LEAD_VOTE, poll.team_id, poll.facilitator),
        )
        known = await store.tracked.known_as([item.number for item in items])
        return cards.open_poll(poll, items, progress, leading, leader, zone, store.now, known)
    if poll.state == CANCELLED:
        by = await access.name_of(store, poll.closed_by)
        return cards.cancelled_poll(poll, await asked_items(store, poll), by, store.now)
    shown = await revealed(store, poll)
    accepted = poll.accepted == poll.version and poll.accepted_by
    dropped = shown.round.round < poll.round
    return result.revealed_poll(
        shown,
        await access.name_of(store, poll.accepted_by) if accepted else "",
        await access.name_of(store, poll.closed_by) if dropped else "",
        store.now,
    )


async def draw_result(store: Store, view: ResultView) -> Card:
    """Draw the cards of a revealed round, as the vote stood after it."""
    poll = await access.existing(store, view.poll_id)
    shown = await revealed(store, poll, view.round)
    return all_cards.round_cards(shown, view.page, zone=await zone_of(store, poll))


async def draw_nudge(store: Store, view: NudgeView) -> Card:
    """Draw a reminder as it is now: it asks nobody who has voted, and of a closed vote nobody."""
    poll, items = await _spoken_of(store, view)
    if poll.round != view.round or not poll.takes_votes(store.now):
        return cards.nudge_over(poll, view.round, items, store.now)
    done = await store.ballots.progress_of(poll, len(items), view.person)
    if done >= len(poll.columns):
        return cards.nudge_heard(poll, items)
    return cards.nudge(poll, items, await access.name_of(store, poll.facilitator))


async def draw_thin(store: Store, view: ThinView) -> Card:
    """Draw what is asked of the one who leads a vote that too few took part in."""
    poll, items = await _spoken_of(store, view)
    if poll.round != view.round or poll.state != OPEN:
        return cards.nudge_over(poll, view.round, items, store.now)
    voted = len(await store.ballots.progress(poll, items=1))
    progress = await progress_of(store, poll, len(items))
    return cards.thin(poll, items, voted, votes_needed(poll), progress)


async def draw_lead(store: Store, view: LeadView) -> Card:
    """Draw the news that somebody leads a vote, for them."""
    poll, items = await _spoken_of(store, view)
    if poll.round != view.round or poll.state != OPEN or poll.facilitator != view.person:
        return cards.nudge_over(poll, view.round, items, store.now)
    return cards.yours(poll, items, await progress_of(store, poll, len(items)))


async def draw_round(store: Store, view: RoundView) -> Card:
    """Draw the news of a later round."""
    poll, items = await _spoken_of(store, view)
    if poll.round != view.round or not poll.takes_votes(store.now):
        return cards.nudge_over(poll, view.round, items, store.now)
    return cards.next_round(poll, items)


async def draw_added(store: Store, view: AddedView) -> Card:
    """Draw the news of items that joined, for somebody who had finished."""
    poll, items = await _spoken_of(store, view)
    if poll.round != view.round or not poll.takes_votes(store.now):
        return cards.nudge_over(poll, view.round, items, store.now)
    done = await store.ballots.progress_of(poll, len(items), view.person)
    if done >= len(poll.columns):
        return cards.nudge_heard(poll, items)
    return cards.joined(poll, items)


async def _spoken_of(
    store: Store, notice: NudgeView | ThinView | LeadView | RoundView | AddedView
) -> tuple[Poll, list[Item]]:
    """Return the vote a notice speaks of, and its items; at the deadline it may be over."""
    poll = await access.existing(store, notice.poll_id)
    store.holds_until(poll.closes_at)
    return poll, await asked_items(store, poll)


async def revealed(store: Store, poll: Poll, upto: int | None = None) -> Outcome:
    """Return what the revealed rounds came to; raises NotFound while there is none."""
    result_ = await outcome(store, poll, upto)
    if result_ is None or (upto is not None and result_.round.round != upto):
        raise NotFound("There are no cards to show: nothing was revealed here.")
    return result_


async def asked_items(store: Store, poll: Poll) -> list[Item]:
    numbers = await store.polls.asked(poll)
    items = await store.items.several(numbers)
    return [items[number] for number in numbers]


async def progress_of(store: Store, poll: Poll, items: int) -> Progress:
    """Return who has finished this round of so many items, who has begun, and who has not."""
    columns = len(poll.columns)
    done = await store.ballots.progress(poll, items)
    expected_people = [person for person in await expected(store, poll) if person not in done]
    names = await store.people.named([*done, *expected_people])
    return Progress(
        finished=tuple(names.get(v, "someone") for v, whole in done.items() if whole >= columns),
        underway=tuple(
            Underway(names.get(v, "someone"), whole) for v, whole in done.items() if whole < columns
        ),
        waiting=tuple(sorted(names[person] for person in expected_people if person in names)),
        columns=columns,
        done={**done, **dict.fromkeys(expected_people, 0)},
    )


async def expected(store: Store, poll: Poll) -> list[str]:
    """Return the people who spoke with this team last and may vote, by id."""
    team = await store.teams.find(poll.team_id)
    held = let_by(team)
    people = await store.people.of_team(poll.team_id)
    return [each.id for each in people if may(each, Permission.VOTE, held)]


async def missing(store: Store, poll: Poll) -> list[str]:
    """Return the people who are expected or have begun, and have not finished this round."""
    done = await store.ballots.progress(poll, len(await store.polls.asked(poll)))
    away = await store.channels.who_left(poll.channel) | await store.people.nobodies(list(done))
    people = dict.fromkeys(
        [*await expected(store, poll), *(who for who in done if who not in away)]
    )
    return [person for person in people if done.get(person, 0) < len(poll.columns)]


async def zone_of(store: Store, poll: Poll) -> str:
    team = await store.teams.find(poll.team_id)
    return team.zone if team else "UTC"
