"""Scores as text to copy: no cell runs, no row is cut."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from handlers.wsjf.export import FIELDS, PART_MAX_CHARS, as_csv, as_json, parts

ROWS = st.lists(st.text(max_size=60), max_size=8).map(
    lambda titles: [dict.fromkeys(FIELDS, "1") | {"title": title} for title in titles]
)


@given(ROWS)
def test_no_cell_of_the_csv_begins_like_a_formula(rows: list[dict[str, object]]) -> None:
    text = "\n".join(as_csv(rows))
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert len(read) == len(rows) + 1
    for cells, row in zip(read[1:], rows, strict=True):
        title = cells[FIELDS.index("title")]
        assert not title.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        assert title.removeprefix("'") == str(row["title"]).removeprefix("'")


@given(ROWS)
def test_the_json_reads_back(rows: list[dict[str, object]]) -> None:
    assert json.loads("\n".join(as_json(rows))) == rows


LONG_TITLES = st.builds(
    lambda words, length: (words * length)[:length],
    st.text(alphabet='"\\x=', min_size=1, max_size=60),
    st.integers(2_000, 3_000),
)
"""Some words again and again: to draw each letter of a page takes longer than to try it."""


@given(LONG_TITLES, st.sampled_from([as_csv, as_json]))
def test_a_title_of_pages_still_fits_a_form(title: str, write: Callable[..., list[str]]) -> None:
    """Slack refuses a field of more than 3,000 characters, and the whole form with it."""
    lines = write([dict.fromkeys(FIELDS, "12345678") | {"title": title}])
    assert all(len(line) <= PART_MAX_CHARS for line in lines)
    assert max(map(len, parts(lines))) <= PART_MAX_CHARS


@given(st.lists(st.text(alphabet="ab\u00e4", max_size=PART_MAX_CHARS), max_size=6))
def test_parts_keep_every_row_whole(lines: list[str]) -> None:
    texts = parts(lines)
    assert "\n".join(texts) == "\n".join(lines)
    assert all(len(text) <= PART_MAX_CHARS for text in texts)
