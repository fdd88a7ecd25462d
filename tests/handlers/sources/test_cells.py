"""Spreadsheets must not run what people typed, and it must come back as they typed it."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.sources.cells import original, safe, write_csv
from handlers.sources.sheet import read_sheet

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)


@given(CELLS)
@example("=HYPERLINK(1)")
@example("'=1+1")
@example("''@SUM(1)")
@example("\t=1")
@example("\r\n=1")
def test_a_cell_comes_back_as_it_went(cell: str) -> None:
    assert original(safe(cell)) == cell


@given(CELLS)
def test_no_cell_begins_like_a_formula(cell: str) -> None:
    assert not safe(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@A1", "\t1", "\r1", "\n1", "\uff1d1"])
def test_a_formula_gets_an_apostrophe(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


def test_plain_words_stay_as_they_are() -> None:
    assert safe("Pay on account - now") == "Pay on account - now"
    assert safe("'quoted'") == "'quoted'"


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=5))
@example([["=", ""]])
def test_a_file_comes_back_as_it_was_written(rows: list[list[str]]) -> None:
    """Line breaks, quotes and delimiters within a cell change nothing."""
    rows = [["", "\r"], ["Pay", ""], *rows]
    read = read_sheet(write_csv(("title", "criteria"), rows))
    assert [cells for _, cells in read.rows] == [r for r in rows if any(c.strip() for c in r)]


def test_every_cell_is_quoted() -> None:
    written = write_csv(("title", "points"), [("Pay", "5")])
    assert written == '"title","points"\r\n"Pay","5"\r\n'
    assert list(csv.reader(io.StringIO(written)))[1] == ["Pay", "5"]
