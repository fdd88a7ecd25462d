"""A file read as a whole, in a process of its own: nobody waits, and its memory goes with it.

A thread would share Python's lock with the people who vote meanwhile. The other process gets bytes
and gives plain values back; whatever a file makes of it ends there.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from handlers.sources.columns import kind_of, layout_of
from handlers.sources.decoding import NoText, text_of
from handlers.sources.files import File, NoTitles, file_of, without_restricted
from handlers.sources.sheet import Sheet, Unreadable, read_sheet

APART_BYTES: Final = 512 * 1024
"""From here on a process of its own is worth the second that it takes to begin."""

READ_WITHIN_S: Final = 300.0
NICE: Final = 5
"""How far it stands back behind whoever answers people."""

TOO_MUCH: Final = "That file is more than I can read. Export it as CSV, with fewer columns."

_HOME: Final = Path(__file__).parents[2]
_ANSWER: Final = "from handlers.sources.apart import answer; answer()"


@dataclass(frozen=True, slots=True)
class Useless:
    """A file that makes no sense as a whole, and the sentence why."""

    why: str


@dataclass(frozen=True, slots=True)
class Understood:
    """A file's rows. Without `file` nobody knows which column is the title.

    `chosen` are the columns that people explained, now or for this tool before.
    """

    sheet: Sheet
    chosen: Mapping[str, str]
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a file beforehand: the team's zone, and which columns are what.

    `columns` are a team's earlier answers, by the tool; `chosen` those about this very file.
    """

    zone: str
    columns: Mapping[str, Mapping[str, str]]
    chosen: Mapping[str, str]


def understand(sheet: Sheet, known: Known) -> Understood:
    """Read rows as far as they tell by themselves what they are."""
    chosen = {**known.columns.get(kind_of(sheet.names), {}), **known.chosen}
    try:
        file = file_of(sheet, known.zone, chosen)
    except NoTitles:
        return Understood(without_restricted(sheet, layout_of(sheet.names, chosen)), chosen)
    return Understood(file.sheet, chosen, file)


def read_whole(raw: Sequence[bytes], known: Known) -> Understood | Useless:
    """Read a file from its bytes, in as many pieces as they came."""
    try:
        return understand(read_sheet(text_of(b"".join(raw))), known)
    except (NoText, Unreadable) as error:
        return Useless(str(error))


async def read_apart(raw: Sequence[bytes], known: Known) -> Understood | Useless:
    """Read a long file while others go on."""
    return await _answered(pickle.dumps((read_whole, raw, known)))


async def understand_apart(sheet: Sheet, known: Known) -> Understood | Useless:
    """Read the rows of a long file again, after somebody has explained its columns."""
    return await _answered(pickle.dumps((understand, sheet, known)))


async def _answered(question: bytes) -> Understood | Useless:
    if len(question) < APART_BYTES:
        return await asyncio.to_thread(_answer_to, question)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _ANSWER),
        cwd=_HOME,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # what goes wrong there may quote the file
    )
    try:
        async with asyncio.timeout(READ_WITHIN_S):
            answer, _ = await process.communicate(question)
    except TimeoutError:
        return Useless(TOO_MUCH)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        return Useless(TOO_MUCH)
    found: Understood | Useless = pickle.loads(answer)
    return found


def _answer_to(question: bytes) -> Any:
    work, *given = pickle.loads(question)
    return work(*given)


def answer() -> None:
    """Answer the question on standard input, in the process made for it."""
    os.nice(NICE)
    sys.stdout.buffer.write(pickle.dumps(_answer_to(sys.stdin.buffer.read())))
