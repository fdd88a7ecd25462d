"""Fill in one's own ballot: a column at a time over all items, kept at every step."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import Form, filled
from bot.turn import Ask, Refresh, Reply, Turn, whisper
from handlers.phrases import shortened
from handlers.ui.elsewhere import key_of
from handlers.wsjf import access, ballot
from handlers.wsjf.actions import CastVote, OpenBallot, PollView, TurnBack
from handlers.wsjf.words import why_closed
from storage import Store
from storage.ballots import BallotBox


async def open_ballot(turn: Turn, store: Store, act: OpenBallot) -> Reply:
    """Open the caller's own ballot where they left it, with the cards they have played so far."""
    poll = await access.ballot_box(store, act.poll_id)
    await access.may_vote(turn, store, poll)
    if not poll.takes_votes(turn.now):
        return Refresh(PollView(poll.id)), whisper(f"This vote {why_closed(poll, turn.now)}.")
    own = await store.ballots.own(poll, turn.person.id)
    all_pages = ballot.pages(poll.columns, poll.asked, poll.left_out)
    page = ballot.next_open(all_pages, own, after=-1) or all_pages[0]
    return Ask(await _form(turn, store, poll, all_pages, page, own))


async def cast(turn: Turn, store: Store, vote: CastVote) -> Reply:
    """Record the cards of one page, replacing the voter's earlier ones, and go on to the next."""
    return await _play(turn, store, vote, forward=True)


async def turn_back(turn: Turn, store: Store, vote: TurnBack) -> Reply:
    """Record what was filled in so far and go back a page."""
    return await _play(turn, store, vote, forward=False)


async def _play(turn: Turn, store: Store, vote: CastVote | TurnBack, *, forward: bool) -> Reply:
    poll = await access.held_ballot_box(store, vote.poll_id)
    await access.may_vote(turn, store, poll)
    all_pages = ballot.pages(poll.columns, poll.asked, poll.left_out)
    page = ballot.at(all_pages, vote.page)
    asked = [cell for each in all_pages for cell in each.cells]
    played, errors = ballot.read(page, asked, turn.answers)
    if not poll.takes_votes(turn.now) or poll.round != vote.round:
        return await _too_late(turn, store, poll, vote)
    if played:
        await store.ballots.cast(poll, turn.person.id, played, turn.acted_at)
    alone = page.count == 1
    own = {} if alone and not errors else await store.ballots.own(poll, turn.person.id)
    if errors and forward:
        form = await _form(turn, store, poll, all_pages, page, own)
        return Ask(filled(form, turn.answers), errors)
    if not forward:
        before = ballot.at(all_pages, page.index - 1)
        return Ask(await _form(turn, store, poll, all_pages, before, own))
    following = _following(all_pages, page, own)
    if following is not None:
        return Ask(await _form(turn, store, poll, all_pages, following, own))
    return whisper("Your vote is in. You can change it until the reveal: press Vote.")


def _following(
    all_pages: Sequence[ballot.Page], page: ballot.Page, own: dict[ballot.Cell, int]
) -> ballot.Page | None:
    """Return the page after this one; at the end, an earlier one that still lacks a card."""
    if page.count == 1:
        return None
    if not page.is_last:
        return all_pages[page.index + 1]
    return ballot.next_open(all_pages, own, after=page.index)


async def _too_late(turn: Turn, store: Store, poll: BallotBox, vote: CastVote | TurnBack) -> Reply:
    """Keep the form open with what was filled in, and say why it does not count."""
    why = why_closed(poll, turn.now) if poll.round == vote.round else "has moved on to a new round"
    form = ballot.kept(vote, await _titles(store, poll), turn.answers)
    error = f"This vote {why}, so these cards were not counted. They are kept here for you to read."
    return Ask(form, {"": error}), Refresh(PollView(poll.id))


async def _form(
    turn: Turn,
    store: Store,
    poll: BallotBox,
    all_pages: Sequence[ballot.Page],
    page: ballot.Page,
    own: dict[ballot.Cell, int],
) -> Form:
    new = page.index == 0 and not await store.ballots.knows_scale(turn.person.id)
    guidance = ballot.Guidance(new, poll.anonymous)
    titles = await _titles(store, poll)
    earlier = (
        await store.rounds.played_by(poll.id, turn.person.id, poll.round) if poll.round > 1 else {}
    )
    return ballot.form(poll, all_pages, page, titles, own, guidance, earlier)


async def _titles(store: Store, poll: BallotBox) -> dict[int, str]:
    """Return the titles of the poll's items, in the order they are shown."""
    titles = await store.ballots.titles(poll)
    known = await store.tracked.known_as(list(poll.numbers))
    return {
        number: f"{key_of(known.get(number))} {shortened(titles[number])}".lstrip()
        for number in poll.numbers
        if number in titles
    }
