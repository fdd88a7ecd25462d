"""What a file would do, found out: at once for a short one, behind everything else for a long one.

Reading takes no writing, so that a long file keeps nobody waiting; what was found is kept with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from bot.feature import Reads
from bot.turn import Document
from handlers.backlog.exchange import preview
from handlers.sources.apart import (
    Known,
    Understood,
    Useless,
    read_apart,
    understand,
    understand_apart,
)
from handlers.sources.columns import TOOLS
from handlers.sources.files import File
from handlers.sources.intake import COLUMNS, described, laid_out, sheet_of, to_hide, words_for
from handlers.sources.rows import PACKED_ROWS, packed
from handlers.sources.sheet import Sheet, read_sheet
from handlers.sources.survey import Survey, each_name, look_at
from handlers.sources.telling import first_items, losses, unclear
from handlers.sources.workbook import unpacks
from storage import Store
from storage.intakes import Intake
from storage.teams import Team

AT_ONCE_BYTES: Final = 128 * 1024
"""Up to here a file is looked at in the turn that brings it."""

RAW_PIECE_BYTES: Final = 512 * 1024
CHUNK_ITEMS: Final = 10
"""Items that are looked at before others may go on."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at a file has found. Without `file` nobody knows which column is the title."""

    sheet: Sheet
    chosen: Mapping[str, str]
    file: File | None = None
    found: Survey | None = None


def is_long(document: Document) -> bool:
    """Whether a file is looked at behind everything else, as what has to be unpacked is."""
    return len(document.content) > AT_ONCE_BYTES or unpacks(document.content)


async def arrive(store: Store, team: Team, person: str, text: str) -> Intake:
    """Take a short file in, and look at it; raises Unreadable."""
    sheet = read_sheet(text)
    told = laid_out(sheet, team.zone)
    intake = await store.intakes.begin(team.id, person, told, (), 0, pieces=0, step="look")
    await settle(store, intake, await _looked_here(store, team, intake, sheet))
    return intake


async def put_aside(store: Store, team: Team, person: str, document: Document) -> Intake:
    """Keep a long file as it came; somebody looks at it soon."""
    raw = document.content
    pieces = [raw[at : at + RAW_PIECE_BYTES] for at in range(0, len(raw), RAW_PIECE_BYTES)]
    told = {"zone": team.zone, "chosen": {}, "behind": True}
    return await store.intakes.begin(
        team.id, person, told, pieces, 0, pieces=len(pieces), step="read"
    )


async def look_again(store: Store, team: Team, intake: Intake) -> None:
    """Look at a short file once more, after somebody has explained something."""
    sheet = await sheet_of(store, intake)
    await settle(store, intake, await _looked_here(store, team, intake, sheet))


async def _looked_here(store: Store, team: Team, intake: Intake, sheet: Sheet) -> Looked:
    understood = understand(sheet, await _known(store, team, intake))
    return await _looked(lambda: nullcontext(store), team, intake, understood)


async def look_behind(reads: Reads, team: Team, intake: Intake) -> Looked | Useless:
    """Look at a long file; nothing is written, and others go on meanwhile."""
    async with reads() as store:
        known = await _known(store, team, intake)
        if intake.step == "read":
            asked = read_apart(await store.intakes.all_pieces(intake), known)
        else:
            asked = understand_apart(await sheet_of(store, intake), known)
    understood = await asked
    if isinstance(understood, Useless):
        return understood
    return await _looked(reads, team, intake, understood)


async def _known(store: Store, team: Team, intake: Intake) -> Known:
    answers = await store.tracked.all_answers(team.id)
    columns = {tool: told.get(COLUMNS, {}) for tool, told in answers.items()}
    return Known(intake.told["zone"], columns, intake.told["chosen"])


async def _looked(reads: Reads, team: Team, intake: Intake, understood: Understood) -> Looked:
    """Count what would become of each item: some rows in one read, a few of them at a time."""
    file = understood.file
    if file is None:
        return Looked(understood.sheet, understood.chosen)
    file.twice = (*intake.told.get("twice", ()), *file.twice)
    file.restricted += intake.told.get("restricted", 0)
    file.hidden += tuple((source, id) for source, id in intake.told.get("hidden", ()))
    found = Survey()
    async with reads() as store:
        words = await words_for(store, team, file.tool)
        found.hiding = len(await to_hide(store, team, file.hidden))
    names, items = await _names_in(file), file.items(found.unread)
    for _ in range(0, len(file.sheet.rows), PACKED_ROWS):
        async with reads() as store:
            for _ in range(0, PACKED_ROWS, CHUNK_ITEMS):
                if chunk := list(islice(items, CHUNK_ITEMS)):
                    await look_at(found, store, team, chunk, words, names)
                    await asyncio.sleep(0)
    return Looked(file.sheet, understood.chosen, file, found)


async def _names_in(file: File) -> Collection[str]:
    """Return the keys and ids of all the file's items, some hundred rows at a time."""
    names: set[str] = set()
    left = each_name(file)
    while some := list(islice(left, PACKED_ROWS)):
        names.update(some)
        await asyncio.sleep(0)
    return names


async def settle(store: Store, intake: Intake, looked: Looked | Useless) -> None:
    """Keep what was found about a file, and what has to be asked next."""
    told = {name: intake.told[name] for name in ("behind", "guessed") if intake.told.get(name)}
    if isinstance(looked, Useless):
        intake.told = {**told, "why": looked.why}
        await store.intakes.move_on(intake, "failed", 0)
        return
    rows = packed(looked.sheet.rows)
    await store.intakes.replace_pieces(intake, rows.pieces, len(rows))
    if looked.file is None or looked.found is None:
        intake.told = {**told, **laid_out(looked.sheet, intake.told["zone"])}
        await store.intakes.move_on(intake, "columns", 0)
        return
    file, found = looked.file, looked.found
    lost = (*losses(found, TOOLS[file.tool]), *unclear(found))
    intake.told = {
        **told,
        **described(replace(file, sheet=looked.sheet), looked.chosen),
        **preview.remembered(found, (*lost, *preview.gaps(found, file))),
        "asks": {} if told.get("guessed") else preview.asked_about(found, file),
        "first": list(first_items(found)),
        "changes": found.changes,
        "round": intake.told.get("round", 0) + 1,
    }
    await store.intakes.move_on(intake, "asked", 0)
