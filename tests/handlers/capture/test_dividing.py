"""Lists that are pasted whole: no point is lost, and none loses what it stood under."""

from __future__ import annotations

import pytest

from handlers.capture.dividing import is_table, problems, title_and_details


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


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Hello everyone\nbuilds take forty minutes\ncheers\nAda", "builds take forty minutes"),
        ("Hi\nbuilds fail again", "builds fail again"),
        ("Hey Grace,\nbuilds fail again.\nThanks!", "builds fail again"),
        ("```\nKeyError: 'x'\n```\nbuilds break with this", "builds break with this"),
        ("Hey there builds are slow\nand so are reviews", "Hey there builds are slow"),
        ("Hi builds are slow", "Hi builds are slow"),
    ],
)
def test_a_greeting_and_code_are_no_title(text: str, title: str) -> None:
    """Nothing of it is lost: it stands in the details."""
    found, details = title_and_details(text, text)
    assert found == title
    assert not details or all(line in text for line in details.splitlines())


def test_a_list_in_a_letter_is_found() -> None:
    text = "Hi team,\nfrom today:\n1) Builds are slow\n2) Reviews wait long\n\nThanks,\nAda"
    assert problems(text) == ("Builds are slow", "Reviews wait long")


def test_a_table_is_no_sentence() -> None:
    assert is_table("| item | owner |\n|---|---|\n| Builds are slow | Ada |")
    assert not is_table("| is a pipe\nBuilds are slow")
