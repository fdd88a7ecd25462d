"""Pages of one's own, which learn of news at once."""

from __future__ import annotations

import pytest

from tests.hone import Hone


@pytest.fixture(autouse=True)
def _news_comes_at_once(hone: Hone) -> None:
    hone.rings_at_once = True
