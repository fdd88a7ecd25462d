"""Exports of Azure and Rally are workbooks: a table like any other, and nothing in it is run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
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


def laid_out(rows: Sequence[Sequence[object]], *merged: str) -> str:
    """Return the text of a sheet with cells merged."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return text_of(out.getvalue())


def test_a_cell_that_reaches_down_stands_in_each_row() -> None:
    """An epic is written once beside its stories; points that are written once count once."""
    rows = (
        ("Epic", "Title", "Points", "State"),
        ("Checkout", "Pay", 5, "Doing"),
        (None, "Owe", None, None),
        ("Search", "Find", 2, "Done"),
    )
    items = items_of(laid_out(rows, "A2:A3", "C2:C3", "D2:D3"))
    assert [item.part_of for item in items] == ["Checkout", "Checkout", "Search"]
    assert [item.fields["points"] for item in items] == [5, None, 2]
    assert [item.state for item in items] == ["Doing", "Doing", "Done"]


def test_a_cell_across_a_whole_row_is_a_heading() -> None:
    rows = (("ID", "Title", "State"), (7, "Pay", "Done"), (None, "Sprint 8"), (8, "Owe", "Done"))
    assert [item.title for item in items_of(laid_out(rows, "B3:C3"))] == ["Pay", "Owe"]


def test_names_of_two_rows_are_one() -> None:
    rows = (
        ("ID", "Title", "Planning", None, "Owner"),
        (None, None, "Points", "Due", None),
        (7, "Pay", 5, date(2026, 12, 1), "Ada"),
    )
    item = one(laid_out(rows, "A1:A2", "B1:B2", "C1:D1", "E1:E2"))
    assert (item.key, item.title, item.owner) == ("7", "Pay", "Ada")
    assert (item.fields["points"], item.fields["due"]) == (5, date(2026, 12, 1))


def test_an_area_of_a_billion_cells_takes_no_more_than_the_rows_there_are() -> None:
    book = openpyxl.Workbook()
    for row in (("Title", "State"), ("Pay", "Done"), ("Owe", None)):
        book.active.append(row)
    book.active.merge_cells("B2:C3")
    small, large = io.BytesIO(), io.BytesIO()
    book.save(small)
    with zipfile.ZipFile(small) as parts, zipfile.ZipFile(large, "w") as anew:
        for name in parts.namelist():
            anew.writestr(name, parts.read(name).replace(b'"B2:C3"', b'"B2:XFD1048576"'))
    text = text_of(large.getvalue())
    assert [item.state for item in items_of(text)] == ["Done", "Done"]
    assert len(text) < 100


def test_a_share_is_read_as_it_is_shown() -> None:
    book = openpyxl.Workbook()
    for row in (("Title", "% done"), ("Pay", 1), ("Owe", 0.5), ("Find", 0)):
        book.active.append(row)
    for at in (2, 3, 4):
        book.active.cell(at, 2).number_format = "0%"
    out = io.BytesIO()
    book.save(out)
    assert [item.state for item in items_of(text_of(out.getvalue()))] == ["100 %", "50 %", "0 %"]


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        for name in names:
            parts.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zipped("[Content_Types].xml", "word/document.xml"), "a document, not a table"),
        (zipped("[Content_Types].xml", "ppt/presentation.xml"), "a presentation, not a table"),
        (zipped("mimetype", "content.xml"), "of another program than Excel"),
        (zipped("Index/Document.iwa", "preview.jpg"), "of another program than Excel"),
        (zipped("Export/Tasks.csv"), "Unpack it"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "has a password"),
    ],
)
def test_what_is_no_workbook_of_excel_is_called_what_it_is(data: bytes, words: str) -> None:
    with pytest.raises(NoText, match=words):
        text_of(data)


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
