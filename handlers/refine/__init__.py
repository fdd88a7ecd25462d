"""Walk an item to ready: details, criteria, points, what it waits for, and six hints on the way."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from bot.cards import (
    Card,
    Typed,
    filled,
)
from bot.feature import CommandSpec, Feature, Verb
from bot.turn import Ask, Mistake, Reply, Show, Turn, Whisper
from handlers.refine import by_number, cards, definition
from handlers.refine.access import refinable
from handlers.refine.actions import (
    MarkReady,
    OpenAnyway,
    OpenDefinition,
    OpenNext,
    OpenOverride,
    RefineView,
    SaveAnyway,
    SaveDefinition,
    SaveOverride,
    SaveRefined,
)
from handlers.refine.cards import Refined
from handlers.refine.invest import Story, hints
from handlers.refine.links import read_targets, relink, written_waits
from handlers.rules.access import Permission
from handlers.rules.guard import found_item, require
from handlers.rules.hypothesis import renewed
from handlers.rules.limits import (
    DETAILS_MAX_CHARS,
    METRIC_MAX_CHARS,
    REASON_MAX_CHARS,
    VALUE_MAX_CHARS,
    too_long,
)
from handlers.rules.numbers import number_in
from handlers.rules.pace import horizon_of, velocity_of
from handlers.rules.refinement import read_criteria, read_points
from handlers.ui.actions import OpenRefine
from handlers.ui.details import details_in
from storage import Store
from storage.items import Item
from storage.links import Blocker
from storage.states import UNREADY_STATES
from storage.teams import Team

# --- the form --------------------------------------------------------------------------------


async def refine(turn: Turn, store: Store, line: str) -> Reply:
    """Open the form of the item that was named; alone, of the next one that is not ready."""
    if not line:
        return await refine_next(turn, store, "")
    number = number_in(await store.records.with_numbers(line))
    if number is None:
        raise Mistake("Name one item: ", Typed("refine #42"), ", or ", Typed("refine next"), ".")
    return await open_refine(turn, store, OpenRefine(number))


async def refine_next(turn: Turn, store: Store, _: str) -> Reply:
    """Open the form of the highest item in the horizon that is not ready."""
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    horizon = await horizon_of(store, team.id)
    for item in horizon:
        if item.state in UNREADY_STATES:
            return await open_refine(turn, store, OpenRefine(item.number))
    return Whisper(cards.nothing_next(team, len(horizon)))


async def open_next(turn: Turn, store: Store, _: OpenNext) -> Reply:
    """Open the form of the next item, from the card of the last one."""
    return await refine_next(turn, store, "")


async def open_refine(turn: Turn, store: Store, act: OpenRefine) -> Reply:
    """Open an item's form."""
    item = await refinable(turn, store, act.number)
    team = await _team_of(store, item)
    waits = written_waits(await store.links.open_of(item.number))
    return Ask(cards.refine_form(item, waits, definition.read(team.settings)))


async def save(turn: Turn, store: Store, act: SaveRefined) -> Reply:
    """Save the form, and show what the item still lacks."""
    item = await refinable(turn, store, act.number)
    team = await _team_of(store, item)
    ready = definition.read(team.settings)
    changes, errors = _changes(turn, item, ready)
    before = await store.links.open_of(item.number)
    targets, wrong = await read_targets(turn, store, item, turn.answers.one("waits_for"))
    if wrong:
        errors["waits_for"] = wrong
    if errors:
        form = cards.refine_form(item, written_waits(before), ready)
        return Ask(filled(form, turn.answers), errors)
    await relink(turn, store, item, before, targets)
    await store.items.change(item, renewed(item, changes), by=turn.person.id)
    return Show(RefineView(item.number), True)


