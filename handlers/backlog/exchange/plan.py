"""What importing a file would do: worked out in full first, carried out only if all of it fits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.text import alike as folded
from handlers.backlog.exchange.file import PROBLEMS_MAX, Reading
from handlers.backlog.exchange.keys import own_number
from handlers.backlog.exchange.row import Problem, Row, Step
from handlers.rules.rhythm import tell_iterations_anew
from storage import Store
from storage.imports import PastStep
from storage.items import Item, ItemEvent
from storage.states import FINISHED_STATES, STATES
from storage.teams import Team


@dataclass(frozen=True, slots=True)
class Entry:
    """A row and what becomes of it. `item` is None for a new one.

    `changes` are the item's fields that differ. `steps` are what happened to it that is not known
    yet; `move` is the state it is in now, if no step says so. `joins`: it becomes part of another
    item, or of none.
    """

    row: Row
    item: Item | None
    changes: Mapping[str, Any]
    created: datetime
    steps: tuple[PastStep, ...] = ()
    move: str | None = None
    joins: bool = False

    @property
    def is_same(self) -> bool:
        return self.item is not None and not (self.changes or self.steps or self.move or self.joins)


@dataclass(frozen=True, slots=True)
class Plan:
    """`notes` say what is left out or guessed; with `problems` nothing is done."""

    entries: tuple[Entry, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def new(self) -> int:
        return sum(entry.item is None for entry in self.entries)

    @property
    def same(self) -> int:
        return sum(entry.is_same for entry in self.entries)

    @property
    def changed(self) -> int:
        return len(self.entries) - self.new - self.same


@dataclass(slots=True)
class _Known:
    """What is there already, and what is remarked while the rows are compared with it."""

    store: Store
    team: Team
    numbers: dict[int, Item]
    keys: dict[str, Item]
    titles: dict[str, list[Item]]
    people: dict[str, list[str]]
    names: dict[str, str]
    histories: dict[int, list[ItemEvent]]
    remarks: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


async def make_plan(store: Store, team: Team, reading: Reading) -> Plan:
    """Compare a file with a team's backlog; nothing is written."""
    if reading.problems:
        return Plan(problems=reading.problems)
    known = await _known(store, team, reading.rows)
    entries: list[Entry] = []
    problems: list[Problem] = []
    seen: dict[int, int] = {}
    for row in reading.rows:
        item, wrong = _find(known, row)
        if item is not None and not wrong:
            first = seen.setdefault(item.number, row.line)
            wrong = f"line {first} is about #{item.number}, too." if first != row.line else ""
        wrong = wrong or _too_late(row, store.now)
        if wrong:
            problems.append(Problem(row.line, wrong))
        else:
            entries.append(_entry(known, row, item))
    if problems:
        return Plan(problems=tuple(problems[:PROBLEMS_MAX]))
    entries = await _joining(known, entries)
    return Plan(tuple(entries), tuple(_notes(known, reading.unused)))


async def _known(store: Store, team: Team, rows: Sequence[Row]) -> _Known:
    items = await store.items.of_team(team.id, states=STATES)
    titles: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        titles[" ".join(item.title.split()).casefold()].append(item)
    people: defaultdict[str, list[str]] = defaultdict(list)
    names = {}
    for person in await store.people.all():
        people[folded(person.name)].append(person.id)
        names[person.id] = person.name
    wanted = {row.key for row in rows} | {row.part_of or "" for row in rows}
    return _Known(
        store=store,
        team=team,
        numbers={item.number: item for item in items},
        keys=await store.imports.by_keys(sorted(wanted - {""})),
        titles=titles,
        people=people,
        names=names,
        histories=await store.imports.histories(team.id),
    )


def _find(known: _Known, row: Row) -> tuple[Item | None, str]:
    """Return the item that a row is about, None for a new one; and what is wrong."""
    number = own_number(known.store.workspace, row.key) if row.key else row.number
    if number is not None:
        item = known.numbers.get(number)
        return item, "" if item else f"number: there is no item #{number} in {known.team.name}."
    if row.key:
        item = known.keys.get(row.key)
        if item is not None and item.team_id != known.team.id:
            return None, f"key: this is #{item.number} of another team."
        return item, ""
    alike = known.titles.get(row.title.casefold(), [])
    if len(alike) > 1:
        which = ", ".join(f"#{item.number}" for item in alike[:5])
        return None, f"title: {which} are called so; say which one in a column number."
    return (alike[0] if alike else None), ""


def _too_late(row: Row, now: datetime) -> str:
    times = [step.at for step in row.history] + [row.created or now]
    return "history: this is still to come." if max(times) > now else ""


# --- one row ---------------------------------------------------------------------------------


def _entry(known: _Known, row: Row, item: Item | None) -> Entry:
    now = known.store.now
    wanted = dict(row.fields)
    why = wanted.pop("dropped_because", "")
    if row.owner is not None:
        wanted |= _owner(known, row, item)
    wanted |= _score(wanted, item, now)
    if row.key and own_number(known.store.workspace, row.key) is None:
        wanted["external_key"] = row.key
    if item is None:
        return _new_entry(known, row, wanted, why)
    changes = {name: value for name, value in wanted.items() if getattr(item, name) != value}
    steps = tuple(_unknown_steps(known, row, item, why))
    state = steps[-1].after if steps else item.state
    move = row.state if row.state not in (None, state) else None
    return Entry(row, item, changes, item.created_at, steps, move)


