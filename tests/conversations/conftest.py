"""What conversations with hostile people ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from tests.forgery import MARK


@pytest.fixture
def nothing_typed_is_logged() -> Iterator[None]:
    """Look for MARK, and for any mistake of ours, in what was logged during the test."""
    with capture_logs() as kept:
        yield
    assert MARK not in str(kept), "what a person typed stands in a log"
    assert [line for line in kept if line["log_level"] == "error"] == []
