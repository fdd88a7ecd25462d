"""An instant is kept as it always was, whichever way it is written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import DateTime
from sqlalchemy.dialects import sqlite

from storage.types import UTCDateTime


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)))
def test_an_instant_is_written_as_sqlite_has_always_had_it(naive: datetime) -> None:
    """Rows of every age are compared as text."""
    write = UTCDateTime().bind_processor(sqlite.dialect())
    theirs = DateTime().dialect_impl(sqlite.dialect()).bind_processor(sqlite.dialect())
    assert write is not None
    assert theirs is not None
    assert write(naive.replace(tzinfo=UTC)) == theirs(naive)
    assert write(None) is None
    with pytest.raises(ValueError, match="naive"):
        write(naive)
