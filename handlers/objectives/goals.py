"""A team's objectives: write them, change them, hang items on them, say what they were worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.cards import (
    Card,
    Typed,
    filled,
    says,
)
from bot.turn import Ask, Mistake, NotFound, Post, Reply, Show, Turn, Whisper, whisper
from handlers.objectives import cards, forms
from handlers.objectives.access import lead_team, live_objective, member, open_pi, planned, shown
from handlers.objectives.actions import (
    Choose,
    OpenChange,
    OpenLink,
    OpenScore,
    SaveChange,
    SaveLink,
    SaveNew,
    SaveScore,
)
from handlers.objectives.beside import beside_objective
from handlers.objectives.news import tell_teams
from handlers.objectives.planning import predictability, today
from handlers.objectives.reading import read_value, read_words
from handlers.phrases import counted
from handlers.rules.limits import OBJECTIVES_MAX
from handlers.rules.numbers import number_in
from handlers.ui.actions import OpenObjective
from handlers.ui.views import ObjectiveView
from storage import Store
from storage.items import Item
from storage.objectives import Objective, PlanningInterval
from storage.teams import Team

SHOWN_AT_ONCE = 5


# --- write -----------------------------------------------------------------------------------


async def objective(turn: Turn, store: Store, words: str) -> Reply:
    """Open the form of a new objective, with the words after `add` in it."""
    verb, _, rest = words.partition(" ")
    title = rest.strip() if verb.lower() == "add" else words
    team = await lead_team(turn, store, (await member(turn, store)).id)
    await planned(store, team)
    if len(title) > forms.TITLE_MAX_CHARS:
        raise Mistake(
            f"That is {len(title):,} characters; an objective has at most {forms.TITLE_MAX_CHARS}."
        )
    themes = await store.strategy.themes(team.train_id)
    return Ask(forms.new_form(team.id, themes, title))


async def open_new(turn: Turn, store: Store, _: OpenObjective) -> Reply:
    """Open the empty form."""
    return await objective(turn, store, "")


async def save_new(turn: Turn, store: Store, act: SaveNew) -> Reply:
    """Save a new objective and show its card here."""
    team = await lead_team(turn, store, act.team_id)
    running = await planned(store, team)
    draft, errors = await _draft(turn, store, team)
    if errors:
        themes = await store.strategy.themes(team.train_id)
        return Ask(filled(forms.new_form(team.id, themes), turn.answers), errors)
    if len(await store.objectives.of_pi(running.id, team.id)) >= OBJECTIVES_MAX:
        raise Mistake(
            f"A team keeps at most {OBJECTIVES_MAX} objectives in a PI. Which one matters least?"
        )
    fields = draft.fields()
    new = await store.objectives.add(
        running, team.id, fields.pop("title"), by=turn.person.id, **fields
    )
    return Post(ObjectiveView(new.id))


# --- change ----------------------------------------------------------------------------------


async def objectives(turn: Turn, store: Store, _: str) -> Reply:
    """Show the team's objectives, or let one be chosen where there are many."""
    team = await member(turn, store)
    own = await store.objectives.of_pi((await planned(store, team)).id, team.id)
    if not own:
        raise Mistake(
            f"{shown(team.name)} has no objectives yet: write one with ",
            Typed("pi objective add"),
            ".",
        )
    if len(own) > SHOWN_AT_ONCE:
        return Ask(forms.choose_form(own))
    return tuple(Show(ObjectiveView(each.id)) for each in own)


async def choose(turn: Turn, store: Store, _: Choose) -> Reply:
    """Go on to the form of the objective that was chosen."""
    team = await member(turn, store)
    own = await store.objectives.of_pi((await planned(store, team)).id, team.id)
    chosen = next((each for each in own if str(each.id) == turn.answers.one("objective")), None)
    if chosen is None:
        return Ask(forms.choose_form(own), {"objective": "Choose one of the objectives listed."})
    return await open_change(turn, store, OpenChange(chosen.id))


async def open_change(turn: Turn, store: Store, act: OpenChange) -> Reply:
    """Open the form of an objective."""
    pi_objective = await live_objective(store, act.objective_id)
    team = await lead_team(turn, store, pi_objective.team_id)
    return Ask(forms.change_form(pi_objective, await store.strategy.themes(team.train_id)))


