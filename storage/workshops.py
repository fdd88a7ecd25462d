"""Problem-solving workshops of Inspect & Adapt: a problem, its root causes, and their dots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlmodel import Field, SQLModel, col

from storage.counters import next_number
from storage.repository import Repository
from storage.subjects import Subject
from storage.types import Json, UTCDateTime

LOOKING, CHOSEN, DONE = "looking", "chosen", "done"
"""The stages: causes come in and get dots; the biggest is known; an item came of it."""


class Workshop(Subject, SQLModel, table=True):
    """A workshop in a channel. `root` is the cause with the most dots, `item` what came of it."""

    __tablename__ = "workshops"

    workspace: str = Field(primary_key=True, max_length=100)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    train_id: int
    team_id: int
    problem: str
    leader: str = Field(max_length=200)
    stage: str = Field(default=LOOKING, max_length=20)
    root: int | None = None
    item: int | None = None
    opened_at: datetime = Field(sa_type=UTCDateTime)

    @property
    def subject(self) -> str:
        return f"workshop:{self.id}"


class Cause(Subject, SQLModel, table=True):
    """Answers to *why?*, each to the one before it; the last one is the root cause.

    `dots` is how many it got, once they are closed: who gave which is forgotten then.
    """

    __tablename__ = "workshop_causes"

    workspace: str = Field(primary_key=True, max_length=100)
    workshop_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    whys: list[str] = Field(default_factory=list, sa_type=Json)
    dots: int = 0

    @property
    def subject(self) -> str:
        return f"workshop:{self.workshop_id}"


class CauseDot(Subject, SQLModel, table=True):
    """A person's dot for a cause, one each."""

    __tablename__ = "workshop_dots"

    workspace: str = Field(primary_key=True, max_length=100)
    workshop_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    person: str = Field(primary_key=True, max_length=200)
    no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})

    @property
    def subject(self) -> str:
        return f"workshop:{self.workshop_id}"


class Workshops(Repository):
    async def open(self, train_id: int, team_id: int, problem: str, leader: str) -> Workshop:
        """Begin a workshop about a problem."""
        workshop = Workshop(
            workspace=self._workspace,
            id=await next_number(self._session, self._workspace, "workshop"),
            train_id=train_id,
            team_id=team_id,
            problem=problem,
            leader=leader,
            opened_at=self._now,
        )
        self._session.add(workshop)
        await self._session.flush()
        return workshop

    async def find(self, id: int, *, lock: bool = False) -> Workshop | None:
        return await self._numbered(Workshop, id, shows=f"workshop:{id}", lock=lock)

    async def causes(self, id: int) -> Sequence[Cause]:
        """Return a workshop's causes, in the order they came in."""
        self._shows(f"workshop:{id}")
        rows = await self._session.scalars(
            select(Cause)
            .where(col(Cause.workspace) == self._workspace, col(Cause.workshop_id) == id)
            .order_by(col(Cause.no))
        )
        return rows.all()

    async def add_cause(self, workshop: Workshop, whys: Sequence[str]) -> None:
        """Add a chain of answers."""
        last = max((cause.no for cause in await self.causes(workshop.id)), default=0)
        cause = Cause(
            workspace=self._workspace, workshop_id=workshop.id, no=last + 1, whys=list(whys)
        )
        self._session.add(cause)
        await self._session.flush()

    async def remove_cause(self, cause: Cause) -> None:
        """Take a cause away, with its dots."""
        await self._session.execute(
            delete(CauseDot).where(
                col(CauseDot.workspace) == self._workspace,
                col(CauseDot.workshop_id) == cause.workshop_id,
                col(CauseDot.no) == cause.no,
            )
        )
        await self._session.delete(cause)
        await self._session.flush()

    async def give_dots(self, workshop: Workshop, person: str, numbers: Sequence[int]) -> None:
        """Let a person's dots be on these causes, and on no others."""
        await self._session.execute(
            delete(CauseDot).where(
                col(CauseDot.workspace) == self._workspace,
                col(CauseDot.workshop_id) == workshop.id,
                col(CauseDot.person) == person,
            )
        )
        self._session.add_all(
            CauseDot(workspace=self._workspace, workshop_id=workshop.id, person=person, no=number)
            for number in numbers
        )
        await self._session.flush()
        self._marks(workshop.subject)

    async def close_dots(self, workshop: Workshop) -> Cause | None:
        """Count the dots and forget who gave them; return the biggest cause, None without any."""
        dots = await self._dots(workshop.id)
        causes = await self.causes(workshop.id)
        for cause in causes:
            cause.dots = dots[cause.no]
        await self._session.execute(
            delete(CauseDot).where(
                col(CauseDot.workspace) == self._workspace,
                col(CauseDot.workshop_id) == workshop.id,
            )
        )
        biggest = max(causes, key=lambda cause: (cause.dots, -cause.no), default=None)
        return biggest if biggest is not None and biggest.dots else None

    async def _dots(self, id: int) -> Counter[int]:
        rows = await self._session.execute(
            select(col(CauseDot.no), func.count())
            .where(col(CauseDot.workspace) == self._workspace, col(CauseDot.workshop_id) == id)
            .group_by(col(CauseDot.no))
        )
        return Counter(dict(rows.all()))

    async def voters(self, id: int) -> int:
        """Return how many people gave dots."""
        self._shows(f"workshop:{id}")
        count = await self._session.scalar(
            select(func.count(func.distinct(col(CauseDot.person)))).where(
                col(CauseDot.workspace) == self._workspace, col(CauseDot.workshop_id) == id
            )
        )
        return int(count or 0)
