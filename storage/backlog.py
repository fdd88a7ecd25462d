"""A backlog as people ask for it: ranked, ready, stale, waiting, somebody's, or by words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, not_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from storage.ballots import UNSURE, PlayedCard
from storage.item_links import ItemLink
from storage.items import RANKING, Item
from storage.people import PersonRow
from storage.repository import Repository
from storage.rounds import WAS_REVEALED, RevealedRound
from storage.states import OPEN_STATES, WAITING_STATES
from storage.teams import Team
from storage.tracked import Tracked


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of a team's items to list; what is not named does not matter.

    `numbers`: only these items, also finished ones.
    `accepted_since`: items accepted from this instant on, instead of open ones.
    `states`: only these. `waiting`: with an open link to what they wait for.
    `stale`: untouched since the first instant, or the second for items of the whole train.
    `train`: items of all teams of the train, instead of one team's; `level`: only such items.
    `unsigned_not_of`: nothing that somebody of these teams did not sign.
    """

    owner: str | None = None
    unowned: bool = False
    accepted_since: datetime | None = None
    numbers: tuple[int, ...] | None = None
    states: tuple[str, ...] = OPEN_STATES
    waiting: bool = False
    stale: tuple[datetime, datetime] | None = None
    train: bool = False
    level: str | None = None
    unsigned_not_of: frozenset[int] = frozenset()


EVERYTHING_OPEN = Wanted()


class Words(NamedTuple):
    """What an item can be found by; `owner` is the owner's name, `owned_by` their id."""

    number: int
    title: str
    owner: str | None
    themes: list[str]
    due: date | None
    points: float | None
    state: str
    owned_by: str | None
    kind: str

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


@dataclass(frozen=True, slots=True)
class Ranked:
    """An item and its place among all open items of its team, from 1; None without a score."""

    item: Item
    rank: int | None


