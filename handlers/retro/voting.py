"""Give dots to what matters most: blind until the facilitator closes the vote."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import filled
from bot.turn import Ask, Mistake, Post, Reply, Turn, whisper
from handlers.retro import forms
from handlers.retro.access import STAGE_NOTES, existing, held, may_lead, may_take_part, moved_on
from handlers.retro.actions import (
    CloseVote,
    GiveDots,
    OpenDots,
    StartVote,
    StepView,
    TurnBack,
)
from handlers.ui.views import RetroView
from storage import Store
from storage.retros import COUNTED, GROUPING, VOTING, Retro, RetroGroup


async def start_vote(turn: Turn, store: Store, act: StartVote) -> Reply:
    """Let everybody give their dots."""
    retro = await held(store, act.retro_id)
    if retro.stage != GROUPING:
        return moved_on(retro)
    await may_lead(turn, store, retro)
    retro.stage = VOTING
    return None


async def open_dots(turn: Turn, store: Store, act: OpenDots) -> Reply:
    """Open the caller's own dots."""
    retro = await existing(store, act.retro_id)
    await may_take_part(turn, store, retro)
    if retro.stage != VOTING:
        return moved_on(retro)
    groups = await store.retros.groups(retro.id)
    given = await store.retros.dots_of(retro.id, turn.person.id)
    return Ask(forms.dots_form(retro, groups, 0, given))


async def give_dots(turn: Turn, store: Store, act: GiveDots) -> Reply:
    """Keep one page of the caller's dots and go on."""
    return await _give(turn, store, act, forward=True)


async def turn_back(turn: Turn, store: Store, act: TurnBack) -> Reply:
    """Keep one page of the caller's dots and go back."""
    return await _give(turn, store, act, forward=False)


async def _give(turn: Turn, store: Store, act: GiveDots | TurnBack, *, forward: bool) -> Reply:
    retro = await held(store, act.retro_id)
    await may_take_part(turn, store, retro)
    groups = await store.retros.groups(retro.id)
    last = forms.page_count(groups) - 1
    page = min(max(act.page, 0), last)
    given = await store.retros.dots_of(retro.id, turn.person.id)
    dots, errors = _read(turn, retro, groups[page * forms.DOTS_PAGE :][: forms.DOTS_PAGE])
    total = {**given, **dots}
    if sum(total.values()) > retro.dots and not errors:
        errors[""] = f"That makes {sum(total.values())} dots; you have {retro.dots}."
    if retro.stage != VOTING:
        errors = {"": f"This retro {STAGE_NOTES[retro.stage]}, so these dots do not count."}
    if errors:
        form = filled(forms.dots_form(retro, groups, page, given), turn.answers)
        return Ask(form, errors)
    await store.retros.give_dots(retro.id, turn.person.id, total)
    if not forward or page < last:
        then = page + 1 if forward else max(page - 1, 0)
        return Ask(forms.dots_form(retro, groups, then, total))
    left = retro.dots - sum(total.values())
    unused = f" You have {left} left." if left else ""
    return whisper(f"Your dots are in.{unused} You can move them until the vote closes.")


def _read(
    turn: Turn, retro: Retro, groups: Sequence[RetroGroup]
) -> tuple[dict[int, int], dict[str, str]]:
    """Return group → dots of a page, and what is wrong by field."""
    dots: dict[int, int] = {}
    errors: dict[str, str] = {}
    allowed = {str(count): count for count in range(retro.dots + 1)}
    for group in groups:
        answer = turn.answers.one(forms.group_field(group.no)) or "0"
        if answer in allowed:
            dots[group.no] = allowed[answer]
        else:
            errors[forms.group_field(group.no)] = f"Choose 0 to {retro.dots} dots."
    return dots, errors


async def close_vote(turn: Turn, store: Store, act: CloseVote) -> Reply:
    """Count the dots, show them, and forget who gave them."""
    retro = await held(store, act.retro_id)
    if retro.stage != VOTING:
        return moved_on(retro)
    await may_lead(turn, store, retro)
    voters = await store.retros.voters(retro.id)
    if not voters:
        raise Mistake("Nobody has given a dot yet, so there is nothing to count.")
    counted = await store.retros.count_dots(retro.id)
    for group in await store.retros.groups(retro.id):
        group.votes = counted.get(group.no, 0)
    retro.stage, retro.voters = COUNTED, voters
    view = RetroView(retro.id)
    return Post(StepView(retro.id, "counted"), view, retro.channel)
