"""The train's side of planning: the whole line, the vision, the PI's beginning and its close."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.cards import Card, filled, says
from bot.turn import Ask, Mistake, NotFound, Post, Reply, Turn, Whisper
from handlers.objectives import cards, forms
from handlers.objectives.access import lead_train, member, open_pi, planned, shown
from handlers.objectives.actions import (
    Close,
    ClosedView,
    OpenSetup,
    OpenVision,
    SaveSetup,
    SaveVision,
    TurnPage,
)
from handlers.objectives.beside import beside_pi
from handlers.objectives.confidence import average_so_far
from handlers.objectives.overview import Line, line_card
from handlers.objectives.reading import read_length, read_words
from handlers.rules import predictability as reached
from handlers.rules.few import left_unsigned, must_not_name_team, small_teams
from handlers.rules.limits import too_long
from handlers.rules.payoff import lines, payoff
from handlers.rules.predictability import Predictability
from handlers.rules.timeboxes import ITERATION_WEEKS_USUAL
from handlers.ui.forms import day_in
from storage import Store
from storage.objectives import CLOSED, Objective, PlanningInterval
from storage.states import OPEN_STATES
from storage.teams import Team

LOOSE_MAX = 1_000
"""Open items looked through for those without an objective, best first."""


# --- the whole line --------------------------------------------------------------------------


async def pi(turn: Turn, store: Store, _: str) -> Reply:
    """Show the line from the vision to the items, to this person alone."""
    team = await member(turn, store)
    return Whisper(await _line_card(store, team, 0))


async def turn_page(turn: Turn, store: Store, act: TurnPage) -> Reply:
    """Show another page of the line in place of this one."""
    await member(turn, store)
    team = await store.teams.find(act.team_id)
    if team is None:
        raise NotFound("There is no such team here.")
    return Whisper(await _line_card(store, team, act.page), replaces=True)


async def _line_card(store: Store, team: Team, page: int) -> Card:
    running = await store.objectives.current(team.train_id)
    vision = await store.strategy.vision(team.train_id)
    if running is None:
        return cards.nothing_planned(vision, await _last(store, team.train_id))
    objectives = await store.objectives.of_pi(running.id)
    known = {objective.id for objective in objectives}
    open_items = await store.items.ranked(team.id, limit=LOOSE_MAX)
    few = await small_teams(store, team)
    items = await store.objectives.items(sorted(known))
    hidden = await left_unsigned(
        store, [item.number for item in items if must_not_name_team(item, few)]
    )
    line = Line(
        pi=running,
        today=today(store, team),
        team_id=team.id,
        team=team.name,
        vision=vision,
        themes=await store.strategy.themes(team.train_id),
        objectives=objectives,
        teams={each.id: each.name for each in await store.teams.all()},
        # An objective names its team: what a small team wrote without a name is not told beside it.
        items=[item for item in items if item.number not in hidden],
        loose=[item for item in open_items if item.objective_id not in known],
        open_items=len(open_items),
        vague=await store.objectives.features_without_outcome(team.train_id),
        risks=await store.risks.of_pi(running.id),
        confidence=await average_so_far(store, running.id),
        predictability=str(predictability(objectives)),
        beside=await beside_pi(store, running),
    )
    return line_card(line, page)


async def _last(store: Store, train_id: int) -> tuple[PlanningInterval, Predictability] | None:
    last = await store.objectives.last_closed(train_id)
    if last is None:
        return None
    return last, predictability(await store.objectives.of_pi(last.id))


def predictability(objectives: Sequence[Objective]) -> Predictability:
    """Return how predictable a plan with these objectives was."""
    return reached.predictability(
        [reached.Objective(o.planned, o.actual, o.committed) for o in objectives]
    )


def today(store: Store, team: Team) -> date:
    return store.now.astimezone(ZoneInfo(team.zone)).date()


# --- vision and themes -----------------------------------------------------------------------


async def vision(turn: Turn, store: Store, _: str | OpenVision) -> Reply:
    """Open the form of the vision and the themes."""
    team = await member(turn, store)
    await lead_train(turn, store, team.train_id)
    themes = await store.strategy.themes(team.train_id)
    words = await store.strategy.vision(team.train_id)
    return Ask(forms.vision_form(team.train_id, words, themes))


async def save_vision(turn: Turn, store: Store, act: SaveVision) -> Reply:
    """Save the vision and each theme; an emptied field retires its theme."""
    await lead_train(turn, store, act.train_id)
    themes = await store.strategy.themes(act.train_id)
    words = turn.answers.one("vision")
    errors = {"vision": too_long(words, forms.VISION_MAX_CHARS)}
    kept = {f"theme.{theme.id}": theme for theme in themes}
    new = [f"new.{place}" for place in range(1, forms.THEMES_MAX + 1)]
    for field in (*kept, *new):
        errors[field] = too_long(turn.answers.one(field), forms.THEME_MAX_CHARS)
    if errors := {field: error for field, error in errors.items() if error}:
        now = await store.strategy.vision(act.train_id)
        return Ask(filled(forms.vision_form(act.train_id, now, themes), turn.answers), errors)
    await store.strategy.set_vision(act.train_id, words)
    for field, theme in kept.items():
        if field in turn.answers and turn.answers.one(field) != theme.text:
            await store.strategy.change_theme(theme, turn.answers.one(field))
    for typed in [typed for field in new if (typed := turn.answers.one(field))][
        : max(0, forms.THEMES_MAX - len(themes))
    ]:
        await store.strategy.add_theme(act.train_id, typed)
    await store.audit.add(turn.person.id, f"train {act.train_id}: vision and themes")
    return Whisper(says("Saved. See the whole line with pi."))


# --- set up a PI -----------------------------------------------------------------------------


async def setup(turn: Turn, store: Store, _: str | OpenSetup) -> Reply:
    """Open the form of the train's PI."""
    team = await member(turn, store)
    await lead_train(turn, store, team.train_id)
    running = await store.objectives.current(team.train_id)
    return Ask(forms.setup_form(team.train_id, running, today(store, team)))