async def save_change(turn: Turn, store: Store, act: SaveChange) -> Reply:
    """Save what changed; while the PI runs, tell the teams whose items hang on it."""
    pi_objective = await live_objective(store, act.objective_id, lock=True)
    team = await lead_team(turn, store, pi_objective.team_id)
    draft, errors = await _draft(turn, store, team)
    if errors:
        themes = await store.strategy.themes(team.train_id)
        return Ask(filled(forms.change_form(pi_objective, themes), turn.answers), errors)
    fields = draft.fields()
    if turn.answers.on("drop"):
        fields["dropped_at"] = store.now
    changed = await store.objectives.change(pi_objective, fields)
    if not changed:
        return whisper("Nothing changed.")
    running = await open_pi(store, pi_objective.pi_id)
    posts: tuple[Post, ...] = ()
    if today(store, team) >= running.starts:
        posts = await tell_teams(turn, store, pi_objective, changed)
    return *posts, whisper("Saved.")


@dataclass(frozen=True, slots=True)
class _Draft:
    title: str
    theme_id: int | None
    planned: int
    committed: bool

    def fields(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "theme_id": self.theme_id,
            "planned": self.planned,
            "committed": self.committed,
        }


async def _draft(turn: Turn, store: Store, team: Team) -> tuple[_Draft, dict[str, str]]:
    """Read the form of an objective; returns the draft and what is wrong, by field."""
    answers = turn.answers
    title, title_error = read_words(answers.one("title"), "An objective", forms.TITLE_MAX_CHARS)
    value, value_error = read_value(answers.one("planned"))
    themes = {str(theme.id): theme.id for theme in await store.strategy.themes(team.train_id)}
    theme = answers.one("theme")
    unknown = theme not in ("", forms.NONE, *themes)
    errors = {
        "title": title_error,
        "planned": value_error,
        "theme": "Choose one of the themes listed." if unknown and themes else "",
    }
    draft = _Draft(title, themes.get(theme), value, answers.on("committed"))
    return draft, {field: error for field, error in errors.items() if error}


# --- link ------------------------------------------------------------------------------------


async def link(turn: Turn, store: Store, words: str) -> Reply:
    """Open the form that hangs items on an objective, with the numbers typed already chosen."""
    numbers = []
    for word in (await store.records.with_numbers(words)).replace(",", " ").split():
        if (number := number_in(word)) is None:
            raise Mistake(
                f"I don't know “{shown(word)}”. Name items by number: ", Typed("pi link #12 #13")
            )
        numbers.append(number)
    return await _ask_link(turn, store, tuple(numbers), 0)


async def open_link(turn: Turn, store: Store, act: OpenLink) -> Reply:
    """Open the form for one objective, or for any."""
    return await _ask_link(turn, store, (), act.objective_id)


async def _ask_link(turn: Turn, store: Store, numbers: tuple[int, ...], objective_id: int) -> Reply:
    team = await member(turn, store)
    goals = await _goals(store, team)
    items = await _linkable(store, team)
    missing = [n for n in numbers if n not in {item.number for item in items}]
    if missing:
        raise NotFound(f"{shown(team.name)} has no open item #{missing[0]}.")
    if not items:
        raise Mistake("There is no open item to link yet. Log something first with improve.")
    named = [item for item in items if item.number in numbers]
    others = [item for item in items if item.number not in numbers]
    names = {each.id: each.name for each in await store.teams.all()}
    return Ask(
        forms.link_form(
            team.id, [*named, *others], goals, names, numbers=numbers, objective_id=objective_id
        )
    )


