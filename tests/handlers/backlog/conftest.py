"""Lists, searches and imports are queries of their own: asked of both databases."""

from __future__ import annotations

import pytest


@pytest.fixture
def database_url(each_url: str) -> str:
    return each_url
