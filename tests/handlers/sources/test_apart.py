"""A long file is read in a process of its own: as it would be here, and never without an end."""

from __future__ import annotations

import asyncio

import pytest

from handlers.sources import apart
from handlers.sources.apart import TOO_MUCH, Known, Understood, Useless, read_apart, read_whole
from handlers.sources.rules import Unread
from handlers.sources.sheet import read_sheet
from tests.handlers.sources.exports import text_of

KNOWN = Known("UTC", {}, {})
JIRA = text_of("jira.csv").encode()


@pytest.fixture(autouse=True)
def every_file_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "APART_BYTES", 0)


def titles(understood: Understood | Useless) -> list[str]:
    assert isinstance(understood, Understood)
    assert understood.file is not None
    return [item.title for item in understood.file.items(Unread())]


async def test_a_file_read_apart_says_what_it_says_here() -> None:
    there = await read_apart((JIRA[:100], JIRA[100:]), KNOWN)
    assert titles(there) == titles(read_whole((JIRA,), KNOWN))
    assert len(titles(there)) == 6


async def test_what_a_team_has_explained_before_counts_there_too() -> None:
    raw = (b"Aufgabe,Punkte\nZahlen,5",)
    asked = await read_apart(raw, KNOWN)
    assert isinstance(asked, Understood)
    assert asked.file is None, "nobody has said which column holds the titles"
    explained = Known("UTC", {"file": {"Aufgabe": "title"}}, {})
    assert titles(await read_apart(raw, explained)) == ["Zahlen"]


async def test_a_file_of_no_use_is_told_in_its_sentence() -> None:
    useless = await read_apart((b"<html></html>",), KNOWN)
    assert isinstance(useless, Useless)
    assert "a web page or XML" in useless.why


async def test_a_file_that_takes_too_long_ends_and_its_process_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[asyncio.subprocess.Process] = []
    begin = asyncio.create_subprocess_exec

    async def noted(*words: str, **how: object) -> asyncio.subprocess.Process:
        begun.append(await begin(*words, **how))  # type: ignore[arg-type]
        return begun[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)
    monkeypatch.setattr(apart, "READ_WITHIN_S", 0.01)
    assert await read_apart((JIRA,), KNOWN) == Useless(TOO_MUCH)
    assert [process.returncode is not None for process in begun] == [True]


async def test_a_process_that_dies_is_told_as_a_file_that_is_too_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As one that the machine has no memory for."""
    monkeypatch.setattr(apart, "_ANSWER", "import os; os.abort()")
    assert await read_apart((JIRA,), KNOWN) == Useless(TOO_MUCH)


def test_half_a_character_in_json_keeps_no_row_away() -> None:
    """JSON may write one down, and no text can hold it."""
    sheet = read_sheet('[{"title": "Pay \\ud800", "labels": ["a\\udc00"]}]')
    assert list(sheet.rows) == [(1, ["Pay \ufffd", ("a\ufffd",)])]