class Backlog(Repository):
    async def count(self, team_id: int, wanted: Wanted) -> tuple[int, int]:
        """Return how many items there are, and how many of them have no score."""
        self._shows(f"backlog:{team_id}")
        result = await self._session.execute(
            select(func.count(), func.count().filter(col(Item.wsjf).is_(None)))
            .select_from(Item)
            .where(*self._matching(team_id, wanted))
        )
        total, unscored = result.one()
        return total, unscored

    async def page(
        self, team_id: int, wanted: Wanted, *, limit: int, offset: int = 0
    ) -> Sequence[Ranked]:
        """Return a page of items: open ones as ranked, then finished ones, the latest first."""
        self._shows(f"backlog:{team_id}")
        places = self._places(team_id, wanted).subquery()
        rows = await self._session.execute(
            select(Item, places.c.place)
            .outerjoin(places, col(Item.number) == places.c.number)
            .where(*self._matching(team_id, wanted))
            .order_by(col(Item.state).not_in(OPEN_STATES), col(Item.finished_at).desc(), *RANKING)
            .limit(limit)
            .offset(offset)
        )
        return [Ranked(item, place) for item, place in rows]

    async def words(self, team_id: int) -> Sequence[Words]:
        """Return what each item of a team says, open ones by rank, then the latest finished.

        Whoever searches compares in Python: no two databases fold case and accents alike.
        """
        rows = await self._session.execute(
            select(
                col(Item.number),
                col(Item.title),
                col(PersonRow.name),
                col(Item.themes),
                col(Item.due),
                col(Item.points),
                col(Item.state),
                col(PersonRow.id),
                col(Item.kind),
            )
            .outerjoin(
                PersonRow,
                and_(
                    col(PersonRow.workspace) == col(Item.workspace),
                    col(PersonRow.id) == col(Item.owner),
                ),
            )
            .where(*self._of(team_id, EVERYTHING_OPEN))
            .order_by(col(Item.state).not_in(OPEN_STATES), col(Item.finished_at).desc(), *RANKING)
        )
        result = rows.all()
        self._shows(f"backlog:{team_id}", *{f"person:{owner}" for *_, owner, _ in result if owner})
        return [Words(*row) for row in result]

    async def top_waiting(self, team_id: int, limit: int) -> Sequence[Item]:
        """Return the first items by rank that nobody has started: the horizon."""
        self._shows(f"backlog:{team_id}")
        rows = await self._session.scalars(
            select(Item)
            .where(*self._of(team_id, EVERYTHING_OPEN), col(Item.state).in_(WAITING_STATES))
            .order_by(*RANKING)
            .limit(limit)
        )
        return rows.all()

    async def accepted(
        self, team_id: int, since: datetime
    ) -> Sequence[tuple[datetime, float | None]]:
        """Return when each item was accepted that a team finished since then, and its points."""
        self._shows(f"backlog:{team_id}")
        rows = await self._session.execute(
            select(col(Item.finished_at), col(Item.points)).where(
                *self._of(team_id, EVERYTHING_OPEN),
                col(Item.state) == "accepted",
                col(Item.finished_at) >= since,
            )
        )
        return [(at, points) for at, points in rows if at is not None]

    async def size_votes(self, number: int) -> Sequence[int]:
        """Return the numbers played for an item's size in its last revealed round."""
        self._shows(f"item:{number}")
        played = await self._session.execute(
            select(col(PlayedCard.poll_id), col(PlayedCard.round), col(PlayedCard.card))
            .join(RevealedRound, WAS_REVEALED)
            .where(
                col(PlayedCard.workspace) == self._workspace,
                col(PlayedCard.number) == number,
                col(PlayedCard.column) == "size",
            )
            .order_by(col(PlayedCard.poll_id).desc(), col(PlayedCard.round).desc())
        )
        rows = played.all()
        return [
            card
            for poll, round, card in rows
            if (poll, round) == (rows[0].poll_id, rows[0].round) and card > UNSURE
        ]

    async def related(self, number: int) -> Sequence[Item]:
        """Return the items that are part of this one, or were split from it."""
        self._shows(f"item:{number}")
        which = {"workspace_": self._workspace, "number_": number}
        return (await self._session.scalars(_RELATED, which)).all()

    def _places(self, team_id: int, wanted: Wanted) -> Select[tuple[int, int]]:
        return select(
            col(Item.number), func.row_number().over(order_by=RANKING).label("place")
        ).where(
            *self._of(team_id, wanted),
            col(Item.state).in_(OPEN_STATES),
            col(Item.wsjf).is_not(None),
        )

    def _matching(self, team_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
        conditions = self._of(team_id, wanted)
        if wanted.accepted_since is not None:
            conditions += [
                col(Item.state) == "accepted",
                col(Item.finished_at) >= wanted.accepted_since,
            ]
        elif wanted.numbers is None:
            conditions.append(col(Item.state).in_(wanted.states))
        if wanted.level is not None:
            conditions.append(col(Item.level) == wanted.level)
        if wanted.owner is not None:
            conditions.append(col(Item.owner) == wanted.owner)
        if wanted.unowned:
            conditions.append(col(Item.owner).is_(None))
        if wanted.waiting:
            conditions.append(_waits())
        if wanted.stale is not None:
            conditions.append(_untouched_since(*wanted.stale))
        if wanted.unsigned_not_of:
            theirs = col(Item.team_id).in_(sorted(wanted.unsigned_not_of))
            conditions.append(not_(and_(col(Item.created_by).is_(None), theirs, ~_is_tracked())))
        if wanted.numbers is not None:
            conditions.append(col(Item.number).in_(wanted.numbers))
        return conditions

    def _of(self, team_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
        in_workspace = col(Item.workspace) == self._workspace
        if not wanted.train:
            return [in_workspace, col(Item.team_id) == team_id]
        return [in_workspace, col(Item.team_id).in_(self._same_train(team_id))]

    def _same_train(self, team_id: int) -> Select[int]:
        trains = select(col(Team.train_id)).where(
            col(Team.workspace) == self._workspace, col(Team.id) == team_id
        )
        return select(col(Team.id)).where(
            col(Team.workspace) == self._workspace, col(Team.train_id).in_(trains)
        )


def _waits() -> ColumnElement[bool]:
    """Match items with a link that is neither resolved nor to something finished."""
    other = aliased(Item)
    ended = exists().where(
        col(other.workspace) == col(ItemLink.workspace),
        col(other.number) == col(ItemLink.on_item),
        col(other.finished_at).is_not(None),
    )
    return exists().where(
        col(ItemLink.workspace) == col(Item.workspace),
        col(ItemLink.number) == col(Item.number),
        col(ItemLink.resolved_at).is_(None),
        ~ended,
    )


def _is_tracked() -> ColumnElement[bool]:
    """Match items that came from another tool: those have no author here, and hide none."""
    return exists().where(
        col(Tracked.workspace) == col(Item.workspace), col(Tracked.number) == col(Item.number)
    )


def _untouched_since(team: datetime, train: datetime) -> ColumnElement[bool]:
    return or_(
        and_(col(Item.level) == "team", col(Item.touched_at) <= team),
        and_(col(Item.level) == "train", col(Item.touched_at) <= train),
    )


_RELATED = (  # built once: each card of an item asks
    select(Item)
    .where(
        col(Item.workspace) == bindparam("workspace_"),
        or_(
            col(Item.part_of) == bindparam("number_"), col(Item.split_from) == bindparam("number_")
        ),
    )
    .order_by(col(Item.number))
)
