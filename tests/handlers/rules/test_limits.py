"""What people wrote at one door fits through every other one."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import SQLModel

from handlers.retro.templates import NAME_MAX_CHARS as TEMPLATE_MAX_CHARS
from handlers.rules import limits
from handlers.settings.choices import PERSON_ID_MAX_CHARS
from handlers.sources.reading import KEY_MAX_CHARS, RANK_MAX_CHARS, SOURCE_MAX_CHARS
from handlers.sources.values import DETAILS_MAX_CHARS, REASON_MAX_CHARS
from storage.items import Item, ItemEvent
from storage.objectives import Objective
from storage.retros import RetroTemplate
from storage.teams import TeamRole
from storage.tracked import Tracked
from tests.hone import Hone, shown_answers

LONG = "Builds take forty minutes " * 30 + "and nobody waits."
"""780 characters and some: more than some doors took, and far less than others."""


async def test_an_item_with_a_long_title_goes_through_every_form(hone: Hone) -> None:
    """A title that capture took was refused when the item was split, lifted or improved."""
    ada = hone.person("Ada")
    await ada.says(f"improve {LONG}")
    await ada.says("backlog lift #1")
    await ada.fills({})
    assert not ada.errors
    assert "#1 is part of #2 now." in ada.told
    await ada.says("backlog split #1")
    await ada.fills({"titles": f"{LONG}\nShort"})
    assert "Split #1 into #3, #4." in ada.told
    await ada.says("retro start")
    await ada.clicks("Add a note")
    await ada.fills({"c0": "Slow builds"})
    await ada.clicks("Reveal")
    await ada.clicks("Start the vote")
    await ada.clicks("Give my dots")
    await ada.fills({"g1": "3"})
    await ada.clicks("Close the vote")
    await ada.clicks("Choose improvements")
    await ada.fills({})
    await ada.fills({"title1": LONG, "metric1": "build time from 40 minutes to 10"})
    await ada.fills({})
    assert not ada.errors
    assert "Saved #5." in ada.told
    await ada.says("coach #5")
    assert ada.form is not None


async def test_a_metric_keeps_all_its_words_when_the_item_is_refined(hone: Hone) -> None:
    """Refining took 150 characters of the 200 that coaching had taken, without a word."""
    ada = hone.person("Ada")
    metric = "days that a review waits for somebody who knows the billing code, " * 3
    start = "9 days, as counted over the last month by hand, give or take one or two days"
    await ada.says("improve Reviews wait for days")
    await ada.says("coach #1")
    await ada.fills({"metric": metric.strip(), "start": start})
    await ada.says("refine #1")
    await ada.fills({"points": "3"})
    await ada.says("coach #1")
    assert ada.form is not None
    held = shown_answers(ada.form)
    assert held["metric"] == (metric.strip(),)
    assert held["start"] == (start,)


@pytest.mark.parametrize(
    ("table", "column", "most"),
    [
        (Item, "title", limits.TITLE_MAX_CHARS),
        (Item, "description", limits.DETAILS_MAX_CHARS),
        (Item, "experiment", limits.EXPERIMENT_MAX_CHARS),
        (Item, "metric", limits.METRIC_MAX_CHARS),
        (Item, "metric_from", limits.VALUE_MAX_CHARS),
        (Item, "metric_to", limits.VALUE_MAX_CHARS),
        (Item, "effect_value", limits.VALUE_MAX_CHARS),
        (Item, "description", DETAILS_MAX_CHARS),
        (Item, "source_rank", RANK_MAX_CHARS),
        (Tracked, "key", KEY_MAX_CHARS),
        (Tracked, "remote_id", KEY_MAX_CHARS + len("@2026-11-02T09:00:00")),
        (Tracked, "source", SOURCE_MAX_CHARS),
        (Item, "dropped_because", REASON_MAX_CHARS),
        (ItemEvent, "reason", REASON_MAX_CHARS),
        (Objective, "title", limits.TITLE_MAX_CHARS),
        (RetroTemplate, "name", TEMPLATE_MAX_CHARS),
        (TeamRole, "person", PERSON_ID_MAX_CHARS),
    ],
)
def test_what_may_be_written_fits_its_column(table: type[SQLModel], column: str, most: int) -> None:
    """SQLite takes any length; PostgreSQL refuses the whole transaction."""
    kind: Any = SQLModel.metadata.tables[str(table.__tablename__)].c[column].type
    assert kind.length is None or kind.length >= most


def test_what_is_too_long_is_said_with_both_numbers() -> None:
    assert limits.too_long("x" * 3_000, limits.TITLE_MAX_CHARS) == ""
    told = limits.too_long("x" * 3_001, limits.TITLE_MAX_CHARS)
    assert told == "That is 3,001 characters; at most 3,000 fit."
