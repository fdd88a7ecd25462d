"""Which stories are told on one database alone, and what conversations with hostile people ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.forgery import MARK

HERE = Path(__file__).parent

ON_SQLITE_ALONE = frozenset(
    {
        *("test_as_people_type", "test_plain_orders", "test_plain_words", "test_unnamed"),
        *("test_slacks_spellings", "test_teams_spellings", "test_the_rooms_spellings"),
        *("test_times_as_people_type", "test_coaching", "test_coaching_by_form"),
        *("test_bad_input", "test_bad_input_in_coaching", "test_did_it_pay_off"),
        *("test_no_stale_cards", "test_found_by_a_monkey", "test_slacks_news"),
    }
)
"""What they tell is read, drawn or refused before a database is asked, and half of the time of all
conversations was that of telling it to PostgreSQL as well."""

ON_BOTH = frozenset(
    {
        *("test_no_answer_to_any_form_is_our_mistake", "test_what_ranked_high"),
        "test_a_number_no_row_can_have_is_not_found",
    }
)
"""Stories of theirs that ask a database what another may answer otherwise."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what a story of words would say to PostgreSQL."""
    spared = [item for item in items if _is_spared(item)]
    if spared:
        config.hook.pytest_deselected(items=spared)
        items[:] = [item for item in items if item not in set(spared)]


def _is_spared(item: pytest.Item) -> bool:
    return (
        item.path.parent == HERE
        and item.path.stem in ON_SQLITE_ALONE
        and "postgresql" in item.name
        and not item.name.startswith(tuple(ON_BOTH))
    )


@pytest.fixture
def nothing_typed_is_logged() -> Iterator[None]:
    """Look for MARK, and for any mistake of ours, in what was logged during the test."""
    with capture_logs() as kept:
        yield
    assert MARK not in str(kept), "what a person typed stands in a log"
    assert [line for line in kept if line["log_level"] == "error"] == []
