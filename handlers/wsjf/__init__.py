"""Vote on items' WSJF in the channel: blind ballots, one reveal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.cards import Card, Form, filled, text
from bot.feature import CommandSpec, Feature
from bot.turn import (
    Ask,
    Mistake,
    NotFound,
    Post,
    Refresh,
    Reply,
    Turn,
    Whisper,
    whisper,
)
from handlers.views import ItemView
from handlers.wsjf import ballot, cards, scale
from handlers.wsjf.actions import (
    Cancel,
    CastVote,
    OpenBallot,
    OpenStart,
    PollView,
    ResultView,
    Reveal,
    Start,
    TurnBack,
)
from handlers.wsjf.ranking import Ranking, rank
from handlers.wsjf.scoring import Ballot as ScoredBallot
from handlers.wsjf.scoring import BatchScore, Candidate, score_batch
from storage import Store
from storage.polls import CANCELLED, OPEN, REVEALED, Ballot, Poll

OUTSIDE = ("guest", "external")
"""Roles of people who are not members of the workspace."""

_NUMBER = re.compile(r"#?([0-9]{1,9})")


# --- start -----------------------------------------------------------------------------------


async def wsjf(turn: Turn, store: Store, line: str) -> Reply:
    """Start a vote on the items named; without any, show the open vote or the form."""
    _in_a_channel(turn)
    if line:
        return await _start(turn, store, _numbers(line))
    poll = await store.polls.open_in(turn.place.channel)
    if poll is not None:
        return Whisper(await draw(store, PollView(poll.id)))
    return await _ask_items(turn, store)


async def open_start(turn: Turn, store: Store, _: OpenStart) -> Reply:
    """Open the form that chooses items."""
    _in_a_channel(turn)
    return await _ask_items(turn, store)


async def start(turn: Turn, store: Store, _: Start) -> Reply:
    """Start a vote on the items chosen in the form."""
    chosen = [int(value) for value in turn.answers.many("items") if _NUMBER.fullmatch(value)]
    if not chosen or len(chosen) > cards.ITEMS_MAX:
        form = await _start_form(turn, store)
        error = f"Choose one to {cards.ITEMS_MAX} items to vote on."
        return Ask(filled(form, turn.answers), {"items": error})
    return await _start(turn, store, chosen)


async def _ask_items(turn: Turn, store: Store) -> Reply:
    form = await _start_form(turn, store)
    if form is None:
        raise Mistake("There is nothing to vote on yet. Log something first: improve …")
    return Ask(form)


async def _start_form(turn: Turn, store: Store) -> Form:
    team = await store.teams.here(turn.place.channel, turn.person.id)
    items = await store.items.ranked(team.id, limit=100)
    if not items:
        raise Mistake("There is nothing to vote on yet. Log something first with improve.")
    return cards.start_form(items)


async def _start(turn: Turn, store: Store, numbers: Sequence[int]) -> Reply:
    _may_start(turn)
    if len(numbers) > cards.ITEMS_MAX:
        raise Mistake(f"A vote takes up to {cards.ITEMS_MAX} items; you named {len(numbers)}.")
    items = await store.items.several(numbers)
    for number in numbers:
        if number not in items:
            raise NotFound(f"There is no item #{number} here.")
        if items[number].state in ("accepted", "dropped"):
            raise Mistake(f"#{number} is {items[number].state}: only open items are voted on.")
    team = await store.teams.here(turn.place.channel, turn.person.id)
    poll = await store.polls.start(turn.place.channel, team.id, turn.person.id, numbers)
    return Post(PollView(poll.id))


def _numbers(line: str) -> list[int]:
    numbers = []
    for word in line.replace(",", " ").split():
        match = _NUMBER.fullmatch(word)
        if match is None:
            shown = cards.shortened(word, 60)
            raise Mistake(f"I don't know “{shown}”. Name items by number, such as: wsjf #1 #2")
        numbers.append(int(match[1]))
    return list(dict.fromkeys(numbers))


# --- vote ------------------------------------------------------------------------------------


async def open_ballot(turn: Turn, store: Store, act: OpenBallot) -> Reply:
    """Open the caller's own ballot, with the cards they have played so far."""
    poll = await _found(store, act.poll_id)
    await _may_vote(turn, store, poll)
    if poll.state != OPEN:
        return Refresh(PollView(poll.id)), whisper(f"This vote {cards.state_note(poll)}.")
    return Ask(await _page(turn, store, poll, 0))


async def cast(turn: Turn, store: Store, vote: CastVote) -> Reply:
    """Record the cards of one page, replacing the voter's earlier ones, and go on to the next."""
    return await _play(turn, store, vote, forward=True)


async def turn_back(turn: Turn, store: Store, vote: TurnBack) -> Reply:
    """Record what was filled in so far and go back a page."""
    return await _play(turn, store, vote, forward=False)


