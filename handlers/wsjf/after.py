"""After the reveal: accept the scores, vote again on what was disputed, agree by talking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.cards import filled
from bot.turn import Ask, Mistake, Post, Refresh, Reply, Turn, Whisper, whisper
from handlers.reader.moments import Unreadable
from handlers.ui.views import UNDO_FOR
from handlers.wsjf import access, all_cards, draw, forms, result
from handlers.wsjf.actions import (
    Accept,
    Agree,
    Anchor,
    OpenAgain,
    OpenAgree,
    OpenAnchor,
    PollView,
    RoundView,
    ShowCards,
    Unaccept,
    VoteAgain,
)
from handlers.wsjf.ballot import KEPT_COLUMNS
from handlers.wsjf.closing import put_deadline
from handlers.wsjf.deadline import read_deadline
from handlers.wsjf.outcome import Cell, Outcome
from handlers.wsjf.ranking import Ranked
from handlers.wsjf.scale import COLUMNS, SCALE
from handlers.wsjf.scoring import ItemScore
from storage import Store
from storage.polls import OPEN, REVEALED, Poll
from storage.scores import Score

STALE = "The result has changed since you opened this. Please look at it again."

# --- accept ----------------------------------------------------------------------------------


async def accept(turn: Turn, store: Store, act: Accept) -> Reply:
    """Write the scores to the items, and to their history with what they stand on."""
    poll = await access.held_for_change(store, act.poll_id)
    await access.may_reveal(turn, store, poll)
    _is_revealed(poll)
    if poll.version != act.version:
        return Refresh(PollView(poll.id)), whisper(STALE)
    if poll.accepted == poll.version:
        by = await access.name_of(store, poll.accepted_by)
        return Refresh(PollView(poll.id)), whisper(f"{by} has accepted these scores already.")
    shown = await draw.revealed(store, poll)
    if not shown.scored:
        raise Mistake("No item has enough votes for a score. Vote again, or agree on the cards.")
    numbers = await _write(turn, store, shown)
    poll.accepted, poll.accepted_by = poll.version, turn.person.id
    poll.accepted_at = store.now
    return whisper(result.accepted_words(numbers, len(shown.ranking.unranked)))


async def _write(turn: Turn, store: Store, shown: Outcome) -> list[int]:
    by_key = {item.key: item for item in shown.batch.items}
    scores = [
        _score(turn, store, shown, place, by_key[place.key]) for place in shown.ranking.ranked
    ]
    for score in sorted(scores, key=lambda each: each.number):  # one order: no two can deadlock
        item = await store.items.locked(score.number)
        assert item is not None
        cards = {str(column): getattr(score, column) for column in COLUMNS}
        changes = {**cards, "wsjf": score.wsjf, "scored_at": store.now}
        await store.items.change(item, changes, by=turn.person.id, kind="scored")
    await store.scores.accept(scores)
    return [score.number for score in scores]


def _score(turn: Turn, store: Store, shown: Outcome, place: Ranked, item: ItemScore) -> Score:
    medians: dict[str, int] = {c: s.card for c, s in item.columns.items() if s.card is not None}
    return Score(
        workspace=store.workspace,
        number=int(place.key),
        poll_id=shown.poll.id,
        version=shown.poll.version,
        round=shown.round.round,
        at=store.now,
        by=turn.person.id,
        **medians,
        wsjf=place.value,
        rank=place.rank,
        ranked=len(shown.ranking.ranked),
        low=place.low,
        high=place.high,
        basis=place.basis,
        agreed=[column for column, score in item.columns.items() if score.agreed],
        steps={c: float(s.step) for c, s in item.columns.items() if s.step is not None},
    )


async def unaccept(turn: Turn, store: Store, act: Unaccept) -> Reply:
    """Give the items the scores back that they had ten minutes ago."""
    poll = await access.held_for_change(store, act.poll_id)
    await access.may_reveal(turn, store, poll)
    if poll.accepted != act.version or not poll.accepted:
        return Refresh(PollView(poll.id)), whisper(STALE)
    if poll.accepted_at is None or turn.now - poll.accepted_at >= UNDO_FOR:
        raise Mistake("Undo works for ten minutes. Vote again to change these scores.")
    scores = sorted(await store.scores.accepted(poll.id), key=lambda score: score.number)
    for score in scores:
        await _restore(turn, store, score)
    await store.scores.take_back(scores)
    before = await store.scores.accepted(poll.id)
    poll.accepted = before[0].version if before else 0
    poll.accepted_by, poll.accepted_at = (before[0].by if before else None), None
    return whisper("Taken back: the items have the scores they had before.")


async def _restore(turn: Turn, store: Store, score: Score) -> None:
    """Put an item's earlier score back, unless another vote has scored it since."""
    item = await store.items.locked(score.number)
    if item is None or item.scored_at != score.at:
        return
    for event in await store.items.history(item.number):
        if event.kind == "scored" and event.at == score.at:
            await store.items.undo(item, event, by=turn.person.id)


