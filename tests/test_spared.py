"""PostgreSQL is spared a story only if it is asked all the same by another test."""

from __future__ import annotations

from collections import Counter

from tests.spared import LIST, spared

STORY = "tests/conversations/test_a.py::test_"


def test_a_story_is_spared_if_another_asks_all_of_it() -> None:
    asked = {
        f"{STORY}short": Counter({"read": 1}),
        f"{STORY}long": Counter({"read": 9, "write": 9}),
        f"{STORY}same": Counter({"write": 3, "read": 30}),
    }
    assert spared(asked) == [f"{STORY}same"]


def test_what_no_other_asks_is_told_and_so_are_tests_of_the_storage() -> None:
    asked = {
        f"{STORY}alone": Counter({"read": 1, "lock": 1}),
        f"{STORY}known": Counter({"read": 1}),
        "tests/storage/test_b.py::test_it": Counter({"read": 1}),
    }
    assert spared(asked) == [f"{STORY}known"]


def test_the_list_names_no_test_of_the_storage() -> None:
    assert LIST.read_text().split() == sorted(LIST.read_text().split())
    assert "tests/storage" not in LIST.read_text()
