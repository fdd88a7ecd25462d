"""What a file would do, found out: at once for a short one, behind everything else for a long one.

Reading takes no writing, so that a long file keeps nobody waiting; what was found is kept with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, TypeVar

from bot.turn import Document
from handlers.backlog.exchange import preview
from handlers.sources.columns import TOOLS, kind_of, layout_of
from handlers.sources.decoding import NoText, text_of
from handlers.sources.files import File, NoTitles, file_of, without_restricted
from handlers.sources.intake import (
    COLUMNS,
    described,
    laid_out,
    packed,
    sheet_of,
    to_hide,
    words_for,
)
from handlers.sources.sheet import Sheet, Unreadable, read_sheet
from handlers.sources.survey import Survey, look_at, names_in
from handlers.sources.telling import first_items, losses, unclear
from handlers.sources.workbook import unpacks
from storage import Store
from storage.intakes import Intake
from storage.teams import Team

T = TypeVar("T")

AT_ONCE_BYTES: Final = 128 * 1024
"""Up to here a file is looked at in the turn that brings it."""

RAW_PIECE_BYTES: Final = 512 * 1024
CHUNK_ITEMS: Final = 20
"""Items that are looked at before others may go on."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at a file has found. Without `file` nobody knows which column is the title."""

    sheet: Sheet
    pieces: tuple[bytes, ...]
    chosen: Mapping[str, str]
    file: File | None = None
    found: Survey | None = None


@dataclass(frozen=True, slots=True)
class Useless:
    """A file that makes no sense as a whole, and the sentence why."""

    why: str


def is_long(document: Document) -> bool:
    """Whether a file is looked at behind everything else, as what has to be unpacked is."""
    return len(document.content) > AT_ONCE_BYTES or unpacks(document.content)


async def arrive(store: Store, team: Team, person: str, text: str) -> Intake:
    """Take a short file in, and look at it; raises Unreadable."""
    sheet = read_sheet(text)
    told = laid_out(sheet, team.zone)
    intake = await store.intakes.begin(team.id, person, told, (), 0, pieces=0, step="look")
    await settle(store, intake, await _looked(store, team, intake, sheet))
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
    await settle(store, intake, await _looked(store, team, intake, await sheet_of(store, intake)))


async def look_behind(store: Store, team: Team, intake: Intake) -> Looked | Useless:
    """Look at a long file; nothing is written, and others go on meanwhile."""
    if intake.step == "read":
        raw = b"".join(await store.intakes.some_pieces(intake, 0, intake.pieces))
        try:
            sheet = await _beside(lambda: _read(raw), True)
        except (NoText, Unreadable) as error:
            return Useless(str(error))
    else:
        sheet = await sheet_of(store, intake)
    return await _looked(store, team, intake, sheet)


def _read(raw: bytes) -> Sheet:
    return read_sheet(text_of(raw))


async def _beside(work: Callable[[], T], behind: bool) -> T:
    """Do what takes long; for a long file beside the loop, where others go on."""
    return await asyncio.to_thread(work) if behind else work()


async def _looked(store: Store, team: Team, intake: Intake, sheet: Sheet) -> Looked:
    behind = bool(intake.told.get("behind"))
    tool = kind_of(sheet.names)
    known = (await store.tracked.answers(team.id, tool)).get(COLUMNS, {})
    chosen = {**known, **intake.told["chosen"]}
    try:
        file = await _beside(lambda: file_of(sheet, intake.told["zone"], chosen), behind)
    except NoTitles:
        free = without_restricted(sheet, layout_of(sheet.names, chosen))
        return Looked(free, tuple(await _beside(lambda: packed(free), behind)), chosen)
    file.twice = (*intake.told.get("twice", ()), *file.twice)
    file.restricted += intake.told.get("restricted", 0)
    file.hidden += tuple((source, id) for source, id in intake.told.get("hidden", ()))
    words = await words_for(store, team, file.tool)
    found = Survey()
    names, items = names_in(file), file.items(found.unread)
    while chunk := list(islice(items, CHUNK_ITEMS)):
        await look_at(found, store, team, chunk, words, names)
        await asyncio.sleep(0)
    found.hiding = len(await to_hide(store, team, file.hidden))
    pieces = tuple(await _beside(lambda: packed(file.sheet), behind))
    return Looked(file.sheet, pieces, chosen, file, found)


async def settle(store: Store, intake: Intake, looked: Looked | Useless) -> None:
    """Keep what was found about a file, and what has to be asked next."""
    told = {name: intake.told[name] for name in ("behind", "guessed") if intake.told.get(name)}
    if isinstance(looked, Useless):
        intake.told = {**told, "why": looked.why}
        await store.intakes.move_on(intake, "failed", 0)
        return
    await store.intakes.replace_pieces(intake, looked.pieces, len(looked.sheet.rows))
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
