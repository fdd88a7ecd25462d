"""How long Hone waits for its database here."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set how long Hone waits for its database: long, until a test is about the opposite."""

    def set_to(seconds: float) -> None:
        monkeypatch.setattr("storage.patience.PATIENCE_S", seconds)

    set_to(60)
    return set_to
