"""A session inside a transaction: what it reads and writes, it also notes for the cards."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import Session

from storage.sqlite import SessionOnTheLoop
from storage.subjects import note_flushed, note_loaded


class _UnitOfWork(Session):
    """Asks once for a row: what was read stays known as long as the transaction, used or not."""


@event.listens_for(_UnitOfWork, "loaded_as_persistent")
@event.listens_for(_UnitOfWork, "pending_to_persistent")
def _keep(session: Session, row: object) -> None:
    session.info.setdefault("known", []).append(row)
    note_loaded(session, row)


@event.listens_for(_UnitOfWork, "before_flush")
def _mark(session: Session, _context: object, _instances: object) -> None:
    note_flushed(session)


@contextlib.contextmanager
def open_session(connection: AsyncConnection, *, waits: bool = False) -> Iterator[AsyncSession]:
    """Open a session inside the connection's transaction; it never commits by itself.

    On SQLite it waits for nothing, unless it `waits` so that others may go first.
    """
    on_the_loop = connection.dialect.name == "sqlite" and not waits
    make = SessionOnTheLoop if on_the_loop else AsyncSession
    session = make(
        connection,
        sync_session_class=_UnitOfWork,
        expire_on_commit=False,
        join_transaction_mode="rollback_only",
    )
    try:
        yield session
    finally:
        # Past its asynchronous wrapper: the transaction is the connection's, so nothing waits here.
        if session.in_transaction():  # not every turn has used it
            session.sync_session.close()
