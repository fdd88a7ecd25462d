"""Confidence votes on a PI's plan: one number from 1 to 5 a person, hidden until the reveal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    select,
    text,
    update,
)
from sqlmodel import Field, SQLModel, col

from storage.counters import next_number
from storage.numbers import is_number
from storage.prepared import Prepared
from storage.repository import Repository, changed_rows
from storage.subjects import Subject
from storage.tables import table_of
from storage.types import UTCDateTime, one_of
from storage.upsert import upsert

OPEN, REVEALED, CANCELLED = "open", "revealed", "cancelled"
FISTS = (1, 2, 3, 4, 5)

OPEN_VOTES = "plan-votes"
"""The subject of all open votes on a plan, of every train."""


class ConfidenceVote(Subject, SQLModel, table=True):
    """A vote of everyone in a train; a PI has at most one open, whatever channels show it."""

    __tablename__ = "confidence_votes"
    __table_args__ = (
        CheckConstraint(
            one_of("state", (OPEN, REVEALED, CANCELLED)), name="ck_confidence_votes_state"
        ),
        Index(
            "uq_confidence_votes_open",
            "workspace",
            "pi_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    pi_id: int
    facilitator: str = Field(max_length=200)
    state: str = OPEN
    opened_at: datetime = Field(sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_by: str | None = Field(default=None, max_length=200)

    @property
    def subject(self) -> str:
        return f"confidence:{self.id}"

    @property
    def touches(self) -> tuple[str, ...]:
        return self.subject, f"confidences:{self.pi_id}", OPEN_VOTES


class ConfidenceBallot(SQLModel, table=True):
    """One person's number; the key lets nobody count twice. The newer by the platform's time."""

    __tablename__ = "confidence_ballots"
    __table_args__ = (
        CheckConstraint(one_of("fist", FISTS), name="ck_confidence_ballots_fist"),
        ForeignKeyConstraint(
            ["workspace", "vote_id"], ["confidence_votes.workspace", "confidence_votes.id"]
        ),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    vote_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    voter: str = Field(primary_key=True, max_length=200)
    fist: int
    acted_at: datetime = Field(sa_type=UTCDateTime)


class Confidence(Repository):
    async def start(self, pi_id: int, facilitator: str) -> ConfidenceVote:
        """Open a vote; raises IntegrityError if the PI has an open one."""
        vote = ConfidenceVote(
            workspace=self._workspace,
            id=await next_number(self._session, self._workspace, "confidence vote"),
            pi_id=pi_id,
            facilitator=facilitator,
            opened_at=self._now,
        )
        self._session.add(vote)
        await self._session.flush()
        return vote

    async def find(self, id: int) -> ConfidenceVote | None:
        return await self._numbered(ConfidenceVote, id)

    async def for_ballot(self, id: int) -> ConfidenceVote | None:
        """Return the vote, kept from closing until this transaction ends."""
        return await self._held(id, shared=True)

    async def for_change(self, id: int) -> ConfidenceVote | None:
        """Return the vote, kept from ballots and other changes until this transaction ends."""
        return await self._held(id, shared=False)

    async def _held(self, id: int, *, shared: bool) -> ConfidenceVote | None:
        if not is_number(id):
            return None
        return await self._session.scalar(
            select(ConfidenceVote)
            .where(col(ConfidenceVote.workspace) == self._workspace, col(ConfidenceVote.id) == id)
            .with_for_update(read=shared)
            .execution_options(populate_existing=True)
        )

    async def open_of(self, pi_id: int) -> ConfidenceVote | None:
        self._shows(f"confidences:{pi_id}")
        return await self._session.scalar(
            select(ConfidenceVote).where(
                col(ConfidenceVote.workspace) == self._workspace,
                col(ConfidenceVote.pi_id) == pi_id,
                col(ConfidenceVote.state) == OPEN,
            )
        )

    async def revealed(self, pi_id: int) -> Sequence[ConfidenceVote]:
        """Return the PI's revealed votes, oldest first."""
        self._shows(f"confidences:{pi_id}")
        rows = await self._session.scalars(
            select(ConfidenceVote)
            .where(
                col(ConfidenceVote.workspace) == self._workspace,
                col(ConfidenceVote.pi_id) == pi_id,
                col(ConfidenceVote.state) == REVEALED,
            )
            .order_by(col(ConfidenceVote.id))
        )
        return rows.all()

    async def cast(self, vote: ConfidenceVote, voter: str, fist: int, acted_at: datetime) -> None:
        """Record a number, unless a newer one of the voter stands there."""
        self._marks(f"fists:{vote.id}", f"hand:{voter}")
        ballot = {
            "workspace": self._workspace,
            "vote_id": vote.id,
            "voter": voter,
            "fist": fist,
            "acted_at": acted_at,
        }
        await _CAST.change(self._session, ballot)

    async def voters(self, vote: ConfidenceVote) -> Sequence[str]:
        """Return who has voted, the first first. Never a number."""
        self._shows(f"fists:{vote.id}")
        rows = await self._session.scalars(
            select(col(ConfidenceBallot.voter))
            .where(*self._of(vote))
            .order_by(col(ConfidenceBallot.acted_at), col(ConfidenceBallot.voter))
        )
        return rows.all()

    async def own(self, vote: ConfidenceVote, voter: str) -> int | None:
        """Return the number that a person gave."""
        self._shows(f"hand:{voter}")
        row = await self._session.get(ConfidenceBallot, (self._workspace, vote.id, voter))
        return row.fist if row else None

    async def fists(self, vote: ConfidenceVote) -> tuple[int, ...]:
        """Return the numbers of a revealed vote, without names; none while it is hidden."""
        if vote.state != REVEALED:
            return ()
        self._shows(f"fists:{vote.id}")
        rows = await self._session.scalars(
            select(col(ConfidenceBallot.fist))
            .where(*self._of(vote))
            .order_by(col(ConfidenceBallot.fist))
        )
        return tuple(rows.all())

    async def close(self, vote: ConfidenceVote, state: str, *, by: str) -> bool:
        """Close an open vote; False if somebody else just did."""
        self._marks(*vote.touches)
        closed = await self._session.execute(
            update(ConfidenceVote)
            .where(
                col(ConfidenceVote.workspace) == self._workspace,
                col(ConfidenceVote.id) == vote.id,
                col(ConfidenceVote.state) == OPEN,
            )
            .values(state=state, closed_at=self._now, closed_by=by)
            .execution_options(synchronize_session="fetch")
        )
        return changed_rows(closed) == 1

    def _of(self, vote: ConfidenceVote) -> tuple[ColumnElement[bool], ...]:
        return (
            col(ConfidenceBallot.workspace) == self._workspace,
            col(ConfidenceBallot.vote_id) == vote.id,
        )


_ACTED_AT = table_of(ConfidenceBallot).c.acted_at
_CAST = Prepared(
    lambda dialect: upsert(
        dialect,
        ConfidenceBallot,
        *("fist", "acted_at"),
        only_if=lambda ballot: ballot.excluded.acted_at >= _ACTED_AT,
    )
)