def _changes(
    turn: Turn, item: Item, ready: definition.Definition
) -> tuple[dict[str, Any], dict[str, str]]:
    """Read the form's fields; returns what to change and what is wrong, by field."""
    answers = turn.answers
    errors: dict[str, str] = {}
    details, metric = details_in(answers, item), answers.one("metric")
    start, goal = answers.one("from"), answers.one("to")
    for field, words, most in (
        ("details", answers.one("details"), DETAILS_MAX_CHARS),
        ("metric", metric, METRIC_MAX_CHARS),
        ("from", start, VALUE_MAX_CHARS),
        ("to", goal, VALUE_MAX_CHARS),
    ):
        if wrong := too_long(words, most):
            errors[field] = wrong
    criteria, wrong = read_criteria(answers.one("criteria"))
    if wrong:
        errors["criteria"] = wrong
    points, wrong = read_points(answers.one("points"))
    if wrong:
        errors["points"] = wrong
    if (start or goal) and not metric:
        errors["metric"] = "Which metric goes from there to there?"
    changes: dict[str, Any] = {
        "description": details,
        "criteria": criteria,
        "points": points,
        "metric": metric,
        "metric_from": start,
        "metric_to": goal,
    }
    if ready.lines:
        ticked = answers.many("checks")
        changes["ready_checks"] = [
            line for place, line in enumerate(ready.lines) if str(place) in ticked
        ]
    if item.state == "captured":
        changes["state"] = "refining"
    return changes, errors


# --- ready -----------------------------------------------------------------------------------


async def mark_ready(turn: Turn, store: Store, act: MarkReady) -> Reply:
    """Call the item ready; if something is missing by now, show what."""
    item = await refinable(turn, store, act.number)
    if item.state not in UNREADY_STATES or (await _look_at(store, item)).missing:
        return Show(RefineView(item.number), True)
    await store.items.change(item, {"state": "ready"}, by=turn.person.id)
    return Show(RefineView(item.number), True)


async def open_anyway(turn: Turn, store: Store, act: OpenAnyway) -> Reply:
    """Ask why the item is ready although something is missing."""
    item = await refinable(turn, store, act.number)
    return Ask(cards.anyway_form(item, (await _look_at(store, item)).missing))


async def save_anyway(turn: Turn, store: Store, act: SaveAnyway) -> Reply:
    """Call the item ready for the reason given, which its story keeps."""
    item = await refinable(turn, store, act.number)
    reason, wrong = _reason(turn)
    if wrong:
        form = cards.anyway_form(item, (await _look_at(store, item)).missing)
        return Ask(filled(form, turn.answers), {"reason": wrong})
    if item.state in UNREADY_STATES:
        await store.items.change(item, {"state": "ready"}, by=turn.person.id, reason=reason)
    return Show(RefineView(item.number), True)


async def open_override(turn: Turn, store: Store, act: OpenOverride) -> Reply:
    """Ask which hint does not count, and why."""
    item = await refinable(turn, store, act.number)
    weak = (await _look_at(store, item)).weak
    if not weak:
        raise Mistake(f"No hint speaks against #{item.number}.")
    return Ask(cards.override_form(item, weak))


async def save_override(turn: Turn, store: Store, act: SaveOverride) -> Reply:
    """Set a hint aside for a reason, which stays on the card."""
    item = await refinable(turn, store, act.number)
    weak = (await _look_at(store, item)).weak
    name = turn.answers.one("hint")
    reason, wrong = _reason(turn)
    errors = {"reason": wrong} if wrong else {}
    if not weak:
        return Show(RefineView(item.number), True)
    if name not in {hint.name for hint in weak}:
        errors["hint"] = "Choose one of the hints listed."
    if errors:
        return Ask(filled(cards.override_form(item, weak), turn.answers), errors)
    overrides = {**item.overrides, name: reason}
    await store.items.change(item, {"overrides": overrides}, by=turn.person.id)
    return Show(RefineView(item.number), True)


def _reason(turn: Turn) -> tuple[str, str]:
    reason = " ".join(turn.answers.one("reason").split())
    if not reason:
        return "", "Say why, in a few words."
    wrong = too_long(reason, REASON_MAX_CHARS)
    return ("", wrong) if wrong else (reason, "")


# --- the team's Definition of Ready ----------------------------------------------------------


async def ready_definition(turn: Turn, store: Store, _: str) -> Reply:
    """Open the form of what ready means to this team."""
    team = await _own_team(turn, store)
    return Ask(cards.definition_form(team, definition.read(team.settings)))


