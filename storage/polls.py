"""WSJF votes: polls, the items in them, and blind ballots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    bindparam,
    case,
    func,
    select,
    update,
)
from sqlmodel import Field, SQLModel, col

from storage.counters import next_number
from storage.pages import Pages
from storage.prepared import Prepared
from storage.scope import Scope, changed_rows
from storage.types import Json, UTCDateTime, one_of
from storage.upsert import insert

OPEN, REVEALED, CANCELLED = "open", "revealed", "cancelled"

UNSURE, PASS = 0, -1
"""How a ballot stores `?` and "pass": answered, but not a value."""

CARDS = (PASS, UNSURE, 1, 2, 3, 5, 8, 13, 20)
COLUMNS = ("ubv", "tc", "rroe", "size")


class Poll(SQLModel, table=True):
    """A vote in a channel, as its newest round stands. What was revealed stands in `rounds`.

    The round asks for `columns` of the items `asked` (all, while empty): voting again may ask for
    less. `anonymous` and `min_ballots` are the team's choices when the vote began. `version` counts
    what changed the outcome, `accepted` is the version whose scores the items have. A cancelled
    first round leaves the poll `cancelled`; cancelling a later one leaves what was revealed before.
    `extended` says that the round's deadline was put off once, as too few had voted.
    """

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
    asked: list[int] = Field(default_factory=list, sa_type=Json)
    anonymous: bool = False
    min_ballots: int = 3
    version: int = 0
    accepted: int = 0
    accepted_by: str | None = Field(default=None, max_length=200)
    accepted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    opened_at: datetime = Field(sa_type=UTCDateTime)
    closes_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    extended: bool = False
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_by: str | None = Field(default=None, max_length=200)
    cancelled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    def takes_votes(self, now: datetime) -> bool:
        """Whether a card played now counts; a deadline holds even if its timer rings late."""
        return self.state == OPEN and (self.closes_at is None or now < self.closes_at)


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


class Round(SQLModel, table=True):
    """A round whose cards were shown: which columns it asked for, of which items."""

    __tablename__ = "poll_rounds"
    __table_args__ = (
        ForeignKeyConstraint(["workspace", "poll_id"], ["polls.workspace", "polls.id"]),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    poll_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    round: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    columns: list[str] = Field(sa_type=Json)
    numbers: list[int] = Field(sa_type=Json)
    revealed_at: datetime = Field(sa_type=UTCDateTime)
    revealed_by: str = Field(max_length=200)


class Nudge(SQLModel, table=True):
    """Somebody was reminded of a round; the key lets nobody be reminded twice."""

    __tablename__ = "poll_nudges"
    __table_args__ = (
        ForeignKeyConstraint(["workspace", "poll_id"], ["polls.workspace", "polls.id"]),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    poll_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    round: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    person: str = Field(primary_key=True, max_length=200)


class Voter(SQLModel, table=True):
    """Somebody whose cards were revealed once, and who knows the scale by now."""

    __tablename__ = "voters"

    workspace: str = Field(primary_key=True, max_length=100)
    person: str = Field(primary_key=True, max_length=200)


class Polls(Scope):
    async def start(
        self,
        channel: str,
        team_id: int,
        facilitator: str,
        numbers: Sequence[int],
        *,
        closes_at: datetime | None = None,
        anonymous: bool = False,
        min_ballots: int = 3,
    ) -> Poll:
        poll = Poll(
            workspace=self._workspace,
            id=await next_number(self._session, self._workspace, "poll"),
            channel=channel,
            team_id=team_id,
            facilitator=facilitator,
            anonymous=anonymous,
            min_ballots=min_ballots,
            opened_at=self._now,
            closes_at=closes_at,
        )
        self._session.add(poll)
        await self._session.flush()
        await self.add_items(poll, tuple(dict.fromkeys(numbers)), after=0)
        return poll

    async def _news(self, poll: Poll) -> None:
        """Redraw the pages of the team: what waits for its people has changed."""
        await Pages(self._session, self._workspace, self._now).team_news(poll.team_id)

    async def add_items(self, poll: Poll, numbers: Sequence[int], *, after: int) -> None:
        """Put items that are not in the poll yet behind the `after` ones that are."""
        self._session.add_all(
            PollItem(workspace=self._workspace, poll_id=poll.id, number=number, position=position)
            for position, number in enumerate(numbers, start=after)
        )
        await self._session.flush()
        await self._news(poll)

    async def find(self, id: int) -> Poll | None:
        if not 0 < id < 2**31:
            return None
        return await self._session.get(Poll, (self._workspace, id))

    async def for_change(self, id: int) -> Poll | None:
        """Return the poll, kept from votes and other changes until this transaction ends."""
        if not 0 < id < 2**31:
            return None
        return await self._session.scalar(
            select(Poll)
            .where(col(Poll.workspace) == self._workspace, col(Poll.id) == id)
            .with_for_update()
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
        which = {"workspace_": self._workspace, "poll": poll.id}
        return tuple(number for (number,) in await _NUMBERS.rows(self._session, which))

    async def asked(self, poll: Poll) -> tuple[int, ...]:
        """Return the item numbers that this round asks for, in the order they are shown."""
        numbers = await self.numbers(poll)
        return tuple(number for number in numbers if number in poll.asked) or numbers

    async def progress(self, poll: Poll, items: int) -> dict[str, int]:
        """Return voter → for how many columns of this round they have a card on all the items.

        In the order in which they began. Never a value.
        """
        columns = (
            select(
                col(Ballot.voter).label("voter"),
                case((func.count() >= items, 1), else_=0).label("whole"),
                func.min(col(Ballot.acted_at)).label("began"),
            )
            .where(*self._this_round(poll))
            .group_by(col(Ballot.voter), col(Ballot.column))
            .subquery()
        )
        rows = await self._session.execute(
            select(columns.c.voter, func.sum(columns.c.whole))
            .group_by(columns.c.voter)
            .order_by(func.min(columns.c.began), columns.c.voter)
        )
        return {voter: int(whole) for voter, whole in rows}

    async def has_votes(self, poll: Poll) -> bool:
        """Whether anybody has played a card this round."""
        found = await self._session.scalar(
            select(col(Ballot.voter)).where(*self._this_round(poll)).limit(1)
        )
        return found is not None

    async def knows_scale(self, person: str) -> bool:
        """Whether the person's cards were revealed before."""
        return await self._session.get(Voter, (self._workspace, person)) is not None

    async def learn_scale(self, poll: Poll) -> None:
        """Note that everybody who voted in this round knows the scale from now on."""
        voters = select(col(Ballot.workspace), col(Ballot.voter)).where(*self._this_round(poll))
        await self._session.execute(
            insert(self._session, Voter)
            .from_select(["workspace", "person"], voters.distinct())
            .on_conflict_do_nothing()
        )

    async def nudge(self, poll: Poll, people: Sequence[str]) -> tuple[str, ...]:
        """Note that these people are reminded of this round; return those who never were."""
        if not people:
            return ()
        rows = [
            {
                "workspace": self._workspace,
                "poll_id": poll.id,
                "round": poll.round,
                "person": person,
            }
            for person in people
        ]
        nudged = await self._session.scalars(
            insert(self._session, Nudge)
            .values(rows)
            .on_conflict_do_nothing()
            .returning(col(Nudge.person))
        )
        new = set(nudged.all())
        return tuple(person for person in people if person in new)

    async def nudged(self, poll: Poll) -> Sequence[str]:
        """Return who was reminded of this round."""
        people = await self._session.scalars(
            select(col(Nudge.person))
            .where(
                col(Nudge.workspace) == self._workspace,
                col(Nudge.poll_id) == poll.id,
                col(Nudge.round) == poll.round,
            )
            .order_by(col(Nudge.person))
        )
        return people.all()

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
        await self._news(poll)
        return changed_rows(closed) == 1

    def _this_round(self, poll: Poll) -> tuple[ColumnElement[bool], ...]:
        return (
            col(Ballot.workspace) == self._workspace,
            col(Ballot.poll_id) == poll.id,
            col(Ballot.round) == poll.round,
        )


_ITEMS = PollItem.__table__.c  # type: ignore[attr-defined]
_NUMBERS = Prepared(  # built once: each card of a vote and of an item asks
    lambda _: (
        select(_ITEMS.number)
        .where(_ITEMS.workspace == bindparam("workspace_"), _ITEMS.poll_id == bindparam("poll"))
        .order_by(_ITEMS.position)
    )
)
