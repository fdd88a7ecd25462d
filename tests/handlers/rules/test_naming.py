"""Items are named as people name pages: one by one, from here to there, with their keys."""

from __future__ import annotations

import time

import pytest

from handlers.rules.naming import items_named, keys_spelled_out


@pytest.mark.parametrize(
    ("line", "numbers", "rest"),
    [
        ("#1 #2", (1, 2), ""),
        ("1, 2 and 3", (1, 2, 3), ""),
        ("#1,#2;#3", (1, 2, 3), ""),
        ("#1/#2 + #3 & 4", (1, 2, 3, 4), ""),
        ("# 1", (1,), ""),
        ("№1, no. 2, nr 3", (1, 2, 3), ""),
        ("item 1 and item 2", (1, 2), ""),
        ("items 1 und 2 please", (1, 2), "please"),
        ("(#1, #2).", (1, 2), ""),
        ("＃１ #2\ufe0f\u20e3!", (1, 2), ""),  # noqa: RUF001
        ("1-3", (1, 2, 3), ""),
        ("#1–#3", (1, 2, 3), ""),
        ("#1 - #3", (1, 2, 3), ""),
        ("#3..#1", (1, 2, 3), ""),
        ("#1…3", (1, 2, 3), ""),
        ("from #1 to #3", (1, 2, 3), ""),
        ("1 through 3, 7", (1, 2, 3, 7), ""),
        ("#1 bis #3 bis 16:00", (1, 2, 3), "bis 16:00"),
        ("#1 thru #1", (1,), ""),
        ("1-3 by Friday 4pm", (1, 2, 3), "by Friday 4pm"),
        ("#1 until 16", (1,), "until 16"),
        ("#1 16:00", (1,), "16:00"),
        ("#1 2 4pm", (1, 2), "4pm"),
        ("#1 2026-12-04", (1,), "2026-12-04"),
        ("#1 1/12", (1,), "1/12"),
        ("#1 9.30", (1,), "9.30"),
        ("1-999999", (1,), "-999999"),
        ("Builds are slow", (), "Builds are slow"),
        ("", (), ""),
    ],
)
def test_items_are_read_and_what_follows_is_left(
    line: str, numbers: tuple[int, ...], rest: str
) -> None:
    named = items_named(line)
    assert (named.numbers, named.rest) == (numbers, rest)


def test_only_the_ends_of_a_range_were_named() -> None:
    assert items_named("#1-#4, 9").between == {2, 3}


@pytest.mark.parametrize("line", ["PAY-3..PAY-6", "PAY-3 to PAY-6", "PAY-6–3", "pay-3 - pay-6"])
def test_keys_have_ranges_too(line: str) -> None:
    spelled, implied = keys_spelled_out(line)
    assert spelled.upper() == "PAY-3 PAY-4 PAY-5 PAY-6"
    assert {key.upper() for key in implied} == {"PAY-4", "PAY-5"}


@pytest.mark.parametrize("line", ["PAY-3 WEB-6", "PAY-3 2026-12-04", "PAY-1..PAY-900"])
def test_what_is_no_range_stays(line: str) -> None:
    assert keys_spelled_out(line) == (line, frozenset())


@pytest.mark.parametrize("piece", ["#1 - ", "1,", "- ", "(", "item ", "PAY-1-"])
def test_long_lines_are_read_in_no_time(piece: str) -> None:
    started = time.process_time()
    items_named(piece * (40_000 // len(piece)))
    keys_spelled_out(piece * (40_000 // len(piece)))
    assert time.process_time() - started < 1.0


def test_a_word_without_an_end_is_read_at_once() -> None:
    """A key was looked for from each of its letters on: half a minute, for a line of a bot's."""
    line = "x" * 40_000
    assert keys_spelled_out(line) == (line, frozenset())
