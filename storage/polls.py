"""WSJF votes: polls, the items in them, and who was reminded."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    bindparam,
    select,
    update,
)
from sqlmodel import Field, SQLModel, col

from storage.counters import next_number
from storage.numbers import is_number
from storage.prepared import Prepared
from storage.repository import Repository, changed_rows
from storage.subjects import Subject
from storage.tables import table_of
from storage.types import Json, UTCDateTime, one_of
from storage.upsert import insert_new

OPEN, REVEALED, CANCELLED = "open", "revealed", "cancelled"

COLUMNS = ("ubv", "tc", "rroe", "size")


LeftOut = Mapping[str, Collection[int]]
"""Column → the items that a round does not ask for in it."""


def takes_votes(state: str, closes_at: datetime | None, now: datetime) -> bool:
    """Whether a card played now counts; a deadline holds even if its timer rings late."""
    return state == OPEN and (closes_at is None or now < closes_at)


def asked_of(numbers: tuple[int, ...], asked: Collection[int]) -> tuple[int, ...]:
    """Return which of a poll's items a round asks for: all, unless it names some."""
    return tuple(number for number in numbers if number in asked) or numbers


def asked_in(column: str, items: int, left_out: LeftOut) -> int:
    """Return of how many of a round's items it asks a card in this column."""
    return items - len(left_out.get(column, ()))


class Poll(Subject, SQLModel, table=True):
    """A vote in a channel, as its newest round stands. What was revealed stands in `poll_rounds`.

    The round asks for `columns` of the items `asked` (all, while empty), but for the items that
    `left_out` names for a column: voting again may ask for single cells. `anonymous` and
    `min_ballots` are the team's choices when the vote began. `version` counts what changed the
    outcome, `accepted` is the version whose scores the items have. A cancelled first round leaves
    the poll `cancelled`; cancelling a later one leaves what was revealed before. `extended` says
    that the round's deadline was put off once, as too few had voted.
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
    left_out: dict[str, list[int]] = Field(default_factory=dict, sa_type=Json)
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

    @property
    def subject(self) -> str:
        return f"poll:{self.id}"

    @property
    def touches(self) -> tuple[str, ...]:
        return self.subject, f"polls:{self.team_id}"

    def takes_votes(self, now: datetime) -> bool:
        return takes_votes(self.state, self.closes_at, now)


class PollItem(Subject, SQLModel, table=True):
    """An item of a poll, in the order of `position`."""

    __tablename__ = "poll_items"
    __table_args__ = (
        ForeignKeyConstraint(["workspace", "poll_id"], ["polls.workspace", "polls.id"]),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    poll_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    position: int

    @property
    def subject(self) -> str:
        return f"poll:{self.poll_id}"


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


class Polls(Repository):
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

    async def add_items(self, poll: Poll, numbers: Sequence[int], *, after: int) -> None:
        """Put items that are not in the poll yet behind the `after` ones that are."""
        self._session.add_all(
            PollItem(workspace=self._workspace, poll_id=poll.id, number=number, position=position)
            for position, number in enumerate(numbers, start=after)
        )
        await self._session.flush()
        self._marks(*poll.touches)

    async def find(self, id: int) -> Poll | None:
        return await self._numbered(Poll, id, shows=f"poll:{id}")

    async def for_change(self, id: int) -> Poll | None:
        """Return the poll, kept from votes and other changes until this transaction ends."""
        if not is_number(id):
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

    async def open_on(self, team_id: int, numbers: Sequence[int]) -> Poll | None:
        """Return a team's newest open poll that has one of these items."""
        in_it = select(col(PollItem.poll_id)).where(
            col(PollItem.workspace) == self._workspace, col(PollItem.number).in_(numbers)
        )
        return await self._session.scalar(
            select(Poll)
            .where(
                col(Poll.workspace) == self._workspace,
                col(Poll.team_id) == team_id,
                col(Poll.state) == OPEN,
                col(Poll.id).in_(in_it),
            )
            .order_by(col(Poll.id).desc())
            .limit(1)
        )

    async def numbers(self, poll: Poll) -> tuple[int, ...]:
        """Return the item numbers of a poll in the order they are shown."""
        self._shows(poll.subject)
        which = {"workspace_": self._workspace, "poll": poll.id}
        return tuple(number for (number,) in await _NUMBERS.rows(self._session, which))

    async def asked(self, poll: Poll) -> tuple[int, ...]:
        """Return the item numbers that this round asks for, in the order they are shown."""
        return asked_of(await self.numbers(poll), poll.asked)

    async def nudge(self, poll: Poll, people: Sequence[str]) -> tuple[str, ...]:
        """Note that these people are reminded of this round; return those who never were."""
        of = {"workspace": self._workspace, "poll_id": poll.id, "round": poll.round}
        return tuple(
            [
                person
                for person in people
                if await _NUDGE.change(self._session, of | {"person": person}) == 1
            ]
        )

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
        self._marks(*poll.touches)
        return changed_rows(closed) == 1


_NUDGE = Prepared(lambda dialect: insert_new(dialect, Nudge))
_ITEMS = table_of(PollItem).c
_NUMBERS = Prepared(  # built once: each card of a vote and of an item asks
    lambda _: (
        select(_ITEMS.number)
        .where(_ITEMS.workspace == bindparam("workspace_"), _ITEMS.poll_id == bindparam("poll"))
        .order_by(_ITEMS.position)
    )
)
