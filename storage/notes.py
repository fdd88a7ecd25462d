"""What people write in a retro: private until the reveal, and some of it without an author.

A note without a name must not be traced to a person, not even by whoever owns the database. So a
note has no time and a random id, and every write of any note of a retro, signed or not, writes all
of them anew in random order, in one transaction: neither SQLite's pages nor PostgreSQL's `ctid` and
`xmin` tell which note came when. docs/anonymity.md says what this protects, and what it does not.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, delete, func, insert, select
from sqlmodel import Field, SQLModel, col

from storage.repository import Repository
from storage.types import UTCDateTime

_SHUFFLER = random.SystemRandom()
"""Orders nobody can repeat: a seeded generator would let its reader undo the shuffle."""


class RetroNote(SQLModel, table=True):
    """One note. `author` is None for a note without a name; no other column may ever hint at one.

    `token` is a hash that lets an unknown author change the note for some minutes; `token_hour` is
    the hour it was made in. Both are cleared soon after. `group_no` is 0 until the reveal.
    """

    __tablename__ = "retro_notes"
    __table_args__ = (
        ForeignKeyConstraint(["workspace", "retro_id"], ["retros.workspace", "retros.id"]),
        {"sqlite_with_rowid": False},  # row numbers would keep the order of writing
    )

    workspace: str = Field(primary_key=True, max_length=100)
    retro_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    id: str = Field(primary_key=True, max_length=32)
    column_no: int
    text: str
    author: str | None = Field(default=None, max_length=200)
    group_no: int = 0
    token: str | None = Field(default=None, max_length=64)
    token_hour: datetime | None = Field(default=None, sa_type=UTCDateTime)


@dataclass(frozen=True, slots=True)
class Note:
    """A note as features see it. `column` and `group` are numbers; group 0 is none yet."""

    column: int
    text: str
    author: str | None = None
    id: str = ""
    group: int = 0
    token: str | None = None
    token_hour: datetime | None = None


class Notes(Repository):
    """The notes of one workspace's retros.

    Whoever changes notes holds the retro's row (`retros.for_change`) until the transaction ends.
    """

    async def of(self, retro_id: int) -> Sequence[Note]:
        """Return a retro's notes by id: an order that says nothing."""
        self._shows(f"notes:{retro_id}")
        rows = await self._session.execute(
            select(
                col(RetroNote.column_no),
                col(RetroNote.text),
                col(RetroNote.author),
                col(RetroNote.id),
                col(RetroNote.group_no),
                col(RetroNote.token),
                col(RetroNote.token_hour),
            )
            .where(col(RetroNote.workspace) == self._workspace, col(RetroNote.retro_id) == retro_id)
            .order_by(col(RetroNote.id))
        )
        return [Note(*row) for row in rows]

    async def count(self, retro_id: int) -> int:
        self._shows(f"notes:{retro_id}")
        total = await self._session.scalar(
            select(func.count())
            .select_from(RetroNote)
            .where(col(RetroNote.workspace) == self._workspace, col(RetroNote.retro_id) == retro_id)
        )
        return int(total or 0)

    async def add(self, retro_id: int, new: Sequence[Note]) -> None:
        await self._rewrite(retro_id, lambda notes: [*notes, *new])

    async def change(self, retro_id: int, change: Callable[[Note], Note | None]) -> None:
        """Replace each note by what `change` returns for it; None removes the note."""
        await self._rewrite(retro_id, lambda notes: [made for n in notes if (made := change(n))])

    async def seal(self, retro_id: int, change: Callable[[Note], Note]) -> None:
        """Change every note at the reveal, give it a new id and take the last way to edit it."""
        await self._rewrite(
            retro_id,
            lambda notes: [
                replace(change(note), id="", token=None, token_hour=None) for note in notes
            ],
        )

    async def expire_tokens(self, retro_id: int, hour: datetime) -> None:
        """Clear the tokens made in or before this hour."""
        await self._rewrite(
            retro_id,
            lambda notes: [
                replace(note, token=None, token_hour=None)
                if note.token_hour is not None and note.token_hour <= hour
                else note
                for note in notes
            ],
        )

    async def _rewrite(
        self, retro_id: int, change: Callable[[Sequence[Note]], Sequence[Note]]
    ) -> None:
        """Write all notes anew, in random order, so that none of them looks like the latest."""
        self._marks(f"notes:{retro_id}")
        wanted = list(change(await self.of(retro_id)))
        _SHUFFLER.shuffle(wanted)
        await self._session.execute(
            delete(RetroNote)
            .where(col(RetroNote.workspace) == self._workspace, col(RetroNote.retro_id) == retro_id)
            .execution_options(synchronize_session=False)
        )
        if wanted:
            rows = [self._row(retro_id, note) for note in wanted]
            await self._session.execute(insert(RetroNote).values(rows))

    def _row(self, retro_id: int, note: Note) -> dict[str, object]:
        return {
            "workspace": self._workspace,
            "retro_id": retro_id,
            "id": note.id or secrets.token_hex(16),
            "column_no": note.column,
            "text": note.text,
            "author": note.author,
            "group_no": note.group,
            "token": note.token,
            "token_hour": note.token_hour,
        }