async def open_definition(turn: Turn, store: Store, _: OpenDefinition) -> Reply:
    """Open the same form from a card."""
    return await ready_definition(turn, store, "")


async def save_definition(turn: Turn, store: Store, act: SaveDefinition) -> Reply:
    """Keep what ready means; items that are ready stay so."""
    team = await _own_team(turn, store)
    if team.id != act.team_id:
        raise Mistake("This channel changed its team meanwhile. Please open the form again.")
    rules = tuple(rule for rule in definition.RULES if rule in turn.answers.many("rules"))
    lines, wrong = definition.read_lines(turn.answers.one("lines"))
    wanted = definition.Definition(rules, lines)
    if wrong:
        form = cards.definition_form(team, definition.read(team.settings))
        return Ask(filled(form, turn.answers), {"lines": wrong})
    team.settings = {**team.settings, "ready_definition": definition.kept(wanted)}
    await store.audit.add(turn.person.id, f"team {team.id}: definition of ready")
    return Whisper(cards.definition_saved(team, wanted))


async def _own_team(turn: Turn, store: Store) -> Team:
    require(turn, Permission.CHANGE_READINESS)
    current_team = await store.teams.resolve(turn.place.channel, turn.person.id)
    team = await store.teams.locked(current_team.id)
    assert team is not None
    return team


# --- looking at an item ----------------------------------------------------------------------


async def draw(store: Store, view: RefineView) -> Card:
    """Draw an item with its hints as they are now."""
    item = await found_item(store, view.number)
    return cards.refined(await _look_at(store, item))


async def _look_at(store: Store, item: Item) -> Refined:
    blockers = tuple(await store.links.open_of(item.number))
    objective = await store.objectives.find(item.objective_id) if item.objective_id else None
    story = Story(
        words=f"{item.title}\n{item.description}",
        criteria=tuple(criterion["text"] for criterion in item.criteria),
        points=item.points,
        velocity=await velocity_of(store, item.team_id),
        hypothesis=bool(item.metric),
        objective=True if objective else None,
        sizes=tuple(await store.backlog.size_votes(item.number)),
        blockers=tuple(blocker.words for blocker in blockers),
    )
    ready = definition.read((await _team_of(store, item)).settings)
    return Refined(
        item=item,
        hints=hints(story),
        missing=definition.missing(ready, _facts(item, blockers), tuple(item.ready_checks)),
        asked=ready.length,
        blockers=blockers,
        objective=objective.title if objective else "",
        days_waited={b.words: (store.now - b.opened_at).days for b in blockers},
        known=(await store.tracked.known_as([item.number])).get(item.number),
    )


def _facts(item: Item, blockers: Collection[Blocker]) -> definition.Facts:
    return definition.Facts(
        described=bool(item.description),
        criteria=len(item.criteria),
        points=item.points,
        owned=item.owner is not None,
        hypothesis=bool(item.metric),
        waits_for=len(blockers),
        scored=item.wsjf is not None,
    )


async def _team_of(store: Store, item: Item) -> Team:
    team = await store.teams.find(item.team_id)
    assert team is not None, "items belong to teams that exist"
    return team


FEATURE = Feature(
    name="refine",
    commands={
        "refine": CommandSpec(
            summary="Make an item ready",
            run=refine,
            example="refine #42",
            what="opens its form, then says what it still lacks",
            verbs={
                "next": Verb(
                    refine_next, "refine next", "takes the highest item that is not ready"
                ),
                "ready-definition": Verb(
                    ready_definition,
                    "refine ready-definition",
                    "settles what ready means to this team",
                ),
            },
        )
    },
    actions={
        OpenRefine: open_refine,
        SaveRefined: save,
        MarkReady: mark_ready,
        OpenAnyway: open_anyway,
        SaveAnyway: save_anyway,
        OpenOverride: open_override,
        SaveOverride: save_override,
        OpenNext: open_next,
        OpenDefinition: open_definition,
        SaveDefinition: save_definition,
    },
    views={RefineView: draw},
)

BY_NUMBER = by_number.VERBS
