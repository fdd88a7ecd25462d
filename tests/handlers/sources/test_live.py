"""What trackers tell of an item, made to fit."""

from __future__ import annotations

from typing import Any

import pytest

from bot.remote import RemoteItem
from handlers.sources.live import UNTITLED, fitted


def _item(title: str = "Search", **fields: Any) -> RemoteItem:
    return RemoteItem(source="jira:x", id="1", title=title, fields=fields)


@pytest.mark.parametrize(
    ("written", "shown"),
    [("  Pay \n by card ", "Pay by card"), ("", UNTITLED), ("\u200b", UNTITLED)],
)
def test_a_title_is_one_line(written: str, shown: str) -> None:
    """Trackers allow what no list can show, and an item without any words must be findable."""
    told = fitted(_item(written))
    assert (told.title, told.fields["title"]) == (shown, shown)


def test_a_title_of_any_length_keeps_its_item() -> None:
    assert len(fitted(_item("long " * 2_000)).title) <= 3_000


@pytest.mark.parametrize(
    ("told", "kept"), [(5.0, 5), (0.5, 0.5), (0, 0), (None, None), (144, 144), (1 / 3, 0.333333)]
)
def test_points_stay_as_the_tracker_has_them(told: float | None, kept: float | None) -> None:
    assert fitted(_item(points=told)).fields["points"] == kept


@pytest.mark.parametrize("told", [-1, 1e12, float("nan"), float("inf")])
def test_points_that_are_none_are_left_out(told: float) -> None:
    """An estimate of minus one would count in every velocity."""
    assert "points" not in fitted(_item(points=told)).fields


def test_labels_are_themes() -> None:
    assert fitted(_item(themes=("Tech Debt", "tech-debt"))).fields["themes"] == ["tech-debt"]
    assert fitted(_item(themes=())).fields["themes"] == []
    assert "themes" not in fitted(_item()).fields


def test_four_cards_are_a_score_and_three_are_none() -> None:
    """A half set would order the backlog by something nobody has voted."""
    cards: dict[str, Any] = {"ubv": 8.0, "tc": 5.0, "rroe": 3.0, "size": 2.0}
    assert fitted(_item(**cards)).fields == {**cards, "title": "Search"}
    assert "ubv" not in fitted(_item(**{**cards, "size": None})).fields
    assert "ubv" not in fitted(_item(**{**cards, "size": 4})).fields