def _new_entry(known: _Known, row: Row, wanted: dict[str, Any], why: str) -> Entry:
    first = row.history[0].at if row.history else known.store.now
    created = min(row.created or first, first)
    steps = list(_linked("captured", row.history, why))
    state = steps[-1].after if steps else "captured"
    if row.state not in (None, state):
        steps += _linked(state, [Step(known.store.now, row.state or state)], why)
        if row.state in FINISHED_STATES:
            known.remarks["finished, but not when: it counts as finished today"].append(row.line)
    return Entry(row, None, wanted, created, tuple(steps))


def _linked(state: str, steps: Iterable[Step], why: str) -> Iterator[PastStep]:
    """Yield steps that change the state, each with the state before it."""
    for step in steps:
        if step.state != state:
            dropped = (step.reason or why) if step.state == "dropped" else ""
            reason = "" if step.state == "dropped" else step.reason
            yield PastStep(step.at, state, step.state, reason, dropped)
            state = step.state


def _unknown_steps(known: _Known, row: Row, item: Item, why: str) -> Iterator[PastStep]:
    """Yield what the file tells of an item after all that is known of it."""
    events = [event for event in known.histories[item.number] if "state" in event.changes]
    known_steps = {(event.at.replace(microsecond=0), event.changes["state"][1]) for event in events}
    last = max((event.at for event in events), default=item.created_at).replace(microsecond=0)
    unknown = [step for step in row.history if (step.at, step.state) not in known_steps]
    later = [step for step in unknown if step.at >= last]
    if len(later) < len(unknown):
        known.remarks["an older history is told here, and stays as it is"].append(row.line)
    yield from _linked(item.state, later, why)


def _owner(known: _Known, row: Row, item: Item | None) -> dict[str, str | None]:
    """Return the owner by name, or nothing if nobody or several have it."""
    if not row.owner:
        return {"owner": None}
    if item is not None and item.owner and known.names.get(item.owner) == row.owner:
        return {}
    ids = [row.owner] if row.owner in known.names else known.people.get(folded(row.owner), [])
    if len(ids) == 1:
        return {"owner": ids[0]}
    several = "several people have the owner's name: left out"
    nobody = "I have not met the owner: left out"
    known.remarks[several if ids else nobody].append(row.line)
    return {}


def _score(wanted: Mapping[str, Any], item: Item | None, now: datetime) -> dict[str, Any]:
    """Return the WSJF that the four cards make, unless the item has these cards already."""
    if "size" not in wanted:
        return {}
    cards = {name: wanted[name] for name in ("ubv", "tc", "rroe", "size")}
    if item is not None and all(getattr(item, name) == card for name, card in cards.items()):
        return {}
    value = (cards["ubv"] + cards["tc"] + cards["rroe"]) / cards["size"]
    return {"wsjf": value, "scored_at": now}


# --- what is remarked ------------------------------------------------------------------------


async def _joining(known: _Known, entries: Sequence[Entry]) -> list[Entry]:
    """Tell which rows change what their item is part of, and remark those that name nothing."""
    own_keys = {entry.row.key for entry in entries} - {""}
    problems = []
    for entry in entries:
        name, item = entry.row.part_of, entry.item
        joins = False
        if name == "":
            joins = item is not None and item.part_of is not None
        elif name is not None:
            number = await _number_of(known.store, name)
            joins = number != item.part_of if item and number else name in own_keys or bool(number)
            if number is None and name not in own_keys:
                known.remarks["part of an item that is not here: left out"].append(entry.row.line)
        problems.append(replace(entry, joins=joins))
    return problems


def _notes(known: _Known, unused: Sequence[str]) -> Iterator[str]:
    for remark, lines in known.remarks.items():
        shown = ", ".join(map(str, lines[:10])) + (" …" if len(lines) > 10 else "")
        yield f"Line{'s' if len(lines) > 1 else ''} {shown}: {remark}."
    if unused:
        yield f"Columns I have no use for: {', '.join(name[:40] for name in unused[:10])}."


# --- carrying it out -------------------------------------------------------------------------


async def carry_out(store: Store, team: Team, plan: Plan) -> tuple[int, ...]:
    """Write all of a plan without problems; returns the numbers of known items that changed."""
    assert not plan.problems
    items = [await _write(store, team, entry) for entry in plan.entries]
    numbers = {
        entry.row.key: item.number
        for entry, item in zip(plan.entries, items, strict=True)
        if entry.row.key
    }
    for entry, item in zip(plan.entries, items, strict=True):
        if entry.joins:
            await _join_whole(store, entry.row.part_of or "", item, numbers)
    await tell_iterations_anew(store, team)
    return tuple(entry.item.number for entry in plan.entries if entry.item and not entry.is_same)


async def _write(store: Store, team: Team, entry: Entry) -> Item:
    if entry.item is None:
        return await store.imports.add(team.id, entry.created, entry.steps, **entry.changes)
    item = entry.item
    if entry.steps:
        await store.imports.continue_history(item, entry.steps)
    changes = dict(entry.changes)
    if entry.move:
        why = entry.row.fields.get("dropped_because", "") if entry.move == "dropped" else ""
        changes |= {"state": entry.move, "dropped_because": why}
    await store.items.change(item, changes, by=None, kind="imported")
    return item


async def _join_whole(store: Store, name: str, item: Item, numbers: Mapping[str, int]) -> None:
    """Link an item to the one it is part of, by key or number; to none if there is no name."""
    number = numbers.get(name) or await _number_of(store, name) if name else None
    if number != item.number:
        await store.items.change(item, {"part_of": number}, by=None, kind="imported")


async def _number_of(store: Store, name: str) -> int | None:
    if item := (await store.imports.by_keys([name])).get(name):
        return item.number
    number = own_number(store.workspace, name)
    if number is None and name.startswith("#") and name[1:].isdecimal() and len(name) <= 10:
        number = int(name[1:])
    return number if number and await store.items.find(number) else None
