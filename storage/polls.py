"""WSJF votes: polls, the items in them, and blind ballots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import Insert
from sqlmodel import Field, SQLModel, col

from storage.counters import next_number
from storage.scope import Scope, changed_rows
from storage.types import Json, UTCDateTime, one_of
from storage.upsert import dialect_of, insert_on

OPEN, REVEALED, CANCELLED = "open", "revealed", "cancelled"

UNSURE, PASS = 0, -1
"""How a ballot stores `?` and "pass": answered, but not a value."""

CARDS = (PASS, UNSURE, 1, 2, 3, 5, 8, 13, 20)
COLUMNS = ("ubv", "tc", "rroe", "size")


class Poll(SQLModel, table=True):
    """A vote in a channel. The round asks for some columns (all, unless voting again on one)."""

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
    columns: list[str] = Field(default_factory=lambda: list(COLUMNS), sa_type=Json)
    opened_at: datetime = Field(sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_by: str | None = Field(default=None, max_length=200)


class PollItem(SQLModel, table=True):
    """An item of a poll, in the order of `position`."""

    __tablename__ = "poll_items"
    __table_args__ = (
        ForeignKeyConstraint(["workspace", "poll_id"], ["polls.workspace", "polls.id"]),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    poll_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    position: int


class Ballot(SQLModel, table=True):
    """One person's card for one column of one item in one round; the key lets nobody count twice.

    `card` is 1 … 20 of the scale, UNSURE or PASS. `acted_at` is the platform's time: newer wins.
    """

    __tablename__ = "ballots"
    __table_args__ = (
        CheckConstraint(one_of("card", CARDS), name="ck_ballots_card"),
        ForeignKeyConstraint(["workspace", "poll_id"], ["polls.workspace", "polls.id"]),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    poll_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    round: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    column: str = Field(primary_key=True, max_length=4)
    voter: str = Field(primary_key=True, max_length=200)
    card: int
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
        self,
        poll: Poll,
        voter: str,
        cards: Mapping[tuple[int, str], int],
        acted_at: datetime,
    ) -> None:
        """Record cards by item number and column, unless a newer card of the voter stands there."""
        rows = [
            {
                "workspace": self._workspace,
                "poll_id": poll.id,
                "round": poll.round,
                "number": number,
                "column": column,
                "voter": voter,
                "card": card,
                "acted_at": acted_at,
            }
            for (number, column), card in cards.items()
        ]
        await self._session.execute(_newest_card(dialect_of(self._session)), rows)

    async def ballots(self, poll: Poll, *, voter: str | None = None) -> Sequence[Ballot]:
        """Return the poll's ballots of all rounds, or one voter's of this round."""
        wanted = select(Ballot).where(*self._of(poll))
        if voter is not None:
            wanted = wanted.where(col(Ballot.voter) == voter, col(Ballot.round) == poll.round)
        rows = await self._session.scalars(
            wanted.order_by(col(Ballot.round), col(Ballot.number), col(Ballot.voter))
        )
        return rows.all()

    async def progress(self, poll: Poll) -> dict[str, int]:
        """Return voter → how many cards they have played this round. Never a value."""
        rows = await self._session.execute(
            select(col(Ballot.voter), func.count())
            .where(*self._of(poll), col(Ballot.round) == poll.round)
            .group_by(col(Ballot.voter))
            .order_by(func.min(col(Ballot.acted_at)), col(Ballot.voter))
        )
        return dict(rows.all())

    async def close(self, poll: Poll, state: str, by: str) -> bool:
        """Close an open poll; False if somebody else just did."""
        closed = await self._session.execute(
            update(Poll)
            .where(
                col(Poll.workspace) == self._workspace,
                col(Poll.id) == poll.id,
                col(Poll.state) == OPEN,
            )
            .values(state=state, closed_at=self._now, closed_by=by)
            .execution_options(synchronize_session="fetch")
        )
        return changed_rows(closed) == 1

    def _of(self, poll: Poll) -> tuple[ColumnElement[bool], ...]:
        return (
            col(Ballot.workspace) == self._workspace,
            col(Ballot.poll_id) == poll.id,
        )


@cache
def _newest_card(dialect: str) -> Insert:
    """Build the statement every vote runs, once: a card, unless a newer one stands there."""
    ballots = insert_on(dialect, Ballot)
    return ballots.on_conflict_do_update(
        index_elements=["workspace", "poll_id", "round", "number", "column", "voter"],
        set_={"card": ballots.excluded.card, "acted_at": ballots.excluded.acted_at},
        where=col(Ballot.acted_at) <= ballots.excluded.acted_at,
    )
