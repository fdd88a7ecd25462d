"""Exports of other tools in the shapes they really have."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl

from bot.remote import RemoteItem
from handlers.sources.decoding import decoded
from handlers.sources.files import File, read_file
from handlers.sources.rules import Unread

EXPORTS = Path(__file__).parents[2] / "fixtures" / "exports"


def text_of(name: str) -> str:
    return decoded((EXPORTS / name).read_bytes())


def items_of(file: File | str, zone: str = "UTC") -> list[RemoteItem]:
    """Return the items of a file that says nothing unreadable."""
    read = read_file(file, zone) if isinstance(file, str) else file
    unread = Unread()
    items = list(read.items(unread))
    assert not unread.lines, unread.examples
    return items


def one(text: str, zone: str = "UTC") -> RemoteItem:
    (item,) = items_of(text, zone)
    return item


def workbook(*sheets: Sequence[Sequence[object]], hidden: int = 0) -> bytes:
    """Return a workbook of these sheets, the first ones hidden."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for at, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet {at}")
        sheet.sheet_state = "hidden" if at < hidden else "visible"
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
