"""Whoever starts a vote names its items as they do in a mail: from 3 to 6, or by their title."""

from __future__ import annotations

import pytest

from tests.hone import Hone, Someone


@pytest.fixture
async def ada(hone: Hone) -> Someone:
    ada = hone.person("Ada")
    for title in ("Builds are slow", "Reviews wait", "Tests flake", "Deploys break"):
        await ada.says(f"improve {title}")
    return ada


@pytest.mark.parametrize(
    "line",
    ["#2-#4", "2–4", "#2 to #4 by 16:00", "items 2, 3 and 4", "start 2..4", "#2, 3, #4."],
)
async def test_a_range_is_all_that_is_between(hone: Hone, ada: Someone, line: str) -> None:
    await ada.says(f"wsjf {line}")
    assert "WSJF vote: 3 items\n#2 Reviews wait\n#3 Tests flake\n#4 Deploys break" in hone.last()


async def test_of_a_range_what_is_done_is_left_out_and_told(hone: Hone, ada: Someone) -> None:
    await ada.says("backlog finish #3")
    await ada.says("wsjf #1-#4")
    assert "WSJF vote: 3 items" in hone.last()
    assert ada.told == "Left out, for only open items are voted on: #3."


async def test_what_was_named_itself_is_not_left_out_in_silence(ada: Someone) -> None:
    await ada.says("backlog finish #3")
    await ada.says("wsjf #1 #3")
    assert "#3 is accepted: only open items are voted on." in ada.told


async def test_an_item_is_named_by_its_title(hone: Hone, ada: Someone) -> None:
    await ada.says("wsjf “reviews wait”")
    assert hone.last().startswith("WSJF vote: #2 Reviews wait")


async def test_a_part_of_a_title_is_asked_about(hone: Hone, ada: Someone) -> None:
    """A vote is for everybody to see: what may be meant is told to one person first."""
    await ada.says("wsjf reviews")
    assert ada.told == "Did you mean #2 Reviews wait? Name items by number: wsjf #2"


@pytest.mark.parametrize("line", ["top 2", "the first 2", "next 2 items by 16:00"])
async def test_the_first_of_the_backlog_have_other_names(
    hone: Hone, ada: Someone, line: str
) -> None:
    await ada.says(f"wsjf {line}")
    assert "WSJF vote: 2 items" in hone.last()


async def test_words_about_all_open_the_form(ada: Someone) -> None:
    await ada.says("wsjf all")
    assert ada.form is not None
    await ada.says("wsjf ranking")
    assert "WSJF ranking of refinement" in ada.told
