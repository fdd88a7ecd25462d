"""What begins like a command and is none: a slip, a sentence, or a line with a colon too many."""

from __future__ import annotations

import pytest

from bot.words import heard
from tests.hone import Hone, Someone


@pytest.fixture
async def ada(hone: Hone) -> Someone:
    return hone.person("Ada")


async def calls(ada: Someone, text: str) -> str:
    """Write to the channel behind a mention of Hone; return the answer."""
    await ada.acts(heard(("", text), (), ada.hone.router.commands))
    return ada.told


@pytest.mark.parametrize(
    "words",
    [
        "imporve Builds are slow",
        "impove: Builds are slow",
        "Improv Builds are slow",
        "new idea: Builds are slow",
        "improvement - Builds are slow",
        "add to backlog: Builds are slow",
    ],
)
async def test_a_slip_loses_no_sentence_and_stands_in_no_title(ada: Someone, words: str) -> None:
    assert (await calls(ada, words)).startswith("Shall I save this? Builds are slow\n")


@pytest.mark.parametrize(
    "words",
    [
        "retry logic is missing",
        "improving reviews takes long",
        "item types are confusing people",
        "retro was fun today folks",
        "backlog refinement takes too long",
    ],
)
async def test_a_sentence_that_begins_like_a_command_is_offered_whole(
    ada: Someone, words: str
) -> None:
    assert (await calls(ada, words)).startswith(f"Shall I save this? {words}\n")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("backlog overdone", "No item has “overdone”. Try fewer words, or see everything: backlog"),
        ("retro rewind", "I don't know retro rewind; nearest: retro ia, or retro help."),
        ("pi start", "I don't know pi start; nearest: pi setup, or pi help."),
        ("wsfj #1 by 16:00 please", "I don't know wsfj; nearest: wsjf, or help."),
        ("digset on Monday 9:00", "I don't know digset; nearest: digest, or help."),
    ],
)
async def test_a_command_that_makes_no_sense_says_why(
    ada: Someone, words: str, answer: str
) -> None:
    """Not that the command itself is unknown."""
    assert await calls(ada, words) == answer


@pytest.mark.parametrize(
    "line", ["hone improve: Builds are slow", "hone, improve Builds are slow", "hone /improve; X"]
)
async def test_a_colon_behind_a_command_is_no_part_of_it(ada: Someone, line: str) -> None:
    await ada.says(line)
    assert "Saved as #1" in ada.told


@pytest.mark.parametrize("line", ["wsjf ?", "wsjf --help", "wsjf -h"])
async def test_help_is_asked_for_as_in_a_shell(ada: Someone, line: str) -> None:
    await ada.says(line)
    assert ada.told.startswith("wsjf: Vote WSJF blind")
