"""A file on its way in: kept whole, saved piece by piece, and taken up again after any stop."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bot.turn import Direct
from handlers.rules.rhythm import tell_iterations_anew
from handlers.sources.columns import TOOLS, layout_of
from handlers.sources.conflicts import Outdone, private_lines
from handlers.sources.files import File
from handlers.sources.losing import let_go
from handlers.sources.owners import Owners
from handlers.sources.reading import STATE_DAYS, Rules, Unread, read_items, read_neighbours
from handlers.sources.saving import relate, save
from handlers.sources.sheet import Cell, Sheet
from handlers.sources.words import Words
from storage import Store
from storage.intakes import PIECE_ROWS, Intake
from storage.teams import Team
from storage.tracked import Tracked

STATES, KINDS, PEOPLE, COLUMNS = "states", "kinds", "people", "columns"
"""What a team is asked about, as its answers are kept."""

PIECES_READ: Final = 40
"""Pieces of a file that are read at once."""

_TELL_NEIGHBOURS = frozenset({"part_of", "part_of_id", "part_of_epic", "blocked_by", "blocks"})

_TELL_HISTORY = frozenset({"history", "changelog", *STATE_DAYS})


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
        "restricted": file.restricted,
        "hidden": [list(name) for name in file.hidden],
    }


def packed(sheet: Sheet) -> list[bytes]:
    """Return a file's rows in pieces."""
    rows = sheet.rows
    return [_packed(rows[at : at + PIECE_ROWS]) for at in range(0, len(rows), PIECE_ROWS)]


def _packed(rows: Sequence[tuple[int, Sequence[Cell]]]) -> bytes:
    return zlib.compress(json.dumps(rows, ensure_ascii=False).encode())


def _unpacked(piece: bytes) -> Iterator[tuple[int, list[Cell]]]:
    for line, cells in json.loads(zlib.decompress(piece)):
        yield line, [tuple(cell) if isinstance(cell, list) else cell for cell in cells]


def laid_out(sheet: Sheet, zone: str) -> dict[str, Any]:
    """Return what is kept of a file whose columns nobody has understood yet."""
    return {"names": list(sheet.names), "odd": list(sheet.odd), "zone": zone, "chosen": {}}


async def sheet_of(store: Store, intake: Intake) -> Sheet:
    """Return a kept file's rows."""
    rows: list[tuple[int, Sequence[Cell]]] = []
    for seq in range(0, intake.pieces, PIECES_READ):
        for piece in await store.intakes.some_pieces(intake, seq, PIECES_READ):
            rows += _unpacked(piece)
    return Sheet(tuple(intake.told["names"]), rows, tuple(intake.told["odd"]))


# --- saving ----------------------------------------------------------------------------------


async def to_hide(store: Store, team: Team, names: Sequence[Sequence[str]]) -> list[Tracked]:
    """Return those of a file's restricted items that are here with their words."""
    known = await store.tracked.by_id([(source, id) for source, id in names])
    return [row for row in known.values() if row.team_id == team.id and row.restricted_at is None]


async def go_on(store: Store, team: Team, intake: Intake) -> tuple[Direct, ...]:
    """Save the next piece of a file that was agreed to; return what people are told of it."""
    outdone: list[Outdone] = []
    rules, rows = _rules(intake), await _rows(store, intake)
    if intake.step == "items":
        items = list(read_items(rows, rules, Unread()))
        saved = await save(store, team, items, await words_for(store, team, intake.told["tool"]))
        outdone = [each for compared in saved for each in compared.outdone]
    else:
        await relate(store, team, list(read_neighbours(rows, rules)))
    fields = layout_of(intake.told["names"], intake.told["chosen"]).places.keys()
    step, at = intake.step, intake.at + 1
    if at >= intake.pieces:
        has_more = step == "items" and not _TELL_NEIGHBOURS.isdisjoint(fields)
        step, at = ("links", 0) if has_more else ("done", at)
    await store.intakes.move_on(intake, step, at)
    if step == "done":
        hiding = await to_hide(store, team, intake.told.get("hidden", ()))
        await let_go(store, (), hiding, TOOLS[intake.told["tool"]], "")
        await tell_iterations_anew(store, team)
        is_news = intake.told["new"] and team.states_known_since is None
        if is_news and "state" in fields and _TELL_HISTORY.isdisjoint(fields):
            await store.teams.know_states_since_now(team.id)
    return private_lines(outdone)


async def _rows(store: Store, intake: Intake) -> Iterator[tuple[int, list[Cell]]]:
    """Return the next piece's rows; a file may have none, all of it being restricted."""
    return _unpacked(await store.intakes.piece(intake, intake.at)) if intake.pieces else iter(())


def _rules(intake: Intake) -> Rules:
    told = intake.told
    orders = {int(place): order for place, order in told["orders"].items()}
    return Rules(layout_of(told["names"], told["chosen"]), told["zone"], orders, told["parted"])