# --- vote again ------------------------------------------------------------------------------


async def open_again(turn: Turn, store: Store, act: OpenAgain) -> Reply:
    """Ask which columns of which items to vote on again."""
    return Ask(forms.vote_again(await _result_to_change(turn, store, act.poll_id)))


async def vote_again(turn: Turn, store: Store, act: VoteAgain) -> Reply:
    """Open the next round, blind again; every earlier round stays as it was."""
    poll = await access.held_for_change(store, act.poll_id)
    await access.may_lead(turn, store, poll)
    if poll.state == OPEN:
        return Refresh(PollView(poll.id)), whisper("A new round is open already.")
    _is_revealed(poll)
    if poll.round != act.round:
        return Refresh(PollView(poll.id)), whisper(STALE)
    shown = await draw.revealed(store, poll)
    cells = _cells_chosen(turn, shown)
    closes_at, errors = await _deadline(turn, store)
    if turn.answers.many("items") and not turn.answers.many("columns"):
        errors["columns"] = "Choose at least one column of these items."
    if not cells:
        errors.setdefault("cells", "Choose at least one card, or a whole column.")
    if errors:
        return Ask(filled(forms.vote_again(shown), turn.answers), errors)
    await _next_round(store, poll, cells)
    await put_deadline(store, poll, closes_at)
    return Post(RoundView(poll.id, poll.round), channel=poll.channel)


def _cells_chosen(turn: Turn, shown: Outcome) -> list[Cell]:
    """Return the cells of the form, single ones and those of whole columns, as they are shown."""
    single, columns = turn.answers.many("cells"), turn.answers.many("columns")
    there = [item.number for item in forms.still_open(shown)]
    items = turn.answers.many("items") or [str(number) for number in there]
    return [
        (number, column)
        for column in COLUMNS
        for number in there
        if forms.named((number, column)) in single or (column in columns and str(number) in items)
    ]


async def _next_round(store: Store, poll: Poll, cells: Sequence[Cell]) -> None:
    team = await store.teams.find(poll.team_id)
    poll.state, poll.round = OPEN, poll.round + 1
    poll.columns = list(dict.fromkeys(str(column) for _, column in cells))
    asked = {number for number, _ in cells}
    poll.asked = [number for number in await store.polls.numbers(poll) if number in asked]
    left_out = {
        column: [number for number in poll.asked if (number, column) not in cells]
        for column in poll.columns
    }
    poll.left_out = {column: numbers for column, numbers in left_out.items() if numbers}
    poll.closed_at = poll.closed_by = poll.cancelled_at = None
    poll.extended = False
    # Once anonymous, for ever anonymous: the rounds before it were promised to be.
    poll.anonymous = poll.anonymous or (team is not None and team.anonymous_votes)


async def _deadline(turn: Turn, store: Store) -> tuple[datetime | None, dict[str, str]]:
    try:
        return await read_deadline(turn, store, turn.answers.one("closes")), {}
    except Unreadable as error:
        return None, {"closes": str(error)}


