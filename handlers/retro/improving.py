"""Turn what got most dots into items with an owner, a day and a number to move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bot.cards import filled
from bot.turn import Ask, Mistake, NotFound, Post, Reply, Turn, whisper
from handlers.phrases import cut
from handlers.retro import cards
from handlers.retro import improve_forms as forms
from handlers.retro.access import STAGE_NOTES, held, may_lead
from handlers.retro.actions import Choose, Finish, Improve, OpenChoice
from handlers.retro.known import Known, known
from handlers.rules.guard import changeable
from handlers.rules.hypothesis import check_day, hypothesis_problem, read_hypothesis
from handlers.rules.limits import EXPERIMENT_MAX_CHARS, TITLE_MAX_CHARS, too_long
from handlers.ui.forms import day_in, unlisted
from handlers.ui.views import ItemView, RetroView
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
    there = await _known(turn, store, retro, chosen)
    return Ask(forms.improve_form(retro, chosen, _check_day(turn), there))


def _check_day(turn: Turn) -> date:
    """Return the day to look whether it worked, if nobody chooses another."""
    return check_day(None, turn.now.astimezone(ZoneInfo(turn.person.zone)).date())


async def improve(turn: Turn, store: Store, act: Improve) -> Reply:
    """Save the improvements and close the retro; its card stays as the record."""
    retro = await _counted(turn, store, act.retro_id)
    chosen = _named(act.groups, await store.retros.groups(retro.id))
    there = await _known(turn, store, retro, chosen)
    plans, errors = _read(turn, chosen, there)
    for plan in plans:
        errors |= await unlisted(store, f"owner{plan.group.no}", plan.owner)
    new = [plan for plan in plans if plan.joins is None]
    lacking = not act.asked and any(plan.owner is None or plan.due is None for plan in new)
    if errors or lacking or _not_offered(turn, there):
        form = forms.improve_form(
            retro, chosen, _check_day(turn), there, asked=lacking or act.asked, lacking=lacking
        )
        return Ask(filled(form, turn.answers), errors)
    numbers = [await _save(turn, store, retro, plan) for plan in plans]
    retro.stage, retro.closed_at = DONE, store.now
    view = RetroView(retro.id)
    return (
        *(Post(ItemView(number), view, retro.channel) for number in dict.fromkeys(numbers)),
        whisper(f"{_told(plans, numbers)} The next retro opens with them."),
    )


def _told(plans: Sequence[_Plan], numbers: Sequence[int]) -> str:
    joined = {plan.joins for plan in plans}
    named = {number: f"#{number}" for number in numbers}
    parts = {
        "Saved": [name for number, name in named.items() if number not in joined],
        "Added to": [name for number, name in named.items() if number in joined],
    }
    return " ".join(f"{verb} {', '.join(those)}." for verb, those in parts.items() if those)


async def finish(turn: Turn, store: Store, act: Finish) -> Reply:
    """Close the retro without an improvement."""
    retro = await _counted(turn, store, act.retro_id)
    retro.stage, retro.closed_at = DONE, store.now
    return None


@dataclass(frozen=True, slots=True)
class _Plan:
    """An improvement that is not saved yet; `joins` is the item whose words it adds to instead."""

    group: RetroGroup
    joins: int | None
    title: str
    owner: str | None
    due: date | None
    metric: str
    start: str
    goal: str
    check_on: date | None


async def _known(
    turn: Turn, store: Store, retro: Retro, groups: Sequence[RetroGroup]
) -> dict[int, Known]:
    """Return what there is already of each group: of its notes, and of what one will try."""
    found = {}
    for group in groups:
        said = await known(turn, store, group.title, retro.team_id)
        title = turn.answers.one(f"title{group.no}")
        tried = await known(turn, store, title, retro.team_id) if title else Known()
        here = {each.id: each for each in (*said.here, *tried.here)}
        found[group.no] = Known(tuple(here.values()), said.elsewhere or tried.elsewhere)
    return found


def _not_offered(turn: Turn, there: Mapping[int, Known]) -> bool:
    """Whether something like it came to light only now, by what was typed."""
    return any(each.here and f"join{no}" not in turn.answers for no, each in there.items())


def _read(
    turn: Turn, groups: Sequence[RetroGroup], there: Mapping[int, Known]
) -> tuple[list[_Plan], dict[str, str]]:
    """Return the plans of the form, and what is wrong with them by field."""
    answers = turn.answers
    plans: list[_Plan] = []
    errors: dict[str, str] = {}
    for group in groups:
        n = group.no
        title = " ".join(answers.one(f"title{n}").split())
        hypothesis = answers.one(f"metric{n}")
        metric, start, goal = read_hypothesis(hypothesis)
        choice = answers.one(f"join{n}") or forms.NEW
        joins = {str(each.id): each.id for each in there[n].here}.get(choice)
        if joins is None and choice != forms.NEW:
            errors[f"join{n}"] = "That item is closed meanwhile. Choose again."
        if joins is None and not title:
            errors[f"title{n}"] = "Say in one sentence what you will try."
        if wrong := too_long(title, TITLE_MAX_CHARS):
            errors[f"title{n}"] = wrong
        if wrong := hypothesis_problem(hypothesis):
            errors[f"metric{n}"] = wrong
        days = {field: day_in(turn, answers.one(field)) for field in (f"due{n}", f"check{n}")}
        errors |= {field: wrong for field, (_, wrong) in days.items() if wrong}
        due, check = (day for day, _ in days.values())
        owner = answers.one(f"owner{n}") or None
        plans.append(_Plan(group, joins, title, owner, due, metric, start, goal, check))
    return plans, errors


async def _save(turn: Turn, store: Store, retro: Retro, plan: _Plan) -> int:
    """Make the plan an item, or part of the one that says the same; return its number."""
    fields = {
        "owner": plan.owner,
        "due": plan.due,
        "themes": list(plan.group.themes),
        "experiment": cut(plan.title, EXPERIMENT_MAX_CHARS) if plan.metric else "",
        "metric": plan.metric,
        "metric_from": plan.start,
        "metric_to": plan.goal,
        "check_on": plan.check_on if plan.metric else None,
    }
    if plan.joins is not None:
        item = await changeable(turn, store, plan.joins)
        words = plan.title or plan.group.title
        await store.voices.add(item.number, turn.person.id, words)
        if item.metric:  # a number of its own has its own day
            for name in ("experiment", "metric", "metric_from", "metric_to", "check_on"):
                del fields[name]
        lacks = {name: new for name, new in fields.items() if new and not getattr(item, name)}
        await store.items.change(item, lacks, by=turn.person.id)
    else:
        item = await store.items.add(
            retro.team_id,
            plan.title,
            by=turn.person.id,
            description=_origin(retro, plan),
            **fields,
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