async def save_link(turn: Turn, store: Store, act: SaveLink) -> Reply:
    """Hang the chosen items on the objective, or take them off."""
    await member(turn, store)
    team = await store.teams.find(act.team_id)
    if team is None:
        raise NotFound("There is no such team here.")
    goals = {str(goal.id): goal for goal in await _goals(store, team)}
    items = {str(item.number): item for item in await _linkable(store, team)}
    chosen = dict.fromkeys(turn.answers.many("items"))
    to = turn.answers.one("objective")
    errors = {}
    if not chosen or not items.keys() >= chosen.keys():
        errors["items"] = "Choose at least one of the items listed."
    if to != forms.NONE and to not in goals:
        errors["objective"] = "Choose one of the objectives listed."
    if errors:
        names = {each.id: each.name for each in await store.teams.all()}
        form = forms.link_form(team.id, list(items.values()), list(goals.values()), names)
        return Ask(filled(form, turn.answers), errors)
    goal = goals.get(to)
    for number in chosen:
        item = await store.items.locked(int(number))
        assert item is not None
        changes = {"objective_id": goal.id if goal else None}
        await store.items.change(item, changes, by=turn.person.id)
    return Whisper(says(_linked(len(chosen), goal)))


def _linked(count: int, goal: Objective | None) -> str:
    what = counted(count, "item")
    if goal is None:
        return f"{what} now without an objective."
    return f"{what} now on: {shown(goal.title, 120)}"


async def _goals(store: Store, team: Team) -> list[Objective]:
    """Return the PI's objectives, the team's own first."""
    running = await planned(store, team)
    objectives_found = await store.objectives.of_pi(running.id)
    if not objectives_found:
        raise Mistake(
            "There is no objective to link to yet: write one with ", Typed("pi objective add"), "."
        )
    return sorted(objectives_found, key=lambda o: (o.team_id != team.id, o.team_id, o.id))


async def _linkable(store: Store, team: Team) -> list[Item]:
    """Return the team's open items, those without an objective first, then by rank."""
    items = await store.items.ranked(team.id, limit=1_000)
    return sorted(items, key=lambda item: item.objective_id is not None)


# --- rate ------------------------------------------------------------------------------------


async def score(turn: Turn, store: Store, _: str | OpenScore) -> Reply:
    """Open the form that says what each of the team's objectives was worth."""
    team = await lead_team(turn, store, (await member(turn, store)).id)
    running = await planned(store, team)
    own = await store.objectives.of_pi(running.id, team.id)
    if not own:
        raise Mistake(f"{shown(team.name)} has no objectives in {shown(running.name)} to rate.")
    return Ask(forms.score_form(running, team.id, own))


async def save_score(turn: Turn, store: Store, act: SaveScore) -> Reply:
    """Save the actual values and tell the team's predictability."""
    team = await lead_team(turn, store, act.team_id)
    running = await open_pi(store, act.pi_id)
    own = await store.objectives.of_pi(running.id, team.id)
    values: dict[int, int | None] = {}
    errors = {}
    for each in own:
        answer = turn.answers.one(f"actual.{each.id}") or forms.NONE
        values[each.id], error = (None, "") if answer == forms.NONE else read_value(answer)
        if error:
            errors[f"actual.{each.id}"] = error
    if errors:
        return Ask(filled(forms.score_form(running, team.id, own), turn.answers), errors)
    for each in own:
        await store.objectives.change(each, {"actual": values[each.id]})
    reached = predictability(own)
    sentence = f"Saved. Predictability of {shown(team.name)}: {reached}."
    return Whisper(says(sentence))


# --- draw ------------------------------------------------------------------------------------


async def draw(store: Store, view: ObjectiveView) -> Card:
    """Draw an objective as it is now."""
    pi_objective = await store.objectives.find(view.objective_id)
    running = await store.objectives.pi(pi_objective.pi_id) if pi_objective else None
    if pi_objective is None or running is None:
        raise NotFound("There is no such objective here.")
    return await _drawn(store, pi_objective, running)


async def _drawn(store: Store, pi_objective: Objective, running: PlanningInterval) -> Card:
    team = await store.teams.find(pi_objective.team_id)
    themes = {theme.id: theme.text for theme in await store.strategy.themes(running.train_id)}
    items = await store.objectives.items([pi_objective.id])
    owners = await store.people.named([item.owner for item in items if item.owner])
    return cards.objective_card(
        pi_objective,
        items,
        team=team.name if team else "",
        theme=themes.get(pi_objective.theme_id or 0, ""),
        pi=running,
        owners=owners,
        known=await store.tracked.known_as([item.number for item in items]),
        beside=await beside_objective(store, pi_objective),
    )
