"""What a team decides before it follows something: what the words mean, what is the same, Start."""

from __future__ import annotations

from bot.cards import Form, filled
from bot.turn import Ask, Post, Reply, Show, Turn, whisper
from handlers.phrases import counted
from handlers.sources.asking import all_words, words_explained
from handlers.sources.survey import Survey, explain
from handlers.tracker import fields, forms, plans
from handlers.tracker.access import changeable
from handlers.tracker.actions import (
    OpenMapping,
    OpenTwins,
    SaveMapping,
    SaveTwins,
    ScopeView,
    Start,
)
from handlers.tracker.cards import Followed
from handlers.tracker.told import written
from storage import Store
from storage.tracked import Tracked

# --- what the words mean ---------------------------------------------------------------------


async def open_mapping(turn: Turn, store: Store, act: OpenMapping) -> Reply:
    """Ask what the tracker's words mean."""
    each = await changeable(turn, store, act.scope_id)
    return Ask(await _mapping_form(store, each))


async def _mapping_form(store: Store, each: Followed) -> Form:
    people = {person.id: person.name for person in await store.people.all()}
    return forms.mapping(each, all_words(each.told.found), people)


async def save_mapping(turn: Turn, store: Store, act: SaveMapping) -> Reply:
    """Keep what the words mean, and read all of it once more with that."""
    each = await changeable(turn, store, act.scope_id)
    told = each.told
    answers = words_explained(turn.answers, all_words(told.found))
    called, errors = fields.read(each, turn.answers)
    if errors:
        return Ask(filled(await _mapping_form(store, each), turn.answers), errors)
    if await plans.choose(turn, store, each, turn.answers):
        told.outlook = None
    if await fields.choose(store, each.site, called):
        await store.audit.add(turn.person.id, f"tracker {each.site.id}: fields of scores")
        told.looks_again = told.rehomed = True
    await store.tracked.remember(each.team.id, each.site.kind, answers)
    await store.audit.add(turn.person.id, f"tracker scope {each.scope.id}: mapping")
    if each.scope.step in ("looking", "shown"):
        told.found, told.restricted = Survey(), 0
        _read_from_the_start(each, "looking", store)
    else:
        explain(told.found, answers)
        told.saved = 0
        if each.scope.step == "paused":
            told.paused_in, each.scope.cursor = "first", ""
        else:
            _read_from_the_start(each, "first", store)
    each.scope.told = written(told)
    return whisper(f"Kept. I look at all of {each.name} once more with that.")


def _read_from_the_start(each: Followed, step: str, store: Store) -> None:
    """Have a scope read from its first page, now; a reading under way finds its cursor gone."""
    each.scope.step, each.scope.cursor = step, ""
    each.scope.due_at, each.scope.attempts, each.scope.why = store.now, 0, ""


# --- what is the same ------------------------------------------------------------------------


async def open_twins(turn: Turn, store: Store, act: OpenTwins) -> Reply:
    """Ask which of the new items are items here already."""
    each = await changeable(turn, store, act.scope_id)
    numbers = [number for number, _, _ in each.told.found.twins]
    return Ask(forms.twins(each, await store.items.several(numbers)))


async def save_twins(turn: Turn, store: Store, act: SaveTwins) -> Reply:
    """Keep which are the same; they are linked at the start."""
    each = await changeable(turn, store, act.scope_id)
    told = each.told
    told.linked = forms.ticked(turn.answers, told)
    each.scope.told = written(told)
    return whisper(f"Kept: {counted(len(told.linked), 'item')} of yours.")


async def _link(store: Store, each: Followed) -> None:
    """Let items here be those of the tracker, so that they come in as changes of theirs."""
    told = each.told
    keys = {id: key for _, id, key in told.found.twins}
    items = await store.items.several(list(told.linked.values()))
    source = f"{each.site.kind}:{each.site.site}"
    known = await store.tracked.by_id([(source, id) for id in told.linked])
    rows = [
        Tracked(
            workspace=store.workspace,
            source=source,
            remote_id=id,
            team_id=each.team.id,
            number=number,
            key=keys.get(id, ""),
            seen_at=store.now,
            scope_id=each.scope.id,
        )
        for id, number in told.linked.items()
        if number in items and (source, id) not in known
    ]
    await store.tracked.keep(rows)


# --- Start -----------------------------------------------------------------------------------


async def start(turn: Turn, store: Store, act: Start) -> Reply:
    """Bring in what was looked at, and tell the team where it talks."""
    each = await changeable(turn, store, act.scope_id)
    if each.scope.step != "shown":
        return Show(ScopeView(each.scope.id))
    await _link(store, each)
    each.scope.writes = act.writes
    _read_from_the_start(each, "first", store)
    how = "start" if act.writes else "start, only read"
    await store.audit.add(turn.person.id, f"tracker scope {each.scope.id}: {how}")
    channels = await store.channels.of_team(each.team.id)
    return Post(ScopeView(each.scope.id), channel=channels[0].id) if channels else None
