"""Blind ballots: what a voter needs of a poll in one read, and the cards they play."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    select,
)
from sqlmodel import Field, SQLModel, col

from storage.items import Item
from storage.numbers import is_number
from storage.polls import LeftOut, Poll, PollItem, asked_in, asked_of, takes_votes
from storage.prepared import Prepared
from storage.repository import Repository
from storage.scale import SCALE
from storage.tables import table_of
from storage.types import UTCDateTime, one_of
from storage.upsert import insert_new, upsert

UNSURE, PASS = 0, -1
"""How a ballot stores `?` and "pass": answered, but not a value."""

CARDS = (PASS, UNSURE, *SCALE)

Cards = Mapping[tuple[int, str], int]
"""Cards by item number and column."""


class PlayedCard(SQLModel, table=True):
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


class Voter(SQLModel, table=True):
    """Somebody whose cards were revealed once, and who knows the scale by now."""

    __tablename__ = "voters"

    workspace: str = Field(primary_key=True, max_length=100)
    person: str = Field(primary_key=True, max_length=200)


@dataclass(frozen=True, slots=True)
class BallotBox:
    """A poll as its voters meet it: `numbers` are all its items, `asked` those of this round, but
    for what is `left_out` of a column."""

    id: int
    team_id: int
    channel: str
    state: str
    round: int
    columns: tuple[str, ...]
    asked: tuple[int, ...]
    left_out: LeftOut
    numbers: tuple[int, ...]
    anonymous: bool
    closes_at: datetime | None

    def takes_votes(self, now: datetime) -> bool:
        return takes_votes(self.state, self.closes_at, now)


class Ballots(Repository):
    async def ballot_box(self, poll_id: int) -> BallotBox | None:
        return await self._box(_BOX, poll_id)

    async def held_ballot_box(self, poll_id: int) -> BallotBox | None:
        """Return the box, kept from closing until this transaction ends."""
        return await self._box(_HELD_BOX, poll_id)

    async def _box(self, ballot_box: Prepared, poll_id: int) -> BallotBox | None:
        if not is_number(poll_id):
            return None
        where = {"workspace_": self._workspace, "poll": poll_id}
        rows = await ballot_box.rows(self._session, where)
        if not rows:
            return None
        team_id, channel, state, round, columns, asked, out, anonymous, closes_at, _ = rows[0]
        numbers = tuple(number for *_, number in rows)
        return BallotBox(
            id=poll_id,
            team_id=team_id,
            channel=channel,
            state=state,
            round=round,
            columns=tuple(columns),
            asked=asked_of(numbers, asked),
            left_out=out,
            numbers=numbers,
            anonymous=anonymous,
            closes_at=closes_at,
        )

    async def titles(self, poll: BallotBox) -> dict[int, str]:
        """Return the titles of all the poll's items by number."""
        where = {"workspace_": self._workspace, "poll": poll.id}
        rows = await _TITLES.rows(self._session, where)
        return {number: title for number, title in rows}  # noqa: C416 - mypy cannot see pairs

    async def cast(
        self, poll: BallotBox | Poll, voter: str, cards: Cards, acted_at: datetime
    ) -> None:
        """Record cards, unless a newer card of the voter stands there."""
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
        await _NEWEST_CARD.change(self._session, rows)
        self._marks(f"ballots:{poll.id}", f"hand:{voter}")

    async def own(self, poll: BallotBox | Poll, voter: str) -> dict[tuple[int, str], int]:
        """Return a voter's own cards of this round."""
        where = {
            "workspace_": self._workspace,
            "poll": poll.id,
            "round_": poll.round,
            "voter_": voter,
        }
        rows = await _OWN.rows(self._session, where)
        return {(number, column): card for number, column, card in rows}

    async def progress(self, poll: Poll, items: int) -> dict[str, int]:
        """Return voter → for how many columns they have a card on all items that this round asks.

        In the order in which they began. Never a value.
        """
        return await self._progress(poll, items, shows=f"ballots:{poll.id}")

    async def progress_of(self, poll: Poll, items: int, voter: str) -> int:
        """Return for how many columns one person has a card on all items that this round asks."""
        own = col(PlayedCard.voter) == voter
        return (await self._progress(poll, items, own, shows=f"hand:{voter}")).get(voter, 0)

    async def _progress(
        self, poll: Poll, items: int, *of: ColumnElement[bool], shows: str
    ) -> dict[str, int]:
        self._shows(shows)
        needed: ColumnElement[int] = literal(items)
        if poll.left_out:
            of_each = {
                column: max(1, asked_in(column, items, poll.left_out)) for column in poll.columns
            }
            needed = case(of_each, value=col(PlayedCard.column), else_=items)
        columns = (
            select(
                col(PlayedCard.voter).label("voter"),
                case((func.count() >= needed, 1), else_=0).label("whole"),
                func.min(col(PlayedCard.acted_at)).label("began"),
            )
            .where(*self._this_round(poll), *of)
            .group_by(col(PlayedCard.voter), col(PlayedCard.column))
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
        self._shows(f"ballots:{poll.id}")
        found = await self._session.scalar(
            select(col(PlayedCard.voter)).where(*self._this_round(poll)).limit(1)
        )
        return found is not None

    async def knows_scale(self, person: str) -> bool:
        """Whether the person's cards were revealed before."""
        return await self._session.get(Voter, (self._workspace, person)) is not None

    async def learn_scale(self, poll: Poll) -> None:
        """Note that everybody who voted in this round knows the scale from now on."""
        which = {"workspace_": self._workspace, "poll": poll.id, "round_": poll.round}
        await _LEARN_SCALE.change(self._session, which)

    def _this_round(self, poll: Poll) -> tuple[ColumnElement[bool], ...]:
        return (
            col(PlayedCard.workspace) == self._workspace,
            col(PlayedCard.poll_id) == poll.id,
            col(PlayedCard.round) == poll.round,
        )


_POLLS, _IN_POLL = table_of(Poll).c, table_of(PollItem).c
_CARDS, _ITEMS = table_of(PlayedCard).c, table_of(Item).c


def _box(_: str) -> Select[Any]:
    return (
        select(
            _POLLS.team_id,
            _POLLS.channel,
            _POLLS.state,
            _POLLS.round,
            _POLLS.columns,
            _POLLS.asked,
            _POLLS.left_out,
            _POLLS.anonymous,
            _POLLS.closes_at,
            _IN_POLL.number,
        )
        .join_from(
            table_of(Poll),
            table_of(PollItem),
            and_(_IN_POLL.workspace == _POLLS.workspace, _IN_POLL.poll_id == _POLLS.id),
        )
        .where(_POLLS.workspace == bindparam("workspace_"), _POLLS.id == bindparam("poll"))
        .order_by(_IN_POLL.position)
    )


_BOX = Prepared(_box)
_HELD_BOX = Prepared(lambda dialect: _box(dialect).with_for_update(read=True, of=table_of(Poll)))
_TITLES = Prepared(
    lambda _: (
        select(_ITEMS.number, _ITEMS.title)
        .join_from(
            table_of(PollItem),
            table_of(Item),
            and_(_ITEMS.workspace == _IN_POLL.workspace, _ITEMS.number == _IN_POLL.number),
        )
        .where(_IN_POLL.workspace == bindparam("workspace_"), _IN_POLL.poll_id == bindparam("poll"))
    )
)
_OWN = Prepared(
    lambda _: select(_CARDS.number, _CARDS.column, _CARDS.card).where(
        _CARDS.workspace == bindparam("workspace_"),
        _CARDS.poll_id == bindparam("poll"),
        _CARDS.round == bindparam("round_"),
        _CARDS.voter == bindparam("voter_"),
    )
)


_NEWEST_CARD = Prepared(
    lambda dialect: upsert(
        dialect,
        PlayedCard,
        *("card", "acted_at"),
        only_if=lambda ballot: _CARDS.acted_at <= ballot.excluded.acted_at,
    )
)
_LEARN_SCALE = Prepared(
    lambda dialect: insert_new(dialect, Voter).from_select(
        ["workspace", "person"],
        select(_CARDS.workspace, _CARDS.voter)
        .where(
            _CARDS.workspace == bindparam("workspace_"),
            _CARDS.poll_id == bindparam("poll"),
            _CARDS.round == bindparam("round_"),
        )
        .distinct()
        .order_by(_CARDS.voter),
    )
)
