"""In the local room Hone's name is typed: it calls Hone where it stands apart, and only there."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage import Database
from tests.stages.local import LocalPlayer, LocalStage, local_stage


@pytest.fixture
async def stage(database: Database) -> AsyncIterator[LocalStage]:
    async with local_stage(database) as running:
        yield running


@pytest.fixture
def ada(stage: LocalStage) -> LocalPlayer:
    return stage.person("Ada")


@pytest.mark.parametrize(
    "line",
    [
        "hone, improve Alpha is slow",
        "Hone improve Alpha is slow",
        "Hi Hone! improve Alpha is slow",
        "hone: /improve Alpha is slow",
        "@hone improve Alpha is slow",
    ],
)
async def test_a_name_typed_in_a_channel_is_an_address(ada: LocalPlayer, line: str) -> None:
    await ada.calls(line)
    assert "#1 Alpha is slow" in await ada.sees()
    assert line in await ada.sees(), "the others read what was asked"


@pytest.mark.parametrize(
    "line",
    [
        "Hone is slow today",
        "I asked Hone, wsjf is done",
        "please improve your tests",
        "write to me@hone.example",
    ],
)
async def test_words_for_the_others_are_left_alone(ada: LocalPlayer, line: str) -> None:
    await ada.calls(line)
    assert line in await ada.sees()
    assert ada.told == ""
    assert "#1" not in await ada.sees()
