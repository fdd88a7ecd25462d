"""How people write the number of an item."""

from __future__ import annotations

import pytest

from handlers.rules.numbers import named_in, number_in, numbers_in


@pytest.mark.parametrize(
    ("line", "numbers", "rest"),
    [
        ("#3, #4", [3, 4], ""),
        ("3 because it hurts", [3], "because it hurts"),
        ("3 #4 by Friday", [3, 4], "by Friday"),
        ("#3 4 December", [3], "4 December"),
        ("builds are slow #3", [], "builds are slow #3"),
        ("", [], ""),
    ],
)
def test_a_line_begins_with_its_items(line: str, numbers: list[int], rest: str) -> None:
    assert numbers_in(line) == (numbers, rest)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("#42", 42),
        ("42", 42),
        ("#42.", 42),
        ("42!", 42),
        ("#", None),
        ("4x", None),
        ("1" * 10, None),
    ],
)
def test_one_item_is_named_with_its_sign_or_without(words: str, number: int | None) -> None:
    assert number_in(words) == number


def test_in_a_text_only_the_sign_makes_a_number_an_item() -> None:
    assert named_in("since 2024 #3 and # 14 wait for 5 people") == [3, 14]
