"""A file on its way in: kept whole, saved piece by piece, and taken up again after any stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from bot.remote import RemoteItem
from bot.turn import Direct
from handlers.rules.rhythm import tell_iterations_anew
from handlers.sources.columns import TOOLS, layout_of
from handlers.sources.conflicts import Outdone, private_lines
from handlers.sources.files import File
from handlers.sources.losing import let_go
from handlers.sources.owners import Owners
from handlers.sources.reading import PAST, read_items, read_neighbours
from handlers.sources.rows import PACKED_ROWS, Packed, Row, unpacked
from handlers.sources.rules import Rules, Unread
from handlers.sources.saving import relate, save
from handlers.sources.sheet import Sheet
from handlers.sources.words import Words
from storage import Store
from storage.intakes import BATCH_ROWS, Intake
from storage.teams import Team
from storage.tracked import Tracked

STATES, KINDS, PEOPLE, COLUMNS = "states", "kinds", "people", "columns"
"""What a team is asked about, as its answers are kept."""

LATER: Final = "later"
"""Which batches name items that were not here yet, as a number whose bits tell."""

TOGETHER: Final = "together"
"""How many batches lie in one kept piece; in files kept before pieces were packed it is one."""


async def words_for(
    store: Store, team: Team, tool: str, accounts: Mapping[str, str] | None = None
) -> Words:
    """Return how a team reads a tool's words; `accounts` are people there → people here."""
    answers = await store.tracked.answers(team.id, tool)
    return Words(
        tool,
        Owners(await store.people.names(), answers.get(PEOPLE, {}), accounts or {}),
        answers.get(STATES, {}),
        answers.get(KINDS, {}),
    )


# --- keeping ---------------------------------------------------------------------------------


def described(file: File, chosen: Mapping[str, str]) -> dict[str, Any]:
    """Return what tells how a file's rows are read."""
    rules = file.rules
    return {
        "names": list(file.sheet.names),
        "chosen": dict(chosen),
        "zone": rules.zone,
        "orders": {str(place): order for place, order in rules.orders.items()},
        "parted": rules.parted,
        "tool": file.tool,
        "twice": list(file.twice),
        "odd": list(file.sheet.odd),
        TOGETHER: PACKED_ROWS // BATCH_ROWS,
        "restricted": file.restricted,
        "hidden": [list(name) for name in file.hidden],
    }


def laid_out(sheet: Sheet, zone: str) -> dict[str, Any]:
    """Return what is kept of a file whose columns nobody has understood yet."""
    return {"names": list(sheet.names), "odd": list(sheet.odd), "zone": zone, "chosen": {}}


async def sheet_of(store: Store, intake: Intake) -> Sheet:
    """Return a kept file's rows."""
    rows = Packed(await store.intakes.all_pieces(intake), intake.rows)
    return Sheet(tuple(intake.told["names"]), rows, tuple(intake.told["odd"]))


# --- saving ----------------------------------------------------------------------------------


async def to_hide(store: Store, team: Team, names: Sequence[Sequence[str]]) -> list[Tracked]:
    """Return those of a file's restricted items that are here with their words."""
    known = await store.tracked.by_id([(source, id) for source, id in names])
    return [row for row in known.values() if row.team_id == team.id and row.restricted_at is None]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some items of a file, read before they are saved, and where in the file they stand.

    `words` are how the team reads the file's own.
    """

    step: str
    at: int
    items: tuple[RemoteItem, ...]
    words: Words


async def next_batch(store: Store, team: Team, intake: Intake, words: Words | None = None) -> Batch:
    """Read what is to be saved next. Nobody has to wait for it: a read is enough."""
    rules, rows = _rules(intake), await _rows(store, intake)
    is_new = intake.step == "items"
    items = read_items(rows, rules, Unread()) if is_new else read_neighbours(rows, rules)
    words = words or await words_for(store, team, intake.told["tool"])
    return Batch(intake.step, intake.at, tuple(items), words)


async def go_on(
    store: Store, team: Team, intake: Intake, batch: Batch | None = None
) -> tuple[Direct, ...]:
    """Save the next batch of a file that was agreed to; return what people are told of it.

    `batch` may have been read before; another one is read here.
    """
    if batch is None or (batch.step, batch.at) != (intake.step, intake.at):
        batch = await next_batch(store, team, intake)
    outdone: list[Outdone] = []
    if intake.step == "items":
        saved = await save(store, team, batch.items, batch.words)
        outdone = [each for compared in saved for each in compared.outdone]
        if any(each.links_later for each in saved):
            intake.told = intake.told | {LATER: hex(_later(intake) | 1 << intake.at)}
    else:
        await relate(store, team, batch.items)
    step, at = _next(intake)
    await store.intakes.move_on(intake, step, at)
    if step == "done":
        await _end(store, team, intake)
    return private_lines(outdone)


def _later(intake: Intake) -> int:
    """Return the batches that are to be linked once all items are here, each a bit."""
    return int(intake.told.get(LATER, "0"), 16)


def _next(intake: Intake) -> tuple[str, int]:
    """Return the step and the batch after this one."""
    if intake.step == "items" and intake.at + 1 < intake.pieces:
        return "items", intake.at + 1
    after = 0 if intake.step == "items" else intake.at + 1
    if left := _later(intake) >> after:
        return "links", after + (left & -left).bit_length() - 1
    return "done", intake.pieces


async def _end(store: Store, team: Team, intake: Intake) -> None:
    """Do what has to wait until all items are here."""
    fields = layout_of(intake.told["names"], intake.told["chosen"]).places.keys()
    hiding = await to_hide(store, team, intake.told.get("hidden", ()))
    await let_go(store, (), hiding, TOOLS[intake.told["tool"]], "")
    await tell_iterations_anew(store, team)
    is_news = intake.told["new"] and team.states_known_since is None
    if is_news and "state" in fields and PAST.isdisjoint(fields):
        await store.teams.know_states_since_now(team.id)


def percent_saved(intake: Intake) -> int:
    """Return how much of a file is saved and linked, in percent."""
    later = _later(intake)
    linked = (later & ((1 << intake.at) - 1)).bit_count() if intake.step == "links" else 0
    done = intake.pieces + linked if intake.step == "links" else intake.at
    return 100 * done // max(1, intake.pieces + later.bit_count())


async def _rows(store: Store, intake: Intake) -> Sequence[Row]:
    """Return the next batch's rows; a file may have none, all of it being restricted."""
    together = intake.told.get(TOGETHER, 1)
    piece = await store.intakes.piece(intake, intake.at // together)
    first = intake.at % together * BATCH_ROWS
    return list(islice(unpacked(piece), first, first + BATCH_ROWS)) if piece else ()


def _rules(intake: Intake) -> Rules:
    told = intake.told
    orders = {int(place): order for place, order in told["orders"].items()}
    return Rules(layout_of(told["names"], told["chosen"]), told["zone"], orders, told["parted"])
