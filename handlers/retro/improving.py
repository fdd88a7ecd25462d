"""Turn what got most dots into items with an owner, a day and a number to move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bot.cards import filled
from bot.turn import Ask, Mistake, NotFound, Post, Reply, Turn, whisper
from handlers.phrases import cut
from handlers.retro import cards, forms
from handlers.retro.access import STAGE_NOTES, held, may_lead
from handlers.retro.actions import Choose, Finish, Improve, OpenChoice, RetroView
from handlers.rules.hypothesis import check_day, hypothesis_problem, read_hypothesis
from handlers.rules.limits import EXPERIMENT_MAX_CHARS, TITLE_MAX_CHARS, too_long
from handlers.ui.forms import day_in, unlisted
from handlers.ui.views import ItemView
from storage import Store
from storage.retros import COUNTED, DONE, Retro, RetroGroup


async def open_choice(turn: Turn, store: Store, act: OpenChoice) -> Reply:
    """Ask which groups become improvements."""
    retro = await _counted(turn, store, act.retro_id)
    groups = await _ranked(store, retro)
    top = [group.no for group in groups[: forms.IMPROVEMENTS_MAX] if group.votes]
    return Ask(forms.choose_form(retro, groups, top))


async def choose(turn: Turn, store: Store, act: Choose) -> Reply:
    """Ask for what makes the chosen ones happen."""
    retro = await _counted(turn, store, act.retro_id)
    groups = await _ranked(store, retro)
    chosen = [group for group in groups if str(group.no) in turn.answers.many("groups")]
    if not 0 < len(chosen) <= forms.IMPROVEMENTS_MAX:
        form = filled(forms.choose_form(retro, groups, ()), turn.answers)
        error = f"Choose one to {forms.IMPROVEMENTS_MAX}: fewer get done more often."
        return Ask(form, {"groups": error})
    return Ask(forms.improve_form(retro, chosen, _check_day(turn)))


def _check_day(turn: Turn) -> date:
    """Return the day to look whether it worked, if nobody chooses another."""
    return check_day(None, turn.now.astimezone(ZoneInfo(turn.person.zone)).date())


async def improve(turn: Turn, store: Store, act: Improve) -> Reply:
    """Save the improvements and close the retro; its card stays as the record."""
    retro = await _counted(turn, store, act.retro_id)
    chosen = _named(act.groups, await store.retros.groups(retro.id))
    plans, errors = _read(turn, chosen)
    for plan in plans:
        errors |= await unlisted(store, f"owner{plan.group.no}", plan.owner)
    lacking = not act.asked and any(plan.owner is None or plan.due is None for plan in plans)
    if errors or lacking:
        form = forms.improve_form(retro, chosen, _check_day(turn), asked=lacking or act.asked)
        return Ask(filled(form, turn.answers), errors)
    numbers = [await _save(turn, store, retro, plan) for plan in plans]
    retro.stage, retro.closed_at = DONE, store.now
    view = RetroView(retro.id)
    return (
        *(Post(ItemView(number), view, retro.channel) for number in numbers),
        whisper(f"Saved {', '.join(f'#{n}' for n in numbers)}. The next retro opens with them."),
    )


async def finish(turn: Turn, store: Store, act: Finish) -> Reply:
    """Close the retro without an improvement."""
    retro = await _counted(turn, store, act.retro_id)
    retro.stage, retro.closed_at = DONE, store.now
    return None


@dataclass(frozen=True, slots=True)
class _Plan:
    """An improvement that is not saved yet."""

    group: RetroGroup
    title: str
    owner: str | None
    due: date | None
    metric: str
    start: str
    goal: str
    check_on: date | None


def _read(turn: Turn, groups: Sequence[RetroGroup]) -> tuple[list[_Plan], dict[str, str]]:
    """Return the plans of the form, and what is wrong with them by field."""
    answers = turn.answers
    plans: list[_Plan] = []
    errors: dict[str, str] = {}
    for group in groups:
        n = group.no
        title = " ".join(answers.one(f"title{n}").split())
        hypothesis = answers.one(f"metric{n}")
        metric, start, goal = read_hypothesis(hypothesis)
        if not title:
            errors[f"title{n}"] = "Say in one sentence what you will try."
        if wrong := too_long(title, TITLE_MAX_CHARS):
            errors[f"title{n}"] = wrong
        if wrong := hypothesis_problem(hypothesis):
            errors[f"metric{n}"] = wrong
        days = {field: day_in(turn, answers.one(field)) for field in (f"due{n}", f"check{n}")}
        errors |= {field: wrong for field, (_, wrong) in days.items() if wrong}
        due, check = (day for day, _ in days.values())
        owner = answers.one(f"owner{n}") or None
        plans.append(_Plan(group, title, owner, due, metric, start, goal, check))
    return plans, errors


async def _save(turn: Turn, store: Store, retro: Retro, plan: _Plan) -> int:
    item = await store.items.add(
        retro.team_id,
        plan.title,
        by=turn.person.id,
        owner=plan.owner,
        due=plan.due,
        description=_origin(retro, plan),
        themes=list(plan.group.themes),
        experiment=cut(plan.title, EXPERIMENT_MAX_CHARS) if plan.metric else "",
        metric=plan.metric,
        metric_from=plan.start,
        metric_to=plan.goal,
        check_on=plan.check_on if plan.metric else None,
    )
    plan.group.item = item.number
    return item.number


def _origin(retro: Retro, plan: _Plan) -> str:
    """Say where the item comes from, and what was said there if that is not its title."""
    group_title = "" if plan.title == plan.group.title else f": {plan.group.title}"
    return f"From the retro “{retro.template}”{group_title}"


async def _counted(turn: Turn, store: Store, retro_id: int) -> Retro:
    retro = await held(store, retro_id)
    await may_lead(turn, store, retro)
    if retro.stage != COUNTED:
        raise Mistake(f"This retro {STAGE_NOTES[retro.stage]}.")
    return retro


async def _ranked(store: Store, retro: Retro) -> list[RetroGroup]:
    return cards.ranked(await store.retros.groups(retro.id), await store.notes.of(retro.id))


def _named(coded: str, groups: Sequence[RetroGroup]) -> list[RetroGroup]:
    """Return the groups of an action; raises NotFound for any it does not have."""
    by_number = {str(group.no): group for group in groups}
    wanted = coded.split(",")
    if not 0 < len(wanted) <= forms.IMPROVEMENTS_MAX or not set(wanted) <= by_number.keys():
        raise NotFound("There is no such group here.")
    return [by_number[number] for number in dict.fromkeys(wanted)]
