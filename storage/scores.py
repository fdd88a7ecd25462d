"""Every score that was ever accepted for an item: who, when, from which vote, how sure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Select, and_, or_, select
from sqlmodel import Field, SQLModel, col

from storage.items import Item
from storage.repository import Repository
from storage.states import OPEN_STATES
from storage.subjects import Subject
from storage.teams import Team
from storage.types import Json, UTCDateTime


class Score(Subject, SQLModel, table=True):
    """An accepted score. The item's present one was accepted at the item's `scored_at`.

    `ubv` … `size` are the cards shown; `steps` says where on the scale a column's cards met,
    0–6, and the WSJF is made of these. A score without `steps` is older and made of its cards.
    `rank` of `ranked` items in that vote, and where another crowd might have put it: `low`–`high`,
    the `basis` of which is 80 % or few (P10–P90 or min–max of old). `agreed` names the columns
    settled aloud.
    """

    __tablename__ = "scores"
    __table_args__ = (
        ForeignKeyConstraint(["workspace", "number"], ["items.workspace", "items.number"]),
        ForeignKeyConstraint(["workspace", "poll_id"], ["polls.workspace", "polls.id"]),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    poll_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    round: int
    at: datetime = Field(sa_type=UTCDateTime)
    by: str = Field(max_length=200)
    ubv: int
    tc: int
    rroe: int
    size: int
    wsjf: float
    rank: int
    ranked: int
    low: int
    high: int
    basis: str = Field(max_length=10)
    agreed: list[str] = Field(default_factory=list, sa_type=Json)
    steps: dict[str, float] | None = Field(default=None, sa_type=Json)

    @property
    def subject(self) -> str:
        return f"item:{self.number}"


IS_PRESENT = and_(
    col(Score.workspace) == col(Item.workspace),
    col(Score.number) == col(Item.number),
    col(Score.at) == col(Item.scored_at),
)
"""Joins an item with the score it has now."""


def scores_of(workspace: str, polls: Collection[int]) -> Select[Score]:
    """Select every score that was accepted from these polls, of each the newest last."""
    return (
        select(Score)
        .where(col(Score.workspace) == workspace, col(Score.poll_id).in_(polls))
        .order_by(col(Score.poll_id), col(Score.version), col(Score.number))
    )


class Scores(Repository):
    async def accept(self, scores: Iterable[Score]) -> None:
        """Keep these scores; the key refuses a second one of the same vote's same outcome."""
        self._session.add_all(scores)
        await self._session.flush()

    async def accepted(self, poll_id: int) -> Sequence[Score]:
        """Return the scores that stand accepted from this poll: those of its newest version."""
        found = await self.in_polls([poll_id])
        return [score for score in found if score.version == found[-1].version]

    async def take_back(self, scores: Iterable[Score]) -> None:
        """Forget scores that were accepted by mistake."""
        for score in scores:
            await self._session.delete(score)
        await self._session.flush()

    async def of_team(self, team_id: int) -> Sequence[tuple[Item, Score]]:
        """Return a team's open items that have a score, with the score they have now."""
        return await self._present(col(Item.team_id) == team_id)

    async def of_train(self, train_id: int) -> Sequence[tuple[Item, Score]]:
        """Return the train-level items and the features of all teams of a train, with the score
        they have now."""
        teams = select(col(Team.id)).where(
            col(Team.workspace) == self._workspace, col(Team.train_id) == train_id
        )
        planned_together = or_(col(Item.level) == "train", col(Item.kind) == "feature")
        return await self._present(and_(col(Item.team_id).in_(teams), planned_together))

    async def _present(self, which: object) -> Sequence[tuple[Item, Score]]:
        rows = await self._session.execute(
            select(Item, Score)
            .join(Score, IS_PRESENT)
            .where(
                col(Item.workspace) == self._workspace,
                col(Item.state).in_(OPEN_STATES),
                which,  # type: ignore[arg-type]
            )
            .order_by(col(Item.number), col(Score.version))
        )
        newest = {item.number: (item, score) for item, score in rows}
        return list(newest.values())

    async def in_polls(self, polls: Sequence[int]) -> Sequence[Score]:
        """Return every score that was accepted from these polls, of each the newest last."""
        self._shows(*(f"poll:{poll}" for poll in polls))
        rows = await self._session.scalars(scores_of(self._workspace, polls))
        return rows.all()
