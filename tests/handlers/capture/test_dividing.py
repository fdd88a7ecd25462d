"""Lists that are pasted whole: no point is lost, and none loses what it stood under."""

from __future__ import annotations

import pytest

from handlers.capture.dividing import problems


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (
            "- Builds are slow today\n  - the cache is cold\n  - runners are small\n"
            "- Reviews wait long",
            (
                "Builds are slow today\n- the cache is cold\n- runners are small",
                "Reviews wait long",
            ),
        ),
        (
            "1. Builds are slow today\n   a. the cache is cold\n2. Reviews wait long",
            ("Builds are slow today\n- the cache is cold", "Reviews wait long"),
        ),
        (
            "Retro notes:\n* Builds\n  * they take long\n  * they fail often\n"
            "* Reviews:\n  * they wait",
            ("Builds: they take long", "Builds: they fail often", "Reviews: they wait"),
        ),
        (
            "• Builds are slow today\n\t◦ the cache is cold\n• Reviews wait long",
            ("Builds are slow today\n- the cache is cold", "Reviews wait long"),
        ),
    ],
)
def test_what_stands_under_a_point_goes_with_it(text: str, pieces: tuple[str, ...]) -> None:
    assert problems(text) == pieces


@pytest.mark.parametrize(
    "text",
    [
        "- Builds are slow today\n  because of the cache\n- Reviews wait long",
        "Builds are slow because:\n  - the cache is cold\n  - the runners are small",
        "- Builds:\n\t- they take long\n\t- they fail often",
    ],
)
def test_a_list_that_explains_one_thing_stays_with_it(text: str) -> None:
    assert problems(text) == ()
