"""Exports of Azure and Rally are workbooks: a table like any other, and nothing in it is run."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from handlers.sources.decoding import NoText, text_of
from tests.handlers.sources.exports import items_of, one, workbook

HEAD = ("ID", "Work Item Type", "Title", "State", "Effort", "Created Date", "Due Date")
ROW = (
    7,
    "User Story",
    "Pay by card",
    "Active",
    2.5,
    datetime(2026, 11, 4, 9, 12),
    date(2026, 12, 1),
)


def test_values_are_read_as_they_are() -> None:
    item = one(text_of(workbook((HEAD, ROW))))
    assert (item.source, item.key, item.state) == ("azure", "7", "Active")
    assert item.fields["points"] == 2.5
    assert item.fields["due"] == date(2026, 12, 1)
    assert item.created is not None
    assert f"{item.created:%Y-%m-%d %H:%M}" == "2026-11-04 09:12"


def test_a_formula_is_not_worked_out() -> None:
    """What a program saved as its value is read; `=1+1` that nobody has opened yet is empty."""
    text = text_of(workbook((("title", "points"), ("Pay", "=1+1"))))
    assert one(text).fields["points"] is None


def test_the_first_sheet_that_shows_a_table_counts() -> None:
    cover, table = (("Backlog of November",),), (("Board",), (), HEAD, ROW)
    hidden = (("title",), ("Lookup",), ("Values",))
    assert one(text_of(workbook(hidden, cover, table, hidden=1))).title == "Pay by card"


def test_a_sheet_that_names_its_columns_goes_before_a_cover() -> None:
    cover = (("Sprint", "Sum of points"), ("Sprint 1", 12), ("Sprint 2", 9))
    assert one(text_of(workbook(cover, (("Board",), HEAD, ROW)))).title == "Pay by card"


def test_cells_far_away_cost_nothing() -> None:
    book = openpyxl.Workbook()
    for row in (("title",), ("Pay",)):
        book.active.append(row)
    book.active["XFD1048576"] = "here"
    out = io.BytesIO()
    book.save(out)
    text = text_of(out.getvalue())
    assert [item.title for item in items_of(text)] == ["Pay"]
    assert "here" not in text, "nobody has gone there"


def unpacking_to(size: int) -> bytes:
    out = io.BytesIO(workbook((HEAD, ROW)))
    with zipfile.ZipFile(out, "a") as parts:
        parts.writestr("xl/more.xml", b"<x/>")
        parts.infolist()[-1].file_size = size
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (unpacking_to(10**9), "holds more than I read"),
        (b"PK\x03\x04 and no more", "cannot read that workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "of an old Excel"),
    ],
)
def test_what_is_no_use_is_told_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(NoText, match=words) as told:
        text_of(data)
    assert "Save it there as “CSV UTF-8”" in str(told.value)