async def save_setup(turn: Turn, store: Store, act: SaveSetup) -> Reply:
    """Set up the PI, or change the one that is set up."""
    await lead_train(turn, store, act.train_id)
    team = await member(turn, store)
    running = await store.objectives.current(act.train_id)
    if (running.id if running else 0) != act.pi_id:
        raise Mistake("The planning interval changed meanwhile. Please look at it with pi.")
    name, name_error = read_words(turn.answers.one("name"), "A PI", forms.NAME_MAX_CHARS)
    starts, day_error = day_in(turn, turn.answers.one("starts"))
    if starts is None:
        day_error = day_error or "On which day does it begin?"
    iteration = team.iteration_weeks or ITERATION_WEEKS_USUAL
    weeks, length_error = read_length(turn.answers.one("length"), iteration)
    errors_by_field = {"name": name_error, "starts": day_error, "length": length_error}
    errors = {field: error for field, error in errors_by_field.items() if error}
    if errors or starts is None:
        form = forms.setup_form(act.train_id, running, today(store, team))
        return Ask(filled(form, turn.answers), errors)
    if running is None:
        running = await store.objectives.plan(act.train_id, name, starts, weeks)
    else:
        await store.objectives.replan(running, name, starts, weeks)
    await store.audit.add(turn.person.id, f"train {act.train_id}: pi {running.id}")
    return Whisper(cards.planned(running, today(store, team)))


# --- close it --------------------------------------------------------------------------------


async def close(turn: Turn, store: Store, _: str) -> Reply:
    """Ask whether the PI is over."""
    team = await member(turn, store)
    await lead_train(turn, store, team.train_id)
    running = await planned(store, team)
    objectives = await store.objectives.of_pi(running.id)
    unrated = sum(o.actual is None for o in objectives)
    return Ask(forms.close_form(running, predictability(objectives), unrated))


async def save_close(turn: Turn, store: Store, act: Close) -> Reply:
    """Close the PI and post what each team reached of what it promised."""
    running = await open_pi(store, act.pi_id, lock=True)
    await lead_train(turn, store, running.train_id)
    vote = await store.confidence.open_of(running.id)
    if vote is not None:
        raise Mistake("A confidence vote is still open. Reveal or cancel it first.")
    await store.objectives.close(running, by=turn.person.id)
    await store.audit.add(turn.person.id, f"train {running.train_id}: pi {running.id} closed")
    return Post(ClosedView(running.id))


async def draw_closed(store: Store, view: ClosedView) -> Card:
    """Draw how a PI ended."""
    ended = await store.objectives.pi(view.pi_id)
    if ended is None or ended.state != CLOSED:
        raise NotFound("There is no such planning interval here.")
    objectives = await store.objectives.of_pi(ended.id)
    items = await store.objectives.items([objective.id for objective in objectives])
    names = {team.id: shown(team.name) for team in await store.teams.all()}
    by_team: dict[int, list[Objective]] = {}
    for objective in objectives:
        by_team.setdefault(objective.team_id, []).append(objective)
    people = await store.people.named([ended.closed_by or ""])
    return cards.closed_card(
        ended,
        [(names.get(team, ""), predictability(own)) for team, own in by_team.items()],
        predictability(objectives),
        sum(item.state in OPEN_STATES for item in items),
        people.get(ended.closed_by or "", "someone"),
        await _paid_off(store, ended),
    )


async def _paid_off(store: Store, ended: PlanningInterval) -> list[str]:
    """Say whether the votes were right, of what the train shipped within the PI."""
    teams = [team.id for team in await store.teams.in_train(ended.train_id)]
    since = datetime.combine(ended.starts, time.min, UTC)
    result = payoff(await store.shipped.of_teams(teams, since, ended.closed_at))
    return lines(result) if result.shipped else []
