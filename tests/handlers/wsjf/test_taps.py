"""How many taps a ballot of eight items takes, on the form that the platform really shows."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack import forms as slack_forms
from handlers.wsjf import ballot
from handlers.wsjf.scale import COLUMNS
from storage.polls import Poll
from tests.handlers.wsjf.test_big_votes import NOW

TAPS = {"radio_buttons": 1, "static_select": 2}
"""A card in sight takes one; a menu is opened first."""


def taps(items: int) -> int:
    """Count from the button in the channel to the last Save, nothing being chosen yet."""
    numbers = tuple(range(1, items + 1))
    poll = Poll(
        workspace="w", id=1, channel="c", team_id=1, facilitator="f", opened_at=NOW, round=1
    )
    pages = ballot.pages(list(COLUMNS), numbers)
    titles = {number: f"Matter {number}" for number in numbers}
    count = 1
    for page in pages:
        form = ballot.form(poll, pages, page, titles, {}, ballot.Guidance())
        view: dict[str, Any] = slack_forms.modal(form, slack_forms.Origin())
        fields = [block["element"]["type"] for block in view["blocks"] if block["type"] == "input"]
        count += sum(TAPS[kind] for kind in fields) + 1
    return count


@pytest.mark.parametrize(("items", "most"), [(1, 6), (5, 25), (8, 40)])
def test_a_card_takes_one_tap_in_slack(items: int, most: int) -> None:
    """A ballot is filled in between two meetings, or not at all."""
    assert taps(items) <= most


def test_of_many_items_menus_keep_the_column_in_sight() -> None:
    """Twenty items with nine cards each would be nine screens of a phone."""
    assert taps(20) == 1 + 4 * (20 * 2 + 1)
