"""What came out of votes: revealed rounds, their ballots, and cards the room agreed on aloud.

Nothing here reads a ballot of a round that was not revealed: a round has a row only from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Row, and_, select
from sqlmodel import Field, SQLModel, col

from storage.ballots import PlayedCard
from storage.polls import COLUMNS, Poll
from storage.prepared import Prepared
from storage.repository import Repository
from storage.scale import SCALE
from storage.subjects import Subject
from storage.types import Json, UTCDateTime, one_of
from storage.upsert import upsert


class RevealedRound(Subject, SQLModel, table=True):
    """A round whose cards were shown: which columns it asked for, of which items.

    `left_out` names, for a column, items that it did not ask for there.
    """

    __tablename__ = "poll_rounds"
    __table_args__ = (
        ForeignKeyConstraint(["workspace", "poll_id"], ["polls.workspace", "polls.id"]),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    poll_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    round: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    columns: list[str] = Field(sa_type=Json)
    numbers: list[int] = Field(sa_type=Json)
    left_out: dict[str, list[int]] = Field(default_factory=dict, sa_type=Json)
    revealed_at: datetime = Field(sa_type=UTCDateTime)
    revealed_by: str = Field(max_length=200)

    @property
    def subject(self) -> str:
        return f"poll:{self.poll_id}"

    @property
    def touches(self) -> tuple[str, ...]:
        """The vote, and its items: what was played for them can be seen from now on."""
        return self.subject, *(f"item:{number}" for number in self.numbers)


WAS_REVEALED = and_(
    col(RevealedRound.workspace) == col(PlayedCard.workspace),
    col(RevealedRound.poll_id) == col(PlayedCard.poll_id),
    col(RevealedRound.round) == col(PlayedCard.round),
)
"""Joins a ballot with its revealed round, which leaves out every ballot that has none."""


class Agreement(Subject, SQLModel, table=True):
    """A card the room settled on by talking after a round; it counts instead of that median."""

    __tablename__ = "poll_agreements"
    __table_args__ = (
        CheckConstraint(one_of("card", SCALE), name="ck_poll_agreements_card"),
        CheckConstraint(one_of('"column"', COLUMNS), name="ck_poll_agreements_column"),
        ForeignKeyConstraint(["workspace", "poll_id"], ["polls.workspace", "polls.id"]),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    poll_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    round: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    column: str = Field(primary_key=True, max_length=4)
    card: int
    by: str = Field(max_length=200)
    at: datetime = Field(sa_type=UTCDateTime)

    @property
    def subject(self) -> str:
        return f"poll:{self.poll_id}"


class Rounds(Repository):
    async def reveal(self, poll: Poll, numbers: Sequence[int], by: str) -> RevealedRound:
        """Let the ballots of the poll's round be seen from now on."""
        revealed = RevealedRound(
            workspace=self._workspace,
            poll_id=poll.id,
            round=poll.round,
            columns=list(poll.columns),
            numbers=list(numbers),
            left_out=dict(poll.left_out),
            revealed_at=self._now,
            revealed_by=by,
        )
        self._session.add(revealed)
        await self._session.flush()
        return revealed

    async def of(self, poll: Poll) -> Sequence[RevealedRound]:
        """Return the revealed rounds, oldest first."""
        self._shows(poll.subject)
        rows = await self._session.scalars(
            select(RevealedRound)
            .where(
                col(RevealedRound.workspace) == self._workspace,
                col(RevealedRound.poll_id) == poll.id,
            )
            .order_by(col(RevealedRound.round))
        )
        return rows.all()

    async def ballots(self, polls: Sequence[int]) -> Sequence[Row[int, int, int, str, str, int]]:
        """Return (poll, round, number, column, voter, card) of these polls' revealed rounds."""
        self._shows(*(f"poll:{poll}" for poll in polls))
        rows = await self._session.execute(
            select(
                col(PlayedCard.poll_id),
                col(PlayedCard.round),
                col(PlayedCard.number),
                col(PlayedCard.column),
                col(PlayedCard.voter),
                col(PlayedCard.card),
            )
            .join(RevealedRound, WAS_REVEALED)
            .where(col(PlayedCard.workspace) == self._workspace, col(PlayedCard.poll_id).in_(polls))
        )
        return rows.all()

    async def played_by(self, poll_id: int, voter: str, upto: int) -> dict[tuple[int, str], int]:
        """Return a voter's newest card of each (number, column), of revealed rounds up to one."""
        self._shows(f"poll:{poll_id}")
        rows = await self._session.execute(
            select(col(PlayedCard.number), col(PlayedCard.column), col(PlayedCard.card))
            .join(RevealedRound, WAS_REVEALED)
            .where(
                col(PlayedCard.workspace) == self._workspace,
                col(PlayedCard.poll_id) == poll_id,
                col(PlayedCard.voter) == voter,
                col(PlayedCard.round) <= upto,
            )
            .order_by(col(PlayedCard.round))
        )
        return {(number, column): card for number, column, card in rows}

    async def agree(
        self, poll: Poll, round: int, number: int, column: str, card: int, by: str
    ) -> None:
        """Record the card that was agreed on; a later one of the same round replaces it."""
        self._marks(poll.subject)
        agreement = {
            "workspace": self._workspace,
            "poll_id": poll.id,
            "round": round,
            "number": number,
            "column": column,
            "card": card,
            "by": by,
            "at": self._now,
        }
        await _AGREE.change(self._session, agreement)

    async def agreements(self, polls: Sequence[int]) -> Sequence[Agreement]:
        """Return what was agreed on after any round of these polls, oldest round first."""
        self._shows(*(f"poll:{poll}" for poll in polls))
        rows = await self._session.scalars(
            select(Agreement)
            .where(col(Agreement.workspace) == self._workspace, col(Agreement.poll_id).in_(polls))
            .order_by(col(Agreement.poll_id), col(Agreement.round))
        )
        return rows.all()


_AGREE = Prepared(lambda dialect: upsert(dialect, Agreement, "card", "by", "at"))