async def _spoken_of(turn: Turn, store: Store, act: Agree | Anchor) -> Outcome | None:
    """Return what the vote came to that a form speaks of; None if it has moved on meanwhile."""
    poll = await access.held_for_change(store, act.poll_id)
    await access.may_lead(turn, store, poll)
    _is_revealed(poll)
    return await draw.revealed(store, poll) if poll.round == act.round else None


# --- agree -----------------------------------------------------------------------------------


async def open_agree(turn: Turn, store: Store, act: OpenAgree) -> Reply:
    """Ask which card the room settled on."""
    return Ask(forms.agree(await _result_to_change(turn, store, act.poll_id)))


async def agree(turn: Turn, store: Store, act: Agree) -> Reply:
    """Record the card that was agreed on aloud; it counts from now on, shown as agreed."""
    shown = await _spoken_of(turn, store, act)
    if shown is None:
        return Refresh(PollView(act.poll_id)), whisper(STALE)
    poll = shown.poll
    number, column, card = (turn.answers.one(field) for field in ("item", "column", "card"))
    errors = {}
    if number not in {str(each) for each in shown.items}:
        errors["item"] = "Choose one of the items."
    if column not in KEPT_COLUMNS:
        errors["column"] = "Choose one of the columns."
    if card not in {str(each) for each in SCALE}:
        errors["card"] = f"Choose one of {', '.join(str(each) for each in SCALE)}."
    if errors:
        return Ask(filled(forms.agree(shown), turn.answers), errors)
    round = shown.round.round
    await store.rounds.agree(poll, round, int(number), column, int(card), turn.person.id)
    poll.version += 1
    return None


# --- re-anchor ---------------------------------------------------------------------------------


async def open_anchor(turn: Turn, store: Store, act: OpenAnchor) -> Reply:
    """Ask which item is the 1 in the columns that have none."""
    shown = await _result_to_change(turn, store, act.poll_id)
    if not shown.batch.unanchored:
        raise Mistake("Every column has its 1: there is nothing to re-anchor.")
    return Ask(forms.anchor(shown))


async def anchor(turn: Turn, store: Store, act: Anchor) -> Reply:
    """Record the smallest item of each column as the 1, agreed by talking."""
    shown = await _spoken_of(turn, store, act)
    if shown is None:
        return Refresh(PollView(act.poll_id)), whisper(STALE)
    poll = shown.poll
    chosen = {column: turn.answers.one(column) for column in shown.batch.unanchored}
    stray = [c for c, number in chosen.items() if number and number not in map(str, shown.items)]
    if stray:
        errors = {str(column): "Choose one of the items." for column in stray}
        return Ask(filled(forms.anchor(shown), turn.answers), errors)
    if not any(chosen.values()):
        return Ask(forms.anchor(shown), {"": "Choose the smallest item of a column at least."})
    round = shown.round.round
    for column, number in chosen.items():
        if number:
            await store.rounds.agree(poll, round, int(number), column, 1, turn.person.id)
    poll.version += 1
    return None


# --- all cards -------------------------------------------------------------------------------


async def show_cards(turn: Turn, store: Store, act: ShowCards) -> Reply:
    """Show a page of a revealed round to the person alone."""
    poll = await access.existing(store, act.poll_id)
    await access.may_see(turn, store, poll.team_id)
    shown = await draw.revealed(store, poll, act.round)
    own = await store.rounds.played_by(poll.id, turn.person.id, act.round)
    zone = await draw.zone_of(store, poll)
    card = all_cards.round_cards(shown, act.page, zone=zone, alone=True, own=own)
    return Whisper(card, replaces=act.replaces)


async def _result_to_change(turn: Turn, store: Store, poll_id: int) -> Outcome:
    """Return what a vote came to, for somebody who may take it further."""
    poll = await access.existing(store, poll_id)
    await access.may_lead(turn, store, poll)
    _is_revealed(poll)
    return await draw.revealed(store, poll)


def _is_revealed(poll: Poll) -> None:
    if poll.state != REVEALED:
        raise Mistake("The cards of this vote have not been revealed.")
