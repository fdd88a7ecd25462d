"""A file on its way in: kept whole until all of it is saved, so that a killed import goes on.

Its rows lie in pieces, and are saved in batches of at most BATCH_ROWS. One batch is one
transaction: people's votes go on between any two of them, and whoever takes up the work knows where
it stood.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import LargeBinary, bindparam, delete, or_, select
from sqlmodel import Field, SQLModel, col

from storage.counters import next_number
from storage.prepared import Prepared
from storage.repository import Repository
from storage.subjects import Subject
from storage.tables import table_of
from storage.types import Json, UTCDateTime
from storage.upsert import insert_on

BATCH_ROWS: Final = 25
NOT_AGREED: Final = ("read", "look", "columns", "asked")
KEPT_FOR: Final = timedelta(days=1)
"""How long a file waits for somebody to agree to it."""


class Intake(Subject, SQLModel, table=True):
    """A file that somebody brings in for a team.

    `step` is `read` while it is as it came, `look` once its rows lie apart. Then somebody is asked:
    in `columns` what its columns are, in `asked` whether it is to come in. It goes on as `items`
    and `links` while it is saved, at last `done`; or ends as `failed` or `left`. `at` is the next
    batch of `pieces`; while it is as it came, they are its pieces. `told` is what the file is, how
    it is read and what was said about it.
    """

    __tablename__ = "intakes"

    workspace: str = Field(primary_key=True, max_length=100)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    team_id: int
    person: str = Field(max_length=200)
    step: str = Field(default="asked", max_length=10)
    pieces: int = 0
    at: int = 0
    rows: int = 0
    told: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    created_at: datetime = Field(sa_type=UTCDateTime)
    changed_at: datetime = Field(sa_type=UTCDateTime)

    @property
    def subject(self) -> str:
        return f"intake:{self.id}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has agreed to it yet, and nobody has left it."""
        return self.step in NOT_AGREED


def batches_of(rows: int) -> int:
    """Return in how many batches so many rows are saved."""
    return -(-rows // BATCH_ROWS)


class IntakePiece(SQLModel, table=True):
    """Some of a file on its way in: its bytes, or rows of it, packed."""

    __tablename__ = "intake_pieces"

    workspace: str = Field(primary_key=True, max_length=100)
    intake_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    rows: bytes = Field(sa_type=LargeBinary)


class Intakes(Repository):
    async def begin(
        self,
        team_id: int,
        person: str,
        told: dict[str, Any],
        first: Sequence[bytes],
        rows: int,
        *,
        pieces: int,
        step: str = "asked",
    ) -> Intake:
        """Keep a file that nobody has agreed to yet, in place of the person's last such file.

        `first` are its first pieces, `pieces` how many batches it has, or pieces as it came. Those
        of others go after a day.
        """
        await self._leave_unwanted(person)
        row = Intake(
            workspace=self._workspace,
            id=await next_number(self._session, self._workspace, "intake"),
            team_id=team_id,
            person=person,
            step=step,
            pieces=pieces,
            rows=rows,
            told=told,
            created_at=self._now,
            changed_at=self._now,
        )
        self._session.add(row)
        await self._session.flush()
        await self.add_pieces(row.id, first)
        return row

    async def add_pieces(self, id: int, pieces: Sequence[bytes], first: int = 0) -> None:
        """Keep some of a file's pieces, the first of which is number `first`."""
        kept = [
            {"workspace": self._workspace, "intake_id": id, "seq": seq, "rows": piece}
            for seq, piece in enumerate(pieces, first)
        ]
        if kept:
            await _KEEP_PIECES.change(self._session, kept)

    async def replace_pieces(self, intake: Intake, pieces: Sequence[bytes], rows: int) -> None:
        """Keep these rows, packed in pieces, in place of all that was kept of the file."""
        await self._drop_pieces(intake.id)
        intake.pieces, intake.rows = batches_of(rows), rows
        await self.add_pieces(intake.id, pieces)

    async def find(self, id: int) -> Intake | None:
        return await self._numbered(Intake, id, shows=f"intake:{id}")

    async def locked(self, id: int) -> Intake | None:
        """Return the intake, kept from changing until this transaction ends."""
        return await self._numbered(Intake, id, lock=True)

    async def unfinished(self, team_id: int, digest: str) -> Intake | None:
        """Return the team's intake of that very file which was begun and is not done."""
        rows = await self._session.scalars(
            select(Intake).where(
                col(Intake.workspace) == self._workspace,
                col(Intake.team_id) == team_id,
                col(Intake.step).in_(("items", "links")),
            )
        )
        return next((row for row in rows if row.told.get("digest") == digest), None)

    async def piece(self, intake: Intake, seq: int) -> bytes | None:
        """Return one piece's rows, None once all of the file is saved."""
        which = {"workspace_": self._workspace, "intake": intake.id, "seq_": seq}
        rows = await _PIECE.rows(self._session, which)
        return bytes(rows[0][0]) if rows else None

    async def all_pieces(self, intake: Intake) -> tuple[bytes, ...]:
        """Return all that is kept of a file, in order."""
        rows = await self._session.scalars(
            select(col(IntakePiece.rows))
            .where(
                col(IntakePiece.workspace) == self._workspace,
                col(IntakePiece.intake_id) == intake.id,
            )
            .order_by(col(IntakePiece.seq))
        )
        return tuple(map(bytes, rows.all()))

    async def move_on(self, intake: Intake, step: str, at: int) -> None:
        """Note how far it is; once it has ended, the file is forgotten."""
        intake.step, intake.at, intake.changed_at = step, at, self._now
        await self._session.flush()
        if step in ("done", "failed", "left"):
            await self._drop_pieces(intake.id)

    async def _drop_pieces(self, id: int) -> None:
        await self._session.execute(
            delete(IntakePiece).where(
                col(IntakePiece.workspace) == self._workspace, col(IntakePiece.intake_id) == id
            )
        )

    async def _leave_unwanted(self, person: str) -> None:
        rows = await self._session.scalars(
            select(Intake).where(
                col(Intake.workspace) == self._workspace,
                col(Intake.step).in_(NOT_AGREED),
                or_(col(Intake.person) == person, col(Intake.changed_at) < self._now - KEPT_FOR),
            )
        )
        for row in rows.all():
            row.told = {}
            await self.move_on(row, "left", 0)


_PIECES = table_of(IntakePiece).c
_KEEP_PIECES = Prepared(lambda dialect: insert_on(dialect, IntakePiece))
_PIECE = Prepared(
    lambda _: select(_PIECES.rows).where(
        _PIECES.workspace == bindparam("workspace_"),
        _PIECES.intake_id == bindparam("intake"),
        _PIECES.seq == bindparam("seq_"),
    )
)
