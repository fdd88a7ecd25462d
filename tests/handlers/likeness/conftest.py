"""What titles mean is kept and compared by queries of its own: asked of both databases."""

from __future__ import annotations

import pytest


@pytest.fixture
def database_url(each_url: str) -> str:
    return each_url
