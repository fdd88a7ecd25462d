"""What a feature says is the same on both databases: it is told on one.

What it asks of them, `tests/storage` and the conversations ask of both; so do the folders here
whose features have queries of their own.
"""

from __future__ import annotations

import pytest


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url