async def _play(turn: Turn, store: Store, vote: CastVote | TurnBack, *, forward: bool) -> Reply:
    poll = await store.polls.for_vote(vote.poll_id)
    if poll is None:
        raise NotFound("There is no such vote here.")
    await _may_vote(turn, store, poll)
    numbers = await store.polls.numbers(poll)
    all_pages = ballot.pages(poll.columns, numbers)
    page = all_pages[min(max(vote.page, 0), len(all_pages) - 1)]
    played, errors = ballot.read(page, turn.answers)
    if poll.state != OPEN or poll.round != vote.round:
        return await _too_late(turn, store, poll, page)
    if played:
        await store.polls.cast(poll, turn.person.id, played, turn.acted_at)
    refresh = Refresh(PollView(poll.id))
    if not forward:
        return refresh, Ask(await _page(turn, store, poll, page.index - 1))
    if errors:
        form = filled(await _page(turn, store, poll, page.index), turn.answers)
        return refresh, Ask(form, errors)
    if not page.is_last:
        return refresh, Ask(await _page(turn, store, poll, page.index + 1))
    return refresh, whisper("Your vote is in. You can change it until the reveal: press Vote.")


async def _too_late(turn: Turn, store: Store, poll: Poll, page: ballot.Page) -> Reply:
    """Keep the form open with what was filled in, and say why it does not count."""
    why = "has moved on to another round" if poll.state == OPEN else cards.state_note(poll)
    form = ballot.form(poll, page, await _titles(store, page.numbers), {})
    error = f"This vote {why}, so these cards were not counted. They are kept here for you to read."
    return Ask(filled(form, turn.answers), {"": error}), Refresh(PollView(poll.id))


async def _page(turn: Turn, store: Store, poll: Poll, index: int) -> Form:
    numbers = await store.polls.numbers(poll)
    all_pages = ballot.pages(poll.columns, numbers)
    page = all_pages[min(max(index, 0), len(all_pages) - 1)]
    own = await store.polls.ballots(poll, voter=turn.person.id)
    played = {(row.number, row.column): row.card for row in own}
    return ballot.form(poll, page, await _titles(store, numbers), played)


async def _titles(store: Store, numbers: Sequence[int]) -> dict[int, str]:
    items = await store.items.several(numbers)
    return {number: cards.shortened(item.title) for number, item in items.items()}


# --- reveal ----------------------------------------------------------------------------------


async def reveal(turn: Turn, store: Store, act: Reveal) -> Reply:
    """Show everyone's cards at once and keep the scores with the items."""
    poll = await store.polls.for_change(act.poll_id)
    if poll is None:
        raise NotFound("There is no such vote here.")
    if poll.state != OPEN:
        return Refresh(PollView(poll.id)), whisper(f"This vote {cards.state_note(poll)} already.")
    await _may_reveal(turn, store, poll)
    if not await store.polls.progress(poll):
        raise Mistake("Nobody has voted yet, so there is nothing to reveal.")
    await store.polls.close(poll, REVEALED, turn.person.id)
    scored = await _keep_scores(turn, store, poll)
    return (
        Refresh(PollView(poll.id)),
        Post(ResultView(poll.id, poll.round), PollView(poll.id)),
        *(Refresh(ItemView(number)) for number in scored),
    )


async def cancel(turn: Turn, store: Store, act: Cancel) -> Reply:
    """Close the vote without showing any card."""
    poll = await store.polls.for_change(act.poll_id)
    if poll is None:
        raise NotFound("There is no such vote here.")
    if poll.state != OPEN:
        return Refresh(PollView(poll.id)), whisper(f"This vote {cards.state_note(poll)} already.")
    await _may_lead(turn, store, poll)
    await store.polls.close(poll, CANCELLED, turn.person.id)
    return Refresh(PollView(poll.id))


async def _keep_scores(turn: Turn, store: Store, poll: Poll) -> list[int]:
    """Write the scores to the items and return which have one."""
    batch = await _scored(store, poll)
    items = await store.items.several([int(score.key) for score in batch.items])
    scored = []
    for score in batch.items:
        if score.score is None:
            continue
        medians = {str(column): result.card for column, result in score.columns.items()}
        changes = {**medians, "wsjf": float(score.score), "scored_at": store.now}
        await store.items.change(items[int(score.key)], changes, by=turn.person.id, kind="scored")
        scored.append(int(score.key))
    return scored


async def _scored(store: Store, poll: Poll) -> BatchScore:
    numbers = await store.polls.numbers(poll)
    items = await store.items.several(numbers)
    candidates = [Candidate(number, items[number].created_at) for number in numbers]
    by_hand: dict[tuple[int, str, int], dict[str, scale.Card]] = {}
    for row in await _revealed_ballots(store, poll):
        hand = by_hand.setdefault((row.number, row.voter, row.round), {})
        hand[row.column] = ballot.card_of(row.card)
    hands = [
        ScoredBallot(number, voter, hand, round)  # type: ignore[arg-type]
        for (number, voter, round), hand in by_hand.items()
    ]
    return score_batch(candidates, hands)


