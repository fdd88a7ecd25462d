"""Numbers and days that no computer reckons with get their sentence, wherever they are typed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.turn import Command
from bot.words import read_command
from storage import Database
from tests.forgery import OUR_FAULT
from tests.hone import Hone, Someone

DIGITS = "9" * 5_000
"""More than Python turns into a number."""

FAR = ("0001-01-01", "9999-12-31", "31 Dec 9999")

LEADS = (
    *("improve Builds by {}", "improve Builds @me due {} 17:00", "digest on {}", "wsjf #1 by {}"),
    *("retro start 4Ls by {}", "pi setup {}", "backlog due #1 {}", "coach #1 {}"),
)


@pytest.fixture
async def ada(sqlite_url: str) -> AsyncIterator[Someone]:
    """In a zone behind UTC: the last of all days is over there before it is here."""
    hone = Hone(Database(sqlite_url))
    ada = hone.person("Ada", zone="America/New_York")
    await ada.says("improve Builds take forty minutes")
    yield ada
    await hone.stop()
    await hone.database.close()


async def _types(ada: Someone, line: str) -> None:
    ada.hone.now += timedelta(seconds=3)  # at a pace that Hone accepts
    await ada.begins(Command(*read_command(line)))
    assert OUR_FAULT not in ada.told
    assert ada.told or ada.form or not ada.outcome.refused


async def test_behind_every_command(ada: Someone, subtests: pytest.Subtests) -> None:
    for name, spec in ada.hone.router.specs.items():
        for line in (f"{name} {word}".strip() for word in ("", *spec.verbs)):
            for odd in (DIGITS, f"#{DIGITS}", FAR[1]):
                with subtests.test(line=line, odd=odd[:12]):
                    await _types(ada, f"{line} {odd}")


async def test_where_a_day_is_expected(ada: Someone, subtests: pytest.Subtests) -> None:
    for line in LEADS:
        for day in FAR:
            with subtests.test(line=line, day=day):
                await _types(ada, line.format(day))
    await ada.hone.do_what_is_due()
