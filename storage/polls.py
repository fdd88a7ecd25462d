"""WSJF votes: polls, the items in them, and blind ballots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, func, select, update
from sqlmodel import Field, SQLModel, col

from storage.counters import next_number
from storage.scope import Scope, changed_rows
from storage.types import Json, UTCDateTime, one_of
from storage.upsert import insert

OPEN, REVEALED, CANCELLED = "open", "revealed", "cancelled"

UNSURE = 0
"""How a ballot stores `?`: answered, but not a value."""

CARDS = (UNSURE, 1, 2, 3, 5, 8, 13, 20)


class Poll(SQLModel, table=True):
    """A vote on some items in a channel. `result` is what the reveal showed, kept as it was."""

    __tablename__ = "polls"
    __table_args__ = (
        CheckConstraint(one_of("state", (OPEN, REVEALED, CANCELLED)), name="ck_polls_state"),
        Index("ix_polls_channel", "workspace", "channel", "state"),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    channel: str = Field(max_length=300)
    team_id: int
    facilitator: str = Field(max_length=200)
    state: str = OPEN
    round: int = 1
    opened_at: datetime = Field(sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_by: str | None = Field(default=None, max_length=200)
    result: dict[str, Any] | None = Field(default=None, sa_type=Json)


class PollItem(SQLModel, table=True):
    __tablename__ = "poll_items"
    __table_args__ = (
        ForeignKeyConstraint(["workspace", "poll_id"], ["polls.workspace", "polls.id"]),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    poll_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    position: int


class Ballot(SQLModel, table=True):
    """One person's four cards for one item in one round; the key lets nobody count twice.

    A card is 1 … 20 of the scale, or UNSURE. `acted_at` is the platform's time: newer beats older.
    """

    __tablename__ = "ballots"
    __table_args__ = (
        *(
            CheckConstraint(one_of(column, CARDS), name=f"ck_ballots_{column}")
            for column in ("ubv", "tc", "rroe", "size")
        ),
        ForeignKeyConstraint(["workspace", "poll_id"], ["polls.workspace", "polls.id"]),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    poll_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    round: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    voter: str = Field(primary_key=True, max_length=200)
    ubv: int
    tc: int
    rroe: int
    size: int
    acted_at: datetime = Field(sa_type=UTCDateTime)


class Polls(Scope):
    async def start(
        self, channel: str, team_id: int, facilitator: str, numbers: Sequence[int]
    ) -> Poll:
        poll = Poll(
            workspace=self._workspace,
            id=await next_number(self._session, self._workspace, "poll"),
            channel=channel,
            team_id=team_id,
            facilitator=facilitator,
            opened_at=self._now,
        )
        self._session.add(poll)
        await self._session.flush()
        self._session.add_all(
            PollItem(workspace=self._workspace, poll_id=poll.id, number=number, position=position)
            for position, number in enumerate(dict.fromkeys(numbers))
        )
        await self._session.flush()
        return poll

    async def find(self, id: int) -> Poll | None:
        if not 0 < id < 2**31:
            return None
        return await self._session.get(Poll, (self._workspace, id))

    async def for_vote(self, id: int) -> Poll | None:
        """Return the poll, kept from closing until this transaction ends."""
        return await self._held(id, shared=True)

    async def for_change(self, id: int) -> Poll | None:
        """Return the poll, kept from votes and other changes until this transaction ends."""
        return await self._held(id, shared=False)

    async def _held(self, id: int, *, shared: bool) -> Poll | None:
        if not 0 < id < 2**31:
            return None
        return await self._session.scalar(
            select(Poll)
            .where(col(Poll.workspace) == self._workspace, col(Poll.id) == id)
            .with_for_update(read=shared)
            .execution_options(populate_existing=True)
        )

    async def open_in(self, channel: str) -> Poll | None:
        """Return the channel's newest open poll."""
        return await self._session.scalar(
            select(Poll)
            .where(
                col(Poll.workspace) == self._workspace,
                col(Poll.channel) == channel,
                col(Poll.state) == OPEN,
            )
            .order_by(col(Poll.id).desc())
            .limit(1)
        )

    async def numbers(self, poll: Poll) -> tuple[int, ...]:
        """Return the item numbers of a poll in the order they are shown."""
        rows = await self._session.scalars(
            select(col(PollItem.number))
            .where(col(PollItem.workspace) == self._workspace, col(PollItem.poll_id) == poll.id)
            .order_by(col(PollItem.position))
        )
        return tuple(rows.all())

    async def cast(
        self, poll: Poll, number: int, voter: str, cards: Mapping[str, int], acted_at: datetime
    ) -> bool:
        """Record a ballot, replacing the voter's earlier one; False if a newer one stands."""
        given = {**cards, "acted_at": acted_at}
        cast = (
            insert(self._session, Ballot)
            .values(
                workspace=self._workspace,
                poll_id=poll.id,
                number=number,
                round=poll.round,
                voter=voter,
                **given,
            )
            .on_conflict_do_update(
                index_elements=["workspace", "poll_id", "number", "round", "voter"],
                set_=given,
                where=col(Ballot.acted_at) <= acted_at,
            )
        )
        return changed_rows(await self._session.execute(cast)) == 1

    async def ballots(self, poll: Poll, voter: str | None = None) -> Sequence[Ballot]:
        """Return this round's ballots, of everyone or of one voter."""
        wanted = select(Ballot).where(
            col(Ballot.workspace) == self._workspace,
            col(Ballot.poll_id) == poll.id,
            col(Ballot.round) == poll.round,
        )
        if voter is not None:
            wanted = wanted.where(col(Ballot.voter) == voter)
        rows = await self._session.scalars(wanted.order_by(col(Ballot.number), col(Ballot.voter)))
        return rows.all()

    async def progress(self, poll: Poll) -> dict[str, int]:
        """Return voter → how many of the poll's items they have answered. Never a value."""
        rows = await self._session.execute(
            select(col(Ballot.voter), func.count())
            .where(
                col(Ballot.workspace) == self._workspace,
                col(Ballot.poll_id) == poll.id,
                col(Ballot.round) == poll.round,
            )
            .group_by(col(Ballot.voter))
            .order_by(func.min(col(Ballot.acted_at)), col(Ballot.voter))
        )
        return dict(rows.tuples().all())

    async def close(self, poll: Poll, state: str, by: str, result: dict[str, Any] | None) -> bool:
        """Close an open poll; False if somebody else just did."""
        closed = await self._session.execute(
            update(Poll)
            .where(
                col(Poll.workspace) == self._workspace,
                col(Poll.id) == poll.id,
                col(Poll.state) == OPEN,
            )
            .values(state=state, closed_at=self._now, closed_by=by, result=result)
            .execution_options(synchronize_session="fetch")
        )
        return changed_rows(closed) == 1