# --- draw ------------------------------------------------------------------------------------


async def draw(store: Store, view: PollView) -> Card:
    """Draw a vote as it is now; while it is open, nothing here reads a card."""
    poll = await _found(store, view.poll_id)
    numbers = await store.polls.numbers(poll)
    items = await store.items.several(numbers)
    listed = [items[number] for number in numbers]
    if poll.state == OPEN:
        progress = await _progress(store, poll, len(numbers))
        facilitator = await _name(store, poll.facilitator)
        return cards.open_poll(poll, listed, progress, facilitator)
    if poll.state == CANCELLED:
        return cards.cancelled_poll(poll, listed, await _name(store, poll.closed_by or ""))
    batch, ranking, names = await _result(store, poll)
    return cards.revealed_poll({item.number: item for item in listed}, batch, ranking, names)


async def draw_result(store: Store, view: ResultView) -> Card:
    """Draw the note in the thread that tells the channel about the reveal."""
    poll = await _found(store, view.poll_id)
    items = await store.items.several(await store.polls.numbers(poll))
    _, ranking, _ = await _result(store, poll)
    words = f"The cards are on the table. {cards.first_words(items, ranking)}"
    return Card(words, (text(words),))


async def _result(store: Store, poll: Poll) -> tuple[BatchScore, Ranking, Mapping[str, str]]:
    batch = await _scored(store, poll)
    voters = {row.voter for row in await _revealed_ballots(store, poll)}
    return batch, rank(batch, seed=poll.id), await store.people.named(sorted(voters))


async def _revealed_ballots(store: Store, poll: Poll) -> list[Ballot]:
    """Return the ballots that may be seen: never those of a round that is still open."""
    last = poll.round if poll.state == REVEALED else poll.round - 1
    return [row for row in await store.polls.ballots(poll) if row.round <= last]


async def _progress(store: Store, poll: Poll, items: int) -> cards.Progress:
    whole = items * len(poll.columns)
    counts = await store.polls.progress(poll)
    names = await store.people.named(list(counts))
    finished = [names.get(voter, "someone") for voter, count in counts.items() if count >= whole]
    underway = [names.get(voter, "someone") for voter, count in counts.items() if count < whole]
    return cards.Progress(tuple(finished), tuple(underway))


async def _name(store: Store, person: str) -> str:
    return (await store.people.named([person])).get(person, "Someone")


# --- who may -----------------------------------------------------------------------------------


async def _found(store: Store, poll_id: int) -> Poll:
    poll = await store.polls.find(poll_id)
    if poll is None:
        raise NotFound("There is no such vote here.")
    return poll


def _in_a_channel(turn: Turn) -> None:
    if turn.place.private:
        raise Mistake("Votes happen where the team talks: use wsjf in the team's channel.")


def _may_start(turn: Turn) -> None:
    if turn.person.role in OUTSIDE:
        raise Mistake("Guests cannot start a vote. Ask a member of the team to start it.")


async def _may_vote(turn: Turn, store: Store, poll: Poll) -> None:
    """Members always; guests where the team's settings let them."""
    if turn.person.role not in OUTSIDE:
        return
    team = await store.teams.find(poll.team_id)
    if team is None or not team.guests_vote:
        raise Mistake("Guests cannot vote here. Ask the channel's owner if that should change.")


async def _may_reveal(turn: Turn, store: Store, poll: Poll) -> None:
    """Those who lead the vote; every member where the team's settings say so."""
    team = await store.teams.find(poll.team_id)
    if team is not None and team.anyone_reveals and turn.person.role not in OUTSIDE:
        return
    await _may_lead(turn, store, poll)


async def _may_lead(turn: Turn, store: Store, poll: Poll) -> None:
    """The one who started it, the team's facilitators and admins, and the workspace's admins."""
    team = poll.team_id
    leaders = {
        poll.facilitator,
        *await store.teams.people_with(team, "facilitator"),
        *await store.teams.people_with(team, "admin"),
    }
    if turn.person.id not in leaders and turn.person.role != "admin":
        name = await _name(store, poll.facilitator)
        raise Mistake(f"Only {name}, a facilitator or an admin of this team can do that.")


FEATURE = Feature(
    name="wsjf",
    commands={
        "wsjf": CommandSpec(
            summary="Vote WSJF blind, reveal together",
            run=wsjf,
            example="wsjf #1 #2",
            what="starts a vote on these items; alone, shows the open vote or lets you choose",
            free_text=True,
        )
    },
    actions={
        OpenStart: open_start,
        Start: start,
        OpenBallot: open_ballot,
        CastVote: cast,
        TurnBack: turn_back,
        Reveal: reveal,
        Cancel: cancel,
    },
    views={PollView: draw, ResultView: draw_result},
)
